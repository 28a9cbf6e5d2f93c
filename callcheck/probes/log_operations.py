"""Do the logs show bulk operations after which nothing happens of what follows single ones?"""

from __future__ import annotations

import re
from collections import Counter
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
    from callcheck.sources.logs.units import Unit

_HOOK = pattern(
    r"post_save|post_delete|pre_save|\bsignals?\b|\bhooks?\b|after_?(?:save|create|insert|update|commit)|trigger|callback|listener"
    r"|subscriber|webhook|\bevents?\b|notif|mail|index",
    re.I,
)
_WORD = pattern(r"(?<![a-z])(?!(?:with|from|into|rows?|default|values?|debug|info|batch|total|count|bulk|many|insert|update|create|delete)(?![a-z]))[a-z]{4,30}(?![a-z])")
_READ = 20_000
_LEAST = 3
_NEARLY_ALL = 0.8
_NEAR = 4
"""So many lines behind a statement its hook has its say."""


class LogOperations:
    """States bulk operations without the lines that follow each single operation."""

    name = "log_operations"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({OperationUnheard})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.logs.bulk import unhooked, unnamed

        own = list(self._told(eyes))
        yield from own
        # Of a log that is too long to be read whole it is not known what follows.
        rows = () if own or eyes.logs.summary.partly else unnamed(eyes.logs.trails.steps)
        for found in (*unhooked(eyes.logs.units), *rows):
            yield told(OperationUnheard(len(found.bulk), found.heard), self.name, [(step.place, step.text) for step in found.bulk[:6]])
        yield from self._updated(eyes)

    def _updated(self, eyes: Eyes) -> Iterator[Evidence]:
        """Statements alone name no delivery: what a hook says comes as often as those on one row do, and those on several set the same column of the same table."""
        signals = eyes.logs.settled
        ones, several = ({key[2]: tally for key, tally in signals.items() if key[0] == signal} for signal in ("row-updated", "rows-updated"))
        # Of a log that is too long to be read whole it is not known what stood beside a statement.
        if eyes.logs.summary.partly or any(key[0] == "bulk-hook-run" for key in signals):
            return
        subjects = [each for each in sorted(ones.keys() & several.keys()) if min(ones[each].count, several[each].count) >= _LEAST]
        said = [step for step in eyes.logs.trails.steps if not step.bad and _HOOK.search(step.text, 0, 300)] if subjects else []
        for subject in subjects:
            one, bulk = ones[subject], several[subject]
            hooks: Counter[str] = Counter()
            after: set[tuple[str, int]] = set()
            for step in said:
                if _things(subject.split(" ", 1)[0]) & _things(step.text):
                    hooks[step.shape] += 1
                    after |= {(step.place.path, step.place.line - n) for n in range(1, _NEAR)}
            heard = max((count for count in hooks.values() if _NEARLY_ALL * one.count <= count <= one.count), default=0)
            if heard and not any((place.path, place.line) in after for place, _ in bulk.samples):
                yield told(OperationUnheard(bulk.count, heard), self.name, bulk.samples[:6])

    def _told(self, eyes: Eyes) -> Iterator[Evidence]:
        """Operations of which the application's own lines tell."""
        from callcheck.sources.logs.presence import level_of
        from callcheck.sources.logs.wording import shape_of

        found = [tally for (signal, _, _), tally in eyes.logs.summary.signals.signals.items() if signal == "bulk-operation"]
        if not found:
            return
        known = eyes.logs.knowledge.signatures if eyes.logs.knowledge else ()
        signs = [sign for sign in known if sign.signal == "bulk-operation"]
        shapes = {shape_of(text) for tally in found for _, text in tally.samples}

        def own(unit: Unit) -> dict[str, Step]:
            """The lines of the operation itself; where a line names an event, its key lacks that."""
            # A statement on one row has the same words: `VALUES (1)`, `VALUES (1), (2)`.
            return {key: step for key, step in unit.steps.items() if any(sign.fits(step.text) for sign in signs) and (key in shapes or shape_of(step.text) in shapes)}

        bulk = [(unit, lines) for unit in eyes.logs.units if (lines := own(unit))]
        if any(_HOOK.search(s.text, 0, 300) for u, lines in bulk for shape, s in u.steps.items() if shape not in lines):
            return
        after: dict[str, int] = {}
        hooks: list[Step] = []
        operations = {id(unit) for unit, _ in bulk}
        for unit in eyes.logs.units:
            if id(unit) not in operations:
                for shape, step in list(unit.steps.items())[1:]:
                    if not step.bad and _HOOK.search(step.text, 0, 300):
                        after[shape] = after.get(shape, 0) + 1
                        hooks.append(step)
        heard = max(after.values(), default=0)
        cover, writers, level = eyes.logs.summary.cover, sorted({step.instance for step in hooks}), level_of(hooks)
        seen = [lines for unit, lines in bulk if not cover.missed(writers, unit.first.time, level)]
        if heard >= _LEAST and len(seen) >= _LEAST:
            shown = [next(iter(lines.values())) for lines in seen[:6]]
            yield told(OperationUnheard(len(seen), heard), self.name, [(s.place, s.text) for s in shown])
        elif heard >= _LEAST and not bulk and not eyes.logs.summary.partly and sum(tally.count for tally in found) >= _LEAST:
            # Lines that name no single row: each hook belongs to an operation on one, or some would stand alone. They are to be about the same things.
            of = _things(" ".join(unit.first.text for unit in eyes.logs.units if after.keys() & unit.steps.keys())[:_READ])
            about = all(_things(text) & of for tally in found for _, text in tally.samples)
            if about and not any(unit.first.shape in after for unit in eyes.logs.units):
                yield told(OperationUnheard(sum(tally.count for tally in found), heard), self.name, [sample for tally in found for sample in tally.samples])


def _things(text: str) -> set[str]:
    """The nouns of a line, as far as they can be told from what is done: `members imported` is about members."""
    return {word.removesuffix("s") for word in _WORD.findall(text.lower()) if not word.endswith(("ed", "ing"))}


PROBE = LogOperations()
