"""Which programs does the app run as, how many of each, and which brokers stand beside them?"""

from __future__ import annotations

from callcheck.model.delivery_map import Broker, Program
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.deployment import Instances, ServiceRun
from callcheck.model.facts.execution import BusShared
from callcheck.model.facts.live import BrokerConnected
from callcheck.model.words import NOT_APP

_ROLES = ("web", "worker", "scheduler", "unknown")
_SCRIPTS = frozenset({"package-script", "dockerfile"})
"""Who says how something may be started, not that it is."""


def programs(ledger: Ledger, used: frozenset[str]) -> tuple[Program, ...]:
    """The units of the app, those that the deployment starts before those that only a script names; `used` are named at a site."""
    runs = [(e, e.fact) for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.role not in NOT_APP]
    started = [each for each in runs if each[1].system not in _SCRIPTS]
    found: dict[str, Program] = {}
    for item, run in started or runs:
        if run.service not in found:
            found[run.service] = _program(run.service, run, item, ledger)
    for name in sorted((used | ledger.apps) - set(found)):
        found[name] = _program(name, None, None, ledger)
    if len(found) > 1 and "" in found and "" not in used:
        del found[""]
    return tuple(sorted(found.values(), key=lambda each: (_ROLES.index(each.role) if each.role in _ROLES else len(_ROLES), each.name)))


def _program(name: str, run: ServiceRun | None, item: Evidence | None, ledger: Ledger) -> Program:
    counts = [e.fact for e in ledger.of(Instances) if isinstance(e.fact, Instances) and e.fact.service == name]
    count, least = (counts[0].count, counts[0].at_least) if counts else (0, False)
    role = run.role if run else next((each.role for each in counts), "unknown")
    return Program(name, role, count, least, run.command if run else "", item.where if item else None)


def brokers(ledger: Ledger) -> tuple[Broker, ...]:
    """The brokers among the units, those that processes are connected to, and those that the code carries events over."""
    found: dict[str, Broker] = {}
    for item in ledger.of(ServiceRun):
        if isinstance(item.fact, ServiceRun) and item.fact.role == "broker":
            found.setdefault(_system(item.fact), Broker(_system(item.fact), item.where))
    for kind in (BrokerConnected, BusShared, ChannelEnd):
        for item in ledger.of(kind):
            system = str(item.fact.attributes()["messaging.system"])
            if system:
                found.setdefault(system, Broker(system, item.where))
    return tuple(found[name] for name in sorted(found))


def _system(run: ServiceRun) -> str:
    """The image's name without registry and version."""
    return run.image.rsplit("/", 1)[-1].partition(":")[0].partition("@")[0] or run.service
