"""What stands before the message of a line of words: its level, its process and its host, or the keys of logfmt?

2025-03-04 09:00:12 [31] ERROR api-2: order failed          ts=2025-03-04T09:00:12Z level=error msg="order failed" order=7
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.logs import times
from callcheck.sources.logs.levels import level_of

if TYPE_CHECKING:
    from callcheck.sources.logs.unwrap import Said

_LEVEL = pattern(
    r"(?:^|[\s\[|-])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|trace|debug|info|notice|warn|warning|error|fatal)(?=[\s\]|:-])",
    re.ASCII,
)
_PID = pattern(r"(?:^|\s)\[(\d{1,7})\](?=\s)|^(\d{1,7})(?= [A-Z]{4,8} )", re.ASCII)
_FORKED = pattern(r"^\[(\d{2,7})\](?= {1,2}\[?(?:DEBUG|INFO|WARN|ERROR|CRITICAL|FATAL))|^\[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\]? {1,4}\[(\d{2,7})\](?= )", re.ASCII)
"""A worker's own number, which counts more than that of its unit's main process, as systemd and syslog have it."""
_HOST = pattern(r"(?:^|\s)\[?([a-z][a-z0-9.]*(?:-[a-z0-9.]+)*-\d{1,4}|[a-z]+\.\d{1,3})\]?(?=\s)", re.ASCII)
_NAME = pattern(r"\[([a-z][a-z0-9]*(?:-[a-z0-9]+)*-\d{1,3})\] ")
_LOGFMT = pattern(r"(?:^|\s)([A-Za-z_][\w.@/-]*)=(\"(?:[^\"\\]|\\.)*\"|\S*)", re.ASCII)
_OF_HEAD = ("ts", "time", "t", "level", "lvl", "msg")


def without_head(text: str, said: Said) -> list[str]:
    """Level, process and host, where a line of words has them before its message; a logfmt line's own keys. Gives the message's lines."""
    head = text[:90]
    lines = [text]
    if said.headed or "=" in head:
        if "level=" in head or "lvl=" in head or " msg=" in text:
            lines = _logfmt(text, said)
        if not said.level:
            found = _LEVEL.search(head)
            if found and (found[1].isupper() or found.start() < 45):
                said.level = level_of(found[1])
                said.headed = True
                host = None if said.instance else _HOST.search(head[: found.start() + 1] + " ")
                said.instance = host[1] if host else said.instance
        found = _FORKED.search(head) if said.pid else _PID.search(head)
        if found:
            said.pid = found[1] or found[2]
        if not said.instance:
            host = _NAME.match(head)
            said.instance = host[1] if host else ""
    return lines


def _logfmt(text: str, said: Said) -> list[str]:
    pairs = {key: value.strip('"') for key, value in _LOGFMT.findall(text[:2000])}
    said.level = said.level or level_of(pairs.get("level") or pairs.get("lvl"))
    said.instance = (
        said.instance or pairs.get("host") or pairs.get("hostname") or pairs.get("pod") or pairs.get("instance") or ""
    )
    if not said.pid and pairs.get("pid", "").isdigit():
        said.pid = pairs["pid"]
    if said.time is None:
        said.time = times.seconds(pairs.get("ts") or pairs.get("time") or pairs.get("t"))
    said.headed = True
    if not _LOGFMT.match(text):
        return [text]
    # The message first, as elsewhere, and no digits of the time, which are nobody's id; quotes and line ends are escaped.
    rest = _LOGFMT.sub(lambda pair: "" if pair[1] in _OF_HEAD else pair[0], text).strip()
    whole = f"{pairs.get('msg', '')} {rest}".strip()
    return whole.replace('\\"', '"').split("\\n")[:80] if "\\" in whole else [whole]
