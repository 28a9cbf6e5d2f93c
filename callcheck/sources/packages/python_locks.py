"""Which versions do uv.lock, poetry.lock, pdm.lock and Pipfile.lock hold?

[[package]]                              "redis": {
name = "redis"                               "hashes": [...],
version = "5.2.1"                            "version": "==5.2.1"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.packages.entries import Entry, Lines, plain

_PACKAGE = pattern(r'^\[\[package\]\][^\[]*?^name = "([^"\n]{1,200})"\s*^version = "([^"\n]{1,100})"', re.M)
_PIPENV = pattern(r'"([A-Za-z0-9][\w.-]{0,200})": \{[^{}]*?"version": "==([^"\n]{1,100})"')


def read_toml_lock(text: str) -> Iterator[Entry]:
    """The packages of uv, Poetry and PDM, which all write name and version first."""
    yield from _all(_PACKAGE, text)


def read_pipfile_lock(text: str) -> Iterator[Entry]:
    """The packages of Pipenv."""
    yield from _all(_PIPENV, text)


def _all(pattern: re.Pattern[str], text: str) -> Iterator[Entry]:
    lines = Lines(text)
    for found in pattern.finditer(text):
        yield Entry(plain(found[1]), found[2], lines.of(found.start(2)))
