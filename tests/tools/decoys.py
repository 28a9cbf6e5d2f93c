r"""Innocent text that a trap's exclusion takes for the cure: the same word in a log line, or the same call on another object.

    without: [~close]                 other.close() in a function of another file
    without: ['/\.on\(.error']        console.log(".on('error") there
    where: {file-lacks: redis}        the same in another function of the same file
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from callcheck.model.factors import _parse, _sre
from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.spans import span
from tests.tools.rewriting.source import Files, Source

_TRIES = 300
_CODE = ("{}", "other{}", "{})", "other{})", "other.{}", "const made = {}", "{}()", "other{}')", "{}')", "other{}'", "{} {{ }}", "const made = {{ {} }}", "const made = {{ {} 1 }}")
_HERE, _THERE = "the same file", "another file"


class Decoy(NamedTuple):
    """One exclusion, the kind of neighbour that has its text, and the project with that."""

    exclusion: str
    kind: str
    files: Files


def decoys(framework: Framework, trap: Idiom, files: Files, line: int = 0) -> Iterator[Decoy]:
    """One for each exclusion and each way to stand beside the trap's sample (what counts anywhere is told in a log line only); the first of its `files` is that with the call, at `line` (0: unknown)."""
    main = next(iter(files))
    python = main.endswith(".py")
    for told in trap.without:
        wanted, wide = told.removeprefix("*"), told.startswith("*")
        sign, name = (wanted[0], wanted[1:]) if wanted[0] in "~<>=/@&+%" else ("", wanted)
        if "{" in name and re.search(r"\{(?:event|made|on|arg [\w|]+)\}", name) or sign in ("&", "@", "+"):
            continue
        if sign in ("~", "", "<", ">"):
            if wide:
                continue
            call = f"other.{name.split('|')[0].rpartition('.')[2]}()"
            yield Decoy(wanted, f"called in {_THERE}", _beside(files, main, call, python))
            yield Decoy(wanted, f"called in {_HERE}", _below(files, main, call, python))
            continue
        text = name.split("|")[0] if sign == "=" else text_for(name)
        written = _written(files, main, text, python, name if sign != "=" else re.escape(text or ""), _THERE)
        yield from (Decoy(told, *each) for each in written if not wide or each[0].startswith("said"))
    for place in ("file-lacks", "class-lacks", "around-lacks"):
        wanted = str(trap.where.get(place, ""))
        text = text_for(wanted) if wanted else None
        if place != "around-lacks":
            yield from (Decoy(f"{place}: {wanted}", *each) for each in _written(files, main, text, python, wanted, _HERE))
        elif text and line:
            lines = files[main].split("\n")
            lead = re.match(r"[ \t]*", lines[line - 1])
            said = _log(text, python)
            made = "\n".join([*lines[: line - 1], f"{lead[0] if lead else ''}{said}", *lines[line - 1 :]])
            if not _parsed(main, made).has_error:
                yield Decoy(f"{place}: {wanted}", "said in the same function", {**files, main: made})


def _written(files: Files, main: str, text: str | None, python: bool, wanted: str, where: str) -> Iterator[tuple[str, Files]]:
    """The text in a log line, and, where it can be, as code about another object."""
    if not text:
        return
    put = _below if where == _HERE else _beside
    yield f"said in {where}", put(files, main, _log(text, python), python)
    code = _as_code(text, wanted, main, python)
    if code:
        yield f"called in {where}", put(files, main, code, python)


def _log(text: str, python: bool) -> str:
    return f"logging.info({_quoted(text)})" if python else f"console.log({_quoted(text)});"


def _quoted(text: str) -> str:
    """A literal in which the text stands as it is, as far as quotes allow it."""
    for quote in ('"', "'"):
        if quote not in text and "\n" not in text and "\\" not in text:
            return f"{quote}{text}{quote}"
    return json.dumps(text, ensure_ascii=False)


def _beside(files: Files, main: str, body: str, python: bool) -> Files:
    folder = main.rpartition("/")[0]
    name = f"{folder}/neighbour" if folder else "neighbour"
    text = f"import logging\n\ndef unrelated(other):\n    {body}\n" if python else f"export function unrelated(other) {{\n  {body}\n}}\n"
    return {**files, f"{name}.{'py' if python else main.rpartition('.')[2]}": text}


def _below(files: Files, main: str, body: str, python: bool) -> Files:
    if python:
        text = f"\n\nclass Ledger:\n    entries: list = []\n\n\ndef unrelated():\n    other = Ledger()\n    {body}\n"
        return {**files, main: _with_logging(files[main]) + text if "logging." in body else files[main] + text}
    return {**files, main: files[main] + f"\nclass Ledger {{\n  entries = [];\n}}\n\nfunction unrelated() {{\n  const other = new Ledger();\n  {body}\n}}\n"}


def _with_logging(text: str) -> str:
    return text if re.search(r"^import logging", text, re.MULTILINE) else text + "\nimport logging\n"


def _as_code(text: str, wanted: str, main: str, python: bool) -> str:
    for form in _CODE:
        code = form.format(text)
        if "\n" in code or not span(wanted).found(code):
            continue
        body = f"def unrelated(other):\n    {code}\n" if python else f"function unrelated(other) {{ {code}; }}\n"
        root = _parsed(main, body)
        if not root.has_error and not _only_text(root):
            return code if python else f"{code};"
    return ""


def _only_text(root: Any) -> bool:
    """Whether nothing is done there: a name or a text by itself."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in ("call", "call_expression", "new_expression", "assignment", "assignment_expression", "decorator", "pair", "keyword_argument"):
            return False
        waiting += node.named_children
    return True


def _parsed(path: str, text: str) -> Any:
    return Source(path, text.encode()).root


def text_for(wanted: str) -> str | None:
    """A text that a regular expression finds, as short as a few tries make it; None if none was found."""
    try:
        tree = _parse.parse(wanted, re.MULTILINE)
    except re.error:
        return None
    found: list[str] = []
    for seed in range(_TRIES):
        chance = random.Random(seed)
        text = _made(tree, chance, {}, first=seed == 0)
        for each in (text, f" {text} ", f"a{text}"):
            if span(wanted).found(each):
                found.append(each)
                break
        if len(found) > 4:
            break
    return min(found, key=lambda each: (not each.strip(), len(each))) if found else None


def _made(nodes: Any, chance: random.Random, groups: dict[int, str], first: bool) -> str:
    made = ""
    for kind, value in nodes:
        if kind is _sre.LITERAL:
            made += chr(value)
        elif kind is _sre.NOT_LITERAL:
            made += "x" if value != ord("x") else "y"
        elif kind is _sre.ANY:
            made += "x"
        elif kind is _sre.IN:
            made += _one_of(value, chance)
        elif kind is _sre.BRANCH:
            made += _made(value[1][0] if first else chance.choice(value[1]), chance, groups, first)
        elif kind is _sre.SUBPATTERN:
            inner = _made(value[3], chance, groups, first)
            if value[0] is not None:
                groups[value[0]] = inner
            made += inner
        elif kind is _sre.GROUPREF:
            made += groups.get(value, "")
        elif kind is _sre.ASSERT and value[0] > 0:
            # What must come next is written, too: it is found again where the rest allows for anything.
            made += _made(value[1], chance, groups, first)
        elif kind in (_sre.MAX_REPEAT, _sre.MIN_REPEAT, getattr(_sre, "POSSESSIVE_REPEAT", None)):
            least, most, item = value
            for _ in range(least if first else min(int(most), least + chance.choice((0, 0, 1)))):
                made += _made(item, chance, groups, first)
    return made


def _one_of(items: Any, chance: random.Random) -> str:
    if items[0][0] is _sre.NEGATE:
        return chance.choice("ax_ 1")
    ways = []
    for kind, value in items:
        if kind is _sre.LITERAL:
            ways.append(chr(value))
        elif kind is _sre.RANGE:
            ways.append(chr(value[0]))
        elif kind is _sre.CATEGORY:
            ways.append({_sre.CATEGORY_DIGIT: "1", _sre.CATEGORY_WORD: "a", _sre.CATEGORY_SPACE: " ", _sre.CATEGORY_NOT_SPACE: "a", _sre.CATEGORY_NOT_WORD: " ", _sre.CATEGORY_NOT_DIGIT: "a"}[value])
    return chance.choice(ways)
