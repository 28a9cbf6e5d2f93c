"""Which files of a tree are logs?"""

from __future__ import annotations

import os
import re
from pathlib import Path

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources import noted
from callcheck.sources.files import File, Tree

_NAME = pattern(
    r"\.(?:log|out|err|jsonl|ndjson|logfmt|ltsv|syslog)(?:[.-]\d{1,8})?(?:\.(?:gz|zst|bz2|xz))?$|\.log[.-][\w-]{1,40}(?:\.(?:gz|zst|bz2|xz))?$|(?:^|[._-])(?:logs?|journal|stdout|stderr)(?:[._-]\w{1,40})?(?:\.(?:txt|gz|zst|bz2|xz))?$",
    re.I,
)
_MAYBE = pattern(r"\.(?:json|txt|csv|tsv|export|gz|zst|bz2|xz|trace|dump|capture|tail|[a-z]{1,10}log|log[a-z]{1,10})$|^[^.]+$", re.I)
_NEVER = frozenset(
    "package package-lock composer jsconfig tslint nest-cli angular vercel firebase turbo lerna nx project renovate app openapi swagger manifest "
    "schema cdk host local.settings function launch settings deno biome components readme license notice changelog authors dockerfile procfile "
    "makefile gemfile rakefile pipfile jenkinsfile vagrantfile cname codeowners".split()
)
_NEVER_BEGINS = ("tsconfig", "requirements")
_ENDINGS = frozenset({"json", "jsonc", "txt", "md"})
_ENTRY = pattern(
    rb'"(?:logStreamName|__REALTIME_TIMESTAMP|ingestionTime|insertId|@message|resourceLogs|resourceSpans|Log_s|LogMessage|[Rr]esultDescription|short_message)"'
    rb'|^\{"log":"[^\n]{0,4000}"stream":"std|^[^{"\n]{0,160}\{(?:[^\n]{0,4000}"(?:process_id|levelname|severity)"|[^\n]{0,4000}"(?:level|lvl)":[^\n]{0,4000}"(?:msg|message|event)"'
    rb'|[^\n]{0,4000}"(?:msg|message)":[^\n]{0,4000}"(?:level|timestamp|time)")'
    rb"|^__REALTIME_TIMESTAMP=\d|^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\n]{0,20} \[s=[0-9a-f]{1,40};i=",
    re.M,
)
_TIMED = pattern(
    rb"^(?:\S{1,120} {1,40}){0,2}(?:\S{0,120}\s?[|\]] ?)?[\[(]?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|[IWEF]\d{4} \d\d:\d\d:\d\d)"
    rb"|^\S{1,64} \S{1,64} \S{1,64} \[\d\d/[A-Z][a-z]{2}/\d{4}:",
    re.M,
)
_LED = pattern(
    rb"^(?:\[pod/\S{1,160}\] |[A-Za-z][\w.-]{0,80}[-_.]\d{1,3} {0,40}\| |\d{1,4}\|[\w.@-]{1,60} {0,40}\| |[a-z0-9][a-z0-9-]{3,80}-[a-z0-9]{5} [a-z0-9-]{1,60} \S"
    rb"|(?:ts|time|timestamp|level|lvl)=\S{1,40} \w{1,20}=|\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\]?[: ])",
    re.M,
)
"""Lines as kubectl, Compose, PM2 and stern lead them, and those of loggers that tell no time."""
_ENTRY_WORDS = (
    b'"log":', b"logStreamName", b"__REALTIME_TIMESTAMP", b"ingestionTime", b"insertId", b'"@message"', b"resourceLogs", b"resourceSpans", b'"Log_s"', b"LogMessage",
    b"esultDescription", b'"short_message"', b'"process_id"', b'"levelname"', b'"severity"', b" [s=", b'"msg"', b'"message"', b'"event"',
)  # fmt: skip
"""One of these stands in whatever `_ENTRY` matches, which takes a hundred times as long to see."""
_STAMPED = pattern(
    rb'^\{[^\n]{0,1500}?"(?:@?t|@?timestamp|time|ts|start_time|StartUTC|time_iso8601|time_local|EdgeStartTimestamp|requestTime(?:Epoch)?|date(?:time)?|asctime|at|logged_at|eventTime)": ?'
    rb'(?:"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|"\[?\d\d/[A-Z][a-z]{2}/\d{4}:|"?1\d{9})',
    re.M,
)
"""Objects of a line each with a time, as proxies and gateways write their access logs, whatever the file is called."""
_ANSWERED = pattern(rb'"\w{0,30}method": ?"[A-Z]{3,8}"|"\w{0,30}(?:status|code)\w{0,12}": ?"?[1-5]\d\d\b|"(?:level|lvl|severity|levelname|LogLevel)":', re.I)
"""And what data of dated things, such as orders, have not: a request and its answer, or a level."""
_CLOCK = pattern(rb"\d\d:\d\d:\d\d|\[\d\d/[A-Z][a-z]{2}/\d{4}:")
"""And one of these in whatever `_TIMED` matches."""
_SOURCES = frozenset(
    (
        ".py",
        ".js",
        ".ts",
        ".tsx",
        ".jsx",
        ".mjs",
        ".cjs",
        ".yaml",
        ".yml",
        ".toml",
        ".md",
        ".lock",
        ".html",
        ".css",
        ".sql",
    )
)
PEEK = 16_384


def logs_in(tree: Tree) -> list[Path]:
    """The log files of a tree: by their names, or by what their first lines hold."""
    return [file.path for file in tree.files if file.size and is_log(file)]


def is_log(file: File) -> bool:
    """Whether the file is a log."""
    if file.suffix in _SOURCES or _is_never(file.base.lower()):
        return False
    if _NAME.search(file.base):
        return not file.base.lower().endswith(".json") or _looks_so(file)
    return bool(_MAYBE.search(file.base)) and _looks_so(file)


def named_as_log(base: str) -> bool:
    """Whether a file is called as only logs are, so that nobody need look into it."""
    return _NAME.search(base) is not None and not base.lower().endswith(".json") and os.path.splitext(base)[1].lower() not in _SOURCES


def _is_never(base: str) -> bool:
    """Whether a file bears the name of something else than a log."""
    stem, _, ending = base.rpartition(".")
    if ending not in _ENDINGS:
        stem = base
    return stem in _NEVER or stem.startswith(_NEVER_BEGINS) or stem.endswith(".lock")


def _looks_so(file: File) -> bool:
    from callcheck.sources.logs.lines import open_log
    from callcheck.sources.logs.packed import damaged

    try:
        with open_log(file.path) as stream:
            head = stream.read(PEEK)
    except (SourceError, *damaged()):  # type: ignore[misc]
        noted.read(file.path, PEEK, None)
        return file.base.lower().endswith((".gz", ".zst", ".bz2", ".xz")) and "log" in file.base.lower()
    # What is packed would have to be unpacked again to be compared.
    noted.read(file.path, PEEK, None if file.base.lower().endswith(".gz") else head)
    if b"\0" in head and not head.startswith(b"__CURSOR="):
        return False
    if _is_table(head):
        return True
    if any(word in head for word in _ENTRY_WORDS) and _ENTRY.search(head):
        return True
    enough = max(3, head.count(b"\n") // 3)
    if head.startswith(b'{"') and _ANSWERED.search(head) and len(_STAMPED.findall(head)) >= enough:
        return True
    return (_CLOCK.search(head) is not None and len(_TIMED.findall(head)) >= enough) or len(_LED.findall(head)) >= enough


def _is_table(head: bytes) -> bool:
    """Whether it is a log's table, by its header and its first row."""
    line = head[: head.find(b"\n") + 1]
    if not any(separator in line for separator in (b",", b"\t", b";")) or line[:1] in (b"{", b"["):
        return False
    from callcheck.sources.logs.tables import is_table

    return is_table(head[3 if head[:3] == b"\xef\xbb\xbf" else 0 :].decode("utf-8", "replace").replace("\r", "").split("\n", 2)[:2])
