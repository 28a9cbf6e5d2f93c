"""Is a runtime started only in a file, or a branch, that the deployment never runs?

    CMD ["gunicorn", "wsgi:app"]           # loads wsgi.py, which hands work to the scheduler
    if __name__ == "__main__":             # run.py, for development
        scheduler.start()
    clock.start()                          # in clock.py, whose jobs are due in a process of its own, which no unit starts
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.links._deployed import deployed
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServerlessFunction, ServiceRun
from callcheck.model.facts.execution import RuntimeIdle, RuntimeStarted
from callcheck.model.facts.starting import ServiceOff
from callcheck.model.pattern import pattern

_CLOCKS = frozenset({"apscheduler", "schedule", "node-schedulers"})
"""Libraries of schedulers, whose work is due without anybody asking for it."""
_ASIDE = pattern(r"(?i)(?:^|[/_-])(?:examples?|demos?|scripts?|tools?|dev|local|tests?|bench\w*|notebooks?|old|legacy)(?:[/_.-]|$)")
"""Files that are there to be started by hand."""


class Unstarted:
    """States `runtime.idle` for what is started where no deployed process comes; silent where it is not known what these load."""

    name = "unstarted"
    reads = frozenset({RuntimeStarted, ServiceRun, ServerlessFunction, ServiceOff})
    needs = frozenset({RuntimeStarted})
    answers = frozenset({RuntimeIdle})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a runtime whose work is handed to it in a process that does not start it."""
        begun = [(e, e.fact) for e in ledger.of(RuntimeStarted) if isinstance(e.fact, RuntimeStarted) and e.where is not None]
        ticking = {fact.framework for e, fact in begun if e.where is not None and e.where.path in ledger.reached}
        units = deployed(ledger) if any(fact.framework in _CLOCKS for _, fact in begun) else None
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
            elif elsewhere and units is not None and started.framework in _CLOCKS - ticking and not _ASIDE.search(found.where.path):
                fact = RuntimeIdle(started.name, started.start, started.framework, started.language)
                label = f"{started.start}() is called here, and none of {units.named} runs this file"
                yield Evidence(fact, found.basis, self.name, found.where, found.excerpt, label=label, because=(*(e for e, _ in units.units[:3]), work))


LINK = Unstarted()
