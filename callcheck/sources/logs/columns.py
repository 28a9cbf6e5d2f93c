"""Which part of a log's lines names the process that wrote each of them, where no known format says so?

2025-03-04 09:00:12 INFO [api-2] socket joined          [pid 31] …          web.2: …          … replica=api-2          … service=billing

Learnt from the first lines: nearly all of them have it at the same place, it is one of few names, each comes several times, and the names are those
of instances: numbered alike (api-1, api-2), numbers of processes, or a service's (audit-svc). Categories of a logger (`[http]`, `[cron]`) are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from callcheck.model.pattern import pattern

_LEVEL = r"^\s{0,4}(?:\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|trace|debug|info|notice|warn|warning|error|fatal)\]?[\s:|-]{1,4})?"
_NAME = r"[A-Za-z][A-Za-z0-9_.-]{0,60}?"
_NUMBERED = rf"(?:{_NAME}[-_.#/:]?\d{{1,5}}|{_NAME}[-_](?:svc|service|api|worker|server|gateway|consumer|producer|sender|receiver|scheduler))"
_HEADS = (
    pattern(rf"{_LEVEL}(?P<cut>[\[(](?P<name>(?:[Pp]id|PID|worker|[Pp]rocess)[ :=#]{{0,2}}\d{{1,7}}|{_NUMBERED})[\])][:\s-]{{1,3}})"),
    pattern(rf"{_LEVEL}(?P<cut>(?:pid|PID)[=: ]{{1,2}}(?P<name>\d{{1,7}})[\s:|,-]{{1,3}})"),
    pattern(rf"{_LEVEL}(?P<cut>(?P<name>{_NAME}\[(?:{_NAME}\d|\d{{1,7}})\]):? )"),
    pattern(rf"{_LEVEL}(?P<cut>(?P<name>{_NUMBERED})(?::\s|\s-\s|\s\|\s|\t|\s))"),
    pattern(rf"{_LEVEL}(?P<cut>- (?P<name>{_NUMBERED}) - )"),
)
"""What the text of a line begins with, once its time is off; `cut` is left out of the message."""
_PAIR = pattern(r"(?:^|[\s,{(])(?P<key>instance(?:_?id)?|replica|dyno|machine|hostname|host|pod|node|worker(?:_?id)?|pid|service(?:[_.]?name)?|svc|app(?:[_.]?name)?)[=:]\"?(?P<name>[A-Za-z0-9][\w.-]{0,60})")
_THREADS = pattern(r"(?i)thread|exec|pool|nio\b|-nio-|scheduling|^task-\d|forkjoin|virtual|reactor|event-?loop|#\d+-\d")
"""Names of threads, which share the memory of their process."""
_STEM = pattern(r"\d+")
_LEAST = 8
_MOST_NAMES = 12
_NEARLY_ALL = 0.9
_HALF = 0.5
_OF_PROCESS = frozenset({"pid", "replica", "dyno", "pod", "instance", "instanceid", "instance_id"})
_HEAD = 160
_OF_SERVICE = pattern(r"^(?:service|svc|app)")


def learn(texts: Iterable[str]) -> re.Pattern[str] | None:
    """The pattern of that column among the texts of a log's first entries; None if there is none."""
    heads = [text[:_HEAD] for text in texts if text]
    if len(heads) < _LEAST:
        return None
    for one in (*_HEADS, _PAIR):
        pairs = [found for text in heads if (found := one.search(text))]
        names = Counter(found["name"] for found in pairs)
        several = [name for name, count in names.items() if count > 1]
        # A key is plain about it: beside lines of its server, which have none (uvicorn's), half of the lines will do.
        least = _HALF if one is _PAIR and all(found["key"] in _OF_PROCESS for found in pairs) else _NEARLY_ALL
        if sum(names.values()) < least * len(heads) or not 2 <= len(names) <= min(_MOST_NAMES, len(heads) // 3) or len(several) < max(2, len(names) - 1):
            continue
        if any(_THREADS.search(name) for name in names):
            continue
        if one is _PAIR and any(_OF_SERVICE.match(found["key"]) and not found["name"].islower() for found in pairs):
            continue  # `service=MailService` is a part of one program
        stems = Counter(_STEM.sub("#", name) for name in names)
        if one is _HEADS[1] or "#" in stems or any(count > 1 and "#" in stem for stem, count in stems.items()) or all("#" not in stem for stem in stems):
            return one
    return None


def taken(column: re.Pattern[str], text: str) -> tuple[str, str]:
    """The name that a text has there, "" for none, and the text without it."""
    found = column.search(text, 0, _HEAD)
    if found is None:
        return "", text
    if column is _PAIR:
        return found["name"], text
    return found["name"], text[: found.start("cut")] + text[found.end("cut") :]
