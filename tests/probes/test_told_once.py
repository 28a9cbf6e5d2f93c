"""Work that only a message begins, which nobody keeps, is told; what is also looked for at the start, by a timer or by the handler itself is not."""

from __future__ import annotations

import pytest

from callcheck.probes.told_once import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

TAKE = """async function take(id) {
  const { rows } = await pool.query(`update labels set made_at = now() where id = $1 and made_at is null returning *`, [id]);
  if (rows.length) await make(rows[0]);
}
"""
OPEN = "const open = () => pool.query('select id from labels where made_at is null');\n"
PG = "import { Client, Pool } from 'pg';\nconst pool = new Pool();\nconst client = new Client();\n" + TAKE + OPEN
LISTENS = "client.on('notification', (n) => take(n.payload));\n"
POSTGRES = "import postgres from 'postgres';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst sql = postgres();\n" + TAKE + "sql.listen('labels', (id) => take(id));\n"
PG_LISTEN = "import createSubscriber from 'pg-listen';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst s = createSubscriber({});\n" + TAKE + "s.notifications.on('labels', take);\n"
REDIS = "import { createClient } from 'redis';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst sub = createClient();\n" + TAKE + "sub.subscribe('labels', (id) => take(id));\n"
STATUS = PG.replace("made_at = now()", "state = 'made'").replace("made_at is null returning", "state = 'new' returning") + LISTENS
ASYNCPG = """import asyncpg
async def take(conn, pid, channel, payload):
    row = await pool.fetchrow("update labels set made_at = now() where id = $1 and made_at is null returning *", int(payload))
async def main():
    conn = await asyncpg.connect()
    await conn.add_listener("labels", take)
"""


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": PG + LISTENS},
        {"a.js": PG + LISTENS + "process.on('SIGUSR2', async () => console.log(await open()));\n"},
        {"a.js": PG + LISTENS + "import express from 'express';\nconst app = express();\napp.get('/open', async (req, res) => res.json(await open()));\n"},
        {"a.js": POSTGRES},
        {"a.js": PG_LISTEN},
        {"a.js": REDIS},
        {"a.js": STATUS},
        {"a.py": ASYNCPG},
    ],
    ids=["pg", "for a signal", "for a request", "postgres", "pg-listen", "redis", "a word for a state", "asyncpg"],
)
def test_work_that_only_a_message_begins(tmp_path, files) -> None:
    unread = {name: text.replace(OPEN, "") if "open()" not in text else text for name, text in files.items()}
    assert [item.fact.effect for item in look(tmp_path, unread)] == ["lossy-pubsub"]


@pytest.mark.parametrize(
    "text",
    [
        PG + LISTENS + "setInterval(async () => { for (const row of (await open()).rows) await take(row.id); }, 60_000);\n",
        PG + LISTENS + "async function begin() { for (const row of (await open()).rows) await take(row.id); }\nbegin();\n",
        POSTGRES.replace("take(id));", "take(id), async () => { for (const row of (await pool.query('select id from labels where made_at is null')).rows) await take(row.id); });"),
        PG.replace("where id = $1 and", "where") + LISTENS,
        PG.replace(" and made_at is null", "") + LISTENS,
        PG.replace("made_at = now()", "seen_at = now()").replace(" and made_at is null", "") + LISTENS,
        PG + LISTENS + "export const late = () => open();\n",
    ],
    ids=["by a timer", "at the start", "when listening begins", "whatever is open", "whether it is open or not", "something else is set", "who calls it is not known"],
)
def test_silent_where_it_is_looked_for_too(tmp_path, text) -> None:
    assert not list(look(tmp_path, {"a.js": text}))


def test_a_key_that_runs_out_is_a_hint(tmp_path) -> None:
    assert [item.fact.strength for item in look(tmp_path, {"a.js": REDIS.replace("'labels', (id)", "'__keyevent@0__:expired', (id)")})] == ["hint"]
