"""An address is unreachable from where it is used, not from where it is written."""

from __future__ import annotations

import pytest

from callcheck.links.addresses import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.network import PortsOpen
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.words import Basis

PORTS = {"api": ("3000", "8090"), "worker": ("", "")}


def _told(url: str, name: str = "RESULT_URL", unit: str = "worker", system: str = "compose", purpose: str = "", whole: bool = False) -> list[str]:
    items = [
        Evidence(ServiceRun("api", "", "", "web", system), Basis.DECLARED, "test", service="api"),
        Evidence(ServiceRun("worker", "", "", "worker", system), Basis.DECLARED, "test", service="worker"),
        Evidence(VariableSet(name, url, unit, system), Basis.DECLARED, "test", Location("c.yml", 1), service=unit),
    ]
    for service, (inside, outside) in PORTS.items():
        items.append(Evidence(PortsOpen(service, inside, outside, whole, system), Basis.DECLARED, "test", Location("c.yml", 2), service=service))
    if purpose:
        items.append(Evidence(VariableRead(name, True, purpose, "request", "", "python"), Basis.INFERRED, "test", Location("a.py", 1)))
    return [f"{e.fact.why} {e.fact.instead}".rstrip() for e in LINK.join(Ledger(items))]


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("published-port 3000", {"url": "http://api:8090"}),
        ("wrong-port 3000", {"url": "http://api.shop.svc.cluster.local/x", "system": "kubernetes", "whole": True}),
        ("wrong-host api", {"url": "http://apii:3000"}),
        ("loopback api", {"url": "http://localhost:3000/done"}),
        ("loopback", {"url": "http://127.0.0.1:3000", "unit": "api", "purpose": "callback", "name": "BASE"}),
        ("loopback", {"url": "http://localhost:3000", "unit": "api", "purpose": "callback", "name": "BASE", "system": "render"}),
        ("private", {"url": "http://api:3000", "unit": "api", "purpose": "callback outside", "name": "BASE"}),
        ("upstream-loopback api", {"url": "http://localhost:3000/v1", "purpose": "upstream", "name": "LLM_URL"}),
        ("upstream-loopback", {"url": "http://localhost:11434/v1", "purpose": "upstream", "name": "LLM_URL"}),
        ("tunnel", {"url": "https://a1b2.ngrok-free.app", "unit": "api", "purpose": "callback", "name": "BASE"}),
        ("private", {"url": "http://10.0.3.4:3000", "unit": "api", "purpose": "callback outside", "name": "BASE"}),
        ("private", {"url": "http://NOMAD_ADDR_http", "unit": "api", "purpose": "callback outside", "name": "BASE"}),
    ],
)
def test_nobody_answers(expected, case) -> None:
    assert _told(**case) == [expected]


@pytest.mark.parametrize(
    "case",
    [
        {"url": "http://api:3000"},
        {"url": "http://api:9999"},
        {"url": "https://api.example.com"},
        {"url": "http://api.shop.svc:3000", "system": "kubernetes", "whole": True},
        {"url": "http://localhost:3000", "name": "FRONTEND_URL", "unit": "api"},
        {"url": "http://localhost:3000", "name": "OAUTH_CALLBACK_URL"},
        {"url": "http://localhost:9200", "name": "SEARCH_URL"},
        {"url": "http://api:3000", "unit": "api", "purpose": "callback"},
    ],
    ids=["its port", "a port that may be open", "a public name", "a Service's port", "its own page", "a browser's", "nobody's port", "given to a neighbour"],
)  # fmt: skip
def test_silent_about(case) -> None:
    assert not _told(**case)


@pytest.mark.parametrize(
    ("name", "port", "units", "said"),
    [
        ("SHOP_HOST", "8090", ("api", "worker"), []),
        ("SHOP_HOST", "8090", ("worker",), ["loopback api"]),
        ("SHOP_HOST", "3000", ("api", "worker"), ["loopback api"]),
        ("CALLBACK_URL", "8090", ("api", "worker"), ["loopback api"]),
    ],
    ids=["where people find it", "told to the worker alone", "its port inside", "to be called back"],
)
def test_an_address_that_the_server_and_its_worker_are_told_is_the_one_for_people(name: str, port: str, units: tuple[str, ...], said: list[str]) -> None:
    items = [
        Evidence(ServiceRun("api", "", "", "web", "compose"), Basis.DECLARED, "test", service="api"),
        Evidence(ServiceRun("worker", "", "", "worker", "compose"), Basis.DECLARED, "test", service="worker"),
        Evidence(PortsOpen("api", "3000", "8090", False, "compose"), Basis.DECLARED, "test", Location("c.yml", 2), service="api"),
    ]
    items += [Evidence(VariableSet(name, f"http://localhost:{port}", unit, "compose"), Basis.DECLARED, "test", Location("c.yml", 1), service=unit) for unit in units]
    found = [e.fact for e in LINK.join(Ledger(items))]
    assert [f"{each.why} {each.instead}" for each in found if each.service == "worker"] == said
