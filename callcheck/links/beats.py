"""Do several replicas each send what a schedule says once?

    worker: {command: celery -A shop worker -B, deploy: {replicas: 3}}      # three beats
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import InstancesFactor, ServiceRun
from callcheck.model.facts.execution import SchedulerInProcess
from callcheck.model.pattern import pattern

_BEAT = pattern(r"\bcelery\b.*?\s(?:beat\b|-B\b|--beat\b|-\w*B\b)")
_LOCKED = pattern(r"redbeat|RedBeat|single_?beat|--scheduler|\s-S\b")
"""Schedulers that take turns by a lock, as far as the command says."""


class Beats:
    """States a scheduler for each unit whose command runs Celery's beat in more than one replica."""

    name = "beats"
    reads = frozenset({ServiceRun, InstancesFactor})
    answers = frozenset({SchedulerInProcess})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        for item in ledger.of(ServiceRun):
            run = item.fact
            if not isinstance(run, ServiceRun) or "celery" not in run.command or not _BEAT.search(run.command) or _LOCKED.search(run.command):
                continue
            copies = [e for e in ledger.of(InstancesFactor) if isinstance(e.fact, InstancesFactor) and e.fact.service == run.service and e.fact.level == "replicas"]
            if any(isinstance(e.fact, InstancesFactor) and e.fact.count > 1 for e in copies):
                yield Evidence(SchedulerInProcess("celery beat", "python", "module"), item.basis, self.name, item.where, item.excerpt, item.service, because=tuple(copies[:1]))


LINK = Beats()
