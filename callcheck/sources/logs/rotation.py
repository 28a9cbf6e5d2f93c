"""Which files are one log that was rotated, the oldest first, and which hold the same twice?

    app.log.10.gz  app.log.9  app.log                 numbered: the higher, the older
    app.log-20261119.zst  app.log-20261120  app.log   dated
    app-2026-11-19.log  app-2026-11-20.log.1          dated before the ending, numbered within a day

Names give the order. Where the times at which the files begin show another one, as with numbers that rise with time, those do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from callcheck.model.errors import SourceError
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.far import LogFile, named
from callcheck.sources.logs.lines import open_log
from callcheck.sources.logs.packed import Unpacked, damaged
from callcheck.sources.logs.times import seconds

_PACKED = pattern(r"\.(?:gz|zst|bz2|xz)$")
_NUMBER = pattern(r"(?<=[A-Za-z])\.(\d{1,5})$")
_DATE = pattern(
    r"[-._]{0,2}(?<!\d)((?:19|20)\d\d)([-._]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
    r"(?:[-T_.]{1,2}([01]\d|2[0-3])(?:[-:._]?([0-5]\d)(?:[-:._]?([0-5]\d))?)?(?!\d))?(?:(?:[-_](?=\d{3})|\.)(\d{1,10})(?!\d))?"
)
"""Day, perhaps hour, minute and second, and what logrotate's `%s`, loguru's microseconds or a number within the day add."""
_TIME = pattern(r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?|(?<=\":)[ \"]{0,2}\d{10,19}(?=[\",}])")
_HEAD = 65_536
_PIECE = 1 << 20
_NOW = (9999,)

Order = tuple[tuple[int, ...], int]
"""Date and number, rising with time."""


@dataclass(frozen=True, slots=True)
class Link:
    """The place of a file in a log of several."""

    log: str
    """The name of all of it."""
    rank: int
    """0 for the oldest file."""
    older: bool
    """Whether there is an older file."""
    newer: LogFile | None


def mark(name: str) -> tuple[str, Order]:
    """Which log a file belongs to, by its name, and which place it has there."""
    folder, slash, base = name.rpartition("/")
    base = _PACKED.sub("", base)
    found = _NUMBER.search(base)
    number = int(found[1]) if found else None
    base = base[: found.start()] if found else base
    dates = list(_DATE.finditer(base))
    if not dates:
        # The file without a number is the one that is written now.
        return folder + slash + base, (_NOW, 1 if number is None else -number)
    date = dates[-1]
    base = base[: date.start()] + base[date.end() :]
    return folder + slash + base, (tuple(int(date[n] or 0) for n in (1, 3, 4, 5, 6, 7, 8)), number or 0)


def links(files: Iterable[LogFile], base: Path) -> dict[str, Link]:
    """The files that are part of a log of several, by their names."""
    logs: dict[str, list[tuple[Order, str, LogFile]]] = {}
    for path in files:
        log, order = mark(name := named(path, base))
        logs.setdefault(log, []).append((order, name, path))
    found = {}
    for log, parts in logs.items():
        if len(parts) > 1:
            ordered = _in_order(sorted(parts, key=lambda part: part[:2]))
            for rank, (name, _) in enumerate(ordered):
                found[name] = Link(log, rank, rank > 0, ordered[rank + 1][1] if rank + 1 < len(ordered) else None)
    return found


def _in_order(parts: Sequence[tuple[Order, str, LogFile]]) -> list[tuple[str, LogFile]]:
    """As their names have it; or by the times at which they begin, if all are known and tell otherwise."""
    by_name = [(name, path) for _, name, path in parts]
    begins = [_begins(path) if isinstance(path, Path) else None for _, path in by_name]
    known = [begin for begin in begins if begin is not None]
    if len(known) < len(begins) or known == sorted(known):
        return by_name
    return [by_name[n] for n in sorted(range(len(known)), key=known.__getitem__)]


def _begins(path: Path) -> float | None:
    """The first time that stands in a file, if it is written as most are."""
    try:
        with open_log(path) as stream:
            found = _TIME.search(stream.read(_HEAD).decode("utf-8", "replace"))
    except (SourceError, *damaged()):  # type: ignore[misc]
        return None
    return seconds(found[0].strip(' "')) if found else None


def without_copies(files: Sequence[Path]) -> tuple[list[Path], dict[Path, Path]]:
    """The files, and, of those that hold the same as another one (a link to it, or a packed copy beside it), each with that one."""
    copies: dict[Path, Path] = {}
    by_inode: dict[tuple[int, int], Path] = {}
    beside: dict[tuple[str, Order], list[Path]] = {}
    # What is no link, and not packed, is read.
    for path in sorted(files, key=lambda path: (path.is_symlink(), bool(_PACKED.search(path.name)), path)):
        with contextlib.suppress(OSError):
            status = path.stat()
            first = by_inode.setdefault((status.st_dev, status.st_ino), path)
            if first is not path:
                copies[path] = first
                continue
        known = beside.setdefault(mark(path.as_posix()), [])
        same = next((other for other in known if _same(path, other)), None)
        if same is not None:
            copies[path] = same
        else:
            known.append(path)
    return [path for path in files if path not in copies], copies


def _same(one: Path, other: Path) -> bool:
    """Whether both hold the same, unpacked."""
    try:
        with open_log(one) as first, open_log(other) as second:
            if not (isinstance(first, Unpacked) or isinstance(second, Unpacked)) and one.stat().st_size != other.stat().st_size:
                return False
            mine = theirs = b""
            while True:
                mine = mine or first.read(_PIECE)
                theirs = theirs or second.read(_PIECE)
                size = min(len(mine), len(theirs))
                if mine[:size] != theirs[:size] or (not size and (mine or theirs)):
                    return False
                if not size:
                    return True
                mine, theirs = mine[size:], theirs[size:]
    except (SourceError, *damaged()):  # type: ignore[misc]
        return False
