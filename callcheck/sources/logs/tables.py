"""Which entries does a table hold, as log services give it for download: a header line, then one entry a row?

@timestamp,@message                                       Date,Host,Service,Message
2026-03-01 10:00:00.123,"Traceback …                      2026-03-01T10:00:00.123Z,web-1,shop,"{""level"":""error"",…}"
ValueError: boom"

A field in quotation marks may go over several lines. Which column is which is told by the formats, as of a JSON object. What was downloaded is
often newest first; it is given in the order of its times.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.logs.lines import Line
from callcheck.sources.logs.times import seconds

Entry = tuple[int, int, int, dict[str, Any]]
"""First line, last line, the line with the message, and the cells by their columns."""
_NAME = pattern(r"[@_A-Za-z][\w.@/: -]{0,80}$")
_UNIT = pattern(r" ?\[(?:UTC|Local Time|[A-Z][\w ,:+()-]{1,60})\]$")
"""`TimeGenerated [UTC]`, as Azure's portal heads a column."""
_OWN = frozenset(("@message", "_raw", "textpayload", "jsonpayload.message", "log_s", "logmessage", "resultdescription"))
"""Columns that only a log has."""
_MESSAGES = _OWN | {"message", "content", "line", "log", "msg", "body", "event_message"}
_TIMES = frozenset(("date", "time", "timestamp", "_time", "@timestamp", "timegenerated", "datetime", "receivetimestamp", "eventtime", "ts", "timecreated", "date and time"))
_BESIDE = frozenset(
    "host hostname service status level severity logger pod pod_name container container_name source sourcetype index _index insertid logname "
    "logstreamname @logstream @log @ptr instance ingestiontime event_type loglevel log_level providername leveldisplayname machinename".split()
)
"""What stands beside time and message in a log, and not in just any table."""
_EVENT_VIEWER = ["Level", "Date and Time", "Source", "Event ID", "Task Category"]
"""What Windows' Event Viewer heads its columns with; the last one, the message, has no name."""
_MOST_LINES = 400
"""Lines of one row; where a quotation mark stays open for longer, it was none."""
_LOOK = 1_000
"""Rows that show whether the newest come first."""
_HELD = 200_000_000
"""Characters of rows that are held to be turned round."""


def head_of(line: str) -> tuple[str, list[str]] | None:
    """The separator and the columns of a log's table with this header; None for any other line."""
    for separator in (",", "\t", ";"):
        if separator not in line:
            continue
        names = [_UNIT.sub("", name.strip()) for name in next(csv.reader([line[:20_000]], delimiter=separator), [])]
        names += ["Message"] if names == _EVENT_VIEWER else []
        low = {name.lower() for name in names}
        if len(names) > 1 and low & _MESSAGES and low & _TIMES and all(map(_NAME.match, names)):
            beside = {part for name in low for part in (name, name.partition(".")[0], name.rpartition(".")[2])} & _BESIDE
            return (separator, names) if beside or low & _OWN or names[:-1] == _EVENT_VIEWER else None
    return None


def is_table(first: list[str]) -> bool:
    """Whether a log that begins with these lines is one, with a row under the header that has a time where the header says, if it ends there."""
    head = head_of(first[0]) if len(first) > 1 else None
    if head is None:
        return False
    cells = dict(zip(head[1], next(csv.reader([first[1]], delimiter=head[0]), []), strict=False))
    return _time(cells) is not None or first[1].count('"') % 2 == 1


def entries(lines: Iterable[Line]) -> Iterator[Entry]:
    """One row at a time, the oldest first; lines of a row that is never closed are left out."""
    source = iter(lines)
    head = head_of(next(source, (0, ""))[1])
    if head is None:
        return
    found = _rows(source, *head)
    begin = list(islice(found, _LOOK))
    times = [time for _, _, _, cells in begin if (time := _time(cells)) is not None]
    falls = sum(one > other for one, other in zip(times, times[1:], strict=False))
    rises = sum(one < other for one, other in zip(times, times[1:], strict=False))
    if falls <= rises:
        yield from chain(begin, found)
        return
    held: list[Entry] = []
    size = 0
    for entry in chain(begin, found):
        held.append(entry)
        size += sum(map(len, entry[3].values()))
        if size > _HELD:
            yield from reversed(held)
            held, size = [], 0
    yield from reversed(held)


def _rows(lines: Iterator[Line], separator: str, names: list[str]) -> Iterator[Entry]:
    held: list[Line] = []
    open_ = False
    for line in lines:
        held.append(line)
        open_ ^= line[1].count('"') % 2 == 1
        if open_ and len(held) <= _MOST_LINES:
            continue
        if open_:
            held, open_ = [], False
            continue
        cells = next(csv.reader(["\n".join(text for _, text in held)], delimiter=separator), [])
        value = {name: cell for name, cell in zip(names, cells, strict=False) if cell.strip()}
        if any(name.lower() in _MESSAGES for name in value):
            yield held[0][0], held[-1][0], held[0][0], value
        held = []


def _time(cells: dict[str, str]) -> float | None:
    return next((time for name, cell in cells.items() if name.lower() in _TIMES and (time := seconds(cell)) is not None), None)
