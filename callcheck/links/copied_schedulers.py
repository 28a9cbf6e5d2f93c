"""Does a unit run several copies of a program that is there to run a scheduler?

    reminder: {command: python remind.py, deploy: {mode: global}}           # scheduler.start() in remind.py, on each node
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import InstancesFactor
from callcheck.model.facts.execution import SchedulerAlone, SchedulerInProcess


class CopiedSchedulers:
    """States a scheduler for each unit that is known to run the program, and to run it more than once."""

    name = "copied-schedulers"
    reads = frozenset({SchedulerAlone, InstancesFactor})
    answers = frozenset({SchedulerInProcess})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        copied = {e.fact.service for e in ledger.of(InstancesFactor) if isinstance(e.fact, InstancesFactor) and e.fact.count > 1}
        for item in ledger.of(SchedulerAlone):
            fact = item.fact
            if not isinstance(fact, SchedulerAlone):
                continue
            runs = ledger.units(item) if ledger.loaded else copied if item.where is not None and item.where.path in ledger.reached else frozenset()
            for unit in sorted(runs & copied):
                yield Evidence(SchedulerInProcess(fact.framework, fact.language, "module"), item.basis, self.name, item.where, item.excerpt, unit, because=(item,))


LINK = CopiedSchedulers()
