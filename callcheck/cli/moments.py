"""Which moment does the user mean by `2026-11-20T10:15+01:00`, `2026-11-20` or `15m`?"""

from __future__ import annotations

import calendar
import re
import time

from callcheck.model.errors import UsageError
from callcheck.model.period import Instant
from callcheck.model.printable import clean

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII | re.I
)
_AGO = re.compile(r"(?:\d{1,9}[smhdw])+", re.ASCII)
_PART = re.compile(r"(\d+)([smhdw])", re.ASCII)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_HINT = "such as 2026-11-20T10:15:00Z, 2026-11-20, or 15m, 2h, 3d for so long ago"


def read(option: str, text: str, now: float | None = None) -> Instant:
    """The moment that the user wrote; without a zone it is taken as UTC, as a log's times are. Raises UsageError."""
    word = text.strip()
    before = lasting(word)
    if before is not None:
        return Instant(word, (time.time() if now is None else now) - before)
    found = _ISO.fullmatch(word)
    at = _at(found) if found else None
    if at is None:
        raise UsageError(f"`{option}` is a time, not {clean(text, 60)}", _HINT)
    return Instant(word, at)


def lasting(text: str) -> int | None:
    """`90s`, `1h30m` in seconds; None if it is no such time."""
    return sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(text)) if _AGO.fullmatch(text) else None


def _at(found: re.Match[str]) -> float | None:
    year, month, day, hour, minute, second = (int(found[n] or 0) for n in range(1, 7))
    if not (year >= 1970 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    zone = (found[8] or "Z").upper()
    off_hours, off_minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[3:].strip(":") or 0))
    if hour > 23 or minute > 59 or second > 60 or off_hours > 14 or off_minutes > 59:
        return None
    offset = (off_hours * 3600 + off_minutes * 60) * (-1 if zone[0] == "-" else 1)
    return calendar.timegm((year, month, day, hour, minute, second)) - offset + float(f"0.{found[7] or 0}")
