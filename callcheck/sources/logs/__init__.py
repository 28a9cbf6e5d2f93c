"""The logs of a target; nothing is read, and no reader imported, before somebody asks what they say."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from callcheck.model.period import ALWAYS, Period

if TYPE_CHECKING:
    from callcheck.model.log import LogKnowledge
    from callcheck.sources.logs.clocks import Apart
    from callcheck.sources.logs.contrasts import Contrast, Unit
    from callcheck.sources.logs.summary import Summary
    from callcheck.sources.logs.trails import Trails


class Survey:
    """All log files and, if asked for, standard input."""

    def __init__(
        self,
        files: Iterable[Path],
        stdin: BinaryIO | None,
        knowledge: LogKnowledge | None,
        base: Path,
        period: Period = ALWAYS,
    ) -> None:
        self.files = list(dict.fromkeys(files))
        self.stdin = stdin
        self.knowledge = knowledge
        self.base = base
        self.period = period

    def __bool__(self) -> bool:
        return bool(self.files or self.stdin)

    @functools.cached_property
    def summary(self) -> Summary:
        """What they say, all together; what could not be read is in `lost`."""
        from callcheck.model.log import LogKnowledge
        from callcheck.sources.logs.reading import Reading

        return Reading(self.files, self.stdin, self.knowledge or LogKnowledge(), self.base, period=self.period).summary()

    @functools.cached_property
    def clocks(self) -> list[Apart]:
        """Processes whose clocks differ, as their deliveries show."""
        from callcheck.sources.logs.clocks import clocks

        return clocks(self._units)

    @functools.cached_property
    def _units(self) -> list[Unit]:
        """The deliveries with their times as they stand in the logs."""
        from callcheck.sources.logs.contrasts import units_of

        return units_of(self.summary.trails.steps)

    @functools.cached_property
    def trails(self) -> Trails:
        """The steps of all deliveries, with their times by one clock as far as it is known how the clocks differ."""
        trails = self.summary.trails
        if not self.clocks:
            return trails
        from callcheck.model.noun import replace
        from callcheck.sources.logs.clocks import offsets

        known = offsets(self.clocks)
        return trails.mapped(lambda step: replace(step, time=step.time + known.get(step.instance, 0.0)))

    @functools.cached_property
    def units(self) -> list[Unit]:
        """The deliveries, by the ids that their lines share."""
        from callcheck.sources.logs.contrasts import units_of

        return self._units if self.trails is self.summary.trails else units_of(self.trails.steps)

    @functools.cached_property
    def contrasts(self) -> list[Contrast]:
        """What tells the deliveries that arrive from those that do not."""
        from callcheck.sources.logs.contrasts import contrasts

        return list(contrasts(self.units, self.trails.end, self.summary.cover))
