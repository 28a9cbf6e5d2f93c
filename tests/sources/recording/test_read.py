from __future__ import annotations

import os
from pathlib import Path

import pytest

from callcheck.sources.recording import is_recording, traces
from callcheck.sources.recording import read as module
from callcheck.sources.recording.lines import LONGEST
from callcheck.sources.recording.read import TORN, read
from callcheck.sources.recording.tail import Tail
from tests.agent_lines import Agent, Clock


def test_a_last_line_without_an_end_is_left_out(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    agent.emit("done", agent.emitter(), 1)
    with open(agent.path, "ab") as stream:
        stream.write(b'{"fact":"event.emitted","ts":17956')
    found = read(tmp_path)
    assert len(found.emissions) == 1
    assert found.lost == [(agent.path.name, f"{TORN}: what its process did afterwards is not known")]


@pytest.mark.parametrize(
    "line",
    [b"\x00\xff\x00", b"[1, 2]", b'{"fact": 7, "ts": 1}', b'{"fact":"event.emitted"}', b"[" * 100_000, b'{"fact":"event.emitted","ts":' + b"9" * 5000 + b"}", b"x" * (LONGEST + 100)],
)
def test_a_line_that_is_none_costs_that_line(tmp_path: Path, line: bytes) -> None:
    agent = Agent(tmp_path, 41, Clock())
    with open(agent.path, "ab") as stream:
        stream.write(line + b"\n")
    agent.emit("done", agent.emitter(), 1)
    found = read(tmp_path)
    assert len(found.emissions) == 1
    assert len(found.lost) == 1


def test_values_of_the_wrong_type_are_taken_as_absent(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    agent.say("event.emitted", **{"messaging.destination.name": ["x"], "listener.count": "3", "code.file.path": 7, "emitter.id": None})
    agent.say("handler.threw", **{"messaging.message.id": {"a": 1}})
    agent.say("agent.skipped", what=5, count="many")
    (emission,) = read(tmp_path).emissions
    assert (emission.channel.name, emission.heard, emission.place) == ("", None, None)


def test_the_place_of_an_error_may_be_told_later(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    message = agent.emit("done", agent.emitter(), 1)
    place = {"code.file.path": "/app/a.js", "code.line.number": 7}
    numbers = []
    for fact, keys in [("handler.threw", {"messaging.message.id": message}), ("process.unhandled_rejection", {})]:
        agent.say(fact, **keys, **{"error.type": "TypeError"})
        numbers.append(agent.seq)
    for number in reversed(numbers):
        agent.say("error.located", of=number, **place)
    agent.say("error.located", of="x", **place)
    found = read(tmp_path)
    assert [failure.place and failure.place.line for failure in found.emissions[0].failures] == [7]
    assert [fault.place and fault.place.line for fault in found.faults] == [7]


def test_another_schema_is_said_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "41-0-1795667370000.jsonl"
    path.write_text('{"fact":"process.started","ts":1,"seq":0,"schema":2}\n{"fact":"event.emitted","ts":2,"seq":1}\n')
    found = read(tmp_path)
    assert (found.processes, found.emissions) == ([], [])
    assert found.lost == [(path.name, "2 lines that no agent writes")]


def test_only_so_many_lines_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LINES", 4)
    agent = Agent(tmp_path, 41, Clock())
    bus = agent.emitter()
    for number in range(9):
        agent.emit("done", bus, 1, number)
    found = read(tmp_path)
    assert len(found.emissions) == 2
    assert "only the first 4 lines" in found.lost[0][1]


def test_a_folder_of_other_files_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "app.jsonl").write_text("{}\n")
    assert not is_recording(tmp_path)
    (tmp_path / "41-0-1795667370000.jsonl").write_text("")
    assert is_recording(tmp_path)
    assert [path.name for path in traces(tmp_path)] == ["41-0-1795667370000.jsonl"]


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    os.unlink(agent.path)
    os.symlink("/nowhere", agent.path)
    assert read(tmp_path).lost == [(agent.path.name, "No such file or directory")]


def test_what_is_written_meanwhile_is_counted_on(tmp_path: Path) -> None:
    agent = Agent(tmp_path, 41, Clock())
    tail, bus = Tail(tmp_path), agent.emitter()
    agent.listen("done", bus)
    agent.emit("done", bus, 1)
    assert (tail.look().listeners, tail.look().heard, tail.look().unheard) == (1, 1, 0)
    agent.emit("done", bus, 0, 2)
    assert (tail.look().heard, tail.look().unheard) == (1, 1)
