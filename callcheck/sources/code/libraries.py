"""Which source files use a library that the project imports, going by their text?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.signs import Sign
from callcheck.sources.code.holders import Holders
from callcheck.sources.code.shown import Shown
from callcheck.sources.code.texts import Texts
from callcheck.sources.code.wording import Worded

COMMON = 0.1
"""Share of the files above which a method that any object may have says nothing: then a file must also be near one that imports the library."""
COMMON_FILES = 40


class Libraries:
    """The uses of libraries in the files of a big tree, before any is parsed."""

    def __init__(self, texts: Texts, shown: Shown, spoken: Iterable[tuple[Holders, tuple[Framework, ...]]], imported: Collection[str]) -> None:
        """`spoken` gives the frameworks of each language, with the files that hold their objects; `imported` names those of which a package is imported."""
        self._texts = texts
        self._shown = shown
        self._spoken = spoken
        self._imported = imported
        self._worded = Worded(texts)

    def using(self) -> set[str]:
        """The files with a use of a library that the project imports: a function of it, or a method of an object that the file can have in hand."""
        found: set[str] = set()
        for holders, known in self._spoken:
            at_hand: dict[str, list[tuple[str, Idiom]]] = {}
            for framework in known:
                for idiom in framework.idioms:
                    if idiom.calls == ("*",):
                        found.update(self._given(holders, framework, idiom))
                    else:
                        for name in idiom.calls:
                            found.update(self._worded.among(idiom, holders.making(framework, name) - found))
                    kind = f"{framework.name}.{idiom.on}" if idiom.on not in ("", "any") else framework.name
                    had = idiom.on != "any" or framework.name in self._imported or "" in framework.packages
                    for method in (*(idiom.methods if had else ()), *idiom.fields):
                        at_hand.setdefault(method, []).append((kind, idiom))
                    if idiom.defines:
                        found.update(self._worded.among(idiom, self._defining(holders, framework, idiom)))
                for kind in framework.hooks:
                    found.update(*(holders.making(framework, name) for name in framework.objects.get(kind, ())))
            found |= self._with_methods(holders, known, at_hand)
        return found

    def _given(self, holders: Holders, framework: Framework, idiom: Idiom) -> Collection[str]:
        """The files in which a call of any name may be given the options that an idiom is about."""
        if framework.name not in self._imported:
            return ()
        options = [name for names in idiom.needs for name in names.split("|") if name.isidentifier()]
        return self._worded.among(idiom, self._texts.words.having_one(options) & frozenset(holders.paths))

    def _defining(self, holders: Holders, framework: Framework, idiom: Idiom) -> set[str]:
        """The files that may define one of an idiom's methods, or the class that it is about, in a class of its kind; in Python that shows."""
        shows = rf"\bdef[ \t]+(?:{'|'.join(idiom.defines)})\b" if holders.python and "class" not in idiom.defines else ""
        if idiom.on == "any":
            if framework.name not in self._imported:
                return set()
            shows = f"(?m){idiom.where.get('text', '')}" if "class" in idiom.defines else shows
            return self._shown.by(Sign(words=idiom.defines, pattern=shows), holders.paths)
        of_kind = set().union(*(holders.making(framework, name) for name in framework.objects.get(idiom.on, ())))
        return self._shown.by(Sign(words=idiom.defines, pattern=shows), of_kind)

    def _with_methods(self, holders: Holders, known: Iterable[Framework], at_hand: Mapping[str, Iterable[tuple[str, Idiom]]]) -> set[str]:
        """The files that mention one of these methods behind a dot, or as a key in brackets, and may hold an object of one of its kinds."""
        loose = {framework.name: framework for framework in known}
        paths = frozenset(holders.paths)
        found: set[str] = set()
        for method, kinds in at_hand.items():
            named = self._texts.words.having(method) & paths
            names = named - found
            allowed: set[str] = set()
            for kind, idiom in kinds if names else ():
                holding = self._loose(loose[kind], holders, named) if kind in loose else holders.of(kind)
                allowed.update(self._worded.among(idiom, (names - allowed).intersection(holding)))
            if allowed:
                word = re.escape(method.encode())
                shown = re.compile(rb"\.[ \t]*" + word + rb"\b|\[[\"']" + word + rb"[\"']\]")
                found.update(name for name in allowed if shown.search(self._texts.data(name)))
        return found

    def _loose(self, framework: Framework, holders: Holders, naming: Collection[str]) -> Collection[str]:
        """Where a method that any object may have says something: everywhere, unless many files name it; then near the framework."""
        importing = holders.importing(framework)
        if not importing or len(naming) <= max(COMMON_FILES, COMMON * len(holders.paths)):
            return naming if importing else ()
        return self._texts.near.around(importing)
