"""PostgreSQL's LISTEN carries events between processes, as a subscription to a broker does."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.model.facts.execution import BusShared
from callcheck.model.target import Target
from callcheck.probes.realtime import PROBE
from callcheck.sources import Eyes

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
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), knowledge.load([knowledge.shipped()]))
    assert [item.fact.system for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, BusShared)] == buses
