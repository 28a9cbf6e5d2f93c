"""Is there something that speaks against a trap, and can it be about the trap's call?

    without: [~close]        new ProgressBar(80).close() in another file closes no queue
    without: [=resume]       console.log("resume tomorrow") resumes nothing

What a trap excludes must stand in code, where it may be about the call's object: see `Idiom.without`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.pattern import pattern
from callcheck.model.spans import span
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, Import, Module
from callcheck.sources.code.whose import Whose
from callcheck.sources.code.wording import placed, readings, stands_in, words_of

_CALLED_ON = pattern(r"\s*(?:\?|!)?\.\s*([A-Za-z_$][\w$]*)")
_REST = pattern(r"[\w$]*")
_MOST_REACHED = 40
"""Functions that are followed from a call."""

Find = Callable[[str], Iterator[tuple[int, int]]]
"""Gives where something stands in a text."""


class Exclusions:
    """What speaks against the uses of traps in one project; texts are searched once for each pattern."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._whose = code.once(Whose)
        self._with: dict[str, list[str]] = {}
        self._near: dict[tuple[int, str], bool] = {}
        self._reached: dict[int, list[Function]] = {}

    def beside(self, use: Use, spelt: str) -> bool:
        """Whether the call, or what is around it, has what the trap says it must lack; `spelt` is the call with what its names stand for."""
        for place, node in placed(use.call).items():
            told = use.idiom.where.get("lacks" if place == "text" else f"{place}-lacks")
            if told is None or node is None:
                continue
            wanted, own = told.removeprefix("*"), place == "file" and told[:1] != "*"
            if place == "text" and spelt and stands_in(use.idiom, wanted, spelt):
                return True
            for text in readings(node) if place == "text" else readings(node, told=False):
                if stands_in(use.idiom, wanted, text) and (not own or self._about(use, use.module, text, span(wanted).places)):
                    return True
        return False

    def called(self, use: Use, calls: Iterable[Call]) -> bool:
        """Whether one of these calls may be about the use's object."""
        return any(self._whose.may_be_own(use, call) for call in calls if self._counts(use, module_of(call).path))

    def said(self, use: Use, wanted: str, anywhere: bool) -> bool:
        """Whether some source file has a pattern in its code, `anywhere` or where it may be about the use's object."""
        project, trap = self._code.project, use.idiom
        if wanted not in self._with:
            words = words_of(trap, wanted)
            may, spelt = set(project.holding(words)), {path: known.spelt_text for path, known in project.ground.items() if known.spelt}

            def stands(text: str) -> bool:
                return (not words or any(word in text for word in words)) and span(wanted).found(text)

            self._with[wanted] = [path for path in project.sources if (path in may and stands(project.text(path))) or (path in spelt and stands(spelt[path]))]
        for path in (each for each in self._with[wanted] if self._counts(use, each)):
            module = project.module(path)
            if module is None and anywhere:
                return True  # What is left out, since a program wrote it, may be what a build has gathered: SQL, routes.
            for text in readings(module, told=False) if module is not None else ():
                if module is not None and stands_in(trap, wanted, text) and (anywhere or self._speaks(use, module, text, span(wanted).places)):
                    return True
        return False

    def _counts(self, use: Use, path: str) -> bool:
        """Whether what stands in a file can speak against a use at all: what a test does, the app does not."""
        return is_only_test(use.module.path) or not is_only_test(path)

    def _speaks(self, use: Use, module: Module, text: str, find: Find) -> bool:
        """Whether what stands in a file's text may be about the use's object, or is a package that is imported there."""
        if self._is_near(use, module):
            return self._about(use, module, text, find)
        for start, _ in find(text):
            line = text.count("\n", 0, start) + 1
            if self._brings(module, line) or any(module_of(each) is module and each.line <= line <= each.end_line for each in self._functions(use)):
                return True
        return False

    def _is_near(self, use: Use, module: Module) -> bool:
        """Whether a file has to do with the call: it is its own, imports the library, imports the call's file or is imported by it, or names the object."""
        key = (id(use), module.path)
        if key not in self._near:
            named = (re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", module.text) for name in self._whose.names(use))
            self._near[key] = self._whose.in_hand(use, module) or any(named)
        return self._near[key]

    def _brings(self, module: Module, line: int) -> bool:
        """Whether a package is imported in a line: that it is there holds for the whole project."""
        taken = (each for each in module.all(Import) if each.line <= line <= max(each.end_line, each.line))
        loaded = (call for call in module.calls("require", "import") if call.line <= line <= max(call.end_line, call.line))
        names = [*(each.module for each in taken), *(str(getattr(call.args[0], "value", "")) for call in loaded if call.args)]
        return any(name and not name.startswith(".") and self._code.project.paths.find(module.path, name) is None for name in names)

    def _functions(self, use: Use) -> list[Function]:
        """The handlers of a use, and what they and the function around the call lead to."""
        if id(use) not in self._reached:
            waiting = [node for node in (*self._code.idioms.handlers(use), use.function) if isinstance(node, Function)]
            found: dict[int, Function] = {}
            while waiting and len(found) < _MOST_REACHED:
                here = waiting.pop(0)
                if id(here) not in found:
                    found[id(here)] = here
                    waiting += self._code.flow.called(here)
            self._reached[id(use)] = list(found.values())
        return self._reached[id(use)]

    def _about(self, use: Use, module: Module, text: str, find: Find) -> bool:
        """Whether something stands in the text of a file other than as a call on what is known to be another object."""
        return any(not self._is_anothers(use, module, text, *place) for place in find(text))

    def _is_anothers(self, use: Use, module: Module, text: str, start: int, end: int) -> bool:
        """Whether what stands there begins with a call on some object (`.close(`), and that is known to be another one."""
        named = _CALLED_ON.match(text, start, end)
        if named is None:
            return False
        line = 1 + text.count("\n", 0, named.start(1))
        rest = _REST.match(text, named.end())
        calls = [call for call in module.calls(named[1] + (rest[0] if rest else "")) if call.line <= line <= max(call.end_line, call.line)]
        return bool(calls) and all(self._whose.another(use, call) for call in calls)
