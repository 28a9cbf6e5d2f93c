"""What is it about a record that every tracker wants to know?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from callcheck.model.log import Level, Place, Record
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.sieve import ALL, Sieve

_INBOUND = rare(
    r"\"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|WSCONNECT\w*|WSDISCONNECT) /[^\s\"]*(?: HTTP/[\d.]+)?\"?\s+(\d{3}|-)"
    r"|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S*(?: HTTP/[\d.]+)?\"?,? (?:(?:from|to) \S+ ?|-> ?|status=)?(\d{3})?\b"
    r"|\breq\.method=|\bmethod=(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) .{0,300}(?:status|statusCode|dyno)=|\[GIN\] ",
    re.ASCII,
)
_STATUS = rare(
    r"HTTP/[\d.]+\"? (\d{3})\b|\bstatus(?:Code)?[=:]\"?(\d{3})\b|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) \S+ (\d{3})\b|\[GIN\].{0,40}\| (\d{3}) \|",
    re.ASCII,
)
_FAILING = rare(
    r"error|fail|exception|refused|reset by|timed out|timeout|denied|forbidden|unauthorized|rejected|overloaded|unavailable|traceback|could not"
    r"|unable to|cannot |giving up|gave up|not delivered|not written|throttl|unreachable|invalid",
    re.I,
)
_RETRY = rare(
    r"retry|retrying|\battempt[ =:#]?\s?\d+ (?:failed|of \d)|attempts? remaining|will try|reconnect|back(?:ing)? ?off|attempt[ =:#]\s?\d+/\d+|trying again|next try",
    re.I,
)
_FINAL = rare(
    r"not delivered|giving up|gave up|no more retries|retries exhausted|exhausted|after (?:all |\d+ )?(?:attempts|tries|retries)|max(?:imum)? (?:number of )?retries(?! exceeded with url)|permanent|discard"
    r"|not retryable|raised unexpected|(?:will|do) not retry|no retries left|abandon|dead.?letter|run failed|failed permanently|not written|marked (?:as )?failed|stopped in|never ",
    re.I,
)
_OK = rare(
    r"\b(?:complet|finish|succe|deliver|stored|saved|handled|processed|booked|relayed|classified|published|posted|updated|sent|done|ok\b|200\b|answer|extracted|passed|recovered|reconnected|ready|connected)",
    re.I,
)
_NOT_OK = rare(
    r"fail|error|\bnot\b|could not|unable|denied|timed? ?out|stopped|abort|gave up|refused|reject|cannot|retry", re.I
)
_TOKEN = pattern(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)
_PAIR = pattern(r"([A-Za-z][\w.-]{0,40})[=:]\"?(\d{2,20})\b", re.ASCII)
_SHORT = pattern(r"\b([A-Za-z][\w.-]{0,40})[=:]\"?([A-Za-z]{1,2}-?\d{1,3})(?![\w.])", re.ASCII)
_BARE = pattern(r"(?<![\w.:=/+-])(\d{3,12})(?![\w.:%/-])|[/:#-](\d{3,20})(?![\w.:])", re.ASCII)
_MEASURES = pattern(
    r"^(?:\w*ms|\w*_s|secs?|seconds|took|status|statuscode|code|count|total|size|port|pid|uptime|duration|latency|bytes|length|len|n|attempts?|retry|retries"
    r"|version|page|limit|receivers|listeners|subscribers|took_ms|time|level|queue|depth|rows|words|tokens|\w*_tokens|kb|mb|waited|partition|offset|line|lines"
    r"|confidence|year|amount|errno|service|connect|dyno|minutes|hours|days|age|rss|score|max\w*|min\w*|p\d+\w*|responsetime|remoteport|x|y|v)$",
    re.I | re.ASCII,
)
_DURATION = pattern(
    r"^\d+(?:ms|s|m|h|kb|mb|gb|k|px|d|x)$|^v\d+$|^http\d?$|^utf-?8$|^\d+x\d+$|^[ipPp]\d{1,2}$|^sha\d+$|^\d{1,9}Z$|^\d\dT\d\d|^T\d\d|^base64$|^oauth2$|^s3$|^ec2$|^x86_64$|^python\d$|^line\d*$",
    re.I,
)
_DATE = pattern(r"^(?:19|20)\d\d-?[01]\d-?[0-3]\d|^(?:19|20)\d\d-[01]\d|^\d{1,2}$|^\d{4}-\d\d-\d\dT?")
_NAMES = pattern(
    r"[#@$][\w.-]+|\"[^\"]{0,200}\"|'[^']{0,200}'|(?:(?<![^\s\"'])|(?<=[\w.-])(?![\w.-]))\S*\d\S*|(?<![\w.-])[\w.-]+=\S*"
)
"""A word with a digit is taken from its beginning, or from where another match ended: trying it at each letter takes the square of the time."""
_WORDS = pattern(r"[A-Za-z][A-Za-z_.:/-]{1,40}")


READ = 3_000
"""Characters of a message that are looked at."""


class _Once:
    """As `functools.cached_property`, which before Python 3.12 takes a lock for each value of each record."""

    def __init__(self, make: Any) -> None:
        self._make = make
        self._name = make.__name__

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        value = owner.__dict__[self._name] = self._make(owner)
        return value


if TYPE_CHECKING:
    from functools import cached_property as _once
else:
    _once = _Once


Moment = tuple[str, int, "float | None"]
"""File, order along it, and time."""


def later(one: Moment, other: Moment) -> bool:
    """Whether the first came surely after the other: by its place in the same file, by time between files."""
    if one[0] == other[0]:
        return one[1] > other[1]
    return one[2] is not None and other[2] is not None and one[2] > other[2]


class View:
    """One record, with what is worked out of it at most once."""

    def __init__(self, record: Record, order: int = 0, sieve: Sieve | None = None) -> None:
        self.record = record
        self.may = sieve.of(record.text[:READ]) if sieve else ALL
        """Which patterns the message may hold."""
        self.order = order or record.at or record.place.line
        """Rises along a file, the same in whatever parts it is read."""
        self.text = record.text
        self.access = (
            self.find(_INBOUND, 1200)
            if "GET" in record.text or "P" in record.text or "req." in record.text or "D" in record.text
            else None
        )

    def find(self, rare: Any, end: int, begin: int = 0) -> re.Match[str] | None:
        """What a rare pattern finds in the message between `begin` and `end`; `end` is at most 3,000."""
        need = rare.need
        if not need:
            return rare.search(self.text, begin, end)  # type: ignore[no-any-return]
        return rare.bare(self.text, begin, end) if self.may & need else None

    def find_low(self, rare: Any, begin: int = 0) -> re.Match[str] | None:
        """The same in the first 500 characters, in lower case."""
        need = rare.need
        if not need:
            return rare.search(self.low, begin)  # type: ignore[no-any-return]
        return rare.bare(self.low, begin) if self.may & need else None

    def can(self, rare: Any) -> bool:
        """Whether the pattern may be found in the message."""
        return not rare.need or bool(self.may & rare.need)

    @property
    def instance(self) -> str:
        return self.record.instance

    @property
    def place(self) -> Place:
        return self.record.place

    @property
    def time(self) -> float | None:
        return self.record.time

    @property
    def moment(self) -> Moment:
        """When it was written, for `later`."""
        return self.record.place.path, self.order, self.record.time

    @_once
    def low(self) -> str:
        """The first 500 characters, in lower case."""
        return self.text[:500].lower()

    @_once
    def full(self) -> str:
        """Message and continuation, bounded."""
        return self.record.full[:24_000]

    @_once
    def status(self) -> int:
        """The HTTP status that an access or client line names, or 0."""
        found = self.find(_STATUS, 1500)
        return int(next((g for g in found.groups() if g), 0)) if found else 0

    @_once
    def failing(self) -> bool:
        """Its level or its words speak of a failure."""
        level = self.record.level
        return (
            level >= Level.WARN
            or bool(self.find(_FAILING, 600))
            or bool(self.record.more and "rror" in self.full)
        )

    @_once
    def retried(self) -> bool:
        """It says that there will be another attempt."""
        return bool(self.find(_RETRY, 2000)) and not self.final

    @_once
    def final(self) -> bool:
        """It says that there will not be another attempt."""
        return bool(self.find(_FINAL, 1000))

    @_once
    def good(self) -> bool:
        """It says that something went well."""
        return (
            self.record.level <= Level.INFO
            and bool(self.find(_OK, 500))
            and not self.find(_NOT_OK, 500)
        )

    @_once
    def ids(self) -> frozenset[str]:
        """What looks like an identifier: uuid, hex, letters with digits, the number of a `key=number`; at most 10."""
        return ids(self.text) - set(self.instance.replace(":", "/").replace(" ", "/").split("/"))

    @_once
    def template(self) -> str:
        """The first words of the message, without what varies."""
        words = _WORDS.findall(_NAMES.sub(" ", self.text[:300]))
        return " ".join(words[:4])


def ids(text: str) -> frozenset[str]:
    """As `View.ids`."""
    text = text[:600]
    found: dict[str, None] = {}
    for key, number in _PAIR.findall(text):
        if not _MEASURES.match(key.rsplit(".", 1)[-1]):
            found[number] = None
    for first, second in _BARE.findall(text):
        number = first or second
        if len(number) >= 4 or second:
            found[number] = None
    for key, short in _SHORT.findall(text):
        # Too short to be told from a word or a unit by its shape: only together with its key.
        if len(short) < 4 and not _MEASURES.match(key.rsplit(".", 1)[-1]) and not _DURATION.match(short):
            found[f"{key.lower()}={short}"] = None
    for token in _TOKEN.findall(text):
        if len(token) < 4 or token.isdigit() or token.isalpha() or not any(c.isdigit() for c in token):
            continue
        if _DURATION.match(token) or _DATE.match(token):
            continue
        bare = token.replace("-", "")
        found[bare.lower() if len(bare) >= 16 and all(c in "0123456789abcdefABCDEF" for c in bare) else token] = None
        if len(found) >= 16:
            break
    return frozenset(list(found)[:10])
