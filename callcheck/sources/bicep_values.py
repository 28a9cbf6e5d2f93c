"""What do Bicep files give an app for a variable, through the modules that they are made of?

    {name: 'READINGS_GROUP', value: consumerGroup}                                  # function-app.bicep, with `param consumerGroup string`
    module billing 'function-app.bicep' = { params: { consumerGroup: 'billing' } }  # main.bicep

Source: learn.microsoft.com, azure-resource-manager/bicep: modules, parameters, variables.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.braces import closing
from callcheck.sources.launch import own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_LARGEST_BYTES = 300_000
_DEEPEST = 4
_VALUE = r"(?P<value>'[^'\n]{0,300}'|[A-Za-z_][\w.]{0,100}|[^\s,}]{1,100})"
_MODULE = pattern(r"^module\s+(?P<name>\w{1,80})\s+'(?P<path>[^'\n]{1,200})'\s*=\s*(?P<opens>\{|if\s*\([^\n)]{0,200}\)\s*\{|\[)", re.MULTILINE)
_PARAMS = pattern(r"\bparams\s*:\s*\{")


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a variable; None where it is computed."""

    value: str | None
    where: Location


def given(eyes: Eyes, variable: str) -> Iterator[Given]:
    """Each value that an app gets for the variable."""
    name = re.escape(variable)
    wanted = re.compile(rf"\bname\s*:\s*'{name}'\s*,?\s*value\s*:\s*{_VALUE}|^[ \t]*'?{name}'?[ \t]*:[ \t]*(?P<own>'[^'\n]{{0,300}}'|[A-Za-z_][\w.]{{0,100}})[ \t]*$", re.MULTILINE)
    for file, text in own_texts(eyes, "*.bicep", most=_LARGEST_BYTES):
        for found in wanted.finditer(text) if variable in text else ():
            yield from _resolved(eyes, file, found["value"] or found["own"], _at(file, text, found.start("value") if found["value"] else found.start("own")), 0)


def _resolved(eyes: Eyes, file: File, written: str, where: Location, depth: int) -> Iterator[Given]:
    """The value itself, or what each module's caller gives for it, or its default."""
    if written.startswith("'"):
        yield Given(None if "${" in written else written.strip("'"), where)
        return
    text = eyes.readable(file, _LARGEST_BYTES)
    kept = re.search(rf"^var\s+{re.escape(written)}\s*=\s*('[^'\n]{{0,300}}')", text, re.MULTILINE)
    param = re.search(rf"^param\s+{re.escape(written)}\s+\w+(?:\s*=\s*('[^'\n]{{0,300}}'))?", text, re.MULTILINE)
    if kept is not None:
        yield from _resolved(eyes, file, kept[1], _at(file, text, kept.start(1)), depth + 1)
        return
    calls = list(_calls(eyes, file)) if param is not None and depth < _DEEPEST else []
    for caller, said, begins, whole in calls:
        told = re.search(rf"^[ \t]*{re.escape(written)}[ \t]*:[ \t]*{_VALUE}", said, re.MULTILINE)
        if told is not None:
            yield from _resolved(eyes, caller, told["value"], _at(caller, whole, begins + told.start("value")), depth + 1)
        else:
            yield Given(param[1].strip("'") if param is not None and param[1] else None, where)
    if not calls:
        default = param[1] if param is not None else None
        yield Given(default.strip("'") if default and "${" not in default else None, where)


def _calls(eyes: Eyes, file: File) -> Iterator[tuple[File, str, int, str]]:
    """Each module that is made of a file: who makes it, its parameters, where these begin, and the whole text; one of a loop has none that are known."""
    for caller, text in own_texts(eyes, "*.bicep", most=_LARGEST_BYTES):
        for found in _MODULE.finditer(text):
            if posixpath.normpath(posixpath.join(posixpath.dirname(caller.name), found["path"])) != file.name:
                continue
            params = _PARAMS.search(text, found.end(), closing(text, found.end())) if found["opens"] != "[" else None
            yield caller, text[params.end() : closing(text, params.end())] if params is not None else "", params.end() if params is not None else found.end(), text


def _at(file: File, text: str, at: int) -> Location:
    return Location(clean(file.name), text.count("\n", 0, at) + 1)
