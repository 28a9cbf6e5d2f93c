"""What is listened to on one object and goes out on another has a name; two names that are computed have nothing in common."""

from __future__ import annotations

import pytest

from callcheck.links.deliveries import LINK
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.words import Basis, Lifetime


@pytest.mark.parametrize(("event", "apart"), [("paid", True), ("order.*", True), ("*", False)])
def test_names_that_are_computed_have_nothing_in_common(event: str, apart: bool) -> None:
    ledger = Ledger()
    heard = ListenerRegistered(event, "a.py:1", Lifetime.PROCESS, "helper", "own", "emitter", "python")
    sent = EventEmitted(event, "b.py:1", Lifetime.PROCESS, "helper", "node-events", "emitter", "python")
    ledger.evidence.extend(Evidence(fact, Basis.INFERRED, "test", None, "") for fact in (heard, sent))
    assert any(isinstance(item.fact, EmittersApart) for item in LINK.join(ledger)) is apart
