"""How many processes serve each unit, all factors multiplied?

replicas: 3 (k8s/api.yaml:7)  x  --workers 2 (Dockerfile:8)  =  6
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import BalancerPool, Instances, InstancesFactor, InstancesPossible, ServiceRun
from callcheck.model.noun import replace
from callcheck.model.words import NOT_APP, Basis

_BALANCERS = frozenset({"nginx", "haproxy", "caddy", "traefik"})
_STARTERS = {
    "pm2": ("pm2", "pm2-runtime", "pm2-docker"),
    "supervisor": ("supervisord",),
    "procfile": ("honcho", "foreman"),
}
"""Who starts the apps of a file, and in which commands of an outer unit that shows."""
_LARGEST = 1_000_000


class InstancesLink:
    """One `instances` fact a unit; unknown replicas make the count a least one."""

    name = "instances"
    reads: frozenset[type[Fact]] = frozenset({InstancesFactor, InstancesPossible, ServiceRun, BalancerPool})
    answers: frozenset[type[Fact]] = frozenset({Instances})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """The product of each unit's factors; broker, database and proxy units are left out."""
        runs = ledger.of(ServiceRun)
        factors = _distinct(ledger.of(InstancesFactor))
        open_ones = ledger.of(InstancesPossible)
        units = _units(runs, factors)
        for name in units:
            own = [item for item in factors if _fact(item).service == name]
            own += _inherited(name, own, factors, runs)
            outer = _outer(name, runs, factors)
            may_be_more = any(
                item.fact.service == name for item in open_ones if isinstance(item.fact, InstancesPossible)
            )
            made = _product(name, [*own, *outer], _role(name, runs), may_be_more)
            if made is not None:
                yield _pooled(made, [name for name in units if name], ledger)


def _pooled(made: Evidence, units: Sequence[str], ledger: Ledger) -> Evidence:
    """With the units that stand beside this one in a balancer's pool: to a client they are one."""
    fact = made.fact
    assert isinstance(fact, Instances)
    for pool in ledger.of(BalancerPool):
        members = pool.fact.members.split(",") if isinstance(pool.fact, BalancerPool) else []
        beside = [unit for unit in units if unit in members]
        if fact.service in beside and len(beside) > 1:
            many = replace(fact, count=min(fact.count * len(beside), _LARGEST))
            return Evidence(many, made.basis, made.probe, pool.where, pool.excerpt, made.service, because=(pool, made))
    return made


def _fact(item: Evidence) -> InstancesFactor:
    assert isinstance(item.fact, InstancesFactor)
    return item.fact


def _run(item: Evidence) -> ServiceRun:
    assert isinstance(item.fact, ServiceRun)
    return item.fact


def _distinct(found: Sequence[Evidence]) -> list[Evidence]:
    """Without what is said again for no unit in particular: same place, a named unit already has it."""
    named = {item.where for item in found if _fact(item).service and item.where}
    seen: set[object] = set()
    kept = []
    for item in found:
        fact = _fact(item)
        key = (fact.service, fact.level, fact.system, item.where, fact.count if item.where is None else 0)
        if key in seen or (not fact.service and item.where in named):
            continue
        seen.add(key)
        kept.append(item)
    return kept


def _role(name: str, runs: Sequence[Evidence]) -> str:
    roles = [_run(item).role for item in runs if _run(item).service == name]
    return next((role for role in roles if role != "unknown"), "unknown")


def _units(runs: Sequence[Evidence], factors: Sequence[Evidence]) -> list[str]:
    """The app's units, in the order in which they were found; "" only where no named unit takes its factors."""
    names = dict.fromkeys([*(_run(item).service for item in runs), *(_fact(item).service for item in factors)])
    platforms = _platform_units(factors)
    hosts = {_host(name, runs) for name in names if name}
    kept = []
    for name in names:
        systems = {_fact(item).system for item in factors if _fact(item).service == name}
        systems |= {_run(item).system for item in runs if _run(item).service == name}
        if _role(name, runs) in NOT_APP or (name and name in hosts):
            continue
        if systems <= _BALANCERS and len(names) > len({name, ""} & set(names)):
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
    return {_fact(item).system for item in factors if _fact(item).service == name and _fact(item).level == "processes"}


def _platform_units(factors: Sequence[Evidence]) -> set[str]:
    """Units that a platform runs: those with a number of replicas."""
    return {
        _fact(item).service
        for item in factors
        if _fact(item).level == "replicas" and _fact(item).service and _fact(item).system not in _BALANCERS
    }


def _inherited(
    name: str, own: Sequence[Evidence], factors: Sequence[Evidence], runs: Sequence[Evidence]
) -> list[Evidence]:
    """Factors of no unit in particular (a Dockerfile, gunicorn.conf.py, the live processes) that hold for this one."""
    if not name:
        return []
    loose = [item for item in factors if not _fact(item).service]
    app_units = {_run(item).service for item in runs if _run(item).service and _run(item).role not in NOT_APP}
    app_units |= {
        _fact(item).service for item in factors if _fact(item).service and _fact(item).system not in _BALANCERS
    }
    app_units = {unit for unit in app_units if _role(unit, runs) not in NOT_APP}
    only = app_units == {name}
    serving = {unit for unit in app_units if _role(unit, runs) not in ("worker", "scheduler")}
    # What runs, and what the code itself forks, comes on top of what the files say.
    kept = [item for item in loose if item.basis is not Basis.DECLARED and (only or serving == {name})]
    has_processes = any(_fact(item).level == "processes" for item in own)
    if has_processes:
        return kept
    commands = [_run(item).command for item in runs if _run(item).service == name]
    for item in loose:
        fact = _fact(item)
        if item.basis is not Basis.DECLARED or fact.level != "processes":
            continue
        told = any(fact.system in command for command in commands)
        if told or (only and fact.system not in _BALANCERS and not any(commands)):
            kept.append(item)
    return kept


def _outer(name: str, runs: Sequence[Evidence], factors: Sequence[Evidence]) -> list[Evidence]:
    """The replicas of the one unit that starts this one."""
    host = _host(name, runs)
    return [f for f in factors if _fact(f).service == host and _fact(f).level == "replicas"] if host else []


def _host(name: str, runs: Sequence[Evidence]) -> str:
    """The one unit whose command starts this one (PM2, supervisord or a Procfile within a container), or ""."""
    for item in runs:
        run = _run(item)
        if run.service != name or run.system not in _STARTERS:
            continue
        words = _STARTERS[run.system]
        others = [_run(other) for other in runs if _run(other).service not in (name, "")]
        hosts = {
            other.service
            for other in others
            if {word.rsplit("/", 1)[-1] for word in other.command.split()} & set(words)
        }
        if len(hosts) == 1:
            return hosts.pop()
    return ""


def _product(name: str, found: Sequence[Evidence], role: str, may_be_more: bool) -> Evidence | None:
    chosen: list[Evidence] = []
    unsure = may_be_more
    for level in ("replicas", "processes"):
        here = [item for item in found if _fact(item).level == level]
        observed = [item for item in here if item.basis is Basis.OBSERVED]
        if observed:
            chosen.append(max(observed, key=lambda item: _fact(item).count))
            continue
        balanced = [item for item in here if _fact(item).system in _BALANCERS]
        rest = [item for item in here if item not in balanced] or balanced
        systems = dict.fromkeys(_fact(item).system for item in rest)
        for system in systems:
            chosen.append(
                max((item for item in rest if _fact(item).system == system), key=lambda item: _fact(item).count)
            )
        if level == "replicas" and not here:
            unsure = True
    if not chosen:
        return None
    count = min(math.prod(_fact(item).count for item in chosen), _LARGEST)
    if may_be_more and count <= 1:
        # A variable decides; that it is one is not known.
        return None
    at_least = unsure or any(_fact(item).at_least for item in chosen)
    if any(item.basis is Basis.OBSERVED and not _fact(item).at_least for item in chosen) and not may_be_more:
        at_least = any(_fact(item).at_least for item in chosen)
    strongest = max(
        chosen,
        key=lambda item: (
            item.basis is Basis.OBSERVED and _fact(item).count > 1,
            _fact(item).count,
            item.where is not None,
        ),
    )
    basis = strongest.basis if _fact(strongest).count > 1 else chosen[0].basis
    fact = Instances(count, at_least, name, role)
    label = strongest.label if _fact(strongest).count > 1 else ""
    return Evidence(fact, basis, "instances", strongest.where, strongest.excerpt, name, label, tuple(chosen))


LINK = InstancesLink()
