"""Which handler's own line stands nowhere in the logs, although the line of its emission does?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.log_views import StatementSilent
from callcheck.model.facts.logs import LogSample
from callcheck.model.log import Level, Place
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources.logs.telling import where

if TYPE_CHECKING:
    from callcheck.model.statement import Statement
    from callcheck.sources import Eyes

_LEAST = 5
_DETAILED = ("debug", "trace", "verbose", "silly")
_MOST = 6


class LogStatements:
    """Lays the statements of the sources beside the lines of the logs."""

    name = "log_statements"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({StatementSilent})

    def skip(self, target: Target, eyes: Eyes) -> str:
        if not eyes.logs:
            return "no log files"
        return "" if eyes.sees(Sight.SOURCE) else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        summary = eyes.logs.summary
        series = summary.stopped.series
        if summary.partly or series.share < 1 or not any(s.stage == "handled" and s.event for s in eyes.statements):
            return  # Where not every kind of line is known, none is known to be missing.
        printed: dict[Statement, tuple[int, tuple[Place, str] | None]] = {}
        for _, known in series.items():
            _, place, text = known.latest
            statement = eyes.logs.printed.by(text)
            if statement is not None:
                count, sample = printed.get(statement, (0, None))
                printed[statement] = count + known.count, sample or ((place, text) if place else None)
        yield from list(self._silent(eyes, printed))[:_MOST]

    def _silent(self, eyes: Eyes, printed: dict[Statement, tuple[int, tuple[Place, str] | None]]) -> Iterator[Evidence]:
        spoken = {statement.path for statement in printed}
        detailed = any(presence.tells(Level.DEBUG) for _, presence in eyes.logs.summary.instances.items())
        handlers: dict[str, list[Statement]] = {}
        for statement in eyes.statements:
            if statement.stage == "handled" and statement.event:
                handlers.setdefault(statement.event, []).append(statement)
        for event, own in handlers.items():
            emits = [
                said for statement, said in printed.items() if statement.stage == "emitted" and statement.event == event
            ]
            count = sum(said[0] for said in emits)
            due = [s for s in own if s.path in spoken and (detailed or s.level not in _DETAILED)]
            if count < _LEAST or not due or any(statement in printed for statement in own):
                continue
            because = tuple(
                Evidence(LogSample("emitted here"), Basis.OBSERVED, self.name, where(sample[0]), clean(sample[1]))
                for _, sample in emits[:2]
                if sample
            )
            fact = StatementSilent(clean(event), count)
            yield Evidence(fact, Basis.INFERRED, self.name, Location(clean(due[0].path), due[0].line), because=because)


PROBE = LogStatements()
