"""Work that a broadcast makes every process do is told; what one of them claims, or only hands on to its own clients, is not."""

from __future__ import annotations

import pytest

from callcheck.probes.broadcasts import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
NEST = """import { NestFactory } from '@nestjs/core';
import { EventPattern, MicroserviceOptions, Transport } from '@nestjs/microservices';
import nodemailer from 'nodemailer';
const mail = nodemailer.createTransport({});
export class C { @EventPattern('paid') async on(e) { BODY } }
async function boot() { const app = await NestFactory.createMicroservice<MicroserviceOptions>(M, { transport: Transport.SYSTEM, options: { OPTIONS } }); }
"""
IOREDIS = "import Redis from 'ioredis';\nconst sub = new Redis();\nsub.subscribe('paid');\nsub.on('message', async (c, m) => { await tell(m); });\nasync function tell(m) { await fetch('u', { method: 'POST' }); }\n"
REDIS_PY = "import redis, requests\nr = redis.Redis()\ndef listen():\n    p = r.pubsub()\n    p.subscribe('paid')\n    for m in p.listen():\n        CLAIM\n        requests.post('u', json=m)\n"


def _nest(system: str = "REDIS", body: str = "await mail.sendMail(e);", options: str = "") -> dict[str, str]:
    return {"a.ts": NEST.replace("SYSTEM", system).replace("BODY", body).replace("OPTIONS", options)}


@pytest.mark.parametrize(
    ("files", "call"),
    [(_nest(), "sendMail"), (_nest("NATS"), "sendMail"), ({"a.ts": IOREDIS}, "fetch"), ({"a.py": REDIS_PY.replace("CLAIM", "pass")}, "post")],
    ids=["Nest over Redis", "Nest over NATS", "ioredis", "redis-py"],
)
def test_every_process_does_it(tmp_path, files, call) -> None:
    assert [item.fact.call for item in look(tmp_path, files)] == [call]


@pytest.mark.parametrize(
    "files",
    [
        _nest("RMQ"),
        _nest("NATS", options="queue: 'mails'"),
        _nest(body="if (await redis.set(e.id, 1, 'EX', 60, 'NX')) await mail.sendMail(e);"),
        _nest(body="this.clients.forEach((c) => c.send(e));"),
        {"a.py": REDIS_PY.replace("CLAIM", "if not r.setnx(m['id'], 1): continue")},
    ],
    ids=["a queue", "a queue group", "claimed", "own clients", "claimed in Python"],
)
def test_silent_about(tmp_path, files) -> None:
    assert not look(tmp_path, files)
