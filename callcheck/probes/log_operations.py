"""Do the logs show bulk operations after which nothing happens of what follows single ones?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.journeys import OperationUnheard
from callcheck.model.pattern import pattern
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import told

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.trails import Step

_HOOK = pattern(
    r"post_save|post_delete|pre_save|\bsignals?\b|\bhooks?\b|after_?(?:save|create|insert|update|commit)|trigger|callback|listener"
    r"|subscriber|webhook|\bevents?\b|notif|mail|index",
    re.I,
)
_LEAST = 3


class LogOperations:
    """States bulk operations without the lines that follow each single operation."""

    name = "log_operations"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({OperationUnheard})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.bulk import unhooked

        yield from self._told(eyes)
        for found in unhooked(eyes.logs.units):
            yield told(OperationUnheard(len(found.bulk), found.heard), self.name, [(step.place, step.text) for step in found.bulk[:6]])

    def _told(self, eyes: Eyes) -> Iterator[Evidence]:
        """Operations of which the application's own lines tell."""
        from callcheck.sources.logs.presence import level_of
        from callcheck.sources.logs.wording import shape_of

        found = eyes.logs.summary.signals.signals.items()
        bulk_lines = [text for (signal, _, _), tally in found if signal == "bulk-operation" for _, text in tally.samples]
        shapes = {shape_of(text) for text in bulk_lines}
        bulk = [unit for unit in eyes.logs.units if shapes & unit.steps.keys()] if shapes else []
        if len(bulk) < _LEAST or any(
            _HOOK.search(s.text, 0, 300) for u in bulk for shape, s in u.steps.items() if shape not in shapes
        ):
            return
        after: dict[str, int] = {}
        hooks: list[Step] = []
        for unit in eyes.logs.units:
            if not shapes & unit.steps.keys():
                for shape, step in list(unit.steps.items())[1:]:
                    if not step.bad and _HOOK.search(step.text, 0, 300):
                        after[shape] = after.get(shape, 0) + 1
                        hooks.append(step)
        heard = max(after.values(), default=0)
        cover, writers, level = eyes.logs.summary.cover, sorted({step.instance for step in hooks}), level_of(hooks)
        bulk = [unit for unit in bulk if not cover.missed(writers, unit.first.time, level)]
        if heard >= _LEAST and len(bulk) >= _LEAST:
            lines = [next(s for shape, s in u.steps.items() if shape in shapes) for u in bulk[:6]]
            yield told(OperationUnheard(len(bulk), heard), self.name, [(s.place, s.text) for s in lines])


PROBE = LogOperations()
