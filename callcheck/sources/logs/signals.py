"""Which known lines were seen, and which handlers raised?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from callcheck.model.log import Level, Place, Signature
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import Few, Table, by_place, comes_late, first_of, higher, keep_first, lower
from callcheck.sources.logs.frames import Frame, own_frame
from callcheck.sources.logs.misfits import Misfit, misfit, said_misfit
from callcheck.sources.logs.quoting import named_below, quoted
from callcheck.sources.logs.shapes import payload_shaped
from callcheck.sources.logs.trails import apart
from callcheck.sources.logs.view import Moment, View, later

_SAMPLES = 8
_MOST_KEYS = 2_000
_LATEST = 64
_LAST_ERROR = pattern(
    r"^[ \t|]{0,40}(?:\[?cause\]?: )?((?:[A-Za-z_]\w{0,60}\.){0,8}(?:[A-Z]\w{0,80})?(?:Error|Exception|Warning|DoesNotExist|NotFound|Timeout|Interrupt))\b(?:[:( ]|$)",
    re.M,
)
_ANY_ERROR = pattern(r"\b((?:[a-z_]\w{0,60}\.){0,6}[A-Z]\w{0,80}(?:Error|Exception))\b")
_RAISED = pattern(r"^[ \t|]{0,40}((?:[A-Za-z_]\w{0,60}\.){1,8}[A-Z]\w{0,80})(?:: |$)", re.M)
"""The line below a traceback, where the class of its package is called otherwise: `queue.Full`, `discord.errors.Forbidden: 403`."""
_ENDS = ("Error", "Exception", "Warning", "DoesNotExist", "NotFound", "Timeout", "Interrupt")
"""With one of these each of them ends."""
_STACK = pattern(r"\n[ \t]{1,12}at [\w$.<>`\[\]]", re.ASCII)
"""Of JavaScript, Java or .NET, whose console indents it further."""
_STALL = rare(
    r"(?:event[ _-]?loop|loop)[ _-]?(?:delay|lag|block\w*|stall\w*|utili\w*).{0,80}?(\d{3,7}(?:\.\d+)?)\s?(?:ms|\}|,|\s|$|\")",
    re.I,
)
_LATE = rare(
    r"\b(?:late|lag|delay|delayed|drift|behind|overdue|blocked|stalled)(?:[_ ]?(?:by|for))?(?:[_ ]?ms)?[\"']?[=: ] ?(?P<n>\d{1,7}(?:\.\d{1,3})?) ?(?P<unit>ms|s\b|seconds)?",
    re.I,
)
_TIMED = rare(r"\b(?:tick|timer|interval|heartbeat|loop|ping|pong|keep-?alive|scheduled?|cron|poll|watchdog)\b", re.I)
_OF_OTHERS = pattern(r"\b[a-z_]\w{0,40}[=#:/ -]{1,2}[\w-]{0,40}\d[\w-]{0,40}[:,]? (?:heartbeat|ping|pong|keep-?alive)\b", re.I)
"""`meter=118 heartbeat late by 2s`: somebody else's, which says nothing of the own loop."""
_CONSUMER = pattern(r"\b(?:consumer[ _.-]?)?group(?:[ _.-]?id|[ _.-]?name)?[\"']?[=:] ?[\"']?([A-Za-z0-9][\w.:/-]{0,79})", re.I | re.ASCII)
_ASKED = pattern(
    r"(?<!Rpc)(?<!Ws)\bExceptionsHandler\b|^Internal Server Error: /|\bException on /\S{1,200} \[[A-Z]{3,7}\]|\bException in ASGI application\b"
    r"|\bServlet\.service\(\) for servlet\b|\bAn unhandled exception has occurred while executing the request\b|\brequest errored\b",
    re.ASCII,
)
"""Who writes so has answered a request with 500: Nest's filter of what no other filter took (@nestjs/core 11, base-exception-filter.ts), Django, Flask, ASGI servers,
Tomcat, ASP.NET Core, pino-http."""
_OF_DATA = pattern(
    r"\bduplicate (?:key|entry)|\bunique (?:constraint|violation|key)|\bE11000\b|\bviolates (?:foreign key|not-null|check|exclusion|unique) |\binvalid input (?:syntax|value) for\b"
    r"|\bvalue too long for type\b|\bout of range for type\b|\bData too long for column\b|\bcannot be null\b|\bforeign key constraint\b",
    re.I,
)
"""The database refuses what was given to it."""
_CALLED_BACK = pattern(r"hook|callback|notif|/events?\b", re.I)
_MAX_STALL = pattern(r"max(?:_?ms)?\"?[=:]\s?(\d{3,7})", re.I)


@dataclass(slots=True)
class Tally:
    """How often, where, by whom."""

    count: int = 0
    cured: int = 0
    instances: Few = field(default_factory=lambda: Few(64))
    samples: list[tuple[Place, str]] = field(default_factory=list)
    """The first ones."""
    named: list[tuple[Place, str, int]] = field(default_factory=list)
    """The first one with an error's name, the name, and how many lines below the first it stands (`named_below`)."""
    frames: list[tuple[Place, Frame]] = field(default_factory=list)
    """The first traceback that passes through the app's own code, and where."""
    first: float | None = None
    last: float | None = None

    @property
    def frame(self) -> Frame | None:
        """The call in the app's own code that was seen failing first."""
        return self.frames[0][1] if self.frames else None

    @property
    def error(self) -> str:
        """The error that was named first, or ""."""
        return self.named[0][1] if self.named else ""

    @property
    def below(self) -> int:
        """How many lines below the first of its record that error stands."""
        return self.named[0][2] if self.named else 0

    def add(self, view: View, error: str = "", about: Iterable[str] = ()) -> None:
        """One more; `about`: texts of which one is to be seen where the line is long."""
        self.count += 1
        self.instances.add(view.instance)
        if not comes_late(self.samples, view.place, _SAMPLES):
            keep_first(self.samples, (view.place, quoted(view, (*about, error))), _SAMPLES)
        if error:
            if not comes_late(self.named, view.place, 1):
                keep_first(self.named, (view.place, error, named_below(view, error)), 1)
            self._frame(view)
        if view.time is not None:
            self.first = view.time if self.first is None else min(self.first, view.time)
            self.last = view.time if self.last is None else max(self.last, view.time)

    def merge(self, other: Tally) -> None:
        """Take the other's in."""
        self.count += other.count
        self.instances.merge(other.instances)
        self.samples = first_of(self.samples, other.samples, _SAMPLES)
        self.named = first_of(self.named, other.named, 1)
        self.frames = first_of(self.frames, other.frames, 1, _placed)
        self.first = lower(self.first, other.first)
        self.last = higher(self.last, other.last)

    def _frame(self, view: View) -> None:
        if view.record.more and (not self.frames or _placed((view.place, None)) < _placed(self.frames[0])):
            frame = own_frame(view.full)
            if frame:
                self.frames = [(view.place, frame)]


def _placed(sample: tuple[Place, object]) -> tuple[str, int, int, str]:
    return by_place((sample[0], ""))


HandlerKey = tuple[str, str, str, bool, bool]
"""Library, handler, error, payload-shaped, named by a framework."""
SignalKey = tuple[str, str, str]
"""Signal, library, subject."""


@dataclass(slots=True)
class Curable:
    """How many, and the latest of each file."""

    count: int = 0
    latest: list[Moment] = field(default_factory=list)
    each: bool = False
    """Each of them needs a cure of its own."""

    def add(self, moment: Moment) -> None:
        """One more."""
        self.count += 1
        self.latest.append(moment)
        if len(self.latest) > 2 * _LATEST:
            self._cut()

    def merge(self, other: Curable) -> None:
        """Take the other's in."""
        self.count += other.count
        self.latest += other.latest
        self.each |= other.each
        self._cut()

    @property
    def newest(self) -> Moment | None:
        """The last one, in whatever order they came."""
        self._cut()
        return self.latest[0] if self.latest else None

    def before(self, cures: Curable) -> int:
        """How many of these came before a cure; where more are left than are remembered, none. Of those that need one each, as many as there are cures."""
        if self.each:
            return min(self.count, cures.count)
        self._cut()
        left = sum(not any(later(cure, each) for cure in cures.latest) for each in self.latest)
        return 0 if left == len(self.latest) else self.count - left

    def _cut(self) -> None:
        self.latest.sort(key=lambda moment: (moment[2] or 0.0, moment[0], moment[1]), reverse=True)
        del self.latest[_LATEST:]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Curable):
            return NotImplemented
        self._cut()
        other._cut()
        return (self.count, self.each) == (other.count, other.each) and self.latest == other.latest

    __hash__ = None  # type: ignore[assignment]


@dataclass(slots=True)
class Signals:
    """Known lines and failing handlers of a part of the logs; parts merge."""

    handlers: Table[HandlerKey, Tally] = field(default_factory=lambda: Table(_MOST_KEYS, Tally))
    misfits: Table[Misfit, Tally] = field(default_factory=lambda: Table(_MOST_KEYS, Tally))
    """Callbacks that their library cannot call; they stand here alone."""
    signals: Table[SignalKey, Tally] = field(default_factory=lambda: Table(_MOST_KEYS, Tally))
    stalls: Tally = field(default_factory=Tally)
    longest_s: float = 0.0
    curable: Table[tuple[str, str, str, str, str], Curable] = field(default_factory=lambda: Table(_MOST_KEYS, Curable))
    """Key, instance and consumer of the signals that a later line can make harmless."""
    cures: Table[tuple[str, str, str, str], Curable] = field(default_factory=lambda: Table(_MOST_KEYS, Curable))
    """Signal, instance, consumer and what the line is about -> the lines that do so."""

    def see(
        self, view: View, signs: list[Signature], upstream: bool, cures: Sequence[tuple[str, Any]] = ()
    ) -> None:
        """One record; `upstream`: it was already taken as a failed call; `cures`: what makes which signals harmless."""
        for signal, cure in cures:
            if view.says(cure, 1000):
                kept = self.cures.at((signal, view.instance, _consumer(view), _subject(view.find(cure, 1000))))
                if kept is not None:
                    kept.add(view.moment)
        self._stall(view)
        hit = False
        refused = any(sign.signal == "payload-refused" for sign in signs)
        for sign in signs:
            if sign.signal == "upstream":
                continue
            hit = True
            if sign.signal in ("handler", "uncaught"):
                if not upstream and (sign.quiet or view.record.level not in (Level.INFO, Level.DEBUG)):
                    self._handler(view, sign, refused)
                continue
            self._signal(view, sign, upstream)
        if (
            not hit
            and not upstream
            and not view.access
            and view.record.more
            and view.record.level in (Level.UNKNOWN, Level.ERROR, Level.FATAL)
        ):
            self._bare(view)

    def merge(self, other: Signals) -> None:
        """Take the other part's in."""
        self.handlers.merge(other.handlers, Tally.merge)
        self.misfits.merge(other.misfits, Tally.merge)
        self.signals.merge(other.signals, Tally.merge)
        self.curable.merge(other.curable, Curable.merge)
        self.cures.merge(other.cures, Curable.merge)
        self.stalls.merge(other.stalls)
        self.longest_s = max(self.longest_s, other.longest_s)

    def settled(self) -> dict[SignalKey, Tally]:
        """The signals, with how many of each were cured by a later line of the same instance."""
        cured: dict[SignalKey, int] = {}
        known: dict[str, list[tuple[str, str, str, Curable]]] = {}
        for (signal, instance, consumer, about), cure in self.cures.items():
            known.setdefault(signal, []).append((instance, consumer, about, cure))
        for (signal, library, subject, instance, consumer), seen in self.curable.items():
            # Where a consumer is named by both, another one's return cures nothing.
            here = [(about, cure) for of, who, about, cure in known.get(signal, ()) if not apart(of, instance) and (who == consumer or not who or not consumer)]
            # Where lines tell what they make good, the one about something else does not, and one about nothing may be about anything.
            named = any(about for about, _ in here)
            by = _together(cure for about, cure in here if about == subject or not (about and subject or named and subject))
            if by is not None:
                key = (signal, library, subject)
                cured[key] = cured.get(key, 0) + seen.before(by)
        return {
            key: replace(tally, cured=min(cured[key], tally.count)) if key in cured else tally
            for key, tally in self.signals.items()
        }

    def _signal(self, view: View, sign: Signature, upstream: bool) -> None:
        key = (sign.signal, sign.library, _subject(sign.pattern.search(view.full) if sign.pattern else None))
        if sign.signal == "task-exception-unretrieved" and upstream:
            key = (sign.signal, sign.library, "upstream")
        tally = self.signals.at(key)
        if tally is not None:
            tally.add(view, error_of(view.full), sign.contains)
        if sign.cured_by:
            curable = self.curable.at((*key, view.instance, _consumer(view)))
            if curable is not None:
                curable.each = sign.each
                curable.add(view.moment)

    def _stall(self, view: View) -> None:
        if "loop" not in view.low:
            self._late(view)
            return
        found = view.find(_STALL, 600)
        if not found:
            self._late(view)
        else:
            most = _MAX_STALL.search(view.text, found.start(), 600) or found
            seconds = float(most[1]) / 1000
            if seconds >= 2:
                self.stalls.add(view)
                self.longest_s = max(self.longest_s, seconds)

    def _late(self, view: View) -> None:
        """A timer that writes down by how much it is late."""
        found = view.find(_LATE, 400)
        if not found or not view.says(_TIMED, 400) or _OF_OTHERS.search(view.text, 0, 400):
            return
        seconds = float(found["n"]) / (1 if (found["unit"] or "ms")[0] == "s" else 1000)
        if 2 <= seconds < 600:
            self.stalls.add(view)
            self.longest_s = max(self.longest_s, seconds)

    def _handler(self, view: View, sign: Signature, refused: bool) -> None:
        """A handler that fails; `refused`: the same record tells that its framework could not hand it what came."""
        found = sign.pattern.search(view.full) if sign.pattern else None
        if self._misfit(view, _subject(found) if sign.signal == "handler" else ""):
            return
        error = (found.groupdict().get("error") if found else "") or error_of(view.full)
        named = sign.signal == "handler" or sign.library == "node"
        shaped = refused or payload_shaped(view.full, error, sign.payload)
        tally = self.handlers.at((sign.library, _subject(found), error[:120], shaped, named))
        if tally is not None:
            tally.add(view, error)

    def _bare(self, view: View) -> None:
        full = view.full
        if "Traceback (most recent call last)" not in full and not _STACK.search(full):
            return
        if self._misfit(view) or _refused_request(view):
            return
        error = error_of(full)
        tally = self.handlers.at(("", "", error[:120], payload_shaped(full, error, False), False)) if error else None
        if tally is not None:
            tally.add(view, error)

    def _misfit(self, view: View, handler: str = "") -> bool:
        """Whether its library cannot call the callback; `handler`: the one that the library's own line names."""
        found = misfit(view.full) if view.record.more else said_misfit(view.text, handler)
        tally = self.misfits.at(found) if found else None
        if tally is not None and found is not None:
            tally.add(view, f"{found.handler}()")
        return found is not None


def _refused_request(view: View) -> bool:
    """Whether a request was refused for what it holds, and whoever asked was told so: no event goes missing by that."""
    return _ASKED.search(view.text, 0, 400) is not None and _OF_DATA.search(view.full, 0, 2000) is not None and not _CALLED_BACK.search(view.text, 0, 400)


def _together(cures: Iterable[Curable]) -> Curable | None:
    """Those of one process: what a runtime prints by itself names it less closely than the entries of its logger do."""
    whole: Curable | None = None
    for cure in cures:
        whole = whole or Curable()
        whole.merge(cure)
    return whole


def _consumer(view: View) -> str:
    """The consumer group that a line names, or ""."""
    found = _CONSUMER.search(view.full, 0, 1000) if "roup" in view.low else None
    return found[1] if found else ""


def _subject(found: re.Match[str] | None) -> str:
    """What a line is about: the group that found something, whichever of a pattern's wordings it is in."""
    return next((text for name, text in found.groupdict().items() if name != "error" and text), "")[:120] if found else ""


def error_of(full: str) -> str:
    """The innermost exception's type, or ""."""
    known = any(word in full for word in _ENDS)
    found = _LAST_ERROR.findall(full) if known else []
    if not found and "Traceback (most recent call last)" in full:
        found = _RAISED.findall(full)
    if not found and known:
        found = _ANY_ERROR.findall(full)
    return str(found[-1]) if found else ""
