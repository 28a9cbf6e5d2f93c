"""Where in a long file does a period begin and end, found without reading what lies between?"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from callcheck.sources.logs.blocks import BLOCK
from callcheck.sources.logs.far import LogFile
from callcheck.sources.logs.within import SLACK_S, Judge

_PIECE = 65_536
_PROBES = 24
"""Places at which a file has to be in order to be taken for ordered."""
_TRUSTED = 86_400 * 366 * 31.0
"""Files that were last changed before 2001 bear no true date."""
_DAY_S = 86_400.0

Stretch = tuple[int, int]
"""From which byte on and up to which one a file has to be read."""


def stretch(path: LogFile, size: int, judge: Judge) -> Stretch | None:
    """What of a plain file the period takes, None for nothing; all if the file is in no order that can be relied on. Raises OSError."""
    with path.open("rb", buffering=0) as stream:
        dates = [_date(stream, size * n // _PROBES, size, judge) for n in range(_PROBES)]
        known = [date for date in [*dates, _last(stream, size, judge)] if date is not None]
        if len(known) < 2 or any(b < a - SLACK_S for a, b in zip(known, known[1:], strict=False)):
            return 0, size
        period = judge.period
        if period.side(known[-1], SLACK_S) < 0:
            return None
        if dates[0] is not None and period.side(dates[0], SLACK_S) > 0:
            return None

        def side(at: int) -> int:
            date = _date(stream, at, size, judge)
            return 0 if date is None else period.side(date, SLACK_S)

        begin = 0 if period.since is None else _edge(size, lambda at: side(at) < 0)[0]
        return begin, size if period.until is None else _edge(size, lambda at: side(at) <= 0)[1]


def _edge(size: int, before: Callable[[int], bool]) -> Stretch:
    """Two places close together: of all before the first `before` is true, of all after the second it is not."""
    low, high = 0, size
    while high - low > BLOCK // 4:
        middle = (low + high) // 2
        if before(middle):
            low = middle
        else:
            high = middle
    return low, high


def _date(stream: BinaryIO, at: int, size: int, judge: Judge) -> float | None:
    """The first date from a place on."""
    stream.seek(at)
    data = stream.read(min(_PIECE, size - at))
    start = data.find(b"\n") + 1 if at else 0
    return judge.near(data, start, len(data)) if start or not at else None


def _last(stream: BinaryIO, size: int, judge: Judge) -> float | None:
    at = max(0, size - _PIECE)
    stream.seek(at)
    data = stream.read(size - at)
    return judge.last(data, data.find(b"\n") + 1 if at else 0, len(data))


def older(changed: float, judge: Judge, first: float | None) -> bool:
    """Whether a file was last written, at `changed`, before the period, as far as that can be relied on; `first` is its first date."""
    since = judge.period.since
    if since is None or changed < _TRUSTED or (first is not None and first > changed + _DAY_S):
        return False
    # Logs without a zone may be up to a day ahead.
    return changed + _DAY_S < since


def lines_before(path: LogFile, end: int) -> int:
    """How many lines end in the first `end` bytes of a file. Raises OSError."""
    count = 0
    with path.open("rb", buffering=0) as stream:
        while end > 0 and (data := stream.read(min(BLOCK, end))):
            count += data.count(b"\n")
            end -= len(data)
    return count
