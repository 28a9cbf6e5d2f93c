"""How bad is a line, as any logger says it?"""

from __future__ import annotations

from callcheck.model.log import Level

_WORDS = {
    "trace": Level.TRACE, "verbose": Level.TRACE, "silly": Level.TRACE, "debug": Level.DEBUG, "info": Level.INFO, "log": Level.INFO,
    "notice": Level.INFO, "http": Level.INFO, "i": Level.INFO, "*": Level.INFO, "-": Level.INFO, ".": Level.DEBUG, "#": Level.WARN,
    "warn": Level.WARN, "warning": Level.WARN, "w": Level.WARN, "error": Level.ERROR, "err": Level.ERROR, "e": Level.ERROR,
    "critical": Level.FATAL, "fatal": Level.FATAL, "v": Level.TRACE, "d": Level.DEBUG, "vrb": Level.TRACE, "dbg": Level.DEBUG, "inf": Level.INFO, "information": Level.INFO, "wrn": Level.WARN, "ftl": Level.FATAL, "trce": Level.TRACE, "dbug": Level.DEBUG, "fail": Level.ERROR, "crit": Level.FATAL, "alert": Level.FATAL, "emergency": Level.FATAL, "f": Level.FATAL, "nothing": Level.UNKNOWN,
}  # fmt: skip


def level_of(value: object) -> Level:
    """A level as any logger writes it: a word, a pino number, a syslog priority as text."""
    if isinstance(value, bool) or value is None:
        return Level.UNKNOWN
    if isinstance(value, (int, float)):
        number = int(value)
        return next((level for limit, level in _PINO if number >= limit), Level.UNKNOWN)
    word = str(value).strip().lower()
    if len(word) == 1 and word.isdigit():
        return (
            Level.FATAL,
            Level.FATAL,
            Level.FATAL,
            Level.ERROR,
            Level.WARN,
            Level.INFO,
            Level.INFO,
            Level.DEBUG,
            Level.UNKNOWN,
            Level.UNKNOWN,
        )[int(word)]
    if word.isdigit():
        return level_of(int(word))
    return _WORDS.get(word, Level.UNKNOWN)


_PINO = ((60, Level.FATAL), (50, Level.ERROR), (40, Level.WARN), (30, Level.INFO), (20, Level.DEBUG), (10, Level.TRACE))
