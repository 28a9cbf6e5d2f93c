"""Is a worker killed before the job that it is at may be done?

    terminationGracePeriodSeconds: 10          # of a unit that runs `celery -A films worker`
    @app.task(time_limit=840)                  # acknowledged when it begins, so that nobody does it again

Only what is written down is compared: a period of the unit, and a limit of the job. Sources: kubernetes.io, pod lifecycle (SIGKILL when the grace
period is over); docs.celeryq.dev, warm shutdown and acks_late; python-rq.org/docs/workers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Keyword, Literal
from callcheck.sources.documents import Table, each_of
from callcheck.sources.environment import compose

_LIMITS = frozenset({"time_limit", "soft_time_limit", "task_time_limit", "task_soft_time_limit", "job_timeout"})
_WORKER = pattern(r"\bcelery\b.{0,200}\bworker\b|\brq\b.{0,80}\bworker\b")
_LATE = pattern(r"acks_late\b", re.IGNORECASE)
_TIME = pattern(r"^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$")
_SHORTEST_S = 60
"""Shorter jobs are most often done in time."""


class Grace:
    """Celery and RQ on Kubernetes and Compose; silent where a task is acknowledged late, since another worker takes it then."""

    name = "grace"
    looks_at = ("*.yaml", "*.yml")
    marks = ("terminationGracePeriodSeconds", "stop_grace_period")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        periods = [*_pods(eyes), *_services(eyes)]
        if not periods or not eyes.code.present or any(_LATE.search(module.text) for module in eyes.code.project.naming("acks_late", "ACKS_LATE")):
            return
        limit = max(_limits(eyes.code), key=lambda each: each[0], default=None)
        for period_s, unit, where in periods:
            if limit is not None and limit[0] > max(period_s, _SHORTEST_S - 1):
                says = f"The worker is killed {period_s} s after it is told to stop, and a job may take {limit[0]} s: each deployment loses what is at work; raise the period"
                fact = LibraryTrap("runtime-not-started", "strong", says, clean(unit, 60), "celery", module_of(limit[1]).language)
                there = seen(fact, limit[1], self.name, label="so long may a job take")
                yield Evidence(fact, Basis.DECLARED, self.name, where, service=clean(unit, 80), because=(there,))


def _pods(eyes: Eyes) -> Iterator[tuple[int, str, Location]]:
    from callcheck.sources.manifests import UNITS, collect

    for unit in collect(eyes).of(*UNITS):
        path = ("spec", "template", "spec")
        period = unit.get(*path, "terminationGracePeriodSeconds")
        words = [" ".join(map(str, (*(box.get("command") or ()), *(box.get("args") or ())))) for _, box in each_of(unit.get(*path, "containers"))]
        if isinstance(period, int) and any(_WORKER.search(each) for each in words):
            yield period, unit.name, unit.where(*path, "terminationGracePeriodSeconds")


def _services(eyes: Eyes) -> Iterator[tuple[int, str, Location]]:
    for file, services in compose.files(eyes):
        for name, keys in services.items():
            told = keys.get("stop_grace_period") if isinstance(keys, Table) else None
            command = keys.get("command") if isinstance(keys, Table) else None
            period = _seconds(told)
            if period is not None and _WORKER.search(" ".join(map(str, command)) if isinstance(command, list) else str(command or "")):
                yield period, name, Location(clean(file.name), keys.lines["stop_grace_period"])


def _limits(code: Code) -> Iterator[tuple[int, Keyword]]:
    for module in code.project.naming(*_LIMITS):
        for given in module.all(Keyword) if not is_test(module.path) else ():
            held = given.value.value if given.name in _LIMITS and isinstance(given.value, Literal) else None
            seconds = _seconds(held)
            if seconds is not None:
                yield seconds, given


def _seconds(value: object) -> int | None:
    """`90`, `"90s"`, `"1m30s"`, `"1h"`."""
    found = _TIME.match(re.sub(r"\s", "", str(value))) if value not in (None, "", True, False) else None
    return sum(int(part or 0) * unit for part, unit in zip(found.groups(), (3600, 60, 1), strict=True)) if found else None


PROBE = Grace()
