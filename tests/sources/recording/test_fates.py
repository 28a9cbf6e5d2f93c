from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcheck.model.recorded import Member
from callcheck.sources.recording import account
from callcheck.sources.recording.counts import growing, stops
from callcheck.sources.recording.fates import Fates, folded
from callcheck.sources.recording.read import read
from tests.agent_lines import Agent, Clock


@pytest.fixture
def two(tmp_path: Path) -> tuple[Agent, Agent]:
    clock = Clock()
    return Agent(tmp_path, 41, clock), Agent(tmp_path, 43, clock)


def fates(folder: Path) -> list[str]:
    return [fate.how for fate in Fates(read(folder)).all()]


def test_a_listener_in_another_process_is_named(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, there = two
    here.listen("done:42", here.emitter(), req="41.0.1")
    there.emit("done:42", there.emitter(), 0, req="43.0.1")
    assert fates(tmp_path) == ["other-process"]


def test_where_both_meet_in_one_process_it_is_heard(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    bus = here.emitter()
    here.listen("done:42", bus)
    here.emit("done:42", bus, 1)
    (fate,) = Fates(read(tmp_path)).all()
    assert (fate.how, fate.met) == ("heard", True)


def test_a_brokers_fan_out_is_one_delivery(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, there = two
    bus = here.emitter()
    here.listen("done:42", bus)
    there.emit("done:42", there.emitter(), 0)
    here.emit("done:42", bus, 1)
    assert fates(tmp_path) == ["heard"]


def test_what_begins_in_a_request_and_is_brought_elsewhere_by_a_broker_is_one_delivery(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, there = two
    bus = here.emitter()
    here.listen("done", bus)
    there.emit("done", there.emitter(), 0, req="43.0.1")
    here.emit("done", bus, 1)
    assert fates(tmp_path) == ["heard"]


@pytest.mark.parametrize(("kind", "how"), [("Adapter", ["other-process"]), ("RedisAdapter", ["heard"])])
def test_an_emit_to_a_room_of_two_processes_reaches_both_by_an_adapter_alone(two: tuple[Agent, Agent], tmp_path: Path, kind: str, how: list[str]) -> None:
    rooms = [each.emitter(system="socket.io", kind=kind) for each in two]
    for agent, room in zip(two, rooms, strict=True):
        agent.listen("/#r1", room, system="socket.io")
    two[0].emit("/#r1", rooms[0], 1, system="socket.io")
    assert fates(tmp_path) == how


def test_what_each_process_says_to_its_own_sockets_is_missed_by_none(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    rooms = [each.emitter(system="socket.io", kind="Adapter") for each in two]
    for agent, room in zip(two, rooms, strict=True):
        agent.listen("/", room, system="socket.io")
    for agent, room in zip(two, rooms, strict=True):
        agent.emit("/", room, 1, system="socket.io")
    assert fates(tmp_path) == ["heard"]


def test_a_job_s_end_that_the_broker_brings_to_another_object_is_heard(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    worker, events = here.emitter(1, system="bullmq", kind="Worker"), here.emitter(2, system="bullmq", kind="QueueEvents")
    here.listen("mail:completed", events, system="bullmq")
    here.emit("mail:completed", worker, 0, 1, system="bullmq")
    here.emit("mail:completed", events, 1, 2, system="bullmq")
    assert fates(tmp_path) == ["heard"]


def test_events_of_a_library_s_own_are_no_slips_of_one_another(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    worker = here.emitter(system="bullmq", kind="Worker")
    here.listen("thumbnails:completed", worker, system="bullmq")
    here.emit("thumbnails:completedX", worker, 0, system="bullmq")
    assert fates(tmp_path) == ["nobody"]


def test_emissions_of_two_requests_are_two_deliveries(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, there = two
    bus = here.emitter()
    here.listen("done", bus)
    there.emit("done", there.emitter(), 0, req="43.0.1")
    here.emit("done", bus, 1, req="41.0.9")
    assert sorted(fates(tmp_path)) == ["heard", "other-process"]


def test_another_object_of_the_same_process_is_named(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    here.listen("done", here.emitter(1, req="41.0.1"))
    here.emit("done", here.emitter(2, req="41.0.2"), 0, req="41.0.2")
    assert fates(tmp_path) == ["other-object"]
    (stop,) = stops(read(tmp_path)).stops
    assert stop.fresh and [place.line for place in stop.made] == [3, 3]


def test_a_listener_that_comes_later_is_late(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    bus = here.emitter()
    here.emit("done", bus, 0)
    here.listen("done", bus)
    assert fates(tmp_path) == ["late"]


@pytest.mark.parametrize(
    ("gone", "keys", "how"),
    [
        ("listener.removed", {"code.file.path": "/app/server.js", "code.line.number": 9}, "removed"),
        ("listener.removed", {"listener.once": True}, "spent"),
        ("listener.collected", {}, "collected"),
    ],
)
def test_how_a_listener_went_is_told(two: tuple[Agent, Agent], tmp_path: Path, gone: str, keys: dict[str, object], how: str) -> None:
    here, _ = two
    bus = here.emitter()
    listener = here.listen("done", bus)
    here.say(gone, **{"messaging.system": "node.events", "messaging.destination.name": "done", "emitter.id": bus, "listener.id": listener, "count": 0, **keys})
    here.emit("done", bus, 0)
    assert fates(tmp_path) == [how]


def test_removing_all_takes_the_listeners_of_that_event_alone(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    bus = here.emitter()
    here.listen("done", bus, 1)
    here.listen("more", bus, 2)
    here.say("listener.removed_all", **{"messaging.system": "node.events", "messaging.destination.name": "done", "emitter.id": bus, "count": 1})
    here.emit("done", bus, 0, 1)
    here.emit("more", bus, 1, 2)
    assert sorted(fates(tmp_path)) == ["heard", "removed"]


@pytest.mark.parametrize("fact", ["threw", "rejected", "swallowed", "pending"])
def test_what_a_handler_came_to_is_told(two: tuple[Agent, Agent], tmp_path: Path, fact: str) -> None:
    here, _ = two
    bus = here.emitter()
    listener = here.listen("done", bus)
    message = here.emit("done", bus, 1)
    here.say(f"handler.{fact}", **{"messaging.message.id": message, "listener.id": listener, "error.type": "TypeError", "exception.message": "text is undefined"})
    assert fates(tmp_path) == [fact]


def test_an_event_that_nobody_listens_to_is_no_fault(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    here.emit("metrics", here.emitter(), 0)
    assert fates(tmp_path) == ["nobody"]
    assert stops(read(tmp_path)).stops == []


def test_a_name_that_is_nearly_listened_to_is_told(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    bus = here.emitter()
    here.listen("job:done", bus)
    here.emit("job-done", bus, 0)
    (fate,) = Fates(read(tmp_path)).all()
    assert (fate.how, fate.near) == ("unsubscribed", "job:done")


def test_a_message_handed_to_a_runtime_that_is_never_started_waits(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    here.emit("jobs", "41.0.1", 0, system="autogen", running=False)
    assert fates(tmp_path) == ["not-running"]


def test_a_message_sent_before_the_start_is_not_lost(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    message = here.emit("jobs", "41.0.1", 1, system="autogen", running=False)
    here.say("runtime.start", **{"emitter.id": "41.0.1", "method": "start"})
    here.say("handler.entered", **{"messaging.message.id": message, "listener.id": "41.0.1"})
    assert fates(tmp_path) == ["heard"]


@pytest.mark.parametrize(("command", "listens", "named"), [(["bun", "run", "start"], False, []), (["bun", "server.ts"], True, [44]), (["bun", "once.ts"], False, [44])])
def test_a_runtime_that_starts_a_script_of_the_manifest_is_not_missed(tmp_path: Path, command: list[str], listens: bool, named: list[int]) -> None:
    seen = [Member(44, 1, tuple(command), "bun", listens)]
    if command[1] == "run":
        seen.append(Member(45, 44, ("node", "app.js"), "node", False))
    account.write(tmp_path, tuple(command), True, 0, [], tuple(seen))
    (tmp_path / "45-0-1.jsonl").touch()
    assert [each.pid for each in account.silent(tmp_path)] == named


def test_nothing_is_said_of_other_processes_while_one_that_serves_is_silent(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, there = two
    here.listen("done:42", here.emitter(), req="41.0.1")
    there.emit("done:42", there.emitter(), 0, req="43.0.1")
    silent = {"pid": 44, "parent": 1, "command": ["node", "server.js"], "runtime": "node", "listens": True}
    (tmp_path / "recording.json").write_text(json.dumps({"schema": 1, "processes": [silent]}))
    assert stops(read(tmp_path)).stops == []
    (tmp_path / "recording.json").write_text(json.dumps({"schema": 1, "processes": [{**silent, "pid": 41}]}))
    assert [stop.count for stop in stops(read(tmp_path)).stops] == [1]


def test_deliveries_are_counted_by_what_becomes_of_them(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, there = two
    bus, other = here.emitter(), there.emitter()
    for number in range(1, 11):
        here.listen(f"done:{number}", bus, number, req=f"41.0.{number}")
    for number in range(1, 11):
        if number <= 3:
            here.emit(f"done:{number}", bus, 1, number, req=f"41.0.{100 + number}")
        else:
            there.emit(f"done:{number}", other, 0, number, req=f"43.0.{number}")
    counted = stops(read(tmp_path))
    (stop,) = counted.stops
    assert (stop.event, stop.count, stop.of, stop.met, stop.heard, stop.processes) == ("done:*", 7, 10, 3, 3, 2)
    (funnel,) = counted.funnels
    assert (funnel.registered, funnel.emitted, funnel.handled, funnel.same, funnel.of_same, funnel.other, funnel.of_other) == (10, 10, 3, 3, 3, 0, 7)


def test_listeners_that_only_grow_in_number_are_found(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, _ = two
    bus = here.emitter()
    for number in range(1, 13):
        here.listen("data", bus, number, req=f"41.0.{number}")
    ((listener, most),) = growing(read(tmp_path))
    assert (listener.channel.name, most) == ("data", 12)


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("done:42", "done:*"),
        ("done", "done"),
        ("job.3f2504e0-4f89-41d3-9a0c-0305e82c3301.end", "job.*.end"),
        ("order:V1StGXR8_Z5jdHi6", "order:*"),
        ("s3:ObjectCreated", "s3:ObjectCreated"),
        ("group_topic_97d5", "group_topic_*"),
    ],
)
def test_ids_in_names_are_folded(name: str, event: str) -> None:
    assert folded(name) == event


@pytest.mark.parametrize(("end", "how"), [("runtime.stop", "left"), ("process.exit", "left"), ("", "unknown")])
def test_a_message_that_waits_when_its_runtime_ends_was_left(tmp_path: Path, end: str, how: str) -> None:
    agent = Agent(tmp_path, 41, Clock(), "python")
    runtime = agent.emitter(system="autogen")
    agent.listen("jobs", runtime, system="autogen")
    agent.say("event.emitted", **{"messaging.system": "autogen", "messaging.destination.name": "jobs", "emitter.id": runtime, "messaging.message.id": "41.0.9", "running": True})
    if end:
        agent.say(end, **{"emitter.id": runtime})
    assert fates(tmp_path) == [how]


def test_what_nobody_says_to_be_heard_or_not_is_no_funnel(two: tuple[Agent, Agent], tmp_path: Path) -> None:
    here, there = two
    here.listen("jobs", here.emitter(system="mqtt"), system="mqtt")
    there.say("event.emitted", **{"messaging.system": "mqtt", "messaging.destination.name": "jobs", "emitter.id": there.emitter(system="mqtt"), "messaging.message.id": "43.0.1"})
    assert (fates(tmp_path), stops(read(tmp_path)).funnels) == (["unknown"], [])
    there.emit("jobs", "43.0.1", 1, 2, system="mqtt")
    assert [funnel.event for funnel in stops(read(tmp_path)).funnels] == ["jobs"]
