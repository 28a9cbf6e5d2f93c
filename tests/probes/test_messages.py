"""Fields that are read of a message beside those that are sent, where both ends are written out."""

from __future__ import annotations

import pytest

from callcheck.probes.messages import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

QUEUE = "import { Queue } from 'bullmq';\nconst q = new Queue('mail');\nexport const send = (u) => q.add('welcome', SENT);\n"
WORKER = "import { Worker } from 'bullmq';\nnew Worker('mail', async (job) => { BODY });\n"
PUB = "import Redis from 'ioredis';\nconst pub = new Redis();\nexport const made = (o) => pub.publish('orders', JSON.stringify({ id: o.id, mail: o.mail }));\n"
SUB = "import Redis from 'ioredis';\nconst sub = new Redis();\nsub.subscribe('orders');\nsub.on('message', (channel, raw) => { const o = JSON.parse(raw); f(o.FIELD); });\n"


SHIP = "import { Server } from 'socket.io';\nconst io = new Server();\nexport const kick = (room) => io.in(room).emit('told', { gone: room });\nexport const tell = (peer, news) => SENT;\n"
PAGE = "import { io } from 'socket.io-client';\nconst s = io();\ns.on('told', (m) => show(m.text));\n"


def _socket(sent: str) -> dict[str, str]:
    return {"ship.js": SHIP.replace("SENT", sent), "page.js": PAGE}


def _queue(sent: str, body: str) -> dict[str, str]:
    return {"out.js": QUEUE.replace("SENT", sent), "in.js": WORKER.replace("BODY", body)}


@pytest.mark.parametrize(
    ("files", "field"),
    [
        (_queue("{ recipient: u.mail }", "await f(job.data.to);"), "to"),
        (_queue("{ recipient: u.mail }", "const { to } = job.data; await f(to);"), "to"),
        ({"out.js": PUB, "in.js": SUB.replace("FIELD", "email")}, "email"),
        (_socket("peer.emit('asked', news)"), "text"),
        (_socket("peer.emit('told', { when: 3 })"), "text"),
    ],
)
def test_a_field_that_no_message_has(tmp_path, files, field) -> None:
    assert [item.fact.field for item in look(tmp_path, files)] == [field]


@pytest.mark.parametrize(
    "files",
    [
        _queue("{ to: u.mail }", "await f(job.data.to);"),
        _queue("{ to: u.mail, ...u }", "await f(job.data.name);"),
        _queue("u", "await f(job.data.name);"),
        _queue("{ to: u.mail }", "await f(job.data.name ?? 'you');"),
        _queue("{ to: u.mail }", "if (job.data.name) await f(job.data.to);"),
        _queue("{ to: u.mail }", "const { name = 'you' } = job.data; await f(name);"),
        {"out.js": PUB, "in.js": SUB.replace("FIELD", "mail")},
        _socket("peer.emit('told', news)"),
        _socket("peer.emit('told', { text: news })"),
        {"out.js": PUB, "in.js": SUB.replace("'orders'", "channelOf(x)").replace("FIELD", "email")},
    ],
)
def test_silent_where_the_field_is_there_may_be_there_or_is_asked_for(tmp_path, files) -> None:
    assert not look(tmp_path, files)


PY_OUT = "import json, pika\nch = pika.BlockingConnection().channel()\ndef f(to):\n    ch.basic_publish('', 'mail', json.dumps({'to': to}).encode())\n"
PY_IN = "import json, pika\nch = pika.BlockingConnection().channel()\ndef g(ch, m, p, body):\n    job = json.loads(body)\n    print(job%s)\nch.basic_consume('mail', g)\n"


@pytest.mark.parametrize(("read", "fields"), [("['address']", ["address"]), ("['to']", []), (".get('address')", [])])
def test_a_dict_in_python_is_read_by_its_keys(tmp_path, read, fields) -> None:
    assert [item.fact.field for item in look(tmp_path, {"out.py": PY_OUT, "in.py": PY_IN % read})] == fields
