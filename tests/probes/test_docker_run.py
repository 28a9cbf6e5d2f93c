"""What a project's own commands start in containers, and whose network these share."""

from __future__ import annotations

import pytest

from callcheck.model.facts.network import PortsOpen
from callcheck.probes.docker_run import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)


@pytest.mark.parametrize(
    ("options", "shared"),
    [
        ("--network host", ["web"]),
        ("--net=host", ["web"]),
        ("--network container:front", ["web"]),
        ("--network shop", []),
        ("-p 80:8000", []),
    ],
)
def test_a_container_that_shares_a_network(tmp_path, options: str, shared: list[str]) -> None:
    found = list(look(tmp_path, {"start.sh": f"#!/bin/sh\ndocker run -d --name web {options} shop:1 uvicorn a:app\n"}))
    assert [e.fact.service for e in found if isinstance(e.fact, PortsOpen)] == shared
    assert [e.fact.service for e in found if e.fact.kind == "service.run"] == ["web"]


@pytest.mark.parametrize(("path", "started"), [("deploy.yml", ["web"]), ("e2e-flows.yml", []), ("test.yml", []), ("nightly_smoke.yaml", []), ("contest.yml", ["web"])])
def test_what_a_workflow_starts_to_test_it_ends_with_it(tmp_path, path: str, started: list[str]) -> None:
    run = "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: docker run -d --name web shop:1 node a.js}]}}\n"
    found = list(look(tmp_path, {f".github/workflows/{path}": run}))
    assert [e.fact.service for e in found if e.fact.kind == "service.run"] == started
