"""PostgreSQL's LISTEN carries events between processes, as a subscription to a broker does."""

from __future__ import annotations

import pytest

from callcheck.model.facts.execution import BusShared
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.target import Target
from callcheck.probes.realtime import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

ASYNCPG = "import asyncpg\nasync def start(url):\n    c = await asyncpg.connect(url)\n    await c.{}\n"


@pytest.mark.parametrize(
    ("name", "text", "buses"),
    [
        ("a.py", ASYNCPG.format("add_listener('orders', heard)"), ["postgresql"]),
        ("a.py", ASYNCPG.format("execute('select 1')"), []),
        ("a.py", "def start(bus):\n    bus.add_listener('orders', heard)\n", []),
        ("a.py", "def start(c, channel):\n    c.execute(f'LISTEN {channel}')\n", ["postgresql"]),
        ("a.js", "import pg from 'pg';\nconst c = new pg.Client();\nawait c.query('LISTEN orders');\n", ["postgresql"]),
        ("a.js", "import pg from 'pg';\nconst c = new pg.Client();\nawait c.query('select listen from t');\n", []),
    ],
)
def test_listening_in_postgres_is_a_shared_bus(tmp_path, name, text, buses) -> None:
    (tmp_path / name).write_text(text)
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.system for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, BusShared)] == buses


WSS = "import express from 'express';\nimport {WebSocketServer} from 'ws';\nconst app = express();\nconst wss = new WebSocketServer({port: 1});\n"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("app.post('/a', (req, res) => { for (const c of wss.clients) c.send('x'); res.end(); });", ["wss.clients"]),
        ("function all(x) { wss.clients.forEach((c) => c.send(x)); }\nwss.on('connection', (ws) => { ws.on('message', all); });", ["wss.clients"]),
        ("setInterval(() => { wss.clients.forEach((c) => c.ping()); }, 1000);", []),
        ("setInterval(() => { wss.clients.forEach((c) => c.send('x')); }, 1000);", []),
        ("function tick() { wss.clients.forEach((c) => c.send('x')); }\nsetInterval(tick, 1000);", []),
        ("app.get('/n', (req, res) => res.json(wss.clients.size));", []),
    ],
)
def test_connections_that_the_server_keeps_are_those_of_one_process(tmp_path, text, kept) -> None:
    (tmp_path / "a.js").write_text(WSS + text)
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.name for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, StateInMemory)] == kept
