"""What a handler is sent is laid beside what it takes; what goes out over a connection is taken by the other end."""

from __future__ import annotations

from callcheck.probes.payload_shapes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

BUS = "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\n"
CLIENT = "import { io } from 'socket.io-client';\nconst bus = io('u');\n"
MOVES = "bus.on('move', ({ by, move }) => show(by, move));\nexport const play = (by, move) => bus.emit('move', by, move);\n"


def test_several_values_for_one_object_are_told(tmp_path) -> None:
    assert [item.fact.form for item in look(tmp_path, {"a.js": BUS + MOVES})] == ["several-for-object"]


def test_what_a_client_sends_is_not_what_it_hears(tmp_path) -> None:
    assert look(tmp_path, {"a.js": CLIENT + MOVES}) == []
