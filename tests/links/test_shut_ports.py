"""A port that nobody outside gets to is told from one that is open, forwarded, or somebody else's."""

from __future__ import annotations

import pytest

from callcheck.links.shut_ports import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import ServerBound, ServiceRun
from callcheck.model.facts.network import PortsOpen
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.words import Basis

KEPT = PortsOpen("api", "5050", "5050", False, "compose", "5050")
INNER = PortsOpen("api", "5050", "", False, "compose")
FRONT = PortsOpen("front", "80,443", "80,443", False, "compose")
HOST = PortsOpen("shop.example.org", "80,443", "", True, "ingress")
PLAIN = "http://shop.example.org:5050"


def _told(*facts, url: str = PLAIN, name: str = "PUBLIC_URL", system: str = "compose", purpose: str = "callback outside", command: str = "") -> list[str]:
    given = [
        ServiceRun("api", command, "", "web", system),
        ServiceRun("front", "", "", "proxy", system),
        VariableSet(name, url, "api", system),
        VariableRead(name, True, purpose, "request", "", "python"),
    ]
    items = [Evidence(fact, Basis.DECLARED, "test", Location("c.yml", line)) for line, fact in enumerate((*given, *facts), 1)]
    return [f"{e.fact.why} {e.fact.instead}".rstrip() for e in LINK.join(Ledger(items))]


@pytest.mark.parametrize(
    ("expected", "facts", "case"),
    [
        ("shut-port 443", (KEPT, FRONT), {}),
        ("shut-port", (KEPT,), {}),
        ("shut-port 443", (INNER, FRONT), {}),
        ("shut-port 80", (INNER, PortsOpen("front", "80", "80", False, "compose")), {}),
        ("shut-port 443", (KEPT, FRONT), {"name": "WEBHOOK_URL", "url": PLAIN + "/", "purpose": ""}),
        ("shut-port 443", (HOST,), {"system": "kubernetes", "url": "https://shop.example.org:8000/done"}),
        ("shut-port", (ServerBound("127.0.0.1", "uvicorn", True, False, "api"),), {"system": "systemd", "command": "uvicorn shop:app --host 127.0.0.1 --port 5050"}),
    ],
)
def test_a_shut_port(expected, facts, case) -> None:
    assert _told(*facts, **case) == [expected]


@pytest.mark.parametrize(
    ("facts", "case"),
    [
        ((PortsOpen("api", "5050", "5050", False, "compose"), FRONT), {}),
        ((KEPT, PortsOpen("api", "5050", "5050", False, "compose"), FRONT), {}),
        ((INNER,), {}),
        ((KEPT, PortsOpen("front", "", "", False, "compose")), {}),
        ((KEPT, PortsOpen("front", "", "", False, "host")), {}),
        ((KEPT, FRONT), {"url": "https://shop.example.org"}),
        ((KEPT, FRONT), {"url": "https://shop.example.org:443"}),
        ((KEPT, FRONT), {"url": "https://shop.tail1.ts.net:5050"}),
        ((KEPT, FRONT), {"url": "http://api:5050"}),
        ((KEPT, FRONT), {"url": "http://other.example.org:6060"}),
        ((KEPT, FRONT), {"purpose": ""}),
        ((KEPT, FRONT), {"name": "ORDERS_WEBHOOK_URL", "url": PLAIN + "/orders", "purpose": ""}),
        ((HOST,), {"system": "kubernetes", "url": "https://shop.example.org:443/done"}),
        ((HOST,), {"system": "kubernetes", "url": "https://else.example.org:8000/done"}),
        ((ServerBound("127.0.0.1", "uvicorn", True, False, "api"),), {"system": "systemd", "command": "uvicorn shop:app --host 127.0.0.1 --port 9000"}),
        ((), {"system": "systemd", "command": "uvicorn shop:app --host 0.0.0.0 --port 5050"}),
    ],
)
def test_silent_where_somebody_may_get_in(facts, case) -> None:
    assert _told(*facts, **case) == []
