"""A connection that listens and goes back at once is told, and not one that is kept for as long as something is waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.lent_connections import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

ASYNCPG = "import asyncio\nimport asyncpg\nasync def start(pool, stop):\n"
BLOCK = "    async with pool.acquire() as conn:\n        await conn.fetch('select 1')\n        await conn.add_listener('a', print)\n"
TAKEN = "    conn = await pool.acquire()\n    try:\n        await conn.add_listener('a', print)\n%s    finally:\n        await pool.release(conn)\n"
PSYCOPG = "import psycopg\nfrom psycopg_pool import ConnectionPool\npool = ConnectionPool('d')\ndef start():\n"
NODE = "const { Pool } = require('pg');\nconst pool = new Pool();\nasync function start(heard) {\n  const client = await pool.connect();\n  client.on('notification', heard);\n"


def said(tmp_path: Path, name: str, text: str) -> list[str]:
    return [f"{item.where} {item.because[0].where}" for item in look(tmp_path, {name: text})]


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("a.py", ASYNCPG + BLOCK + "    print('started')\n", "a.py:6 a.py:4"),
        ("a.py", ASYNCPG + BLOCK + "        print('started')\n        asyncio.create_task(pump(conn))\n", "a.py:6 a.py:4"),
        ("a.py", ASYNCPG + TAKEN % "", "a.py:6 a.py:8"),
        ("a.py", PSYCOPG + "    with pool.connection() as conn:\n        conn.execute('LISTEN a')\n    for n in conn.notifies():\n        print(n)\n", "a.py:6 a.py:5"),
        ("a.py", PSYCOPG + "    with pool.connection() as conn, conn.cursor() as cur:\n        cur.execute('LISTEN a')\n", "a.py:6 a.py:5"),
        ("a.js", NODE + "  await client.query('LISTEN a');\n  client.release();\n}\n", "a.js:6 a.js:7"),
    ],
    ids=["a block", "a task that nobody waits for", "release", "another reads", "a cursor", "node"],
)
def test_it_goes_at_once(tmp_path: Path, name: str, text: str, places: str) -> None:
    assert said(tmp_path, name, text) == [places]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", ASYNCPG + BLOCK + "        await stop.wait()\n"),
        ("a.py", ASYNCPG + BLOCK + "        yield\n"),
        ("a.py", ASYNCPG + BLOCK + "        while True:\n            await asyncio.sleep(1)\n"),
        ("a.py", ASYNCPG + TAKEN % "        await stop.wait()\n"),
        ("a.py", ASYNCPG + "    conn = await pool.acquire()\n    await conn.add_listener('a', print)\n"),
        ("a.py", PSYCOPG + "    with pool.connection() as conn:\n        conn.execute('LISTEN a')\n        for n in conn.notifies():\n            print(n)\n"),
        ("a.py", "import psycopg2\ndef start():\n    with psycopg2.connect('d') as conn:\n        conn.cursor().execute('LISTEN a')\n    keep(conn)\n"),
        ("a.py", "import psycopg2\ndef start():\n    conn = psycopg2.connect('d')\n    cur = conn.cursor()\n    cur.execute('LISTEN a')\n    cur.close()\n    return conn\n"),
        ("a.py", "class Hub:\n    async def start(self, pool):\n        async with pool.acquire() as hub:\n            await hub.add_listener('a', print)\n"),
        ("a.js", NODE + "  await client.query('LISTEN a');\n  return () => client.release();\n}\n"),
        ("a.js", NODE + "  const got = new Promise((r) => client.once('notification', r));\n  await client.query('LISTEN a');\n  await got;\n  client.release();\n}\n"),
    ],
    ids=["waits", "yields", "loops", "waits before release", "kept", "reads", "a transaction", "the cursor alone", "another library", "later", "one answer"],
)
def test_it_is_kept(tmp_path: Path, name: str, text: str) -> None:
    assert said(tmp_path, name, text) == []
