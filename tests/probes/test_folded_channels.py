"""A channel of PostgreSQL that is notified in other letters than it is listened to is told; one that meets after folding is not."""

from __future__ import annotations

import pytest

from callcheck.probes.folded_channels import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PG = "import { Client } from 'pg';\nconst client = new Client();\nclient.on('notification', print);\n"
SQL = "CREATE FUNCTION told() RETURNS trigger AS $$\nBEGIN\n  PERFORM pg_notify('{}', NEW.id::text);\n  RETURN NEW;\nEND\n$$ LANGUAGE plpgsql;\n"
SENT = SQL.format("orderPaid") + SQL.format("closed")
PSYCOPG = "import psycopg\nconn = psycopg.connect('d', autocommit=True)\nconn.execute('LISTEN {}')\n"


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": PG + "client.query('LISTEN orderPaid');\n", "db/1.sql": SQL.format("orderPaid")},
        {"a.js": PG + "const CHANNEL = 'orderPaid';\nclient.query(`LISTEN ${CHANNEL}`);\n", "b.js": "export const tell = (pool, id) => pool.query('SELECT pg_notify($1, $2)', ['orderPaid', id]);\n"},
        {"a.js": PG + "client.query('LISTEN \"orderPaid\"');\n", "db/1.sql": "NOTIFY orderPaid, 'x';\n"},
        {"a.js": "import postgres from 'postgres';\nconst sql = postgres();\nsql.listen('orderPaid', print);\n", "b.js": "export const tell = (pool) => pool.query(\"NOTIFY orderPaid, 'x'\");\n"},
        {"a.py": PSYCOPG.format("orderPaid") + "conn.execute('SELECT pg_notify(%s, %s)', ('orderPaid', '1'))\n"},
        {"a.py": "import asyncpg\nasync def main(conn):\n    await conn.add_listener('orderPaid', told)\n", "db/1.sql": SQL.format("orderpaid")},
    ],
    ids=["pg against a trigger", "a constant against a parameter", "quoted against folded", "postgres.js quotes", "psycopg", "asyncpg quotes"],
)
def test_letters_that_differ_are_told(tmp_path, files) -> None:
    found = look(tmp_path, files)
    assert [item.fact.effect for item in found] == ["event-name-mismatch"]
    assert "orderPaid" in found[0].excerpt or "CHANNEL" in found[0].excerpt
    assert len(found[0].because) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": PG + "client.query('LISTEN orderPaid');\n", "db/1.sql": SQL.format("orderpaid")},
        {"a.js": PG + "client.query('LISTEN orderPaid');\n", "db/1.sql": "NOTIFY orderPaid, 'x';\n"},
        {"a.js": PG + "client.query('LISTEN \"orderPaid\"');\n", "db/1.sql": SQL.format("orderPaid")},
        {"a.js": PG + "client.query('LISTEN orderPaid');\n", "db/1.sql": SQL.format("order_paid")},
        {"a.js": PG + "client.query('LISTEN orderPaid');\nclient.query('LISTEN \"orderPaid\"');\n", "db/1.sql": SQL.format("orderPaid") + SQL.format("orderpaid")},
        {"a.js": PG + "client.query('LISTEN orderPaid');\n", "db/1.sql": "-- PERFORM pg_notify('orderPaid', NEW.id::text);\n"},
        {"a.py": PSYCOPG.format("order_paid") + "conn.execute(\"SELECT pg_notify('order_paid', '1')\")\n"},
        {"a.py": PSYCOPG.format("orderPaid") + "conn.execute('SELECT pg_notify(%s, %s)', (name, '1'))\n"},
    ],
    ids=["sent in lower case", "both folded", "quoted", "another name", "both", "a remark", "lower case", "not known"],
)
def test_what_meets_or_is_not_known_is_not(tmp_path, files) -> None:
    assert look(tmp_path, files) == []


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": PG + "export async function hear(table) {\n  for (const name of Object.keys(table)) await client.query(`LISTEN ${name}`);\n}\n", "b.js": "import { hear } from './a.js';\nhear({ closed: print, orderPaid: print });\n"},
        {"a.js": PG + "const TAKERS = { closed: print, orderPaid: print };\nfor (const [name] of Object.entries(TAKERS)) client.query('LISTEN ' + name);\n"},
        {"a.js": PG + "const NAMES = ['closed', 'orderPaid'];\nawait Promise.all(NAMES.map((name) => client.query(`LISTEN ${name}`)));\n"},
        {"a.js": PG + "export const hear = (name) => client.query(`LISTEN ${name};`);\n", "b.js": "import { hear } from './a.js';\nhear('closed');\nhear('orderPaid');\n"},
        {"a.js": PG + "class Hub {\n  async hear(name) { await client.query(`listen ${name}`); }\n}\nconst hub = new Hub();\nhub.hear('closed');\nhub.hear('orderPaid');\n"},
        {"a.py": PSYCOPG.format("closed") + "for name in ('closed', 'orderPaid'):\n    conn.execute(f'LISTEN {name}')\n"},
    ],
    ids=["a table that is handed over", "a table, put together", "a list that is mapped", "a function's parameter", "a method's parameter", "a loop of Python"],
)
def test_so_are_names_of_a_table_and_those_that_a_function_is_called_with(tmp_path, files) -> None:
    assert [item.fact.method for item in look(tmp_path, files | {"db/1.sql": SENT})] == ["orderPaid"]


@pytest.mark.parametrize(
    "loop",
    [
        "client.query(`LISTEN \"${name}\"`)",
        "client.query(`LISTEN ${client.escapeIdentifier(name)}`)",
        "client.query(format('LISTEN %I', name))",
        "client.query(`LISTEN ${name}`), client.query(`LISTEN \"${name}\"`)",
    ],
    ids=["quoted", "escaped", "formatted", "both"],
)
def test_a_table_whose_names_are_quoted_is_not(tmp_path, loop: str) -> None:
    assert look(tmp_path, {"a.js": PG + f"for (const name of ['closed', 'orderPaid']) {loop};\n", "db/1.sql": SENT}) == []
