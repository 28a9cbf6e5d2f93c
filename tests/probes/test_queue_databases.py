"""The database of Redis that a queue's jobs are put into is laid beside the one that its worker waits in."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.queue_databases import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

MQ = "import { Queue, Worker } from 'bullmq';\nimport Redis from 'ioredis';\nconst base = { host: 'redis' };\nnew Queue('labels', { connection: SENT }).add('print', {});\nnew Worker('labels', async (job) => print(job), { connection: TAKEN });\n"
BULL = "const Queue = require('bull');\nconst q = new Queue('labels', SENT);\nq.add({});\nconst w = new Queue('labels', TAKEN);\nw.process(async (job) => print(job));\n"
RQ = "from redis import Redis\nfrom rq import Queue, Worker\nq = Queue('labels', connection=SENT)\nq.enqueue(print, 1)\nw = Worker(['labels', 'mails'], connection=TAKEN)\nw.work()\n"
PACKAGES = {"package.json": '{"dependencies": {"bullmq": "5.34.0", "bull": "4.16.5", "ioredis": "5.4.2"}}'}


@pytest.mark.parametrize(
    ("file", "source", "sent", "taken", "line"),
    [
        ("a.js", MQ, "{ host: 'redis' }", "{ host: 'redis', db: 1 }", 5),
        ("a.js", MQ, "{ ...base, db: 2 }", "new Redis({ host: 'redis', maxRetriesPerRequest: null })", 5),
        ("a.js", MQ, "new Redis('redis://redis/3')", "new Redis('redis://redis/4')", 5),
        ("a.js", BULL, "'redis://redis:6379/1'", "{ redis: { host: 'redis' } }", 4),
        ("a.py", RQ, "Redis('redis', db=1)", "Redis('redis')", 5),
    ],
)
def test_two_databases(tmp_path: Path, file: str, source: str, sent: str, taken: str, line: int) -> None:
    found = look(tmp_path, {file: source.replace("SENT", sent).replace("TAKEN", taken), **PACKAGES})
    assert [(each.where.line, each.fact.effect) for each in found] == [(line, "event-name-mismatch")]


@pytest.mark.parametrize(
    ("file", "source", "sent", "taken"),
    [
        ("a.js", MQ, "{ host: 'redis' }", "{ host: 'redis', db: 0 }"),
        ("a.js", MQ, "{ host: 'redis', db: 1 }", "{ ...config.redis }"),
        ("a.js", MQ, "{ host: 'redis', db: 1 }", "{ url: process.env.REDIS_URL }"),
        ("a.js", MQ, "{ host: 'redis', db: 1 }", "makeRedis()"),
        ("a.js", MQ, "{ host: 'redis', db: Number(process.env.DB) }", "{ host: 'redis', db: 1 }"),
        ("a.js", MQ.replace("new Worker('labels'", "new Worker('mails'"), "{ host: 'redis' }", "{ host: 'redis', db: 1 }"),
        ("a.js", MQ + "new Worker('labels', print, { connection: { host: 'redis' } });\n", "{ host: 'redis' }", "{ host: 'redis', db: 1 }"),
        ("a.js", BULL, "'redis://redis:6379/1'", "process.env.REDIS_URL"),
        ("a.py", RQ, "Redis('redis', db=1)", "Redis.from_url(os.environ['REDIS_URL'])"),
    ],
)
def test_silent_for_one_database_and_where_either_is_not_known(tmp_path: Path, file: str, source: str, sent: str, taken: str) -> None:
    assert list(look(tmp_path, {file: source.replace("SENT", sent).replace("TAKEN", taken), **PACKAGES})) == []
