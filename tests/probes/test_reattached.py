"""A listener that does the same each time, and is attached to an object whether that was looked up or made just then, is told; one below the test, or of who asks, is not."""

from __future__ import annotations

import pytest

from callcheck.probes.reattached import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "from acme import Client, Room\n\n\nclass Hub:\n    def __init__(self):\n        self.rooms = {}\n        self.offs = []\n        self.client = Client()\n        self.client.on('joined', self.joined)\n\n"
JOIN = "    def joined(self, key, sink=None):\n"
GET = "        room = self.rooms.get(key)\n        if room is None:\n            room = self.rooms[key] = Room(key)\n"
ATTACH = "        room.add_listener(lambda text: print(key, text))\n"


@pytest.mark.parametrize(
    "body",
    [
        JOIN + GET + ATTACH,
        JOIN + GET + "        self.offs.append(room.add_listener(lambda text: print(key, text)))\n",
        JOIN + "        if key not in self.rooms:\n            self.rooms[key] = Room(key)\n        self.rooms[key].subscribe('said', lambda text: self.show(key, text))\n",
        JOIN + "        room = self.rooms.setdefault(key, Room(key))\n" + ATTACH,
        JOIN + "        if (room := self.rooms.get(key)) is None:\n            room = self.rooms[key] = Room(key)\n" + ATTACH,
        JOIN + "        room = self.rooms.get(key) or self.make(key)\n" + ATTACH,
        JOIN + "        try:\n            room = self.rooms[key]\n        except KeyError:\n            room = self.rooms[key] = Room(key)\n" + ATTACH,
        JOIN + "        room = self.room(key)\n" + ATTACH + "    def room(self, name):\n        if name not in self.rooms:\n            self.rooms[name] = Room(name)\n        return self.rooms[name]\n",
        JOIN + GET + "        topic = f'rooms/{key}'\n        def show(text):\n            print(topic, text)\n        room.add_listener(show)\n",
    ],
    ids=["a name", "what takes it off is listed", "a place", "setdefault", "walrus", "or", "an exception", "a function that gives it", "a nested function"],
)
def test_attached_once_more(tmp_path, body) -> None:
    (found,) = look(tmp_path, {"hub.py": HEAD + body})
    assert (found.fact.role, found.where.path) == ("lookup", "hub.py")


@pytest.mark.parametrize(
    "body",
    [
        JOIN + GET + "    " + ATTACH,
        JOIN + "        if key in self.rooms:\n            return\n        room = self.rooms[key] = Room(key)\n" + ATTACH,
        JOIN + "        room = self.rooms.get(key)\n        if room is not None:\n            return room\n" + "        if room is None:\n            room = self.rooms[key] = Room(key)\n" + ATTACH,
        JOIN + GET + "        room.add_listener(lambda text: sink.write(text))\n",
        JOIN + GET + "        room.remove_all_listeners()\n" + ATTACH,
        JOIN + GET + "        if not room.wired:\n            room.wired = True\n    " + ATTACH,
        JOIN + GET + ATTACH + "    def left(self, key):\n        self.rooms.pop(key, None)\n",
        JOIN + "        room = Room(key)\n        self.rooms[key] = room\n" + ATTACH,
        JOIN + "        rooms = {}\n" + GET.replace("self.rooms", "rooms") + ATTACH,
        JOIN + GET.replace("(key)", "('hall')").replace("[key]", "['hall']") + ATTACH,
    ],
    ids=["below the test", "left before", "left where it was there", "of who asks", "taken off first", "marked", "emptied", "always made", "a table of the call", "one for all"],
)
def test_silent_about(tmp_path, body) -> None:
    assert not look(tmp_path, {"hub.py": HEAD + body})


def test_of_a_map_in_javascript(tmp_path) -> None:
    text = "const { EventEmitter } = require('events');\nconst rooms = new Map();\nfunction join(id) {\n  let room = rooms.get(id);\n  if (!room) {\n    room = new EventEmitter();\n    rooms.set(id, room);\n  }\n"
    text += "  room.on('said', (text) => console.log(id, text));\n}\njoin(process.argv[2]);\nprocess.on('message', (id) => join(id));\n"
    assert [item.fact.event for item in look(tmp_path, {"a.js": text})] == ["said"]
    assert not look(tmp_path / "fixed", {"a.js": text.replace("    rooms.set(id, room);\n  }\n", "    rooms.set(id, room);\n").replace("text));\n}", "text));\n  }\n}")})
