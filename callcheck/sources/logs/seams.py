"""Which lines at the beginning of a rotated file belong to the last entry of the file before it?

A traceback that was being written when the file changed hands. They are read with the older file, and left out of the newer one, so that each file
can be read by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.model.errors import SourceError
from callcheck.sources.logs.far import LogFile
from callcheck.sources.logs.lines import LONGEST, open_log
from callcheck.sources.logs.packed import damaged
from callcheck.sources.logs.records import Joiner, runs_on
from callcheck.sources.logs.unwrap import Said, Unwrapper

_HEAD = 65_536


def led(texts: Iterable[str], unwrapper: Unwrapper) -> list[Said]:
    """What those of a file's first lines say that go on with an entry of the file before."""
    found: list[Said] = []
    for text in texts:
        said = list(unwrapper.read_all(text))
        if len(said) != 1 or not runs_on(said[0]):
            break
        found += said
    return found


def close(joiner: Joiner, unwrapper: Unwrapper) -> None:
    """Give the entries that are open at the end of a file what of them stands in the next one."""
    if joiner.link and joiner.link.newer:
        for said in led(decoded(head(joiner.link.newer)), unwrapper):
            joiner.go_on(said)


def head(path: LogFile) -> list[bytes]:
    """The first lines of a file; [] if it cannot be read."""
    try:
        with open_log(path) as stream:
            data = stream.read(_HEAD)
    except (SourceError, *damaged()):  # type: ignore[misc]
        return []
    return data.split(b"\n") if b"\0" not in data else []


def decoded(lines: Iterable[bytes]) -> list[str]:
    """As they are read."""
    return [line[:LONGEST].decode("utf-8", "replace").rstrip("\r") for line in lines]
