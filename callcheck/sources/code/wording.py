"""Does what is written at a call, and around it, read as a trap wants it?

    {does: trap, methods: [get], where: {text: '\\.get\\(\\s*timeout', around: '\\.delay\\('}}

Asked before it is worked out whose method is called, which takes a hundred times as long; and of whole files, before they are parsed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Idiom
from callcheck.model.spans import span
from callcheck.sources.code.index import once
from callcheck.sources.code.quiet import quiet
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.tree import Call, ClassDef, Function, Member, Module, Name, Node, Object

if TYPE_CHECKING:
    from callcheck.sources.code.texts import Texts

_MOST_GIVEN = 60
"""Values among the arguments of a call, and in the objects there, that are looked at."""
_OF_ONE_FILE = ("text", "around", "file", "class")
"""Patterns of texts that stand in the file of the call."""


def names_in(call: Call) -> list[Node]:
    """The names among a call's arguments, keys of objects included (`{CHANNEL: handler}`), that may stand for something written elsewhere."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    for each in given:
        for entry in each.entries if isinstance(each, Object) and len(given) < _MOST_GIVEN else ():
            given += [entry.value, *([entry.computed] if entry.computed is not None else ())]
    return [each for each in given if isinstance(each, (Name, Member))]


def reads_so(trap: Idiom, call: Call, spelt: str = "") -> bool:
    """Whether the call, its function, class and file, and the file's name have what a trap wants in them; `spelt` is the call with what its names
    stand for. What it excludes is asked of `Exclusions`."""
    where = trap.where
    if not where:
        return True
    module = module_of(call)
    return (
        all(place not in where or _stands(trap, str(where[place]), node, spelt if place == "text" else "") for place, node in placed(call).items())
        and ("path" not in where or re.search(where["path"], module.path) is not None)
        and ("path-lacks" not in where or re.search(where["path-lacks"], module.path) is None)
    )


def placed(call: Call) -> dict[str, Node | None]:
    """What a trap's patterns of texts are looked for in, by their names; None where there is no such thing."""
    module = module_of(call)
    return {"text": call, "file": module, "around": function_of(call) or module, "class": enclosing(call, ClassDef)}


class Wording:
    """The same for the calls of one project, before more is known of them."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}
        self._files: dict[tuple[str, ...], dict[str, bool]] = {}
        """Whether one of these words stands in a file."""

    def fits(self, idiom: Idiom, call: Call) -> bool:
        """Whether `reads_so` holds, as far as an idiom's uses are judged one by one."""
        return idiom.does != "trap" or "again" in idiom.where or reads_so(idiom, call) or ("text" in idiom.where and bool(names_in(call)))

    def may_fit(self, idiom: Idiom, call: Call) -> bool:
        """Whether it may; the words of the patterns are looked for first, as quickly as an object is followed by one step."""
        if idiom.does != "trap" or "again" in idiom.where:
            return True
        if call.at < 0:
            return self._may_read_so(idiom, call) and self.fits(idiom, call)
        key = (id(idiom), id(call))
        if key not in self._known:
            self._known[key] = self._may_read_so(idiom, call) and self.fits(idiom, call)
        return self._known[key]

    def _may_read_so(self, trap: Idiom, call: Call) -> bool:
        where, words, module = trap.where, trap.words, module_of(call)
        # Where a word does not stand in the file, it stands in no part of it.
        if not all(self._has_word(words.get(str(where[place])), module) for place in ("text", "file", "around") if place in where):
            return False
        if "text" in where and not self._has_word(words.get(str(where["text"])), module if names_in(call) else call):
            return False
        return "around" not in where or self._has_word(words.get(str(where["around"])), function_of(call) or module)

    def _has_word(self, words: tuple[str, ...] | None, node: Node) -> bool:
        if not words:
            return True
        if not isinstance(node, Module):
            return any(word in text for text in readings(node) for word in words)
        known = self._files.setdefault(words, {})
        if node.path not in known:
            known[node.path] = any(word in text for text in readings(node) for word in words)
        return known[node.path]


def _stands(trap: Idiom, wanted: str, node: Node | None, spelt: str) -> bool:
    """Whether a pattern is in one of the readings of a node; a file is searched for each pattern once, however many of its calls want it there."""
    if not isinstance(node, Module):
        texts = (*(readings(node) if node is not None else ("",)), *((spelt,) if spelt else ()))
        return any(stands_in(trap, wanted, text) for text in texts)
    known = _searched(node)
    if wanted not in known:
        known[wanted] = any(stands_in(trap, wanted, text) for text in readings(node))
    return known[wanted]


@once
def _searched(module: Module) -> dict[str, bool]:
    """The patterns that were looked for in a file, and whether they are there."""
    return {}


def stands_in(trap: Idiom, wanted: str, text: str) -> bool:
    """Whether a pattern is in a text; to look for its words takes a tenth of compiling it."""
    return may_stand_in(trap, wanted, text) and span(wanted).found(text)


def may_stand_in(trap: Idiom, wanted: str, text: str) -> bool:
    """Whether one of a pattern's words is in a text, if it has any."""
    words = trap.words.get(wanted)
    return not words or any(word in text for word in words)


def words_of(trap: Idiom, wanted: str) -> tuple[str, ...]:
    """The words of a pattern that is looked for in all files: also of one that is made only now, of the names at a call."""
    known = trap.words.get(wanted)
    return known if known is not None else _words_in(wanted)


@functools.lru_cache(maxsize=4096)
def _words_in(wanted: str) -> tuple[str, ...]:
    from callcheck.model.factors import factors

    found = factors(wanted, re.MULTILINE)
    return tuple(sorted(found[0])) if found and found[1] else ()


def lines_of(node: Node, lines: Sequence[str] = ()) -> str:
    """The source lines of a node, a function's decorators included; of other `lines` of its file, if they are given."""
    first = min([node.line, *(d.line for d in node.decorators)]) if isinstance(node, Function) else node.line
    return "\n".join((lines or module_of(node).lines)[first - 1 : max(node.end_line, node.line)])


def readings(node: Node, told: bool = True) -> tuple[str, ...]:
    """How a node reads: as it is written, and, where that differs, with the values of constants in the place of their names; with `told: False`
    without what is told to people only."""
    module = module_of(node)
    if node is module and told:
        return (module.text, module.spelt_text) if module.spelt else (module.text,)
    lines, other = (module.lines, module.spelt) if told else (quiet(module).lines, quiet(module).spelt)
    written, spelt = ("\n".join(each) if node is module else lines_of(node, each) for each in (lines, other or lines))
    return (written, spelt) if spelt != written else (written,)


class Worded:
    """The files of a big tree in which traps may stand, by what each of their patterns cannot do without."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._known: dict[tuple[str, ...], dict[str, bool]] = {}

    def among(self, idiom: Idiom, paths: Collection[str]) -> Collection[str]:
        """Those of these files that an idiom can be used in, going by their words; all of them for what is no trap."""
        for place in _OF_ONE_FILE if idiom.does == "trap" else ():
            words = idiom.words.get(str(idiom.where[place])) if place in idiom.where else None
            if words:
                paths = [path for path in self._texts.words.holding_one(words).intersection(paths) if self._has_one(words, path)]
        return paths

    def _has_one(self, words: tuple[str, ...], path: str) -> bool:
        known = self._known.setdefault(words, {})
        if path not in known:
            data = self._texts.data(path)
            known[path] = any(word.encode() in data for word in words)
        return known[path]
