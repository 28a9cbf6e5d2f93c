"""A call to ::1 is refused where the unit that is meant listens on 127.0.0.1 alone, and only there."""

from __future__ import annotations

import pytest

from callcheck.links.address_families import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import ServerBound, ServiceRun
from callcheck.model.facts.logs import UpstreamFailure
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.words import Basis
from callcheck.sources.launch.bound import bound
from callcheck.sources.launch.command import read_command


def _told(command: str, asked: str = "::1:9000", system: str = "systemd", peer: str = "service", excerpt: str = "", purpose: str = "") -> list[tuple[str, str]]:
    failure = UpstreamFailure("unavailable", peer, 0, "", asked, True, 9, 0, True, False, 1)
    (started,) = read_command(command)
    address = bound(started, {})
    items = [
        Evidence(failure, Basis.OBSERVED, "test", Location("app.log", 4), excerpt),
        Evidence(ServiceRun("scorer", command, "app:app", "web", system, server=started.server), Basis.DECLARED, "test", service="scorer"),
        Evidence(VariableSet("SCORER_URL", "http://localhost:9000", "web", system), Basis.DECLARED, "test", Location("web.service", 3), service="web"),
        Evidence(VariableRead("SCORER_URL", True, purpose, "module", "", "javascript"), Basis.INFERRED, "test", Location("a.js", 1)),
    ]
    if address:
        items.append(Evidence(ServerBound(address.address, started.server, True, False, "scorer"), Basis.DECLARED, "test", service="scorer"))
    return [(e.fact.why, e.fact.instead) for e in LINK.join(Ledger(items))]


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app:app --host 127.0.0.1 --port 9000",
        "uvicorn app:app --port 9000",
        "gunicorn -b 127.0.0.1:9000 app:app",
        "python manage.py runserver 9000",
        "llama-server --host=127.0.0.1 --port=9000",
    ],
)
def test_a_unit_of_127_0_0_1_is_not_found_at_1(command: str) -> None:
    assert _told(command) == [("family-call", "127.0.0.1:9000")]


def test_a_callback_is_told_apart() -> None:
    assert _told("uvicorn app:app --port 9000", peer="callback") == [("family", "127.0.0.1:9000")]
    assert _told("uvicorn app:app --port 9000", purpose="callback") == [("family", "127.0.0.1:9000")]


@pytest.mark.parametrize(
    "given",
    [
        {"command": "uvicorn app:app --host 0.0.0.0 --port 9000"},
        {"command": "uvicorn app:app --host :: --port 9000"},
        {"command": "uvicorn app:app --port 8000"},
        {"command": "node scorer.js --port 9000"},
        {"command": "uvicorn app:app --port 9000", "asked": "127.0.0.1:9000"},
        {"command": "uvicorn app:app --port 9000", "excerpt": "ECONNREFUSED ::1:9000, ECONNREFUSED 127.0.0.1:9000"},
        {"command": "uvicorn app:app --port 9000", "system": "compose"},
    ],
)
def test_nothing_is_said_of_others(given: dict[str, str]) -> None:
    assert _told(**given) == []
