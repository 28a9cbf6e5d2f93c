"""Is a runtime started only in a file, or a branch, that the deployment never runs?

    CMD ["gunicorn", "wsgi:app"]           # loads wsgi.py, which hands work to the scheduler
    if __name__ == "__main__":             # run.py, for development
        scheduler.start()
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.execution import RuntimeIdle, RuntimeStarted


class Unstarted:
    """States `runtime.idle` for what is started where no deployed process comes; silent where it is not known what these load."""

    name = "unstarted"
    reads = frozenset({RuntimeStarted, ServiceRun})
    needs = frozenset({RuntimeStarted})
    answers = frozenset({RuntimeIdle})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a runtime whose work is handed to it in a process that does not start it."""
        for found in ledger.of(RuntimeStarted):
            started = found.fact
            if not isinstance(started, RuntimeStarted) or not ledger.closed or found.where is None:
                continue
            work = found.because[0]
            elsewhere = found.where.path not in ledger.reached
            skipped = started.guarded and found.where.path not in ledger.mains
            if (elsewhere or skipped) and work.where is not None and work.where.path in ledger.reached:
                runs = tuple(e for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.entry)
                label = f"{started.start}() is called here, which the deployed process does not run"
                fact = RuntimeIdle(started.name, started.start, started.framework, started.language)
                yield Evidence(fact, found.basis, self.name, found.where, found.excerpt, label=label, because=(*runs[:1], work))


LINK = Unstarted()
