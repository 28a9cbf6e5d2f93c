"""A channel of one job that is subscribed to on demand may have had its last message already."""

from __future__ import annotations

import pytest

from callcheck.probes.late_subscriptions import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
EVENTS = "import redis\nr = redis.Redis()\ndef channel(id):\n    return f'run:{id}'\ndef emit(id, m):\n    r.publish(channel(id), m)\n"
STREAM = """import json
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from events import r, channel
app = FastAPI()
async def follow(id):
    p = r.pubsub()
    p.subscribe(channel(id))
    BEFORE
    while True:
        m = p.get_message(timeout=15)
        event = json.loads(m['data'])
        yield m
        LEAVE
@app.get('/runs/{id}')
async def stream(id: str):
    return StreamingResponse(follow(id))
"""


def _found(folder, before: str, leave: str) -> list[str]:
    files = {"events.py": EVENTS, "api.py": STREAM.replace("BEFORE", before).replace("LEAVE", leave)}
    return [item.fact.event for item in look(folder, files)]


def test_a_stream_that_follows_until_the_last_message(tmp_path) -> None:
    assert _found(tmp_path, "pass", "if event['type'] == 'done': return") == ["run:*"]


@pytest.mark.parametrize(
    ("before", "leave"),
    [("pass", "pass"), ("history = r.lrange(f'log:{id}', 0, -1)", "if event['type'] == 'done': return")],
    ids=["a feed without end", "what came before is read"],
)
def test_silent_about(tmp_path, before, leave) -> None:
    assert not _found(tmp_path, before, leave)


WAIT = """import express from 'express';
import { createClient } from 'redis';
const r = createClient(); const ears = r.duplicate();
const app = express();
app.post('/x', async (req) => {
  const id = req.body.id;
  BEFORE
  const answer = new Promise((resolve) => { ears.subscribe(`x:${id}`, resolve); });
  AFTER
  return await answer;
});
"""
WORKER = "import { createClient } from 'redis';\nconst r = createClient();\nasync function run(job) { await r.publish(`x:${job.id}`, '1'); }\n"
PUSH = "await r.rPush('jobs', id);"


@pytest.mark.parametrize(("before", "after", "told"), [(PUSH, "", 1), ("", PUSH, 0)], ids=["pushed first", "pushed once subscribed"])
def test_work_that_is_pushed_on_a_list(tmp_path, before, after, told) -> None:
    files = {"package.json": '{"dependencies": {"redis": "4.7.0"}}', "a.js": WAIT.replace("BEFORE", before).replace("AFTER", after), "w.js": WORKER}
    assert len(list(look(tmp_path, files))) == told
