"""Bytes are misused where they are compared with text or asked for what they do not have, in their handler or behind it; not where they are made text first."""

from __future__ import annotations

import pytest

from callcheck.sources.code.byte_uses import misused
from callcheck.sources.code.tree import Function
from tests.sources.code.conftest import CodeOf

HEAD = "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nconst ON = 'on';\nconst WORDS = ['on', 'off'];\nlet last = '';\n"


def said(code_of: CodeOf, body: str, more: str = "") -> list[str]:
    code = code_of({"a.js": f"{HEAD}{more}\nfunction take(v) {{ {body} }}\n", "package.json": '{"type": "module"}'})
    take = next(each for each in code.project.modules["a.js"].all(Function) if each.name == "take")
    return [name for name, _ in misused(code, take, take.params[0])]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("if (v === 'on') f();", ["text"]),
        ("switch (v) { case 'on': f(); }", ["text"]),
        ("if (v === ON) f();", ["text"]),
        ("if (WORDS.includes(v)) f();", ["text"]),
        ("if (new Set(['on']).has(v)) f();", ["text"]),
        ("if (v.startsWith('on')) f();", ["startsWith"]),
        ("f(v.speed);", ["speed"]),
        ("const { speed } = v;", ["speed"]),
        ("if (typeof v !== 'string') return; f();", ["text"]),
        ("if (v == 'on') f();", []),
        ("if (v === last) f(); last = v;", []),
        ("if (v.toString() === 'on') f();", []),
        ("v = String(v); if (v === 'on') f();", []),
        ("if (seen.has(v)) f();", []),
        ("f(`${v}`, JSON.parse(v), Number(v), v.length, v.readUInt8(0));", []),
    ],
)
def test_where_it_is_taken(code_of: CodeOf, body: str, names: list[str]) -> None:
    assert said(code_of, body) == names


@pytest.mark.parametrize(
    ("more", "body", "names"),
    [
        ("function set(c) { if (c === 'on') f(); }", "set(v);", ["text"]),
        ("function set(c) { if (c === 'on') f(); }", "set(v.toString());", []),
        ("function set(c) { if (c === 'on') f(); }\nset('on');", "set(v);", []),
        ("function set(c) { if (Buffer.isBuffer(c)) return; if (c === 'on') f(); }", "set(v);", []),
        ("function set(c) { c = c.toString(); if (c === 'on') f(); }", "set(v);", []),
        ("const table = { a: (c) => { if (c === 'on') f(); }, b: (c) => Number(c) };", "table[key](v);", ["text"]),
        ("function deep(d) { if (d === 'on') f(); }\nfunction set(c) { deep(c); }", "set(v);", ["text"]),
        ("bus.on('lamp', (c) => { if (c === 'on') f(); });", "bus.emit('lamp', v);", ["text"]),
        ("bus.on('lamp', (id, c) => { if (c === 'on') f(); });", "bus.emit('lamp', 1, v);", ["text"]),
        ("bus.on('lamp', (c) => { if (c === 'on') f(); });", "bus.emit('lamp', v.toString());", []),
        ("bus.on('lamp', (c) => { if (c === 'on') f(); });", "bus.emit('door', v);", []),
    ],
)
def test_where_it_is_handed_on(code_of: CodeOf, more: str, body: str, names: list[str]) -> None:
    assert said(code_of, body, more) == names


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("if v == 'on': f()", ["text"]),
        ("if v != f'{n}': f()", ["text"]),
        ("if v in ('on', 'off'): f()", ["text"]),
        ("if v in WORDS: f()", ["text"]),
        ("if 'on' in v: f()", ["text"]),
        ("TABLE.get(v)", ["text"]),
        ("TABLE[v]()", ["text"]),
        ("match v:\n        case 'on': f()", ["text"]),
        ("w = v\n    if w == 'on': f()", ["text"]),
        ("f(v.speed)", ["speed"]),
        ("set_to(v)", ["text"]),
        ("TOLD[key](v)", ["text"]),
        ("if v == b'on' or v in (b'on', b'off') or v in RAW: f()", []),
        ("w = v\n    w = w.decode()\n    if w == 'on': f()", []),
        ("v = v.decode()\n    if v == 'on': f()", []),
        ("if v.decode() == 'on' or v.startswith(b'on'): f()", []),
        ("asks(v)", []),
    ],
)
def test_bytes_of_python(code_of: CodeOf, body: str, names: list[str]) -> None:
    head = "WORDS = ['on']\nRAW = {b'on': 1}\nTABLE = {'on': f}\ndef set_to(c):\n    if c == 'on': f()\ndef asks(c):\n    if isinstance(c, str) and c == 'on': f()\ndef one(c):\n    if c == 'on': f()\nTOLD = {'one': one}\n"
    code = code_of({"a.py": f"{head}def take(v):\n    {body}\n"})
    take = next(each for each in code.project.modules["a.py"].all(Function) if each.name == "take")
    assert [name for name, _ in misused(code, take, take.params[0])] == names
