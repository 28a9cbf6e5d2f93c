"""When was it, as the log writes it?"""

from __future__ import annotations

import calendar
import re
from time import gmtime

from callcheck.model.pattern import pattern

_ISO = pattern(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(?:(Z|UTC)|([+-])(\d\d):?(\d\d))?",
    re.ASCII,
)
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_SYSLOG = pattern(r"([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?", re.ASCII)
_KLOG = pattern(r"(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?", re.ASCII)
_REDIS = pattern(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?", re.ASCII)
_AMERICAN = pattern(r"(\d\d?)/(\d\d?)/(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([AP])M)?", re.ASCII)
"""Nest's console, and Azure's portal."""
_GERMAN = pattern(r"(\d\d)\.(\d\d)\.(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?", re.ASCII)
_CLOCK = pattern(r"(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?", re.ASCII)
"""No date at all, as pino-pretty and many loggers on a terminal write it."""
_ACCESS = pattern(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d)(?: ([+-])(\d\d)(\d\d))?", re.ASCII)


_YEARLESS = calendar.timegm((1972, 1, 1, 0, 0, 0)), calendar.timegm((1973, 1, 1, 0, 0, 0))
"""Times without a year are put into this leap year; those without a date, and seconds since a start, are far below."""
_DAY_S = 86_400


def has_date(time: float) -> bool:
    """Whether a time, as `seconds` gives it, holds a day at all."""
    return time >= _YEARLESS[0]


def dated(time: float, newest: float) -> float | None:
    """The moment that a time stands for, in a log that was last written at `newest`; None if it holds no date."""
    if not has_date(time):
        return None
    if time >= _YEARLESS[1]:
        return time
    parts, fraction = gmtime(int(time)), time % 1
    # A leap day is looked for in four years.
    for year in range(gmtime(newest + _DAY_S).tm_year, 1970, -1):
        if parts.tm_mon == 2 and parts.tm_mday == 29 and not calendar.isleap(year):
            continue
        at = calendar.timegm((year, *parts[1:6])) + fraction
        if at <= newest + _DAY_S:
            return at
    return None


def seconds(text: object) -> float | None:
    """Seconds since the epoch; numbers are taken as s, ms, us or ns by their size. None if it is no time that we know."""
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, (int, float)):
        return _epoch(float(text))
    if not isinstance(text, str) or not text:
        return None
    if text.isdigit() and len(text) >= 9:
        return _epoch(float(text[:19]))
    if text[9:11].strip("0123456789") == "." and text.replace(".", "", 1).isdigit():
        return float(text)
    found = _ISO.match(text)
    if found:
        year, month, day, hour, minute, second, part, _, sign, off_h, off_m = found.groups()
        stamp = _at(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), part)
        if stamp is not None and sign:
            stamp -= (1 if sign == "+" else -1) * (int(off_h) * 3600 + int(off_m) * 60)
        return stamp
    return _other(text)


def access(text: str) -> float | None:
    """The time of a combined access-log line (`[16/Jan/2024:20:05:00 +0000]`), or None."""
    found = _ACCESS.search(text, 0, 200)
    if not found or found[2] not in _MONTHS:
        return None
    stamp = _at(int(found[3]), _MONTHS[found[2]], int(found[1]), int(found[4]), int(found[5]), int(found[6]), None)
    if stamp is not None and found[7]:
        stamp -= (1 if found[7] == "+" else -1) * (int(found[8]) * 3600 + int(found[9]) * 60)
    return stamp


def _epoch(number: float) -> float | None:
    for limit, unit in ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6)):
        if number < limit:
            return number / unit
    return number / 1e9


def _other(text: str) -> float | None:
    if (found := _SYSLOG.match(text)) and found[1] in _MONTHS:
        return _at(1972, _MONTHS[found[1]], int(found[2]), int(found[3]), int(found[4]), int(found[5]), found[6])
    if found := _REDIS.match(text):
        if found[2] in _MONTHS:
            return _at(
                int(found[3]), _MONTHS[found[2]], int(found[1]), int(found[4]), int(found[5]), int(found[6]), found[7]
            )
    if found := _KLOG.match(text):
        return _at(1972, int(found[1]), int(found[2]), int(found[3]), int(found[4]), int(found[5]), found[6])
    if found := _AMERICAN.match(text):
        hour = int(found[4]) % 12 + (12 if found[8] == "P" else 0) if found[8] else int(found[4])
        return _at(int(found[3]), int(found[1]), int(found[2]), hour, int(found[5]), int(found[6]), found[7])
    if found := _GERMAN.match(text):
        return _at(int(found[3]), int(found[2]), int(found[1]), int(found[4]), int(found[5]), int(found[6]), found[7])
    if found := _CLOCK.fullmatch(text):
        return _at(1971, 1, 1, int(found[1]), int(found[2]), int(found[3]), found[4])
    return access(text)


def _at(year: int, month: int, day: int, hour: int, minute: int, second: int, part: str | None) -> float | None:
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61 and year >= 1970):
        return None
    stamp = float(calendar.timegm((year, month, day, hour, minute, second, 0, 0, 0)))
    return stamp + float(f"0.{part}") if part else stamp
