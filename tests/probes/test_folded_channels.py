"""A channel of PostgreSQL that is notified in other letters than it is listened to is told; one that meets after folding is not."""

from __future__ import annotations

import pytest

from callcheck.probes.folded_channels import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PG = "import { Client } from 'pg';\nconst client = new Client();\nclient.on('notification', print);\n"
SQL = "CREATE FUNCTION told() RETURNS trigger AS $$\nBEGIN\n  PERFORM pg_notify('{}', NEW.id::text);\n  RETURN NEW;\nEND\n$$ LANGUAGE plpgsql;\n"
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
