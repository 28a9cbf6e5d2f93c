"""Which fields of a message does a handler need that nobody sends?

    queue.add("welcome", { recipient: user.email });          async (job) => send(job.data.to)          # to
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.evidence import Evidence
from callcheck.model.facts.execution import PayloadMisread
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.sources.code.message_reads import needed
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function


@dataclass(frozen=True, slots=True)
class Sent:
    """What reaches one listener: under which name, with which fields, and by which calls."""

    name: str
    fields: set[str]
    calls: Sequence[Call]

    def misread(self, origins: Origins, handler: Function, place: str, told: set[str], by: tuple[str, str, str]) -> Iterator[Evidence]:
        """The fields at this place of a handler that no message has, those that were `told` left out; `by`: the probe, the framework and the language."""
        probe, framework, language = by
        shown = clean(", ".join(sorted(self.fields)), 120)
        for field, node in needed(origins, handler, place):
            if field not in self.fields and field not in told:
                told.add(field)
                fact = PayloadMisread(clean(self.name, 80), clean(field, 60), shown, framework, language)
                yield seen(fact, node, probe, tuple(seen(fact, each, probe, label=f"what is sent has {shown}") for each in self.calls[:2]))
