"""Is it known who is in a room that something is sent to, process by process, and nobody who has left it?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.rooms import Rooms, room_of
from callcheck.sources.logs.trails import Step


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("_Q1dTR61kGy6 joined group W3", "W3"),
        ("bid 7 sent to group 'lot-7'.", "lot-7"),
        ("joined room=hall:2 sid=a1", "hall:2"),
        ('Clients.Group("W7") told', "W7"),
        ("LotHub: connection added to group connection=c1 group=lot-7", "lot-7"),
        ('HallHub sends to group groupName="hall-2"', "hall-2"),
        ("group_add channel=specific.a1 group=seats-14", "seats-14"),
        ("group_add seats-14 channel=specific..inmemory!aBcDeFgHiJkL", "seats-14"),
        ("group_send('seats-14', {'type': 'seat.sold'})", "seats-14"),
        ("group_send failed for seats", ""),
        ("group_add 'seats'", "seats"),
        ("group_send type=seat.sold", ""),
        ("[ActiveJob] [ReadyJob] [ActionCable] Broadcasting to board:3: {:id=>7}", "board:3"),
        ("BoardChannel is streaming from board:3", "board:3"),
        ('Turbo::StreamsChannel transmitting "<turbo-stream>" (via streamed from Z2lk:tickets)', "Z2lk:tickets"),
        ("BoardChannel stopped streaming from board:3", "board:3"),
        ("streaming from the camera began", ""),
        ('subscription open op=op-7 room="studio 2"', "studio 2"),
        ("moved to room 'choir loft' by al", "choir loft"),
        ("GitHub told group=admins", ""),
        ("12 rooms open", ""),
        ("added to the group of his friends", ""),
        ("the room is full", ""),
        ("groupings=4", ""),
        ("dispatching job id=71 groupId=billing group=billing", ""),
    ],
)
def test_a_room_is_what_stands_behind_its_word(text: str, room: str) -> None:
    assert room_of(text) == room


def step(instance: str, who: str, room: str = "hall") -> Step:
    return Step("registered", instance, 1.0, 1, Place("app.log", 1, 1), frozenset([who]), "", room=room)


def test_the_members_of_a_room_are_those_that_joined_it_in_each_process_and_did_not_leave() -> None:
    rooms = Rooms()
    for joined in (step("web-1", "a"), step("web-1", "b"), step("web-2", "c"), step("web-2", "d", "yard")):
        rooms.join(joined)
    assert {name: member.ids for name, member in rooms.members(step("web-9", "x")).items()} == {"web-1": {"a", "b"}, "web-2": {"c"}}
    rooms.leave(step("web-1", "a"))
    rooms.leave(step("web-2", "c", ""))
    assert {name: member.ids for name, member in rooms.members(step("web-9", "x")).items()} == {"web-1": {"b"}}
    assert rooms.members(step("web-9", "x", "")) == {}
