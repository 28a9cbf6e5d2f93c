"""All the logs of a target together: what they say, what was not read of them, and how their clocks agree."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from callcheck.model.evidence import Lost
from callcheck.model.period import ALWAYS, Period
from callcheck.model.printable import clean
from callcheck.sources.logs.gauge import GAUGE

if TYPE_CHECKING:
    from callcheck.model.log import LogKnowledge
    from callcheck.model.statement import Statement
    from callcheck.sources.logs.clocks import Apart
    from callcheck.sources.logs.contrasts import Contrast
    from callcheck.sources.logs.far import LogFile
    from callcheck.sources.logs.printed import Printed
    from callcheck.sources.logs.reading import Reading
    from callcheck.sources.logs.signals import SignalKey, Tally
    from callcheck.sources.logs.summary import Summary
    from callcheck.sources.logs.trails import Step, Trails
    from callcheck.sources.logs.units import Unit

_TOLD = frozenset(("event", "value"))
"""Contrasts by what deliveries are about, which may be for nobody who is there."""


class Survey:
    """All log files and, if asked for, standard input."""

    def __init__(
        self,
        files: Iterable[Path],
        stdin: BinaryIO | None,
        knowledge: LogKnowledge | None,
        base: Path,
        period: Period = ALWAYS,
        statements: Callable[[], Sequence[Statement]] = tuple,
        far: Sequence[str] = (),
        cluster: str = "",
    ) -> None:
        """`statements` gives those of the sources that write into logs; it is not asked where no log speaks of a delivery. `far` are logs that lie
        elsewhere, and `cluster` a scheduler whose workers read those."""
        self.files = list(dict.fromkeys(files))
        self.stdin = stdin
        self.knowledge = knowledge
        self.base = base
        self.period = period
        self._statements = statements
        self.far = far
        self.cluster = cluster

    def __bool__(self) -> bool:
        return bool(self.files or self.stdin or self.far)

    @functools.cached_property
    def summary(self) -> Summary:
        """What they say, all together; what could not be read is in `lost`. Raises SourceError and UsageError for logs that lie elsewhere."""
        try:
            whole = self._summary()
        finally:
            GAUGE.end()
        whole.lost = sorted({*whole.lost, *self.copies_told()}, key=lambda lost: (lost.what, lost.why))
        return whole

    def _summary(self) -> Summary:
        if not self.far:
            return self._reading().summary()
        from callcheck.sources.logs.far import find

        if not self.cluster:
            return self._reading(find(self.far)).summary()
        from callcheck.sources.logs.cluster import Cluster

        cluster = Cluster(self.cluster)
        try:
            every = self._reading(found := cluster.find(self.far))
            whole = cluster.summary(every.of(found))
        finally:
            cluster.close()
        whole.merge(every.of(self.once[0], self.stdin).summary())
        return whole

    @functools.cached_property
    def once(self) -> tuple[list[Path], dict[Path, Path]]:
        """The files to read, and those that hold the same as one of them, each with that one."""
        if len(self.files) < 2:
            return self.files, {}
        from callcheck.sources.logs.rotation import without_copies

        return without_copies(self.files)

    def copies_told(self) -> Iterator[Lost]:
        """Which files were left out since they hold the same as others."""
        from callcheck.sources.files import relative

        for copy, of in self.once[1].items():
            yield Lost(clean(relative(copy, self.base)), f"holds the same as {clean(relative(of, self.base))}, and was read once")

    def _reading(self, found: Sequence[LogFile] = ()) -> Reading:
        from callcheck.model.log import LogKnowledge
        from callcheck.sources.logs.reading import Reading, size_of

        files = [*self.once[0], *found]
        GAUGE.begin(0 if self.stdin else sum(size_of(path) for path in files))
        return Reading(files, self.stdin, self.knowledge or LogKnowledge(), self.base, period=self.period)

    @functools.cached_property
    def clocks(self) -> list[Apart]:
        """Processes whose clocks differ, as their deliveries show."""
        from callcheck.sources.logs.clocks import clocks

        return clocks(self._units)

    @functools.cached_property
    def _units(self) -> list[Unit]:
        """The deliveries with their times as they stand in the logs."""
        from callcheck.sources.logs.units import units_of

        return units_of(self.summary.trails.steps)

    @functools.cached_property
    def printed(self) -> Printed:
        """Which statement of the source wrote a line."""
        from callcheck.sources.logs.printed import Printed

        return Printed(self._statements())

    @functools.cached_property
    def trails(self) -> Trails:
        """The steps of all deliveries, as far as the clocks and the source tell more of them than their lines do.

        Times are by one clock where it is known how the clocks differ, and those of the lines around where a line has none; a line of which the
        words say nothing is at the stage at which the statement stands that wrote it.
        """
        trails = self.summary.trails
        if not trails.by_id.kept and not len(trails.staged):
            return trails
        from callcheck.model.noun import replace
        from callcheck.sources.logs.beside import beside
        from callcheck.sources.logs.clocks import offsets

        known, printed, placed = offsets(self.clocks), self.printed, beside(trails)
        if not known and not printed and placed is None:
            return trails

        def better(step: Step) -> Step:
            statement = printed.by(step.text, step.shape) if not step.stage and not step.bad else None
            stage, event = (statement.stage, step.event or statement.event) if statement and statement.stage else (step.stage, step.event)
            time = placed(step) if placed is not None else step.time
            # A time that is the lines' around is by their clock.
            return replace(step, time=time + known.get(step.instance, 0.0) if time == step.time else time, stage=stage, event=event)

        return trails.mapped(better)

    @functools.cached_property
    def units(self) -> list[Unit]:
        """The deliveries, by the ids that their lines share."""
        from callcheck.sources.logs.units import units_of

        return self._units if self.trails is self.summary.trails else units_of(self.trails.steps)

    @functools.cached_property
    def settled(self) -> dict[SignalKey, Tally]:
        """The signals, with how many of each were cured; two probes ask for them."""
        return self.summary.signals.settled()

    @functools.cached_property
    def contrasts(self) -> list[Contrast]:
        """What tells the deliveries that arrive from those that do not."""
        from callcheck.sources.logs.contrasts import contrasts, from_emission, from_home, in_order
        from callcheck.sources.logs.units import bridged, homed

        trails, cover = self.trails, self.summary.cover
        beside = list(homed(self.units, trails.staged))
        found = [*contrasts(self.units, trails.end, cover), *from_home(beside, trails.end, cover)]
        known = {each.lost[0].event for each in found if each.how == "event"}
        found += [each for each in from_emission(self.units, trails.end, cover) if each.how != "event" or each.lost[0].event not in known]
        if any(each.how in _TOLD for each in found):
            from callcheck.sources.logs.clients import Clients

            clients = Clients(trails.begun)
            found = [each for each in found if each.how not in _TOLD or not clients.unasked(each)]
        if any(each.how == "instances" for each in found) or self.summary.partly:
            return found
        if not any(each.how == "order" for each in found):
            found += in_order(bridged(trails.steps), trails.end, cover)
        from callcheck.sources.logs.housed import from_houses

        return [*found, *from_houses(self.units, trails.steps, trails.end, cover)]
