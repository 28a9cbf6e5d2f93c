"""Which resources does a Bicep file declare, and which settings do they list?

    resource app 'Microsoft.Web/sites@2023-12-01' = {
      name: 'ledger'
      properties: { siteConfig: { appSettings: [{ name: 'API_URL', value: 'https://ledger.example' }, { name: 'BUS', value: busName }] } }
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.launch.find import own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_LARGEST_BYTES = 300_000
_RESOURCE = pattern(r"(?m)^resource[ \t]+(\w{1,80})[ \t]+'(Microsoft\.[\w./]{1,100})@[^'\n]{1,40}'[^\n]*\n((?:(?!\})[^\n]*\n){0,400})")
_NAME = pattern(r"(?m)^[ \t]*name[ \t]*:[ \t]*'([\w-]{1,80})'")
_ROW = pattern(r"\{\s*name\s*:\s*'([\w.]{1,120})'\s*,?\s*(?:value\s*:\s*('[^'\n]{0,300}'|[A-Za-z_][\w.]{0,100})?)?")


@dataclass(frozen=True, slots=True)
class Resource:
    """One of the top of a file; the body is what stands in lines of their own between its braces."""

    type: str
    file: File
    line: int
    body: str
    symbol: str
    """By which other resources of the file name it."""

    @property
    def name(self) -> str:
        """As it is written, "" where it is computed."""
        found = _NAME.search(self.body)
        return found[1] if found else ""

    def rows(self) -> Iterator[tuple[str, str, int]]:
        """Name, value and line of each `{ name: …, value: … }`; the value as it is written, in its quotes if it is no name, and "" if it is neither."""
        for row in _ROW.finditer(self.body):
            yield row[1], row[2] or "", self.line + 1 + self.body.count("\n", 0, row.start(1))


def resources(eyes: Eyes, *types: str) -> Iterator[Resource]:
    """Those of these types, of every file that is the project's own."""
    for file, text in own_texts(eyes, "*.bicep", most=_LARGEST_BYTES):
        yield from resources_of(file, text, *types)


def resources_of(file: File, text: str, *types: str) -> Iterator[Resource]:
    """Those of these types in one file."""
    for found in _RESOURCE.finditer(text) if any(each in text for each in types) else ():
        if found[2] in types:
            yield Resource(found[2], file, text.count("\n", 0, found.start()) + 1, found[3], found[1])


def text_of(written: str) -> str:
    """What a quoted value says; "" for a name, and where a part is filled in."""
    return written.strip("'") if written.startswith("'") and "${" not in written else ""
