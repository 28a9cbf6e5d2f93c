"""Does the deployment start the processes that the code relies on?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.handlers import WorkerMissing
from callcheck.model.facts.needed import WorkerNeeded


class MissingWorkers:
    """Speaks only where the library is started somewhere in the deployment, so that its files are known to be there."""

    name = "missing-workers"
    reads = frozenset({ServiceRun, WorkerNeeded})
    needs = reads
    answers = frozenset({WorkerMissing})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        runs = [(e, e.fact) for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.command]
        told: set[str] = set()
        for item in ledger.of(WorkerNeeded):
            fact = item.fact
            if not isinstance(fact, WorkerNeeded) or fact.command in told:
                continue
            beside = [e for e, run in runs if re.search(fact.beside, run.command)]
            if beside and not any(re.search(fact.pattern, run.command) for _, run in _started(runs)):
                told.add(fact.command)
                missing = WorkerMissing(fact.command, fact.framework, fact.language)
                yield Evidence(missing, item.basis, self.name, item.where, item.excerpt, because=(*item.because, *beside[:2]))


def _started(runs: list[tuple[Evidence, ServiceRun]]) -> list[tuple[Evidence, ServiceRun]]:
    """The runs, without the choices that an image's start script leaves open, where units say for themselves what they start."""
    if all(run.system == "dockerfile" for _, run in runs):
        return runs
    places = [item.where for item, run in runs if run.system == "dockerfile"]
    return [(item, run) for item, run in runs if run.system != "dockerfile" or places.count(item.where) < 2]


LINK = MissingWorkers()
