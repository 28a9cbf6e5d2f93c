"""Does the deployment start anything that takes the work which the code queues?

    web: gunicorn survey:app          # the only line of the Procfile
    imports.enqueue(run, path)        # no `rq worker` runs anywhere
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.links._deployed import deployed, loads
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServerlessFunction, ServiceRun
from callcheck.model.facts.starting import ServiceOff
from callcheck.model.facts.work import WorkHandedOff, WorkTaken, WorkUnserved
from callcheck.model.pattern import pattern

_BEAT = pattern(r"\bbeat\b|\s-[A-Za-z]*B\b|--beat\b")


class UnservedWork:
    """States `work.unserved`; silent unless every unit's command is known, as one of them may be the worker."""

    name = "unserved-work"
    reads = frozenset({ServiceRun, WorkHandedOff, WorkTaken, ServerlessFunction, ServiceOff})
    needs = frozenset({ServiceRun, WorkHandedOff})
    answers = frozenset({WorkUnserved})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        started = deployed(ledger)
        if started is None:
            return
        units, runs, off = started.units, started.runs, started.off
        told: set[tuple[str, str]] = set()
        for item in ledger.of(WorkHandedOff):
            work = item.fact
            if not isinstance(work, WorkHandedOff) or (work.worker, work.queue) in told:
                continue
            takers = list(_takers(work.worker, ledger, [run for _, run in runs if run.system != "package-script"], frozenset(off)))
            missing = not takers or (work.queue not in ("", "*") and all(queues and work.queue not in queues for queues in takers))
            if not missing or (takers and any("*" in queue or "$" in queue for queues in takers for queue in queues)):
                continue
            told.add((work.worker, work.queue))
            takes = ", ".join(sorted({queue for queues in takers for queue in queues}))
            fact = WorkUnserved(work.queue, work.worker, takes, started.named, work.language)
            yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, because=(*off.values(), item, *(e for e, _ in units[:4])))


def _takers(worker: str, ledger: Ledger, runs: list[ServiceRun], off: frozenset[str]) -> Iterator[frozenset[str]]:
    """For each worker of that kind the queues that it takes from; empty for any."""
    if worker == "celery beat":
        yield from (frozenset[str]() for run in runs if _BEAT.search(run.command))
        return
    plain = frozenset(e.fact.queue for e in ledger.of(WorkTaken) if isinstance(e.fact, WorkTaken) and e.fact.worker == f"{worker} without -Q")
    for run in runs:
        if run.role == "scheduler":
            continue  # It hands work off and takes none.
        if run.server == worker or (run.server in ("django", "python", "celery") and worker in f"{run.command} {run.entry}".replace("_", "")):
            yield frozenset(queue for queue in run.queues.split(",") if queue) or plain
    services = frozenset(run.service for run in runs)
    for item in ledger.of(WorkTaken):
        taken = item.fact
        units = ledger.units(item)
        if units and units <= off:
            continue
        if isinstance(taken, WorkTaken) and taken.guarded and ledger.closed and item.where is not None and item.where.path not in ledger.mains:
            continue  # whoever imports the file does not come there
        if isinstance(taken, WorkTaken) and taken.worker == worker and (not ledger.closed or loads(ledger, item, services)):
            yield frozenset({taken.queue}) if taken.queue else frozenset()


LINK = UnservedWork()
