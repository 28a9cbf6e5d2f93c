"""What is sent over a broker has ends in code that no unit loads, or in code that one may load."""

from __future__ import annotations

import pytest

from callcheck.links.idle_ends import LINK
from callcheck.model.evidence import Evidence, Ledger, Location, Placement
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.words import Basis

WEB = ServiceRun("web", "node web.js", "web.js", "web", "procfile", server="node")
SCRIPT = ServiceRun("jobs", "node jobs.js", "jobs.js", "worker", "package-script", server="node")
JOBS = ServiceRun("jobs", "node jobs.js", "jobs.js", "worker", "procfile", server="node")


def _end(name: str, does: str, path: str, space: str = "kafka") -> Evidence:
    return Evidence(ChannelEnd(name, space, does, "", "module", "kafkajs", "javascript"), Basis.INFERRED, "test", Location(path, 3))


def _told(*ends: Evidence, runs: tuple[ServiceRun, ...] = (WEB,), placed: Placement | None = None) -> list[str]:
    ledger = Ledger([*ends, *(Evidence(run, Basis.DECLARED, "test", Location("Procfile", 1)) for run in runs)])
    ledger.place(placed or Placement(closed=True, reached=frozenset({"web.js"})))
    return [f"{e.fact.worker} {e.fact.queue} @{e.where}" for e in LINK.join(ledger)]


SENT, HEARD = _end("orders", "emits", "web.js"), _end("orders", "listens", "jobs.js")


def test_no_unit_loads_the_other_end() -> None:
    assert _told(SENT, HEARD) == ["Kafka orders @web.js:3"]


def test_a_script_of_a_package_starts_nothing() -> None:
    placed = Placement({"web.js": frozenset({"web"}), "jobs.js": frozenset({"jobs"})}, frozenset({"web", "jobs"}), True, frozenset({"web.js", "jobs.js"}))
    assert _told(SENT, HEARD, runs=(WEB, SCRIPT), placed=placed) == ["Kafka orders @web.js:3"]
    assert _told(SENT, HEARD, runs=(WEB, JOBS), placed=placed) == []


def test_names_that_are_computed_may_be_one() -> None:
    assert _told(_end("", "emits", "web.js"), _end("", "listens", "jobs.js")) == ["Kafka  @web.js:3"]
    assert _told(_end("", "emits", "web.js"), HEARD) == []


@pytest.mark.parametrize(
    ("ends", "placed"),
    [
        ((SENT, _end("orders", "listens", "web.js")), None),
        ((SENT, HEARD, _end("", "listens", "web.js")), None),
        ((SENT, HEARD, _end("order*", "listens", "web.js")), None),
        ((SENT, _end("parcels", "listens", "jobs.js")), None),
        ((SENT,), None),
        ((_end("orders", "emits", "tool.js"), HEARD), None),
        ((_end("orders", "emits", "web.js", "socketio-down"), _end("orders", "listens", "jobs.js", "socketio-down")), None),
        ((SENT, HEARD), Placement(reached=frozenset({"web.js"}))),
    ],
    ids=["it is loaded", "any name is loaded", "a pattern is loaded", "another name", "no other end", "nobody sends", "no broker", "it is not known what is loaded"],
)
def test_silent_where(ends: tuple[Evidence, ...], placed: Placement | None) -> None:
    assert _told(*ends, placed=placed) == []
