"""Which processes must run beside the application for what it schedules or hands over to happen?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.needed import WorkerNeeded
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen


class Needed:
    """States the `needs-process` idioms; whether the process is started shows only beside the deployment's files."""

    name = "needed"
    looks_at = Sight.SOURCE
    about = ("needs-process",)
    answers = frozenset({WorkerNeeded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for use in eyes.code.idioms.of("needs-process"):
            beside, _, pattern = use.idiom.reason.partition(" -> ")
            if not is_test(use.module.path):
                yield seen(WorkerNeeded(use.idiom.says, beside, pattern, use.framework.name, use.module.language), use.call, self.name)


PROBE = Needed()
