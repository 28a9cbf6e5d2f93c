"""What is it about a record that every tracker wants to know?"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from callcheck.model.log import Level, Place, Record
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.sieve import ALL, Sieve, lowered
from callcheck.sources.logs.wording import DIGITS, ids, shape_of, template_of

_INBOUND = rare(
    r"\"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|WSCONNECT\w*|WSDISCONNECT) /[^\s\"]*(?: HTTP/[\d.]+)?\"?\s+(\d{3}|-)"
    r"|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S*(?: HTTP/[\d.]+)?\"?,? (?:(?:from|to) \S+ ?|-> ?|status=)?(\d{3})?\b"
    r"|\breq\.method=|\bmethod=(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) .{0,300}(?:status|statusCode|dyno)=|\[GIN\] "
    r"|\bapp/[\w.-]{1,64}/[0-9a-f]{1,32} [\d.]{7,15}:\d{1,5} "
    r"|\S{4} \d+/\d+/\d+/\d+/\d+ \d+/\d+ (?:\{[^}]{0,300}\} ){0,2}\"[A-Z]{3,7} \S{1,500} HTTP/"
    r"|\bRequest finished HTTP/[\d.]+ [A-Z]{3,7} https?://\S{1,800} (?:\S{1,80} ){0,4}?- \d{3}\b",
    re.ASCII,
)
_STATUS = rare(
    r"HTTP/[\d.]+\"? (\d{3})\b|\bstatus(?:Code)?[=:]\"?(\d{3})\b|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) \S+ (\d{3})\b|\bRequest finished HTTP/\S+ \S+ \S+ (?:\S{1,80} ){0,4}?- (\d{3})\b|\[GIN\].{0,40}\| (\d{3}) \|"
    r"|\bapp/[\w.-]{1,64}/[0-9a-f]{1,32} \S+ \S+ [\d.-]+ [\d.-]+ [\d.-]+ (\d{3}) |\s(\d{3}) \d+ \S+ \S+ \S{4} \d+/\d+/\d+/\d+/\d+ \d+/\d+ (?:\{[^}]{0,300}\} ){0,2}\"[A-Z]{3,7} \S{1,500} HTTP/",
    re.ASCII,
)
FAILING = rare(
    r"error|fail|exception|refused|reset by|timed out|timeout|denied|forbidden|unauthorized|rejected|overloaded|unavailable|traceback|could not"
    r"|unable to|cannot |giving up|gave up|not delivered|not written|throttl|unreachable|invalid|do not have access|does not exist or",
    re.I,
)
BY_NAME = r"\b(?:openai|anthropic|claude|gemini|mistral|cohere|groq|deepseek|bedrock|ollama|twilio|sendgrid|mailgun|llm|model|provider|upstream)(?:(?:'s)? api)?:? (?=(?:4(?:0[0-48]|13|22|29)|5(?:0[0234]|29))\b(?! ?(?:requests|calls|times|rows|items|tokens|chars|characters|words|files|documents|events|messages|records|results|ms|s|kb|mb)\b))"
"""Who was called, right before the status that it answered: `openai 429 too many tokens this minute`."""
_TOLD = rare(rf"(?:\bgave|\bsaid|answered|returned|respond(?:ed|s)|replied|\bgot|status)(?: with| code)?[:=]? ?[45]\d\d\b|{BY_NAME}", re.I)
"""A status in words; these stand on too many ordinary lines for a long log to be read for them."""
_RETRY = rare(
    r"(?<!total)(?<!middleware-)(?<!please )(?<!prompt and )(?<!request and )(?<!input and )(?<!you may )(?<!requests: )(?<!exceeded\. )(?<!\$)(?<!should[-_])retry(?!\.\w|utils|after\b|_?info\b|_?delay\b|[-_]after(?:-ms)?[\"']?[=:]|(?:able)?[\"']?[=:] ?[\"']?(?:false|no\b)|able[\"']?[=:] ?[\"']?true\b)|\b(?:retries|attempts|tries)_?left[\"']?[=:] ?[1-9]|\bwill (?:be |now be )?(?:repeat|retr|resen|tried again|sent again|called again)|\battempt[ =:#]?\s?\d+ (?:failed|of \d)|attempts? remaining|will try|reconnect|back(?:ing)? ?off|attempt[ =:#]\s?\d+/\d+|(?<!before )trying again|next try|\b(?:paus|sleep)ing (?:for )?\d|cool(?:ing)? ?down|(?<!please try )\bagain in \d"
    r"|web-api:WebClient:\d+ http request failed"  # @slack/web-api 7, WebClient.makeRequest: it stands within pRetry, with ten retries by default
    r"|\busing (?:the |a )?(?:cached|stale|last|default|previous|older)\b|\bfall(?:ing)? ?back\b|\bfell back\b|\bserv(?:ing|ed) (?:a |the )?(?:stale|cached)",
    re.I,
)
"""That there will be another attempt, said by who makes it."""
_ADVISED = rare(r"\bplease (?:retry|try again) (?:in|after) \d|\bplease wait (?:a few|\d{1,4}) \w{1,20} before you try again|(?<=you may )retry\b|(?<=requests: )retry after \d|(?<=exceeded\. )retry in \d|(?<!total)(?<!total_)retry_?(?:info|delay)\b|\bretry[-_]after(?:-ms)?[\"']?[=:]|\bshould[-_]retry[\"']?[=:] ?[\"']?true\b|retryable[\"']?[=:] ?[\"']?true\b", re.I)
"""That there may be one, said by the server that refuses (OpenAI, Telegram, Google's RetryInfo, the headers `retry-after` and `x-should-retry` that an SDK's error carries) or by the kind of error: who only warns of it, or counts its attempts, follows the advice; who calls it an error has given up.
How long a client has waited in all (`totalRetryDelay` of the AWS SDK for JavaScript) is said when it tries no more."""
_COUNTED = rare(r"\battempts?_?(?:made|number|no)?[=:#] ?\d", re.I)
_FINAL = rare(
    r"not delivered|giving up|gave up|no more retries|retries exhausted|(?<!resource)(?<!resource[ _])(?<!resource has been )exhausted|after (?:all |\d+ )?(?:attempts|tries|retries)|max(?:imum)? (?:number of )?retries(?! exceeded with url)|permanent|discard"
    r"|not retryable|\b(?:(?:is|can|will|should)[-_]?)?retr(?:y|yable|iable)[\"']?[=:] ?[\"']?(?:false|no)\b|raised unexpected|(?:will|do) not retry|no retries left|\b(?:retries|attempts|tries)_?left[\"']?[=:] ?0\b|abandon|dead.?letter|run failed|failed permanently|not written|marked (?:as )?failed|stopped in|never ",
    re.I,
)
NUMBERED = rare(
    r"\b(?:attempt|try|tries|retry|retries|round)\b[ =:#]{0,3}(\d{1,2}) ?(?:/|of|out of) ?(\d{1,2})\b", re.I
)
"""Which attempt of how many."""
_OK = rare(
    r"\b(?:complet|finish|succe|deliver(?!y(?:[_-]?id)?[\"']?[=:#])|stored|saved|handled|processed|booked|relayed|classified|published|posted|updated|sent|done|ok\b|200\b|answer|extracted|passed|recovered|reconnected|ready|connected)",
    re.I,
)
_NOT_OK = rare(
    r"fail|error|\bnot\b|could not|unable|denied|timed? ?out|stopped|abort|gave up|refused|reject|cannot|retry", re.I
)
_NAME = pattern(r"(?<!\S)(?:[A-Za-z][a-z]{1,20}|[A-Z]{2,8})(?:(?:_[A-Za-z]|[A-Z])[a-z]{1,20}){1,6}(?=[ :,(]|$)", re.ASCII)
_HUMP = pattern(r"(?<=[a-z])(?=[A-Z])")
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
        text = record.text if len(record.text) <= READ else record.text[:READ]
        self.ascii = text.isascii()
        self.lower = text.lower()
        """The message in lower case, as far as it is looked at."""
        self.stencil = sieve.stencil(text) if sieve and self.ascii else None
        self.may, self.let = (self.stencil.may, self.stencil.let) if self.stencil else sieve.of(text.casefold()) if sieve else (ALL, ())
        """Which patterns, and which texts of signatures, the message may hold."""
        self._sieve = sieve
        self.order = order or record.at or record.place.line
        """Rises along a file, the same in whatever parts it is read."""
        self.text = record.text
        self.access = (
            self.find(_INBOUND, 1200)
            if "GET" in record.text or "P" in record.text or "req." in record.text or "D" in record.text or " app/" in record.text
            else None
        )

    def find(self, rare: Any, end: int) -> re.Match[str] | None:
        """What a rare pattern finds in the message before `end`, at most 3,000."""
        need = rare.need
        if need and not self.may & need or (rare.low and self.ascii and not rare.low(self.lower, 0, end)):
            return None
        return (rare.bare or rare.search)(self.text, 0, end)  # type: ignore[no-any-return]

    def says(self, rare: Any, end: int) -> bool:
        """Whether it finds anything."""
        need = rare.need
        if need and not self.may & need:
            return False
        if rare.low and self.ascii:
            return rare.low(self.lower, 0, end) is not None
        return (rare.bare or rare.search)(self.text, 0, end) is not None

    def find_low(self, rare: Any, begin: int = 0) -> re.Match[str] | None:
        """What it finds in the first 500 characters, in lower case."""
        need = rare.need
        if need and not self.may & need:
            return None
        search = rare.low or rare.bare or rare.search
        return search(self.low, begin) or (search(self.words, begin) if self.words else None)

    def full_says(self, rare: Any, end: int = 24_000) -> bool:
        """Whether it finds anything in the message and its continuation."""
        need = rare.need
        if need and not self.whole[0] & need:
            return False
        full = self.full
        if rare.low and full.isascii():
            return rare.low(full.lower(), 0, end) is not None
        return rare.search(full, 0, end) is not None

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
        return self.record.place.whole, self.order, self.record.time

    @_once
    def low(self) -> str:
        """The first 500 characters, in lower case."""
        return self.lower[:500]

    @_once
    def words(self) -> str:
        """The same of a message that begins, behind level and logger, with the name of what happened (`listener_registered`, `listenerRegistered`), by its words; "" of any other."""
        # Looked at word by word, since the search for a name takes ten times as long, and nearly no line has one.
        if not any("_" in word or not (word.islower() or word.isupper() or word.istitle()) for word in self.text[:60].split(" ", 4)[:4] if word):
            return ""
        name = _NAME.search(self.text, 0, 60)
        if not name:
            return ""
        apart = _HUMP.sub(" ", name[0]).replace("_", " ").lower()
        return (self.lower[: name.start()] + apart + self.lower[name.end() :])[:500]

    @_once
    def full(self) -> str:
        """Message and continuation, bounded."""
        return self.record.full[:24_000]

    @_once
    def whole(self) -> tuple[int, Sequence[str]]:
        """As `may` and `let`, of message and continuation."""
        if self._sieve is None or (not self.record.more and len(self.full) <= READ):
            return self.may, self.let
        return self._sieve.of(lowered(self.full))

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
            or self.says(FAILING, 600)
            or self.says(_TOLD, 600)
            or bool(self.record.more and "rror" in self.full)
        )

    def fails_beside(self, name: str) -> bool:
        """The same, but for what stands in the name of an event: `published event=payment.failed` went well."""
        if not (name and self.failing and FAILING.search(name)) or self.record.level >= Level.WARN or self.record.more:
            return self.failing
        rest = self.text[:600].replace(name, "")
        return bool(FAILING.search(rest) or _TOLD.search(rest))

    @_once
    def retried(self) -> bool:
        """It says that there will be another attempt, or that something else takes its place."""
        if self.final:
            return False
        if self.says(_RETRY, 2000) or self.says(_ADVISED, 2000) and (self.record.level < Level.ERROR or self.says(_COUNTED, 500)):
            return True
        return self.failing and self.find(NUMBERED, 1000) is not None

    @_once
    def final(self) -> bool:
        """It says that there will not be another attempt, be it by its number: `try 3 of 3`."""
        if self.says(_FINAL, 1000):
            return True
        found = self.find(NUMBERED, 1000) if self.failing else None
        return found is not None and found[1] == found[2]

    @_once
    def good(self) -> bool:
        """It says that something went well."""
        return (
            self.record.level <= Level.INFO
            and self.says(_OK, 500)
            and not self.says(_NOT_OK, 500)
        )

    @_once
    def ids(self) -> frozenset[str]:
        """What looks like an identifier: uuid, hex, letters with digits, the number of a `key=number`; at most 10."""
        found = ids(self.text)
        return _without(found, _parts(self.record.instance)) if found and self.record.instance else found

    @_once
    def template(self) -> str:
        """The first words of the message, without what varies."""
        stencil = self.stencil
        if stencil is None:
            return template_of(self.text)
        if stencil.template is None:
            stencil.template = template_of(self.text)
        return stencil.template

    def shape(self, event: str) -> str:
        """The words of the message without the event's name and what varies."""
        stencil = self.stencil
        if stencil is None or not DIGITS.isdisjoint(event):
            return shape_of(self.text, event)
        known = stencil.shapes.get(event)
        if known is None:
            known = stencil.shapes[event] = shape_of(self.text, event)
        return known


def _without(found: frozenset[str], parts: frozenset[str]) -> frozenset[str]:
    """Without the names of the process itself, be they behind a key (`worker=w1`); a number behind one may be anybody's."""
    rest = found - parts
    keyed = [key for key in rest if "=" in key and (value := key.rpartition("=")[2]) in parts and not value.isdigit()]
    return rest.difference(keyed) if keyed else rest


@functools.lru_cache(4096)
def _parts(instance: str) -> frozenset[str]:
    return frozenset(instance.replace(":", "/").replace(" ", "/").split("/"))
