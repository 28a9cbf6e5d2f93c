"""How is a time of a log written?"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_NO_YEAR = 94_694_400.0
"""Times before 1973 are those of logs without a year."""
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def clock(time: float) -> str:
    """Seconds since the epoch as `2026-03-09 08:41:17` in UTC; where a log has no year, `03-09 08:41:17`; "?" beyond all calendars."""
    try:
        at = _EPOCH + timedelta(seconds=time)
    except OverflowError:
        return "?"
    return at.strftime("%m-%d %H:%M:%S" if time < _NO_YEAR else "%Y-%m-%d %H:%M:%S")
