"""Which consumers of a broker that keeps its messages run in a process beside other work?

    task = asyncio.create_task(consume())                 # async with queue.iterator() as messages: …
    consumer.run({ eachMessage })                         # kafka.consumer({ groupId: "labels" })
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.work import WorkBeside
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen

_KEPT = frozenset({"queue", "group"})
"""Traits of a subscription whose broker hands each message to one of several, and keeps it until then."""
_GONE = "pubsub-shared"
"""Trait of one whose broker keeps nothing."""


class ConsumersBeside:
    """Whoever listens to all that is published does so for clients who are connected, and their connections are requests."""

    name = "consumers-beside"
    looks_at = Sight.SOURCE
    about = ("subscribe",)
    answers = frozenset({WorkBeside})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        serving = {use.module.path for use in code.idioms.of("serve") if use.idiom.role == "request"}
        for use in code.idioms.of("subscribe"):
            if use.module.path not in serving and not code.project.importers(use.module.path):
                continue  # a program of its own
            if _KEPT.isdisjoint(use.idiom.traits) or _GONE in use.idiom.traits or is_test(use.module.path) or code.lifetimes.role(use.function) in PER_CALL:
                continue
            name = clean(next(iter(code.idioms.events(use)), ""), 60)
            yield seen(WorkBeside(f"the consumer of {name}" if name else "the consumer", use.framework.name, use.module.language), use.call, self.name)


PROBE = ConsumersBeside()
