from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.recorded import Channel
from callcheck.sources.recording import rooms
from callcheck.sources.recording.fates import Fates, folded
from callcheck.sources.recording.read import read
from tests.agent_lines import Agent, Clock


class Server(Agent):
    """One process with Socket.IO's own adapter."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        super().__init__(folder, 41, clock)
        self.adapter = self.emitter(system="socket.io", kind="Adapter")
        self.joined = 0

    def join(self, room: str, client: str) -> str:
        self.joined += 1
        return self.listen(room, self.adapter, self.joined, system="socket.io", **{"listener.name": client})

    def leave(self, room: str, listener: str) -> None:
        self.say("listener.removed", **{"messaging.system": "socket.io", "messaging.destination.name": room, "emitter.id": self.adapter, "listener.id": listener, "count": 0})

    def tell(self, room: str, heard: int = 0) -> None:
        self.emit(room, self.adapter, heard, system="socket.io")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path, Clock())


def fates(folder: Path) -> list[tuple[str, str]]:
    return [(fate.how, fate.near) for fate in Fates(read(folder)).all()]


def test_a_room_is_no_event_that_a_client_sends() -> None:
    assert [rooms.is_room(Channel("socket.io", name)) for name in ("/", "/chat", "/#r1", "join")] == [True, True, True, False]
    assert not rooms.is_room(Channel("node.events", "/#r1"))
    assert rooms.namespace(Channel("socket.io", "/chat#r1")) == Channel("socket.io", "/chat")


@pytest.mark.parametrize("room", ["/", "/#news"])
def test_clients_that_come_later_or_have_gone_miss_nothing(server: Server, tmp_path: Path, room: str) -> None:
    server.tell(room)
    server.leave(room, server.join(room, "a"))
    server.tell(room)
    assert fates(tmp_path) == [("nobody", ""), ("nobody", "")]


def test_a_client_that_is_connected_and_joins_right_after_is_late(server: Server, tmp_path: Path) -> None:
    server.join("/", "a")
    server.tell("/#job:7")
    server.join("/#job:7", "a")
    assert fates(tmp_path) == [("late", "")]


def test_who_joins_much_later_came_for_what_comes_then(server: Server, tmp_path: Path) -> None:
    server.join("/", "a")
    server.tell("/#news")
    server.clock.tick(3_000_000)
    server.join("/#news", "a")
    assert fates(tmp_path) == [("nobody", "")]


@pytest.mark.parametrize(
    ("room", "near"),
    [("/#order-7", "/#order:7"), ("/#Order:7", "/#order:7"), ("/#order:8", ""), ("/#user:rob", ""), ("/chat#order:7x", ""), ("/admin#order-7", "")],
)
def test_rooms_are_alike_that_differ_in_signs_alone(server: Server, tmp_path: Path, room: str, near: str) -> None:
    for name in ("/", "/#order:7", "/#user:bob"):
        server.join(name, "a")
    server.tell(room)
    assert fates(tmp_path) == [("unsubscribed" if near else "nobody", near)]


def test_the_rooms_of_single_clients_are_one_event() -> None:
    assert {folded(name) for name in ("/#tL21-xQfxBqxFnjBAAAB", "/#k_mhONeZvIyKKrfsAAC-", "/#XjTfSaxxQpLokTxhAAAD")} == {"/#*"}
    assert folded("/#support-team-of-berlin") == "/#support-team-of-berlin"
