"""What is put into a table by whoever asks for a key first is one object for all who ask."""

from __future__ import annotations

import pytest

EMITTER = 'import { EventEmitter } from "node:events";\nconst rooms = new Map();\n'
USE = "const app = (await import('express')).default();\napp.post('/a', (req, res) => room(req.params.id)%s.emit('x'));\napp.get('/b', (req, res) => room(req.params.id)%s.once('x', f));\n"
MAKERS = {
    "filled when empty": ("function room(id) { let r = rooms.get(id); if (!r) { r = { bus: new EventEmitter() }; rooms.set(id, r); } return r; }\n", ".bus"),
    "has, set, get": ("function room(id) { if (!rooms.has(id)) rooms.set(id, new EventEmitter()); return rooms.get(id); }\n", ""),
    "early return": ("function room(id) { const r = rooms.get(id); if (r) return r; const made = { bus: new EventEmitter() }; rooms.set(id, made); return made; }\n", ".bus"),
    "of a class": ("class Room { constructor() { this.bus = new EventEmitter(); } }\nfunction room(id) { let r = rooms.get(id); if (r === undefined) { r = new Room(); rooms.set(id, r); } return r; }\n", ".bus"),
    "plain object": ("const table = {};\nfunction room(id) { table[id] ??= { bus: new EventEmitter() }; return table[id]; }\n", ".bus"),
}


@pytest.mark.parametrize(("maker", "member"), MAKERS.values(), ids=list(MAKERS))
def test_both_sides_meet_on_what_the_table_keeps(code_of, maker: str, member: str) -> None:
    code = code_of({"package.json": '{"dependencies": {"express": "4"}}', "a.js": EMITTER + maker + USE % (member, member)})
    uses = list(code.idioms.of("register", "emit"))
    assert len(uses) == 2
    assert {str(code.lifetimes.lifetime(use.receiver)) for use in uses} == {"process"}
    assert len({code.lifetimes.identity(use.receiver) for use in uses}) == 1


def test_what_is_put_in_anew_for_each_call_lives_as_long_as_the_call(code_of) -> None:
    anew = "function room(id) { const r = new EventEmitter(); rooms.set(id, r); return r; }\n"
    code = code_of({"package.json": '{"dependencies": {"express": "4"}}', "a.js": EMITTER + anew + USE % ("", "")})
    assert {str(code.lifetimes.lifetime(use.receiver)) for use in code.idioms.of("register", "emit")} == {"request"}


def test_a_table_of_two_kinds_of_things_is_not_followed(code_of) -> None:
    two = "function room(id) { if (!rooms.has(id)) rooms.set(id, new EventEmitter()); return rooms.get(id); }\nexport function put(id) { if (!rooms.has(id)) rooms.set(id, new Set()); }\n"
    code = code_of({"a.js": EMITTER + two + "room('a').on('x', f);\n"})
    assert [code.lifetimes.identity(use.receiver) for use in code.idioms.of("register")] in ([], [""])


def test_python_knows_setdefault_and_the_test_for_a_key(code_of) -> None:
    text = "from pyee import EventEmitter\nrooms = {}\ndef one(k):\n    return rooms.setdefault(k, EventEmitter())\ndef a(k):\n    one(k).on('x', f)\ndef b(k):\n    one(k).emit('x')\n"
    for source in (text, text.replace("    return rooms.setdefault(k, EventEmitter())", "    if k not in rooms:\n        rooms[k] = EventEmitter()\n    return rooms[k]")):
        code = code_of({"a.py": source})
        found = [code.lifetimes.identity(use.receiver) for use in code.idioms.of("register", "emit")]
        assert len(found) == 2 and len(set(found)) == 1 and found[0]
