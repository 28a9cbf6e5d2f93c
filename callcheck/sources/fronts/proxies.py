"""Which ways do the web servers in front hand on, by the files of nginx and Apache?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.sources.fronts import Front, nginx, servers
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

FILES = (*dict.fromkeys((*nginx.FILES, *servers.APACHE)),)
_LARGEST_BYTES = 300_000


def proxies(eyes: Eyes) -> tuple[Front, ...]:
    """All of a project, but for those in files that show or test something."""
    return eyes.once(("proxies",), lambda: tuple(_found(eyes)))


def _found(eyes: Eyes) -> Iterator[Front]:
    for globs, mark, read in ((nginx.FILES, "_pass", nginx.fronts), (servers.APACHE, "ProxyPass", servers.apache)):
        for file in eyes.tree.named(*globs):
            try:
                if not aside(eyes, file) and file.size <= _LARGEST_BYTES and mark in (text := eyes.text(file)):
                    yield from read(file, text)
            except SourceError:
                continue
