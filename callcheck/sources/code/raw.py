"""What can be told of a source file from its bytes, before it is parsed? Never less than there is, sometimes more."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from callcheck.model.pattern import pattern

_PY_FROM = pattern(rb"\n[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;]*)")
_PY_IMPORT = pattern(rb"\n[ \t]*import[ \t]+([^\n;#]+)")
_JS_IMPORT = pattern(rb"""(?:rom|ort|require)[ \t]*\(?\s*["'`]([^"'`\n]{1,200})["'`]""")
_PY_ASYNC = pattern(rb"\basync[ \t]+def[ \t]+(\w+)")
_PY_DEF = pattern(rb"\n([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)|\byield\b")
_JS_ASYNC = pattern(rb"async[ \t]+(?:function\b[ \t]*\*?[ \t]*)?([\w$]+)|(?<![\w$])([\w$]{1,80})[ \t]*(?::[^=;\n]{0,80})?[=:][ \t]*async\b")
_JS_GENERATOR = pattern(rb"\*[ \t]*([\w$]+)[ \t]*\(")
_PY_STATEMENT = pattern(rb"(?<![,(\[{=+|&\\])\n[ \t]*([\w.]+)\(")
_JS_STATEMENT = pattern(rb"(?:[;{})>:]|^|\belse\b|\bvoid\b)\s*([\w$.?!\[\]]+)(?:<[^<>()\n]{0,80}>)?\(", re.MULTILINE)
_NAMING = {bytes((byte,)): chr(byte).isalnum() and byte < 128 or byte in b"_$" for byte in range(256)} | {b"": False}
"""Whether a byte goes on with a name."""
_NOT_A_NAME = bytes(byte if chr(byte).isalnum() and byte < 128 or byte in b"_$" or byte >= 128 else 32 for byte in range(256))


LONGEST_LINE = 5_000
"""A source file with a line this long was written by a machine,"""
DENSE_LINES, DENSE_BYTES = 250, 100_000
"""and so was a big one whose lines are this long on average."""


_MINIFIED = pattern(r"[.-]min\.[cm]?js$")


def by_machine(data: bytes, name: str) -> bool:
    """Whether a file is minified, or bundled out of others, rather than written by hand; one that says so in its name (`select.min.js`) is, too."""
    lines = data.split(b"\n")
    return _MINIFIED.search(name) is not None or max(map(len, lines)) > LONGEST_LINE or (len(data) > DENSE_BYTES and len(data) > DENSE_LINES * len(lines))


def words(data: bytes) -> list[bytes]:
    """Everything that may be an identifier, comments and strings included."""
    return data.translate(_NOT_A_NAME).split()


def imports(data: bytes, python: bool) -> Iterator[str]:
    """The modules that a file may import; of `from a import b` both `a` and `a.b`."""
    if not python:
        for found in _JS_IMPORT.findall(data):
            yield found.decode("utf-8", "replace")
        return
    data = b"\n" + data
    for base, names in _PY_FROM.findall(data) if b"from" in data else ():
        start = base.decode("utf-8", "replace")
        yield start
        for name in names.translate(_NOT_A_NAME).split():
            yield f"{start}{'' if start.endswith('.') else '.'}{name.decode('utf-8', 'replace')}"
    for names in _PY_IMPORT.findall(data):
        yield from (part.split()[0].decode("utf-8", "replace") for part in names.split(b",") if part.split())


DEFERRED = frozenset({"coroutine", "promise", "generator"})


def deferred(data: bytes, python: bool, kinds: Collection[str] = DEFERRED) -> set[bytes]:
    """The names of functions whose call only makes a promise (JavaScript), a coroutine (Python) or a generator (both)."""
    found: set[bytes] = set()
    if python:
        if "coroutine" in kinds and b"async" in data:
            found.update(_PY_ASYNC.findall(data))
        return found | _generators(data) if "generator" in kinds and b"yield" in data else found
    if "promise" in kinds and b"async" in data:
        # No match goes over the end of a line, and to try each name of a file takes a hundred times as long as to look for the word.
        lines = b"\n".join(line for line in data.split(b"\n") if b"async" in line)
        found.update(name for each in _JS_ASYNC.findall(lines) for name in each if name and name != b"function")
    if "generator" in kinds and b"*" in data:
        found.update(_JS_GENERATOR.findall(data))
    return found


def _generators(data: bytes) -> set[bytes]:
    """The functions with a `yield`: each that is begun above it, and not yet ended by a shallower one."""
    found: set[bytes] = set()
    open_: list[tuple[int, bytes]] = []
    for match in _PY_DEF.finditer(b"\n" + data):
        if match[2] is None:
            found.update(name for _, name in open_)
            continue
        depth = len(match[1].expandtabs())
        open_ = [each for each in open_ if each[0] < depth]
        open_.append((depth, match[2]))
    return found


def statements(data: bytes, python: bool) -> set[bytes]:
    """What is called in calls that may be statements of their own: `.name` for a method, `name` for a function."""
    found = set((_PY_STATEMENT if python else _JS_STATEMENT).findall(b"\n" + data if python else data))
    parts = (name.rstrip(b"?!.").rpartition(b".") for name in found)
    return {dot + last for _, dot, last in parts}


_PY_CALLED = pattern(rb"[\s)\\]*\(")
_JS_CALLED = pattern(rb"\s*(?:(?:\?\.|!)\s*)?(?:<[^;{}()]{0,200}>[\s)]*|\)[\s)]*)?[(`]")
_JS_MADE = pattern(rb"(?:<|\bnew\s)\s*(?:[\w$]+\s*\.\s*)*$")


def calls(data: bytes, name: bytes, python: bool) -> bool:
    """Whether a call by a name may stand in a file, and not only an import or an annotation: `f(x)`, `new F`, `f?.<T>(x)`, `<F x={1} />`, f before a template."""
    called, at = (_PY_CALLED if python else _JS_CALLED).match, data.find(name)
    while at >= 0:
        end = at + len(name)
        if not _NAMING[data[at - 1 : at]] and not _NAMING[data[end : end + 1]]:
            if called(data, end) or (not python and _JS_MADE.search(data, max(0, at - 80), at)):
                return True
        at = data.find(name, end)
    return False
