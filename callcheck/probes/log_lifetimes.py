"""Does work go on after the invocation that began it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import WorkAfterEnd
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.retired import left_behind, retired
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LEAST = 3


class LogLifetimes:
    """States units of work whose next line stands under a later invocation of the same environment."""

    name = "log_lifetimes"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({WorkAfterEnd})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        summary = eyes.logs.summary
        work = summary.invocations.work(summary.trails.steps)
        if work.moved_count >= _LEAST:
            samples = [pair for before, after, text in work.moved[:3] for pair in ((before, ""), (after, text))]
            yield told(WorkAfterEnd(work.platform, work.moved_count, 0), self.name, samples, "begun or ended here")
            return
        for platform, ends in (("supabase", retired), ("aws-lambda", left_behind)):
            gone = None if summary.partly else ends(summary.trails.steps)
            if gone is not None:
                shown = [(step.place, step.text) for last, end in gone.pairs[:3] for step in (end, last)]
                yield told(WorkAfterEnd(platform, 0, gone.count), self.name, shown, "the last that is heard of it, or another one")
                return
        thawed = None if summary.partly else summary.answered.thawed()
        if thawed is not None:
            shown = [(entry[4], entry[5]) for pair in thawed.pairs for entry in reversed(pair)]
            yield told(WorkAfterEnd("", thawed.count, 0), self.name, shown, "its request was answered here, or it goes on as another one comes")
            return
        moved = summary.windows.moved(summary.trails.steps)
        if moved is not None:
            lines = [step for pair in moved.pairs[:4] for step in pair]
            shown = [(step.place, step.text) for step in lines]
            yield told(
                WorkAfterEnd("", moved.inside, 0), self.name, shown, "goes on only while another request is served"
            )


PROBE = LogLifetimes()
