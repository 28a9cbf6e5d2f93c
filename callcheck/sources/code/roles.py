"""Which of a file's imports does a process make only in one of its roles, which its command line or environment names?

    const roles = { web: () => import("./web.js"), jobs: () => import("./jobs.js") };      node cli.js jobs
    if role == "worker": from app.worker import main                                       ROLE=worker python -m app
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from callcheck.model.pattern import pattern

_KEY = r"""["']([\w:.-]{1,60})["']"""
_BODY = r"(?:[^{}]|\{[^{}]*\}){0,240}"
_JS = (
    pattern(r"""["']?\b([\w:.-]{1,60})["']?\s*:\s*(?:async\s*)?(?:\(\w*\)\s*=>|function\s*\(\))[^,;:]{0,60}$"""),
    pattern(r"\bcase\s*" + _KEY + r"\s*:(?:(?!\bcase\b|\bdefault\b|\bbreak\b|\breturn\b)[^:]){0,160}(?:return\s{0,4}(?:await\s{0,4})?)?$"),
    pattern(r"(?<![!=])={2,3}\s*" + _KEY + r"\s*\)\s*(?:\{" + _BODY + r"|[^;{}]{0,60})$"),
    pattern(r"(?<![!=])={2,3}\s*" + _KEY + r"\s*\)?\s*\?[^:;?]{0,60}$"),
)
_JS_ELSE = (
    pattern(r"(?<![!=])={2,3}\s*" + _KEY + r"\s*\)\s*(?:\{" + _BODY + r"\}|[^;{}]{0,120};?)\s*else\s*(?:\{" + _BODY + r"|[^;{}]{0,60})$"),
    pattern(r"(?<![!=])={2,3}\s*" + _KEY + r"\s*\)?\s*\?[^:;?]{0,160}:[^:;?]{0,40}$"),
)
_PY = pattern(r"^[ \t]*(?:(?:el)?if\b[^\n]*==\s*" + _KEY + r"\s*\)?\s*:|case\s+" + _KEY + r"\s*:)")
_PY_DEF = pattern(r"^[ \t]*(?:async\s+)?def\s+(\w+)\s*\(")
_COMMAND = r"@[\w.]+\.command\(\s*(?:name\s*=\s*)?(?:[\"']([\w:.-]+)[\"'])?[^\n]*\)\s*\n(?:[ \t]*@[^\n]*\n)*[ \t]*(?:async\s+)?def\s+{name}\b"
_VARIABLE = pattern(r"\b(?=\w*(?:ROLE|MODE|TYPE|PROCESS|COMPONENT|SERVICE|WORKER))([A-Z][A-Z0-9_]{2,60})\b")
ARGUMENT = "$1"
"""Stands for any argument that a program is given."""
_FAR = 420


def words(command: str, entry: str = "") -> frozenset[str]:
    """The words of a command line that may name a role, among them the values of `ROLE=web` and `--role=web`; with `ARGUMENT` if the entry is given any."""
    found = [word for word in re.split(r"[\s\"',\[\]]+", command) if word]
    after = found[found.index(entry) + 1 :] if entry in found else []
    argument = [ARGUMENT] if any(not word.startswith("-") for word in after[:1]) else []
    return frozenset((*found, *argument)) | frozenset(word.partition("=")[2] for word in found if "=" in word)


def roles_js(text: str, imports: Iterable[re.Match[str]]) -> Iterator[tuple[str, str]]:
    """Each import that is made in one role: the role, with "!" before it for all but that one, and the module as written."""
    for found in imports:
        before = text[max(0, found.start() - _FAR) : found.start()]
        for sign, patterns in (("", _JS), ("!", _JS_ELSE)):
            keys = [match[1] for each in patterns if (match := each.search(before))]
            if keys:
                yield sign + keys[0], found[2]
                break


def roles_py(text: str, imports: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """The same of Python, whose imports come with their offsets."""
    for start, name in imports:
        line = text[text.rfind("\n", 0, start) + 1 :]
        for key in _above(text, start, _indent(line)):
            yield key, name


def _above(text: str, start: int, indent: int) -> Iterator[str]:
    """The roles of the nearest block around a line that is one of a role."""
    skipped: int | None = None
    for line in reversed(text[:start].splitlines()[-60:]):
        if not line.strip() or _indent(line) > (indent if skipped is None else skipped):
            continue
        if skipped is not None and _indent(line) == skipped:
            if found := _PY.match(line):
                yield "!" + (found[1] or found[2])
            if not re.match(r"\s*elif\b", line):
                return
        elif _indent(line) < indent:
            indent = _indent(line)
            if found := _PY.match(line):
                yield found[1] or found[2]
                return
            if found := _PY_DEF.match(line):
                yield from _of_function(text, found[1])
                return
            if re.match(r"\s*else\s*:", line):
                skipped = indent
        if indent == 0 and skipped is None:
            return


def _of_function(text: str, name: str) -> Iterator[str]:
    """The words that a table or a command-line decorator gives a function."""
    yield from re.findall(r"[\"']([\w:.-]{1,60})[\"']\s*:\s*" + re.escape(name) + r"\b", text)
    for found in re.finditer(_COMMAND.replace("{name}", re.escape(name)), text):
        yield from [found[1]] if found[1] else [name, name.replace("_", "-")]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def told(text: str) -> frozenset[str]:
    """What tells a program its role, of that which its text names: its arguments, and variables of the environment."""
    found = frozenset(f"${name}" for name in _VARIABLE.findall(text))
    return found | {ARGUMENT} if "argv" in text or "parse_args" in text else found


def left_out(keyed: Iterable[tuple[str, str]], given: frozenset[str], asks: frozenset[str] = frozenset()) -> frozenset[str]:
    """The modules that a process which is given these words does not load; none if it is not known which role it is given.

    `asks` is what the file looks at, as `told` says it.
    """
    rows = list(keyed)
    if not any(key.removeprefix("!") in given for key, _ in rows) and asks.isdisjoint(given):
        return frozenset()
    kept = {name for key, name in rows if (key[1:] not in given if key.startswith("!") else key in given)}
    return frozenset(name for _, name in rows) - kept
