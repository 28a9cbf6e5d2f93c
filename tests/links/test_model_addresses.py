"""A model's server that runs in another unit is not found at the caller's localhost."""

from __future__ import annotations

import pytest

from callcheck.links.model_addresses import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.network import ModelAddress, PortsOpen
from callcheck.model.facts.variables import VariableSet
from callcheck.model.words import Basis

LOCAL = "http://localhost:11434"


def _told(*more: Evidence, system: str = "compose", image: str = "ollama/ollama:0.5") -> list[str]:
    items = [
        Evidence(ServiceRun("llm", "", "", "database", system, image), Basis.DECLARED, "test", service="llm"),
        Evidence(ServiceRun("worker", "python w.py", "w.py", "worker", system, "."), Basis.DECLARED, "test", service="worker"),
        *more,
    ]
    return [f"{e.fact.why} {e.fact.service} {e.fact.instead}" for e in LINK.join(Ledger(items))]


def _set(name: str, url: str) -> Evidence:
    return Evidence(VariableSet(name, url, "worker", "compose"), Basis.DECLARED, "test", Location("c.yml", 1), service="worker")


def _code(name: str = "") -> Evidence:
    return Evidence(ModelAddress(LOCAL, name, "ollama", "python"), Basis.INFERRED, "test", Location("w.py", 1))


@pytest.mark.parametrize("item", [_set("OLLAMA_HOST", LOCAL), _set("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1"), _code(), _code("OLLAMA_HOST")])
def test_localhost_is_the_workers_own_container(item: Evidence) -> None:
    assert _told(item) == ["upstream-loopback worker llm"]


@pytest.mark.parametrize("item", [_set("OLLAMA_HOST", "http://llm:11434"), _set("PUBLIC_URL", LOCAL)])
def test_other_addresses_and_other_variables_are_left_alone(item: Evidence) -> None:
    assert _told(item) == []


def test_what_a_variable_replaces_is_not_told_where_it_is_set() -> None:
    assert _told(_code("OLLAMA_HOST"), _set("OLLAMA_HOST", "http://llm:11434")) == []
    assert _told(_code("OLLAMA_HOST"), _set("*", "")) == []


def test_nothing_is_told_without_a_server_of_models_or_on_the_hosts_network() -> None:
    assert _told(_code(), image="redis:7") == []
    assert _told(_code(), system="kubernetes") == []
    assert _told(_code(), Evidence(PortsOpen("worker", "", "", False, "host"), Basis.DECLARED, "test", service="worker")) == []
