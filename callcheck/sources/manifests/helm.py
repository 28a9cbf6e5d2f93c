"""What does a plain Helm template come to with its chart's values?

    replicas: {{ .Values.api.replicas | default 1 }}

Only what is common and certain is rendered: `.Values`, `.Release`, `.Chart`, `default`, `quote`, `int`, the calls of `helm_calls`, `if` on a value, `range` over what is written
out, and `toYaml` of a value or of the dot that `with` sets (as YAML's flow style, which takes one line). A line with anything else is left out, and the reader is told; a word
of a command stays as a shell's substitution, since without it the command would say something else. Lines keep their numbers.
"""

from __future__ import annotations

from typing import Any

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Rows, Table
from callcheck.sources.files import File
from callcheck.sources.manifests.helm_calls import called

_HOLE = pattern(r"\{\{-?\s{0,10}([^{}]{0,400}?)\s{0,10}-?\}\}")
_PATH = pattern(r"\$?\.Values((?:\.[\w-]{1,80}){1,8})$")
_DEFAULT = pattern(r"default\s+(\"[^\"]{0,100}\"|[\w.-]{1,100})(?:\s+(\S{1,300}))?$")
_TO_YAML = pattern(r"to(?:Yaml|Json|RawJson)\s+(\S{1,300})$")
_TEXT = pattern(r"\"([^\"]{0,200})\"$")
_PLAIN = pattern(r"[\w./:@+ -]{0,300}$")
_WORDS = pattern(r"\s{0,80}(?:- )?(?:command|args):")
_KEY = pattern(r"\s{0,80}(?:- )?[\w./-]{1,100}:(?:\s|$)")
_UNKNOWN = "$(helm)"
"""What stands for a word of a command that is not known here."""
_KEPT = ("quote", "squote", "int", "int64", "toString", "trim", "lower")


@dataclass(slots=True)
class Values:
    """A chart's values, the ones that win last: production files over the plain one, commands and controllers over both."""

    layers: list[tuple[Table, File]] = field(default_factory=list)

    def get(self, path: list[str]) -> tuple[Any, File | None, int]:
        """The value, its file and line; (None, None, 0) if no file says it. A list or a word replaces the one before as a whole, tables are laid over one another (Helm, Values Files)."""
        found: tuple[Any, File | None, int] = (None, None, 0)
        for document, file in reversed(self.layers):
            value: Any = document
            line = 0
            for key in path:
                if isinstance(value, Rows) and key.isdigit() and int(key) < len(value):
                    line, value = value.lines[int(key)], value[int(key)]
                    continue
                if not isinstance(value, Table) or key not in value:
                    break
                line = value.lines[key]
                value = value[key]
            else:
                if found[1] is None and not isinstance(value, Table):
                    return value, file, line
                if found[1] is None:
                    found = value, file, line
                elif isinstance(value, Table):
                    found = _over(value, found[0]), found[1], found[2]
                else:
                    return found
        return found


def _over(below: Table, above: Table) -> Table:
    """Both tables, the one above with the last word; a key that it sets to null is gone."""
    made = Table(above.line)
    for key in dict.fromkeys((*below, *above)):
        one, other = below.get(key), above.get(key)
        if key in above and other is None:
            continue
        value = _over(one, other) if isinstance(one, Table) and isinstance(other, Table) else other if key in above else one
        made.put(key, value, (above if key in above else below).lines[key])
    return made


@dataclass(slots=True)
class Rendered:
    """Plain YAML text; `sources[line]` is the place in the values that a line's value came from."""

    text: str
    sources: dict[int, tuple[File, int]]
    left_out: int


def render(text: str, values: Values, release: str, file: File | None = None) -> Rendered:
    """The template with its plain holes filled; with its file its `range` blocks are repeated, and a line that no longer stands where it stood is one of the file's."""
    from callcheck.sources.manifests.helm_ranges import unrolled

    given = unrolled(text, values) if file is not None else [(line, number) for number, line in enumerate(text.splitlines(), 1)]
    rendered = _render([line for line, _ in given], values, release)
    for number, (_, there) in enumerate(given, 1):
        if file is not None and there != number:
            rendered.sources.setdefault(number, (file, there))
    return rendered


def _render(template: list[str], values: Values, release: str) -> Rendered:
    lines: list[str] = []
    sources: dict[int, tuple[File, int]] = {}
    left_out = 0
    open_blocks: list[bool] = []
    dots: list[str] = []
    in_words = False
    for number, line in enumerate(template, 1):
        in_words = bool(_WORDS.match(line)) or (in_words and not _KEY.match(line))
        holes = _HOLE.findall(line)
        words = holes[0].split() if holes else []
        if words and words[0] in ("if", "range", "with", "define", "block") and "end" not in holes[1:]:
            open_blocks.append(_holds(words, values))
            dots.append((words[1] if len(words) == 2 else "?") if words[0] == "with" else dots[-1] if dots else "")
            lines.append("")
        elif words and words[0] == "else" and open_blocks:
            open_blocks[-1] = _holds(words[1:], values) if len(words) > 1 else not open_blocks[-1]
            lines.append("")
        elif words and words[0] == "end":
            if open_blocks:
                open_blocks.pop()
                dots.pop()
            lines.append("")
        elif not all(open_blocks):
            lines.append("")
        elif not holes:
            lines.append("" if "{{" in line else line)
        else:
            filled = _fill(_undotted(line, dots[-1] if dots else ""), values, release, number, sources)
            left_out += filled is None
            lines.append(_unknown(line) if filled is None and in_words else filled or "")
    return Rendered("\n".join(lines), sources, left_out)


def _unknown(line: str) -> str:
    """A line of a command with what is not known in it; nothing of one that is a block of its own."""
    head = line[: line.index("{{")]
    return _HOLE.sub(_UNKNOWN, line) if head.strip() and ("[" in head or not _KEY.match(head)) else ""


def _holds(words: list[str], values: Values) -> bool:
    """Whether a block is read: an `if` on a value that is plainly false is not, nor is a `range` or `define`."""
    if not words or words[0] in ("range", "define", "block"):
        return False
    test = words[1:]
    negated = bool(test) and test[0] == "not"
    test = test[1:] if negated else test
    if len(test) == 3 and test[0] in ("eq", "ne"):
        one, other = (_value(each, values, "", 0, {}) for each in test[1:])
        return ((one == other) == (test[0] == "eq")) != negated if one is not None and other is not None else True
    if len(test) == 1 and (found := _PATH.match(test[0])):
        value, file, _ = values.get(found[1].strip(".").split("."))
        return bool(value) != negated if file else negated
    return True


def _undotted(line: str, dot: str) -> str:
    """The line with the dot of `toYaml .` written out."""
    return line.replace("toYaml . ", f"toYaml {dot} ") if dot else line


def _fill(line: str, values: Values, release: str, number: int, sources: dict[int, tuple[File, int]]) -> str | None:
    parts: list[str] = []
    at = 0
    for hole in _HOLE.finditer(line):
        value = _value(hole[1], values, release, number, sources)
        if value is None:
            return None
        parts += [line[at : hole.start()], value]
        at = hole.end()
    return "".join(parts) + line[at:]


def _value(text: str, values: Values, release: str, number: int, sources: dict[int, tuple[File, int]]) -> str | None:
    first, *pipes = [part.strip() for part in text.split("|")]
    quoted = first.startswith(("quote ", "squote ")) or not {"quote", "squote"}.isdisjoint(pipes)
    if text.startswith("/*"):
        return ""
    if first.startswith("default ") and (found := _DEFAULT.match(first)) and found[2]:
        pipes.insert(0, f"default {found[1]}")
        first = found[2]
    for name in _KEPT:
        first = first.removeprefix(name + " ").strip()
    result: Any = None
    if found := _TEXT.match(first):
        result = found[1]
    if found := _TO_YAML.match(first):
        return _flow(found[1], pipes, values, number, sources)
    if found := _PATH.match(first):
        result, file, line = values.get(found[1].strip(".").split("."))
        if file is not None:
            sources.setdefault(number, (file, line))
    elif first in (".Release.Name", "$.Release.Name", ".Chart.Name", "$.Chart.Name"):
        result = release
    elif first in (".Release.Namespace", "$.Release.Namespace"):
        result = "default"
    elif first.startswith(("include ", "template ")) and "name" in first.lower():
        result = release
    elif result is None and " " in first:
        result = called(first, (), lambda word: _operand(word, values, release, number, sources))
    if isinstance(result, (dict, list)) and pipes in (["toJson"], ["toRawJson"], ["toYaml"]):
        return _flow(first, [], values, number, sources)
    for pipe in pipes:
        if pipe.startswith("default ") and (found := _DEFAULT.match(pipe)):
            result = result if result not in (None, "", 0, False) else found[1].strip('"')
        elif pipe.split(" ")[0] not in (*_KEPT, "trunc", "trimSuffix"):
            result = called(pipe, (result,), lambda word: _operand(word, values, release, number, sources))
    if result is None or isinstance(result, (dict, list)):
        return None
    told = ("true" if result else "false") if isinstance(result, bool) else str(result)
    # Without its quotes `{jobs}:mail` would be read as a table.
    return told if not quoted or _PLAIN.match(told) else f'"{told}"' if '"' not in told and "\\" not in told else None


def _operand(word: str, values: Values, release: str, number: int, sources: dict[int, tuple[File, int]]) -> Any:
    """What a word of a call means: a list stays one."""
    if found := _PATH.match(word):
        value, file, line = values.get(found[1].strip(".").split("."))
        if file is not None:
            sources.setdefault(number, (file, line))
        return value
    return int(word) if word.isdigit() else _value(word, values, release, number, sources)


def _flow(path: str, pipes: list[str], values: Values, number: int, sources: dict[int, tuple[File, int]]) -> str | None:
    """A whole table or list of the values on one line, so that all lines keep their numbers."""
    found = _PATH.match(path)
    if found is None or any(pipe.split(" ")[0] not in ("nindent", "indent", "trim") for pipe in pipes):
        return None
    value, file, line = values.get(found[1].strip(".").split("."))
    if file is None or not isinstance(value, (dict, list)):
        return None
    sources.setdefault(number, (file, line))
    import json

    return " " + json.dumps(value, default=str)
