"""A job that reads anew what its process has in memory is told from one that does something for others."""

from __future__ import annotations

import pytest

from callcheck.sources.code.own_renewal import renews_own
from callcheck.sources.code.tree import Function

JS = "const pool = require('./db');\nlet rates = [];\nconst byId = new Map();\n"
PY = "import requests\nrates = {}\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", JS + "async function job() { try { rates = (await pool.query('select * from rates')).rows; } catch (err) { console.error('no rates', err.message); } }"),
        ("a.js", JS + "async function job() { const answer = await fetch('https://rates'); byId.clear(); for (const r of await answer.json()) byId.set(r.id, r); }"),
        ("a.js", JS + "function job() { load().catch((err) => console.error(err)); }\nasync function load() { rates = await Rate.find({}).lean(); }"),
        ("a.ts", "class Rates { private all: Rate[] = [];\n  async job() { this.all = await this.repo.find(); this.logger.log('read'); } }"),
        ("a.js", JS + "const query = (text, params) => pool.query(text, params);\nasync function job() { rates = (await query('select * from rates')).rows; }"),
        ("a.py", PY + "def job():\n    global rates\n    rates = requests.get('https://rates', timeout=5).json()\n    print('read', len(rates))\n"),
        ("a.py", PY + "def job():\n    rates.clear()\n    rates.update(requests.get('https://rates').json())\n"),
    ],
)
def test_a_job_that_only_renews_what_its_process_has(code_of, path: str, text: str) -> None:
    assert renews_own(*_job(code_of({path: text}), path))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", JS + "async function job() { rates = (await pool.query('select * from rates')).rows; await mail.send(rates); }"),
        ("a.js", JS + "async function job() { rates = (await pool.query('insert into runs default values returning *')).rows; }"),
        ("a.js", JS + "async function job() { rates = (await pool.query('with old as (delete from rates returning *) select * from old')).rows; }"),
        ("a.js", JS + "async function job() { rates = await (await fetch('https://rates', { method: 'POST' })).json(); }"),
        ("a.js", JS + "async function job() { const now = await pool.query('select * from rates'); console.log(now.rows); }"),
        ("a.js", JS + "async function job() { rates = await load(); }\nasync function load() { await tell(); return []; }"),
        ("a.js", JS + "const query = (text, params) => pool.query(text, params);\nasync function job() { rates = (await query('delete from rates returning *')).rows; }"),
        ("a.js", JS + "const query = (text, params) => pool.query(text, params);\nasync function job() { rates = (await query(statement())).rows; }"),
        ("a.py", PY + "def job():\n    rates = requests.get('https://rates').json()\n    print(rates)\n"),
        ("a.py", PY + "def job():\n    rates.update(requests.post('https://rates').json())\n"),
    ],
)
def test_a_job_that_may_do_more_is_none(code_of, path: str, text: str) -> None:
    assert not renews_own(*_job(code_of({path: text}), path))


def _job(code, path: str):
    return code, next(each for each in code.project.modules[path].all(Function) if each.name == "job")
