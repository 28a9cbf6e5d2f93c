"""Which process types does a Procfile declare, and with which commands?

web: gunicorn --workers 4 wsgi:app
worker: rq worker exports
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.launch.find import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

NAME = "Procfile"
_LINE = pattern(r"([A-Za-z0-9_-]{1,60}):\s*(\S.*)")
_LONGEST = 2000


def procfiles(eyes: Eyes) -> list[File]:
    """Those of the app's own."""
    return [file for file in eyes.tree.named(NAME) if not aside(eyes, file)]


def declared(text: str) -> Iterator[tuple[int, str, str]]:
    """The number of each such line, the type and its command."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line[:_LONGEST])
        if found is not None:
            yield number, found[1], found[2]
