"""What went wrong beside the deliveries, and what of it is left out since something else tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.sources.recording.faults import faults
from callcheck.sources.recording.read import read
from tests.agent_lines import Agent, Clock

ERROR = {"error.type": "OSError", "exception.message": "no disk"}


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path, 41, Clock(), "python")


def told(folder: Path) -> list[tuple[str, str, int]]:
    return [(each.first.kind, each.subject, each.count) for each in faults(read(folder))]


def test_faults_alike_are_counted(agent: Agent, tmp_path: Path) -> None:
    for _ in range(3):
        agent.say("asyncio.unhandled", **ERROR)
    agent.say("process.warning", **{"error.type": "RuntimeWarning", "exception.message": "coroutine 'notify' was never awaited"})
    assert told(tmp_path) == [("asyncio", "", 3), ("warning", "notify", 1)]


def test_a_task_that_fails_in_a_worker_is_named(agent: Agent, tmp_path: Path) -> None:
    listener = agent.listen("mails.send", agent.emitter(system="celery"), system="celery")
    agent.say("handler.entered", **{"listener.id": listener})
    agent.say("handler.threw", **{"listener.id": listener}, **ERROR)
    agent.say("handler.unhandled_type", **{"messaging.message.type": "mails.sned", "known": ["mails.send"]})
    assert sorted(told(tmp_path)) == [("task", "mails.send", 1), ("unknown-task", "mails.sned", 1)]


def test_what_a_delivery_tells_is_told_once(agent: Agent, tmp_path: Path) -> None:
    bus = agent.emitter()
    listener = agent.listen("done", bus)
    message = agent.emit("done", bus, 1)
    agent.say("handler.rejected", **{"messaging.message.id": message, "listener.id": listener}, **ERROR)
    agent.say("process.unhandled_rejection", **{"listener.count": 1}, **ERROR)
    assert told(tmp_path) == []


def test_what_follows_a_refused_call_is_not_told_beside_it(agent: Agent, tmp_path: Path) -> None:
    agent.say("upstream.started", **{"upstream.id": "41.0.1", "server.address": "api.example.org", "url.path": "/v1/chat"})
    agent.say("upstream.ended", **{"upstream.id": "41.0.1", "http.response.status_code": 401})
    agent.say("process.unhandled_rejection", **{"listener.count": 1}, **ERROR)
    assert told(tmp_path) == []


@pytest.mark.parametrize("kind", ["KeyboardInterrupt", "CancelledError", "AbortError"])
def test_how_a_program_is_ended_is_no_fault(agent: Agent, tmp_path: Path, kind: str) -> None:
    agent.say("thread.uncaught", **{"error.type": kind})
    assert told(tmp_path) == []
