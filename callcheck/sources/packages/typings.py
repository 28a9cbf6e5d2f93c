"""Which events does an installed package's own type declaration say that its classes emit?

    interface QueueListener extends IoredisListener { cleaned: (jobs: string[]) => void; 'ioredis:close': () => void }
    class Queue extends QueueBase { on<U extends keyof QueueListener>(event: U, listener: QueueListener[U]): this }
    class Redis { on(event: "message", cb: ...): this; on(event: RedisStatus, cb: ...): this }
    class MqttClient extends TypedEventEmitter<MqttClientEventCallbacks> { ... }

The text is searched, not compiled: what leads out of the package, or to a type that is worked out, is taken for unknown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources import noted
from callcheck.sources.braces import closing

Found = tuple[str, int, int, int, int]
"""A file, and what shows whether it was changed."""
_MOST_FILES = 600
_MOST_BYTES = 6_000_000
_COMMENT = pattern(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
_DECLARED = pattern(r"\b(class|interface)\s+([A-Za-z_$][\w$]*)([^{};]*)\{")
_ALIAS = pattern(r"\btype\s+([A-Za-z_$][\w$]*)\s*(?:<[^=]*>)?\s*=\s*")
_LISTENS = pattern(r"(?<![\w.])(?:on|once|addListener)\s*(?:<(?P<types>[^()]{0,1000}?)>\s*)?\(\s*\w+\s*:\s*(?P<type>[^,()\s][^,()]*(?:<[^()]{0,1000}?>\s*)?)[,)]")
_LITERAL = pattern(r"""^\s*(?:'([^']+)'|"([^"]+)")\s*$""")
_KEYOF = pattern(r"keyof\s+([A-Za-z_$][\w$]*)")
_NAME = pattern(r"^\s*([A-Za-z_$][\w$]*)\s*(?:<[\s\S]*>)?\s*$")
_EMITTER_OF = pattern(r"\bextends\s+[\w$.]*(?:EventEmitter|Emitter|Emittery)[\w$]*\s*<\s*([A-Za-z_$][\w$]*)\s*(?:<[^<>]*>)?\s*>")
_PROPERTY = pattern(r"""[\s;,]*(?:readonly\s+)?(?:\[\s*)?(?:'([^']+)'|"([^"]+)"|([A-Za-z_$][\w$]*))(?:\s*\])?\??\s*(?=[:(])""")
_FIELDS = pattern(r"\s*:\s*\(\s*\w+\??\s*:\s*\{")


@dataclass(frozen=True, slots=True)
class Typed:
    """What one class is declared to emit."""

    names: frozenset[str]
    closed: bool
    """No other name can be listened to by type: there is no form for any string beside."""
    fields: dict[str, tuple[str, ...]]
    """Event -> the fields of its first argument, where they are written out."""


def read_package(folder: Path) -> dict[str, Typed]:
    """Every class and interface of a package whose events are declared, by its name."""
    return _Declarations(_COMMENT.sub("", text) for text in _read(declarations(folder))).emitters()


def declarations(folder: Path) -> list[Found]:
    """The files of a package that declare types."""
    return _files(folder, (".d.ts", ".d.mts", ".d.cts"))


def emits_literally(folder: Path, name: str) -> bool:
    """Whether a program file of the package emits the name, declared or not."""
    wanted = re.compile(rf"""\b(?:emit\w*|dispatch)\(\s*(?:this,\s*)?['"`]{re.escape(name)}['"`]""")
    return any(wanted.search(text) for text in _read(_files(folder, (".js", ".cjs", ".mjs"))))


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Found]:
    found: list[Found] = []
    pending = [folder]
    while pending:
        here = pending.pop()
        noted.place(here)
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir():
                if entry.name != "node_modules" and not entry.is_symlink():
                    pending.append(Path(entry.path))
            elif entry.name.endswith(suffixes) and (status := noted.place(Path(entry.path))):
                if len(found) == _MOST_FILES:
                    return found
                found.append((entry.path, *status))
    return found


def _read(files: Iterable[Found]) -> Iterator[str]:
    read = 0
    for path, *_ in files:
        if read > _MOST_BYTES:
            return
        try:
            text = Path(path).read_text("utf-8", "replace")
        except OSError:
            continue
        read += len(text)
        yield text


class _Declarations:
    """All declarations of a package, whichever file they stand in; those of one name are taken together."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._bodies: dict[str, tuple[str, str]] = {}
        self._aliases: dict[str, str] = {}
        for text in texts:
            for found in _DECLARED.finditer(text):
                header, body = self._bodies.get(found[2], ("", ""))
                more = text[found.end() : closing(text, found.end())]
                self._bodies[found[2]] = (header or found[3], body if more in body else f"{body};{more}")
            for found in _ALIAS.finditer(text):
                self._aliases.setdefault(found[1], _until_semicolon(text, found.end()))

    def emitters(self) -> dict[str, Typed]:
        found = {name: self._emitter(name) for name in self._bodies}
        return {name: typed for name, typed in found.items() if typed is not None}

    def _emitter(self, name: str, depth: int = 0) -> Typed | None:
        if name not in self._bodies or depth > 6:
            return None
        header, body = self._bodies[name]
        names: set[str] = set()
        maps: list[str] = []
        closed = True
        for found in _LISTENS.finditer(body):
            of = self._listened(found["type"], found["types"] or "", maps)
            closed = closed and of is not None
            names |= of or set()
        if mapped := _EMITTER_OF.search(header):
            maps.append(mapped[1])
        for each in maps:
            keys = self._keys(each)
            if keys is None:
                return None
            names |= keys
        if not names:
            base = next(iter(_bases(header)), "").rsplit(".", 1)[-1]
            return self._emitter(base, depth + 1) if not _LISTENS.search(body) else None
        fields = {event: has for each in maps for event, has in self._payloads(each)}
        return Typed(frozenset(names), closed, fields)

    def _listened(self, text: str, types: str, maps: list[str], depth: int = 0) -> set[str] | None:
        """The names that one form of `on` takes; None for a form that takes any."""
        names: set[str] = set()
        for part in text.split("|"):
            if literal := _LITERAL.match(part):
                names.add(literal[1] or literal[2])
            elif keyed := _KEYOF.search(part):
                if "Exclude<" in part:
                    return None
                maps.append(keyed[1])
            elif named := _NAME.match(part):
                bound = re.search(rf"\b{re.escape(named[1])}\s+extends\s+keyof\s+([A-Za-z_$][\w$]*)", types)
                if bound:
                    maps.append(bound[1])
                elif named[1] in self._aliases and depth < 6:
                    alias = self._listened(self._aliases[named[1]], "", maps, depth + 1)
                    if alias is None:
                        return None
                    names |= alias
                else:
                    return None
            else:
                return None
        return names

    def _keys(self, name: str, depth: int = 0) -> set[str] | None:
        """The keys of an interface or object type, with those that it extends; None if some of it is out of sight."""
        if depth > 6:
            return None
        if name in self._bodies:
            header, body = self._bodies[name]
            found = {key for key, _ in _properties(body)}
            for base in _bases(header):
                keys = self._keys(base, depth + 1)
                if keys is None:
                    return None
                found |= keys
            return found
        if name in self._aliases:
            text = self._aliases[name]
            if text.lstrip().startswith("{") and text.rstrip().endswith("}") and "[K in" not in text:
                return {key for key, _ in _properties(text.strip()[1:-1])}
        return None

    def _payloads(self, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        body = self._bodies.get(name, ("", ""))[1]
        for key, after in _properties(body):
            if shown := _FIELDS.match(body, after):
                inner = body[shown.end() : closing(body, shown.end())]
                yield key, tuple(field for field, _ in _properties(inner))


def _properties(body: str) -> Iterator[tuple[str, int]]:
    """The keys at the top level of an object type, each with the place behind it."""
    at = 0
    while found := _PROPERTY.match(body, at):
        yield found[1] or found[2] or found[3], found.end()
        at = found.end()
        depth = 0
        while at < len(body):
            sign = body[at]
            depth += (sign in "{([") - (sign in "})]")
            at += 1
            if not depth and (sign in ";," or (sign == "\n" and _PROPERTY.match(body, at))):
                break


def _until_semicolon(text: str, start: int) -> str:
    depth = 0
    for found in re.finditer(r"[{};]|\n(?=\s*(?:export|declare|type|interface|class)\b)", text[start : start + 60_000]):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif not depth:
            return text[start : start + found.start()]
    return text[start : start + 60_000]


def _bases(header: str) -> list[str]:
    """What a declaration extends: `B`, `C` of `<T extends A> extends B<T>, C`."""
    while (less := re.sub(r"<[^<>]*>", "", header)) != header:
        header = less
    above = re.search(r"\bextends\b([^{]*?)(?:\bimplements\b|$)", header)
    return [base.strip() for base in above[1].split(",")] if above else []
