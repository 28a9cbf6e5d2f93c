"""Faults of a recording in the words that logs have for them."""

from __future__ import annotations

from pathlib import Path

from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from tests.agent_lines import Agent, Clock

AT = {"code.file.path": "/app/jobs.py", "code.line.number": 7}


def test_each_kind_is_stated_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "src").mkdir()
    agent = Agent(tmp_path / "run", 41, Clock(), "python")
    agent.say("asyncio.unhandled", **{"error.type": "OSError", "exception.message": "no disk"}, **AT)
    agent.say("process.warning", **{"error.type": "RuntimeWarning", "exception.message": "coroutine 'notify' was never awaited"}, **AT)
    agent.say("thread.uncaught", **{"error.type": "KeyError", "exception.message": "'id'"}, **AT)
    agent.say("handler.unhandled_type", **{"messaging.message.type": "mails.sned"})
    ledger = diagnose(Target(tmp_path / "src", recordings=(tmp_path / "run",))).report.ledger
    found = {(each.fact.kind, getattr(each.fact, "signal", ""), each.where.line if each.where else 0) for each in ledger.evidence if each.probe == "recorded-faults"}
    assert found == {
        ("log.signal", "task-exception-unretrieved", 7),
        ("log.signal", "never-awaited", 7),
        ("handler.error", "", 7),
        ("log.signal", "task-unregistered", 0),
    }
