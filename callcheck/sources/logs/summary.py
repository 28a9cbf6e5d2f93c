"""What does a part of the logs say in all, so that parts can be put together?"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Sequence
from typing import Any

from callcheck.model.evidence import Lost
from callcheck.model.log import Boundary, Level, Record, Signature
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import rare, written
from callcheck.model.printable import clean
from callcheck.sources.logs.asked_names import AskedNames
from callcheck.sources.logs.boundaries import Boundaries, Edge
from callcheck.sources.logs.bounded import Table, higher, lower
from callcheck.sources.logs.brokers import Brokers
from callcheck.sources.logs.deaths import Deaths
from callcheck.sources.logs.emits import Emits
from callcheck.sources.logs.failed_call import Failure
from callcheck.sources.logs.failures import Failures
from callcheck.sources.logs.growth import Growth
from callcheck.sources.logs.instances import service_of
from callcheck.sources.logs.invocations import Invocations
from callcheck.sources.logs.names import Names
from callcheck.sources.logs.presence import Cover, Presence
from callcheck.sources.logs.refusals import Refusals
from callcheck.sources.logs.renewals import Renewals
from callcheck.sources.logs.repeats import Repeats
from callcheck.sources.logs.sequences import Sequences
from callcheck.sources.logs.sessions import Sessions
from callcheck.sources.logs.sieve import Sieve
from callcheck.sources.logs.signals import Signals
from callcheck.sources.logs.sources import Sources
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.thawed import Answered
from callcheck.sources.logs.trails import Trails
from callcheck.sources.logs.view import View
from callcheck.sources.logs.windows import Windows

_MOST_INSTANCES = 2_000
_RARE = 300
_NOW_AND_THEN = {1: 60, 2: 200}
"""In a log of so many entries so many failures are no cause."""


@dataclass(slots=True)
class Outside:
    """What lies outside of the period asked for."""

    before: int = 0
    after: int = 0
    """Entries, of logs that were read whole."""
    unread: int = 0
    """Bytes of others."""

    def merge(self, other: Outside) -> None:
        """Take the other's in."""
        self.before += other.before
        self.after += other.after
        self.unread += other.unread

    def told(self) -> Iterator[Lost]:
        """In words, if there is any."""
        parts = [f"{self.before:,} entries before --since"] if self.before else []
        parts += [f"{self.after:,} entries after --until"] if self.after else []
        parts += [f"{self.unread:,} bytes of logs that lie outside"] if self.unread else []
        if parts:
            yield Lost("logs", f"left out, since only a period is asked for: {', '.join(parts)}")


@dataclass(slots=True)
class Latest:
    """The last entry that an instance wrote into a log."""

    order: int = 0

    def merge(self, other: Latest) -> None:
        """Take the other's in."""
        self.order = max(self.order, other.order)


@dataclass(slots=True)
class Summary:
    """Counts, first and last places and a few samples; the empty one changes nothing when merged.

    Merging is associative and commutative: whatever the parts are and in whatever order they come, the summary is that of the whole.
    What is taken in must not be used any more.
    """

    files: list[str] = field(default_factory=list)
    records: int = 0
    lines: int = 0
    first: float | None = None
    last: float | None = None
    latest: Table[tuple[str, str], Latest] = field(default_factory=lambda: Table(_MOST_INSTANCES, Latest))
    """By log and instance, but for what a runtime or a package manager says of the end."""
    instances: Table[str, Presence] = field(default_factory=lambda: Table(_MOST_INSTANCES, Presence))
    failures: Failures = field(default_factory=Failures)
    signals: Signals = field(default_factory=Signals)
    trails: Trails = field(default_factory=Trails)
    sessions: Sessions = field(default_factory=Sessions)
    invocations: Invocations = field(default_factory=Invocations)
    repeats: Repeats = field(default_factory=Repeats)
    emits: Emits = field(default_factory=Emits)
    stopped: Stopped = field(default_factory=Stopped)
    windows: Windows = field(default_factory=Windows)
    growth: Growth = field(default_factory=Growth)
    names: Names = field(default_factory=Names)
    asked: AskedNames = field(default_factory=AskedNames)
    refusals: Refusals = field(default_factory=Refusals)
    renewals: Renewals = field(default_factory=Renewals)
    brokers: Brokers = field(default_factory=Brokers)
    sequences: Sequences = field(default_factory=Sequences)
    deaths: Deaths = field(default_factory=Deaths)
    answered: Answered = field(default_factory=Answered)
    sources: Sources = field(default_factory=Sources)
    outside: Outside = field(default_factory=Outside)
    lost: list[Lost] = field(default_factory=list)
    marks: frozenset[str] = frozenset()
    """The user's own markers that matched, as written."""
    one_in: int = 1
    """Of a log that is too long for all its deliveries to be followed: one in how many were."""
    partly: bool = False
    """Of some log not every line was read."""

    @property
    def cover(self) -> Cover:
        """What could have been seen at all."""
        return Cover(self.instances, not self.partly)

    @property
    def scale(self) -> float:
        """How many deliveries there were for each that was followed."""
        return self.one_in / self.trails.by_id.share

    @property
    def followed(self) -> int:
        """One in how many deliveries was followed: 1 where all were."""
        return max(1, round(self.scale))

    def rare(self, count: int) -> bool:
        """Whether so many are what happens now and then: one in hundreds of all entries, or once or twice in a log that is not short."""
        return count * _RARE <= self.records or self.records >= _NOW_AND_THEN.get(count, self.records + 1)

    def ends_with(self, failure: Failure) -> bool:
        """Whether an error that nobody caught is the last thing that its service tells in its log."""
        log, service = failure.place.whole, service_of(failure.instance)
        if not failure.uncaught or not self.latest.knows((log, failure.instance)):
            return False
        return all(latest.order <= failure.order for (path, instance), latest in self.latest.kept.items() if path == log and service_of(instance) == service)

    def close(self) -> Summary:
        """This is all of a file: of each process that writes into it, the file holds what it wrote as long as the file goes on."""
        for presence in self.instances.kept.values():
            presence.begins, presence.ends = self.first, self.last
        return self

    def merge(self, other: Summary) -> None:
        """Take the other part in."""
        self.files = sorted({*self.files, *other.files})
        self.records += other.records
        self.lines += other.lines
        self.first = lower(self.first, other.first)
        self.last = higher(self.last, other.last)
        self.latest.merge(other.latest, Latest.merge)
        self.instances.merge(other.instances, Presence.merge)
        self.outside.merge(other.outside)
        for name in TRACKERS:
            getattr(self, name).merge(getattr(other, name))
        self.lost = sorted({*self.lost, *other.lost}, key=lambda lost: (lost.what, lost.why))
        self.marks |= other.marks
        self.one_in = max(self.one_in, other.one_in)
        self.partly = self.partly or other.partly

    def left_out(self, known: Sequence[Boundary] = ()) -> Iterator[Lost]:
        """What was not asked for; the user's markers among the `known` boundaries that no line matched; what was too much to be kept, and how much of
        it is known."""
        yield from self.outside.told()
        for each in known:
            if each.own and each.pattern.pattern not in self.marks and self.records:
                yield Lost(f"stages: {each.stage}", f"no line that was read matches `{clean(each.pattern.pattern)}`: nothing is known of this stage by it")
        trails, failures = self.trails, self.failures
        kept = {
            "deliveries": trails.by_id.share,
            "units of work that went well": failures.good.share,
            "ids that were taken up": self.repeats.taken.share,
            "sessions": self.sessions.known.share,
            "requests by instance": self.windows.spans.share,
            "invocations by stream": self.invocations.streams.share,
            "kinds of lines": self.stopped.series.share,
            "events": min(self.names.known.share, self.emits.events.share),
            "numbered streams": self.sequences.lines.share,
            "known lines by what they are about": min(self.signals.signals.share, self.signals.handlers.share),
        }
        for what, share in kept.items():
            if share < 1:
                yield Lost(
                    what,
                    f"too many: one in {max(2, round(1 / share)):,} of them was followed, chosen by the hash of its name",
                )
        notes = failures.notes
        if notes.seen > len(notes):
            yield Lost("failed calls", f"too many: {len(notes):,} of {notes.seen:,} were looked at")
        if trails.staged.seen > len(trails.staged):
            yield Lost("steps of deliveries", f"too many: only the first {len(trails.staged):,} were laid side by side")


_FAREWELLS = ("Node.js v", "npm ERR!", "npm error", "error Command failed", "error Script", "error: script", " ELIFECYCLE", "Bun v")
TRACKERS = (
    "failures", "signals", "trails", "sessions", "invocations", "repeats", "emits", "stopped", "windows", "growth", "names", "asked", "refusals", "renewals",
    "brokers", "sequences", "deaths", "answered", "sources",
)  # fmt: skip
_UNKNOWN = frozenset((404, 410))
"""With these a server says that it does not know what the path names."""
_FAILING = ("upstream", "handler", "uncaught")
"""No line of a request that was answered well tells of these, whatever words stand in its path; what the answer held may be another known sign."""


class Sought:
    """What is looked for in every record, made ready once."""

    def __init__(self, signatures: Sequence[Signature], boundaries: Sequence[Boundary]) -> None:
        self.given = signatures, boundaries
        self.boundaries = Boundaries(boundaries)
        self.cures: list[tuple[str, Any]] = [(sign.signal, rare(*written(sign.cured_by))) for sign in signatures if sign.cured_by]
        self.signs: dict[str, list[Signature]] = {}
        for sign in signatures:
            for part in sign.contains:
                self.signs.setdefault(part, []).append(sign)
        self.sieve = Sieve(list(self.signs))
        self._let: dict[int, list[tuple[str, Any]]] = {}
        """By the bits of the cures that may be found, those cures."""

    def cures_of(self, view: View) -> list[tuple[str, Any]]:
        """Those that may be found in the record."""
        may = self._cure & view.may
        known = self._let.get(may)
        if known is None:
            known = self._let[may] = [each for each in self.cures if view.can(each[1])]
        return known

    @functools.cached_property
    def _cure(self) -> int:
        """The bits of all cures, once the sieve has given them."""
        return functools.reduce(operator.or_, (cure.need for _, cure in self.cures), 0)


_SOUGHT: list[Sought] = []


def _sought(signatures: Sequence[Signature], boundaries: Sequence[Boundary]) -> Sought:
    """The same for the same knowledge: a log in a thousand parts is read by a thousand summarizers."""
    for known in _SOUGHT:
        if known.given[0] is signatures and known.given[1] is boundaries:
            return known
    _SOUGHT[:] = [Sought(signatures, boundaries)]
    return _SOUGHT[0]


class Summarizer:
    """Takes records and keeps a summary of them; a record says the same whatever came before it."""

    def __init__(self, signatures: Sequence[Signature], boundaries: Sequence[Boundary] = ()) -> None:
        self.summary = Summary()
        self._sought = _sought(signatures, boundaries)

    def take(self, record: Record) -> None:
        """One record."""
        view, upstream = self._failing(record)
        summary = self.summary
        served = bool(view.access and view.status)
        brokered = not served and summary.brokers.see(view)
        served = served or brokered
        edge = None if served else self._sought.boundaries.of(view)
        if edge is not None and edge.mark and edge.mark not in summary.marks:
            summary.marks |= {edge.mark}
        summary.emits.see(view, edge)
        if view.status in _UNKNOWN and view.access and view.ids and view.time is not None:
            summary.trails.see(view, Edge("unknown"))
        if not served:
            summary.trails.see(view, edge)
            summary.names.see(view, edge)
            summary.asked.see(view, edge)
            summary.growth.see(view)
            summary.sources.see(view)
        summary.sessions.see(view)
        summary.invocations.see(view)
        summary.windows.see(view)
        summary.refusals.see(view)
        if not brokered:
            summary.repeats.see(view)
        summary.renewals.see(view)
        summary.sequences.see(view, edge)
        summary.deaths.see(view)
        summary.answered.see(view)
        if not upstream:
            summary.stopped.see(view, edge)

    def take_alone(self, record: Record, good: bool = False) -> None:
        """A record whose neighbours are not read: what counts is what it says by itself.

        A warning may have been made good a moment later, which would be seen in the lines around it only. `good`: the record was looked up
        for what it makes good, and counts for nothing else.
        """
        if good:
            view = View(record, sieve=self._sought.sieve)
            self.summary.failures.see(view, [])
            self.summary.signals.see(view, [], True, self._sought.cures_of(view))
        else:
            self._failing(record, alone=True)

    def take_ordinary(self, record: Record) -> None:
        """A record that was read whatever it says: it counts for which kinds of lines go on, and who writes."""
        view, summary = View(record, sieve=self._sought.sieve), self.summary
        self._present(record)
        summary.deaths.see(view)
        summary.stopped.see(view, None if view.access and view.status else self._sought.boundaries.of(view))

    def _present(self, record: Record) -> None:
        summary = self.summary
        presence = summary.instances.at(record.instance)
        if presence is not None:
            presence.add(record.time, record.level)
        latest = summary.latest.at((record.place.whole, record.instance))
        if latest is not None and record.at > latest.order and not record.text.startswith(_FAREWELLS):
            latest.order = record.at
        if record.time is not None:
            summary.first = record.time if summary.first is None else min(summary.first, record.time)
            summary.last = record.time if summary.last is None else max(summary.last, record.time)

    def _failing(self, record: Record, alone: bool = False) -> tuple[View, bool]:
        summary = self.summary
        summary.records += 1
        view = View(record, sieve=self._sought.sieve)
        self._present(record)
        signs = self._signs(view)
        judged = not alone or record.level >= Level.ERROR or view.final
        upstream = judged and summary.failures.see(view, signs)
        summary.signals.see(view, signs, upstream, self._sought.cures_of(view))
        return view, upstream

    def _signs(self, view: View) -> list[Signature]:
        record, sought = view.record, self._sought
        served = view.access is not None and not record.more and record.level <= Level.INFO and 0 < view.status < 400
        full = view.full
        found: dict[int, Signature] = {}
        for text in view.whole[1]:
            if text in full:
                for sign in sought.signs[text]:
                    if not (served and sign.signal in _FAILING):
                        found[id(sign)] = sign
        return [sign for sign in found.values() if sign.confirms(full)]
