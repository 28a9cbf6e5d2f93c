"""What does a part of the logs say in all, so that parts can be put together?"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.model.evidence import Lost
from callcheck.model.log import Boundary, Level, Record, Signature
from callcheck.model.noun import dataclass, field
from callcheck.sources.logs.boundaries import Boundaries
from callcheck.sources.logs.emits import Emits
from callcheck.sources.logs.failures import Failures
from callcheck.sources.logs.growth import Growth
from callcheck.sources.logs.invocations import Invocations
from callcheck.sources.logs.literals import Literals
from callcheck.sources.logs.names import Names
from callcheck.sources.logs.refusals import Refusals
from callcheck.sources.logs.repeats import Repeats
from callcheck.sources.logs.sessions import Sessions
from callcheck.sources.logs.signals import Signals
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.trails import Trails
from callcheck.sources.logs.view import View
from callcheck.sources.logs.windows import Windows

_MOST_INSTANCES = 2_000
_RARE = 300


@dataclass(slots=True)
class Summary:
    """Counts, first and last places and a few samples; the empty one changes nothing when merged."""

    files: list[str] = field(default_factory=list)
    records: int = 0
    lines: int = 0
    instances: dict[str, int] = field(default_factory=dict)
    first: float | None = None
    last: float | None = None
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
    refusals: Refusals = field(default_factory=Refusals)
    lost: list[Lost] = field(default_factory=list)

    def rare(self, count: int) -> bool:
        """Whether so many of all entries are one in hundreds."""
        return count * _RARE <= self.records

    def merge(self, other: Summary) -> None:
        """Take the other part in."""
        self.files += other.files
        self.records += other.records
        self.lines += other.lines
        for name, count in other.instances.items():
            if name in self.instances or len(self.instances) < _MOST_INSTANCES:
                self.instances[name] = self.instances.get(name, 0) + count
        times = [t for t in (self.first, other.first) if t is not None]
        self.first = min(times) if times else None
        times = [t for t in (self.last, other.last) if t is not None]
        self.last = max(times) if times else None
        self.failures.merge(other.failures)
        self.signals.merge(other.signals)
        self.trails.merge(other.trails)
        self.sessions.merge(other.sessions)
        self.invocations.merge(other.invocations)
        self.repeats.merge(other.repeats)
        self.emits.merge(other.emits)
        self.stopped.merge(other.stopped)
        self.windows.merge(other.windows)
        self.growth.merge(other.growth)
        self.names.merge(other.names)
        self.refusals.merge(other.refusals)
        self.lost += other.lost


class Summarizer:
    """Takes records in order and keeps a summary of them."""

    def __init__(self, signatures: Sequence[Signature], boundaries: Sequence[Boundary] = ()) -> None:
        self.summary = Summary()
        self._order = 0
        self._boundaries = Boundaries(boundaries)
        parts: dict[str, list[Signature]] = {}
        for sign in signatures:
            for part in sign.contains:
                parts.setdefault(part, []).append(sign)
        self._parts = parts
        self._literals = Literals(parts)

    def take(self, record: Record) -> None:
        """One record."""
        self._order += 1
        summary = self.summary
        summary.records += 1
        view = View(record, self._order)
        if record.instance:
            if record.instance in summary.instances or len(summary.instances) < _MOST_INSTANCES:
                summary.instances[record.instance] = summary.instances.get(record.instance, 0) + 1
        if record.time is not None:
            summary.first = record.time if summary.first is None else min(summary.first, record.time)
            summary.last = record.time if summary.last is None else max(summary.last, record.time)
        signs = self._signs(view)
        upstream = summary.failures.see(view, signs)
        summary.signals.see(view, signs, upstream)
        edge = None if view.access and view.status else self._boundaries.of(view)
        summary.emits.see(view, edge)
        if not (view.access and view.status):
            summary.trails.see(view, edge)
            summary.names.see(view, edge)
            summary.growth.see(view)
        summary.sessions.see(view)
        summary.invocations.see(view)
        summary.windows.see(view)
        summary.refusals.see(view)
        summary.repeats.see(view)
        if not upstream:
            summary.stopped.see(view)

    def _signs(self, view: View) -> list[Signature]:
        if view.access and not view.record.more and view.record.level <= Level.INFO and 0 < view.status < 400:
            return []
        full = view.full
        found: dict[int, Signature] = {}
        for part in self._literals.within(full):
            for sign in self._parts[part]:
                found[id(sign)] = sign
        return [sign for sign in found.values() if sign.confirms(full)]
