from __future__ import annotations

from pathlib import Path

from callcheck.model.diagnosis import Diagnosed
from callcheck.model.facts.observed import DeliveryStopped
from callcheck.model.target import Target
from callcheck.pipeline import Run, diagnose
from tests.agent_lines import Agent, Clock


def look(recording: Path, source: Path | None = None) -> Run:
    base = source or recording
    return diagnose(Target(base, folders=(source,) if source else (), recordings=(recording,)))


def first(run: Run) -> Diagnosed:
    return run.report.diagnoses[0]


def story(folder: Path, pairs: int = 20) -> None:
    """Four processes; what is registered in one is emitted in the next one, but for each fourth pair."""
    clock = Clock()
    agents = [Agent(folder, 41 + number, clock) for number in range(4)]
    buses = [agent.emitter() for agent in agents]
    for pair in range(pairs):
        agents[pair % 4].listen(f"done:{pair}", buses[pair % 4], pair, req=f"{41 + pair % 4}.0.{pair}")
    for pair in range(pairs):
        there = pair % 4 if pair % 4 == 0 else (pair + 1) % 4
        agents[there].emit(f"done:{pair}", buses[there], int(there == pair % 4), pair, req=f"{41 + there}.0.{900 + pair}")


def test_the_story_is_told_with_its_counts_and_both_lines(tmp_path: Path) -> None:
    recording, source = tmp_path / "recording", tmp_path / "app"
    recording.mkdir()
    source.mkdir()
    (source / "server.js").write_text("\n" * 6 + "bus.once(name, answer);\n" + "\n" * 5 + "bus.emit(name, result);\n")
    story(recording)
    found = first(look(recording, source))
    assert found.rule.cause == "cross-process-delivery"
    assert found.confidence > 0.95
    stopped = next(item for item in found.grounds if isinstance(item.fact, DeliveryStopped))
    assert isinstance(stopped.fact, DeliveryStopped)
    assert (stopped.fact.count, stopped.fact.of, stopped.fact.heard, stopped.fact.met) == (15, 20, 5, 5)
    places = [(str(item.where), item.excerpt) for item in stopped.flat()]
    assert places == [("server.js:13", "bus.emit(name, result);"), ("server.js:7", "bus.once(name, answer);")]


def test_a_recording_of_another_machine_shows_its_own_paths(tmp_path: Path) -> None:
    story(tmp_path)
    found = first(look(tmp_path))
    assert {str(item.where) for item in found.grounds[0].flat()} == {"/app/server.js:13", "/app/server.js:7"}
    assert {item.excerpt for item in found.grounds[0].flat()} == {""}


def test_no_file_that_is_no_source_is_quoted(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nPLAIN=words of mine\n")
    recording = tmp_path / "recording"
    recording.mkdir()
    agent = Agent(recording, 41, Clock())
    bus = agent.emitter()
    for number in range(5):
        agent.emit("done", bus, 0, number, **{"code.file.path": str(tmp_path / ".env"), "code.line.number": 2})
    agent.listen("done", bus)
    run = diagnose(Target(tmp_path, recordings=(recording,)))
    assert first(run).rule.cause == "late-registration"
    assert "words of mine" not in repr(run.report.ledger.evidence)


def test_when_all_is_heard_nothing_is_diagnosed(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    bus = agent.emitter()
    for number in range(9):
        agent.listen(f"done:{number}", bus, number)
        agent.emit(f"done:{number}", bus, 1, number)
    assert look(tmp_path).report.diagnoses == ()


def test_a_process_whose_agent_was_silent_is_said(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    agent.emit("done", agent.emitter(), 1)
    (tmp_path / "recording.json").write_text('{"schema": 1, "processes": [{"pid": 44, "parent": 1, "command": ["node", "x.js"], "runtime": "node", "listens": false}]}')
    (probe,) = (each for each in look(tmp_path).report.ledger.looks if each.probe == "recorded-deliveries")
    assert [lost.what for lost in probe.lost] == ["pid 44 (node x.js)"]
