from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callcheck.model.facts.logs import UpstreamFailure
from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from tests.agent_lines import Agent, Clock


def call(agent: Agent, number: int, req: str = "", host: str = "api.openai.com", **ended: Any) -> None:
    id = f"{agent.pid}.0.{number}"
    own = {"req": req} if req else {}
    agent.say("upstream.started", **{"upstream.id": id, "http.request.method": "POST", "server.address": host, "server.port": 443, "url.path": "/v1/chat/completions", "client": "fetch", **own})
    agent.say("upstream.ended" if "ms" not in ended else "upstream.open", **{"upstream.id": id, **ended, **own})


def failures(folder: Path) -> list[tuple[str, int, int]]:
    run = diagnose(Target(folder, recordings=(folder,)))
    facts = [item.fact for item in run.report.ledger.evidence]
    return [(fact.failure, fact.count, fact.cured) for fact in facts if isinstance(fact, UpstreamFailure)]


@pytest.mark.parametrize(
    ("ended", "failure", "cause"),
    [
        ({"http.response.status_code": 401}, "auth", "upstream-auth"),
        ({"http.response.status_code": 429}, "rate-limit", "upstream-rate-limit"),
        ({"http.response.status_code": 404}, "rejected", "upstream-rejected"),
        ({"http.response.status_code": 529}, "unavailable", "upstream-unavailable"),
        ({"error.type": "ECONNREFUSED"}, "unavailable", "upstream-unavailable"),
        ({"error.type": "AbortError"}, "timeout", "upstream-timeout"),
        ({"error.type": "ReadTimeout"}, "timeout", "upstream-timeout"),
        ({"error.type": "CancelledError"}, "timeout", "upstream-timeout"),
        ({"ms": 5000}, "timeout", "upstream-timeout"),
    ],
)
def test_a_failed_call_after_which_nothing_is_emitted_is_the_cause(tmp_path: Path, ended: dict[str, Any], failure: str, cause: str) -> None:
    agent = Agent(tmp_path, 41, Clock())
    for number in range(4):
        call(agent, number, f"41.0.{number}", **ended)
    assert failures(tmp_path) == [(failure, 4, 0)]
    found = diagnose(Target(tmp_path, recordings=(tmp_path,))).report.diagnoses[0]
    assert (found.rule.cause, found.confidence > 0.5) == (cause, True)


def test_a_tool_that_cannot_report_home_is_no_cause(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    for number in range(4):
        call(agent, number, host="telemetry.nextjs.org", **{"error.type": "ENOTFOUND"})
    assert failures(tmp_path) == []


def test_a_try_that_succeeds_makes_it_good(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    call(agent, 1, "41.0.1", **{"http.response.status_code": 429})
    call(agent, 2, "41.0.1", **{"http.response.status_code": 200})
    assert failures(tmp_path) == []


def test_a_request_that_emits_all_the_same_went_on(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    call(agent, 1, "41.0.1", **{"http.response.status_code": 500})
    agent.emit("failed", agent.emitter(), 1, req="41.0.1")
    assert failures(tmp_path) == []
