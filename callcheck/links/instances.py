"""How many processes serve each unit, all factors multiplied?

replicas: 3 (k8s/api.yaml:7)  x  --workers 2 (Dockerfile:8)  =  6

What runs goes before what files say, and a difference is stated; but a process that nobody named, in the folder that was looked at, may be a
developer's own, so it can raise a number and not lower it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from callcheck.links._running import BALANCERS, declared, fact_of, goes_before, is_of, ran_of, run_of, seen_as
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import BalancerPool, Instances, InstancesFactor, InstancesPossible, ServiceRun
from callcheck.model.noun import dataclass, replace
from callcheck.model.words import NOT_APP, Basis

_STARTERS = {
    "pm2": ("pm2", "pm2-runtime", "pm2-docker"),
    "supervisor": ("supervisord",),
    "procfile": ("honcho", "foreman"),
}
"""Who starts the apps of a file, and in which commands of an outer unit that shows."""
_LARGEST = 1_000_000
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_ONE_MACHINE = frozenset({"systemd", "supervisor", "pm2", "procfile"})
"""Whose units a balancer reaches at ports of the machine."""


class InstancesLink:
    """One `instances` fact a unit; unknown replicas make the count a least one."""

    name = "instances"
    reads: frozenset[type[Fact]] = frozenset({InstancesFactor, InstancesPossible, ServiceRun, BalancerPool})
    answers: frozenset[type[Fact]] = frozenset({Instances})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """The product of each unit's factors; broker, database and proxy units are left out."""
        found = list(units_of(ledger))
        named = [unit.name for unit in found if unit.name]
        for unit in found:
            made = _product(unit)
            if made is not None:
                yield _pooled(made, named, ledger)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the app and all that multiplies it."""

    name: str
    factors: tuple[Evidence, ...]
    role: str
    may_be_more: bool


def units_of(ledger: Ledger) -> Iterator[Unit]:
    """The app's units; of those without a name, one for each app that runs, or one for all that files say."""
    runs = ledger.of(ServiceRun)
    factors = _distinct(ledger.of(InstancesFactor))
    units = _units(runs, factors)
    may = {item.fact.service for item in ledger.of(InstancesPossible) if isinstance(item.fact, InstancesPossible)}
    taken: set[str] = set()
    for name in filter(None, units):
        own = [item for item in factors if fact_of(item).service == name]
        own += _inherited(name, own, factors, runs)
        own += _of_plan(name, own, factors, runs)
        taken.update(seen_as(item) for item in own)
        yield Unit(name, (*own, *_outer(name, runs, factors)), _role(name, runs), name in may)
    loose = [item for item in factors if not fact_of(item).service and seen_as(item) not in taken]
    told = tuple(item for item in loose if not seen_as(item)) if "" in units else ()
    seen = {key: ran for item in loose if (key := seen_as(item)) and (ran := ran_of(item)) and ran.role not in NOT_APP}
    for key, ran in seen.items():
        yield Unit("", (*(item for item in loose if seen_as(item) == key), *told), ran.role, False)
    if "" in units and not seen:
        yield Unit("", told, _role("", runs), "" in may)


def _pooled(made: Evidence, units: Sequence[str], ledger: Ledger) -> Evidence:
    """With the units that stand beside this one in a balancer's pool: to a client they are one."""
    fact = made.fact
    assert isinstance(fact, Instances)
    for pool in ledger.of(BalancerPool):
        members = pool.fact.members.split(",") if isinstance(pool.fact, BalancerPool) else []
        beside = _twins(fact.service, units, ledger) if _LOOPBACK.issuperset(members) else [unit for unit in units if unit in members]
        if fact.service in beside and len(beside) > 1:
            many = replace(fact, count=min(fact.count * len(beside), _LARGEST))
            return Evidence(many, made.basis, made.probe, pool.where, pool.excerpt, made.service, because=(pool, made))
    return made


def _twins(service: str, units: Sequence[str], ledger: Ledger) -> list[str]:
    """The units of one machine that run the same program as a unit, each at a port of its own."""
    runs = [run_of(item) for item in ledger.of(ServiceRun) if run_of(item).system in _ONE_MACHINE]
    own = {run.entry for run in runs if run.service == service and run.entry}
    return [unit for unit in units if any(run.service == unit and run.entry in own for run in runs)]


def _distinct(found: Sequence[Evidence]) -> list[Evidence]:
    """Without what is said again for no unit in particular: same place, a named unit already has it."""
    named = {item.where for item in found if fact_of(item).service and item.where}
    seen: set[object] = set()
    kept = []
    for item in found:
        fact = fact_of(item)
        key = (fact.service, fact.level, fact.system, item.where, fact.count if item.where is None else 0, seen_as(item))
        if key in seen or (not fact.service and item.where in named):
            continue
        seen.add(key)
        kept.append(item)
    return kept


def _role(name: str, runs: Sequence[Evidence]) -> str:
    roles = [run_of(item).role for item in runs if run_of(item).service == name]
    return next((role for role in roles if role != "unknown"), "unknown")


def _units(runs: Sequence[Evidence], factors: Sequence[Evidence]) -> list[str]:
    """The app's units, in the order in which they were found; "" only where no named unit takes its factors."""
    names = dict.fromkeys([*(run_of(item).service for item in runs), *(fact_of(item).service for item in factors)])
    platforms = _platform_units(factors)
    hosts = {_host(name, runs) for name in names if name}
    kept = []
    for name in names:
        systems = {fact_of(item).system for item in factors if fact_of(item).service == name}
        systems |= {run_of(item).system for item in runs if run_of(item).service == name}
        if _role(name, runs) in NOT_APP or (name and name in hosts):
            continue
        if systems <= BALANCERS and len(names) > len({name, ""} & set(names)):
            # The balancer's own name for units that are named elsewhere.
            continue
        if not name and any(_role(other, runs) not in NOT_APP for other in names if other):
            continue
        if (
            platforms
            and "package-script" in systems
            and systems <= {"package-script", *_servers(factors, name)}
            and name not in platforms
        ):
            # `npm run worker` beside a platform that says itself what it runs.
            continue
        kept.append(name)
    return kept


def _servers(factors: Sequence[Evidence], name: str) -> set[str]:
    return {fact_of(item).system for item in factors if fact_of(item).service == name and fact_of(item).level == "processes"}


def _platform_units(factors: Sequence[Evidence]) -> set[str]:
    """Units that a platform runs: those with a number of replicas."""
    return {
        fact_of(item).service
        for item in factors
        if fact_of(item).level == "replicas" and fact_of(item).service and fact_of(item).system not in BALANCERS
    }


def _inherited(
    name: str, own: Sequence[Evidence], factors: Sequence[Evidence], runs: Sequence[Evidence]
) -> list[Evidence]:
    """Factors of no unit in particular (a Dockerfile, gunicorn.conf.py, the live processes) that hold for this one."""
    if not name:
        return []
    loose = [item for item in factors if not fact_of(item).service]
    app_units = {run_of(item).service for item in runs if run_of(item).service and run_of(item).role not in NOT_APP}
    app_units |= {
        fact_of(item).service for item in factors if fact_of(item).service and fact_of(item).system not in BALANCERS
    }
    app_units = {unit for unit in app_units if _role(unit, runs) not in NOT_APP}
    only = app_units == {name}
    serving = {unit for unit in app_units if _role(unit, runs) not in ("worker", "scheduler")}
    # What runs, and what the code itself forks, comes on top of what the files say.
    kept = [item for item in loose if item.basis is not Basis.DECLARED and is_of(item, name, _role(name, runs), runs, only or serving == {name})]
    has_processes = any(fact_of(item).level == "processes" for item in own)
    if has_processes:
        return kept
    commands = [run_of(item).command for item in runs if run_of(item).service == name]
    for item in loose:
        fact = fact_of(item)
        if item.basis is not Basis.DECLARED or fact.level != "processes":
            continue
        told = any(fact.system in command for command in commands)
        if told or (only and fact.system not in BALANCERS and not any(commands)):
            kept.append(item)
    return kept


def _of_plan(name: str, own: Sequence[Evidence], factors: Sequence[Evidence], runs: Sequence[Evidence]) -> list[Evidence]:
    """Replicas that a platform is told of without a name (the instances of an App Service plan), for the one unit that runs there."""
    systems = {run_of(item).system for item in runs if run_of(item).service == name}
    if any(fact_of(item).level == "replicas" for item in own) or any(run_of(item).system in systems and run_of(item).service not in (name, "") for item in runs):
        return []
    return [item for item in factors if not fact_of(item).service and fact_of(item).level == "replicas" and fact_of(item).system in systems]


def _outer(name: str, runs: Sequence[Evidence], factors: Sequence[Evidence]) -> list[Evidence]:
    """The replicas of the one unit that starts this one."""
    host = _host(name, runs)
    return [f for f in factors if fact_of(f).service == host and fact_of(f).level == "replicas"] if host else []


def _host(name: str, runs: Sequence[Evidence]) -> str:
    """The one unit whose command starts this one (PM2, supervisord or a Procfile within a container), or ""."""
    for item in runs:
        run = run_of(item)
        if run.service != name or run.system not in _STARTERS:
            continue
        words = _STARTERS[run.system]
        others = [run_of(other) for other in runs if run_of(other).service not in (name, "")]
        hosts = {
            other.service
            for other in others
            if {word.rsplit("/", 1)[-1] for word in other.command.split()} & set(words)
        }
        if len(hosts) == 1:
            return hosts.pop()
    return ""


def _product(unit: Unit) -> Evidence | None:
    name, found, may_be_more = unit.name, unit.factors, unit.may_be_more
    chosen: list[Evidence] = []
    unsure = may_be_more
    for level in ("replicas", "processes"):
        here = [item for item in found if fact_of(item).level == level]
        observed = [item for item in here if item.basis is Basis.OBSERVED]
        if observed:
            most = max(observed, key=lambda item: fact_of(item).count)
            here = [item for item in here if item.basis is not Basis.OBSERVED]
            if goes_before(most, declared(here)):
                chosen.append(most)
                continue
        balanced = [item for item in here if fact_of(item).system in BALANCERS]
        rest = [item for item in here if item not in balanced] or balanced
        systems = dict.fromkeys(fact_of(item).system for item in rest)
        for system in systems:
            chosen.append(
                max((item for item in rest if fact_of(item).system == system), key=lambda item: fact_of(item).count)
            )
        if level == "replicas" and not here:
            unsure = True
    if not chosen:
        return None
    count = min(math.prod(fact_of(item).count for item in chosen), _LARGEST)
    if may_be_more and count <= 1:
        # A variable decides; that it is one is not known.
        return None
    at_least = unsure or any(fact_of(item).at_least for item in chosen)
    if any(item.basis is Basis.OBSERVED and not fact_of(item).at_least for item in chosen) and not may_be_more:
        at_least = any(fact_of(item).at_least for item in chosen)
    strongest = max(
        chosen,
        key=lambda item: (
            item.basis is Basis.OBSERVED and fact_of(item).count > 1,
            fact_of(item).count,
            item.where is not None,
        ),
    )
    basis = strongest.basis if fact_of(strongest).count > 1 else chosen[0].basis
    fact = Instances(count, at_least, name, unit.role)
    label = strongest.label if fact_of(strongest).count > 1 else ""
    return Evidence(fact, basis, "instances", strongest.where, strongest.excerpt, name, label, tuple(chosen))


LINK = InstancesLink()
