"""Under which keys of a broker does the waiting work of the code's queues stand?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.deployment import QueueUsed
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.given import given
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Node


class Queues:
    """Reads the names and prefixes of queues by the idioms that say how a library stores them."""

    name = "queues"
    looks_at = Sight.SOURCE
    about = ("queue",)
    answers = frozenset({QueueUsed})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, idioms = eyes.code, eyes.code.idioms

        def set_to(node: Node) -> str:
            told = set(given(code, [node]))
            return told.pop() if len(told) == 1 else ""

        for use in idioms.uses:
            if use.idiom.stores:
                fact = QueueUsed(clean(idioms.stored(use, set_to), 120), use.framework.broker, use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name)


PROBE = Queues()
