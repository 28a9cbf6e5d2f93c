"""A listener whose module nothing loads is told where the event is emitted in what runs."""

from __future__ import annotations

import pytest

from callcheck.links.unloaded_listeners import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.words import Basis, Lifetime


def _told(path: str = "src/waiting.ts", role: str = "module", emitter: str = "bus.ts:1", sent: str = "gone", closed: bool = True, reached: str = "bus.ts") -> list[str]:
    listener = ListenerRegistered("gone", "bus.ts:1", Lifetime.PROCESS, role, "node-events", "emitter", "typescript")
    emission = EventEmitted(sent, emitter, Lifetime.PROCESS, "request", "node-events", "emitter", "typescript")
    evidence = [Evidence(listener, Basis.INFERRED, "test", Location(path, 3)), Evidence(emission, Basis.INFERRED, "test", Location("bus.ts", 9))]
    ledger = Ledger(evidence, [], closed=closed, reached=frozenset({reached}))
    return [item.fact.says() for item in LINK.join(ledger)]


def test_a_module_that_no_entry_point_leads_to() -> None:
    assert _told() == ["src/waiting.ts is imported by nothing that runs"]


@pytest.mark.parametrize(
    "how",
    [
        {"reached": "src/waiting.ts"},
        {"closed": False},
        {"reached": "other.ts"},
        {"role": "request"},
        {"emitter": "other.ts:1"},
        {"sent": "booked"},
        {"path": "scripts/watch.ts"},
        {"path": "src/waiting.test.ts"},
    ],
    ids=["loaded", "some unit is not known", "the emission runs nowhere either", "attached later", "another object", "another event", "a script of its own", "a test"],
)
def test_silent_about(how) -> None:
    assert not _told(**how)
