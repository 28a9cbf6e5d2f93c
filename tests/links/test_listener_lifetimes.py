"""A listener is taken off by the removal of that very handler, and by no other."""

from __future__ import annotations

import pytest

from callcheck.links.listener_lifetimes import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.delivery import ListenerGrows, ListenerRegistered, ListenerRemoved, ListenerStripped
from callcheck.model.words import Basis, Lifetime


def _grows(*removals: tuple[str, bool, str]) -> bool:
    """Whether a listener for `tick`, written at a.ts:7, grows beside these removals: event, all, handler."""
    heard = ListenerRegistered("tick", "bus.ts:1", Lifetime.PROCESS, "request", "node-events", "emitter", "typescript", handler="a.ts:7")
    facts = [heard, *(ListenerRemoved(event, "bus.ts:1", whole, "request", "node-events", "typescript", handler) for event, whole, handler in removals)]
    ledger = Ledger()
    ledger.evidence.extend(Evidence(fact, Basis.INFERRED, "listeners", Location("a.ts", line)) for line, fact in enumerate(facts, 1))
    return any(isinstance(item.fact, ListenerGrows) for item in LINK.join(ledger))


@pytest.mark.parametrize("removals", [(), (("tick", False, "b.ts:3"),), (("tock", False, "a.ts:7"),)])
def test_it_grows(removals) -> None:
    assert _grows(*removals)


@pytest.mark.parametrize("removal", [("tick", False, "a.ts:7"), ("tick", False, ""), ("", False, "a.ts:7"), ("tick", True, ""), ("tick", True, "b.ts:3")])
def test_it_is_taken_off_or_may_be(removal) -> None:
    assert not _grows(removal)


def _stripped(event: str, heard_line: int, removed_line: int, role: str = "connection", lifetime: Lifetime = Lifetime.PROCESS) -> bool:
    """Whether a client that leaves takes the listeners of the others."""
    heard = ListenerRegistered(event, "bus.ts:1", lifetime, role, "node-events", "emitter", "typescript", handler="a.ts:7")
    removed = ListenerRemoved(event, "bus.ts:1", True, role, "node-events", "typescript")
    ledger = Ledger()
    ledger.evidence.extend(Evidence(fact, Basis.INFERRED, "listeners", Location("a.ts", line)) for fact, line in ((heard, heard_line), (removed, removed_line)))
    return any(isinstance(item.fact, ListenerStripped) for item in LINK.join(ledger))


def test_one_of_several_clients_that_removes_all_takes_those_of_the_others() -> None:
    assert _stripped("tick", 4, 9)
    assert not _stripped("tick", 9, 4)  # it makes room for its own
    assert not _stripped("room:*", 4, 9)  # those of one room
    assert not _stripped("tick", 4, 9, role="effect")
    assert not _stripped("tick", 4, 9, lifetime=Lifetime.REQUEST)
