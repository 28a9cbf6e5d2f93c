"""Who is a member of the group or room that something is sent to?

web-1  conn-41 joined group hall-2            web-2  conn-58 joined group hall-2
web-1  seat.taken seq=411 sent to group hall-2
web-1  ack seat.taken seq=411 from conn-41    (and none of conn-58)

worker-1  [ActionCable] Broadcasting to board:3: {:ready=>true}
web-1     BoardChannel is streaming from board:3         BoardChannel transmitting {"ready"=>true} (via streamed from board:3)

What is sent to a room names none of its members, so it has no id in common with their registrations.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.noun import replace
from callcheck.model.pattern import pattern

if TYPE_CHECKING:
    from callcheck.sources.logs.trails import Step

_NAME = r"(?:[\"'`](?P<{0}_whole>[A-Za-z0-9][\w.:/# -]{{0,79}})[\"'`]|[\"'`]?(?P<{0}>[A-Za-z0-9][\w.:/#-]{{0,79}}))"
"""In quotes it may have blanks: `room="studio 2"`."""
_ROOM = pattern(
    r"(?:\b(?:to|into|in|joined|joins|entered|enters|left|leaves|[Jj]oin) (?:the )?|\bClients\.)(?:[Gg]roup|[Rr]oom)[ (]" + _NAME.format("of") + r"(?![\w.:/#-]|=)|(?<![\w.-])[Rr]oom(?:[_ ]?(?:[Nn]ame|[Ii]d))?[\"']?[=:] ?" + _NAME.format("key")
)
"""The groups of consumers of a broker are none: of those each message goes to one member, and who sends it names none of them (`groupId=billing`)."""
_OF_CLIENTS = pattern(r"\b(?!Git|Event)[A-Z]\w{0,30}Hub\b|\bgroup_(?:add|send|discard)\b|\b(?:[Ss]ignal[Rr]|to (?:the )?group)\b", re.ASCII)
"""What says that a group is one of clients: SignalR's hubs, Channels' calls."""
_GROUP = pattern(
    r"(?<![\w.-])[Gg]roup(?:_?[Nn]ame)?[\"']?[=:] ?" + _NAME.format("key") + r"|\bgroup_(?:add|send|discard)(?:(?: (?:to |for )?)(?=[\"'`]|\w{0,40}[\d.:/#-])|\()" + _NAME.format("bare") + r"(?![\w.:/#-]|=)"
)
_STREAM = pattern(r"\b(?:is streaming from|stopped streaming from|streamed from|Broadcasting to) ([\w.:/#=+-]{1,200})", re.ASCII)
"""Action Cable's streams: actioncable 8.0, channel/streams.rb (stream_from, stop_stream_from, transmit), server/broadcasting.rb."""
_WORDS = frozenset("a all and are as at by chat for from has have id in is it members message name not of on or size than that the to was were which with".split())
"""What stands behind `group` and is none."""


def room_of(text: str) -> str:
    """The group, room or stream that a line names, or ""."""
    if ("stream" in text or "Broadcasting to" in text) and (stream := _STREAM.search(text, 0, 600)):
        return stream[1].rstrip(".:")
    found = _ROOM.search(text, 0, 300) if "roup" in text or "oom" in text else None
    if found is None and "roup" in text and _OF_CLIENTS.search(text, 0, 300) and (keyed := _GROUP.search(text, 0, 300)):
        return _named(keyed["key_whole"] or keyed["key"] or keyed["bare_whole"] or keyed["bare"])
    return _named(found["of_whole"] or found["of"] or found["key_whole"] or found["key"]) if found else ""


def _named(name: str) -> str:
    name = name.rstrip(".:")
    return "" if name.lower() in _WORDS else name


class Rooms:
    """The members of each room, process by process."""

    def __init__(self) -> None:
        self._members: dict[str, dict[str, list[Step]]] = {}
        self._known: dict[tuple[str, str], tuple[int, frozenset[str]]] = {}
        """By room and process, of how many of its members the ids are together, and those ids."""

    def join(self, step: Step) -> None:
        """A line that says that a listener is in a room."""
        if step.room:
            self._members.setdefault(step.room, {}).setdefault(step.instance, []).append(step)

    def leave(self, step: Step) -> None:
        """The listener has left the room that the line names, or all of them."""
        for room in (step.room,) if step.room else self._members:
            steps = self._members.get(room, {}).get(step.instance, [])
            left = [each for each in steps if not each.ids & step.ids]
            if len(left) < len(steps):
                steps[:] = left
                self._known.pop((room, step.instance), None)

    def members(self, step: Step) -> dict[str, Step]:
        """By process, who is to hear what is sent to the room: the last one that joined, with the ids of all of that process."""
        held = self._members.get(step.room, {}) if step.room else {}
        return {instance: replace(steps[-1], ids=self._ids(step.room, instance, steps)) for instance, steps in held.items() if steps}

    def _ids(self, room: str, instance: str, steps: list[Step]) -> frozenset[str]:
        """Those of all members; put together once, and not for each of thousands of lines that send to them."""
        count, known = self._known.get((room, instance), (0, frozenset()))
        if count < len(steps):
            known = known.union(*(each.ids for each in steps[count:]))
            self._known[room, instance] = len(steps), known
        return known
