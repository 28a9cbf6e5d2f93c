"""A broker that the code shares events over, and that no running process is connected to, is stated; what could not be seen is not."""

from __future__ import annotations

import pytest

from callcheck.links.unconnected import LINK
from callcheck.model.evidence import Evidence, Ledger, Location, Looked
from callcheck.model.facts.execution import BusShared
from callcheck.model.facts.live import BrokerConnected, BusUnconnected, ProcessesRun
from callcheck.model.words import Basis, Outcome

SHARED = Evidence(BusShared("redis", "redis-py", "python"), Basis.INFERRED, "test", Location("bus.py", 3))


def ran(asked: bool = True, inside: str = "") -> Evidence:
    return Evidence(ProcessesRun(4, "", "gunicorn", "app:app", "web", "fork", "7", "8000", inside, -1, 1, 1, asked), Basis.OBSERVED, "test")


def connected(system: str) -> Evidence:
    return Evidence(BrokerConnected(system, "127.0.0.1", 6379, 4, ""), Basis.OBSERVED, "test")


def stated(*evidence: Evidence, outcome: Outcome = Outcome.DONE) -> list[tuple[str, int]]:
    ledger = Ledger()
    ledger.add(evidence, Looked("test", frozenset({"broker.connected"}), outcome, ""))
    return [(item.fact.system, item.fact.count) for item in LINK.join(ledger) if isinstance(item.fact, BusUnconnected)]


def test_nobody_is_connected_to_it() -> None:
    assert stated(SHARED, ran()) == [("redis", 4)]
    assert stated(SHARED, ran(), connected("postgresql")) == [("redis", 4)]


@pytest.mark.parametrize(
    "evidence",
    [(SHARED, ran(), connected("redis")), (SHARED, ran(asked=False)), (SHARED, ran(inside="web-1")), (SHARED,), (ran(),)],
    ids=["connected", "a developer's own", "in a container", "nothing runs", "nothing shared"],
)
def test_it_is_connected_or_cannot_be_told(evidence: tuple[Evidence, ...]) -> None:
    assert stated(*evidence) == []


def test_nothing_is_said_where_connections_were_not_to_be_seen() -> None:
    assert stated(SHARED, ran(), outcome=Outcome.PART) == []
