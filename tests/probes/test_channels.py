"""Names that go through a broker or a socket are laid side by side, where both ends of the name space are seen."""

from __future__ import annotations

import pytest

from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.probes.channels import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

REDIS_OUT = "import Redis from 'ioredis';\nconst pub = new Redis();\nexport const made = () => pub.publish('orders:created', 'x');\n"
REDIS_IN = "import Redis from 'ioredis';\nconst sub = new Redis();\nsub.{method}('{name}');\n"
JOBS_OUT = "import { Queue } from 'bullmq';\nconst q = new Queue('mail');\nexport const order = () => q.add('order-confirmed', {});\n"
JOBS_IN = (
    "import { Worker } from 'bullmq';\nnew Worker('mail', run);\n"
    "async function run(job) { switch (job.name) { case '%s': return send(job.data); } }\n"
)
SOCKET_OUT = "import { Server } from 'socket.io';\nconst io = new Server();\nio.on('connection', (s) => { s.on('bid', (b) => io.emit('bidPlaced', b)); });\n"
SOCKET_IN = "import { io } from 'socket.io-client';\nconst s = io('u');\ns.on('connect', f);\ns.on('%s', f);\ns.emit('bid', 1);\n"
NATS_OUT = "import { connect } from 'nats';\nconst nc = await connect();\nexport const f = (id) => nc.publish(`orders.eu.${id}.shipped`, 'x');\n"
NATS_IN = "import { connect } from 'nats';\nconst nc = await connect();\nnc.subscribe('%s');\n"


def _said(found: list) -> list[tuple[str, str]]:
    return [(item.fact.event, item.fact.near) for item in found if isinstance(item.fact, EventNeverEmitted)]


@pytest.mark.parametrize(
    ("out", "heard", "says"),
    [
        (REDIS_OUT, REDIS_IN.format(method="subscribe", name="order:created"), ("order:created", "orders:created")),
        (JOBS_OUT, JOBS_IN % "orderConfirmed", ("orderConfirmed", "order-confirmed")),
        (SOCKET_OUT, SOCKET_IN % "bid-placed", ("bid-placed", "bidPlaced")),
        (NATS_OUT, NATS_IN % "orders.*.shipped", ("orders.*.shipped", "orders.eu.*.shipped")),
    ],
)
def test_a_name_that_never_goes_out_beside_the_one_that_does(tmp_path, out, heard, says) -> None:
    assert _said(look(tmp_path, {"out.js": out, "in.js": heard})) == [says]


@pytest.mark.parametrize(
    ("out", "heard"),
    [
        (REDIS_OUT, REDIS_IN.format(method="subscribe", name="orders:created")),
        (REDIS_OUT, REDIS_IN.format(method="psubscribe", name="orders:*")),
        # Somebody outside of the project may well send it.
        (REDIS_OUT, REDIS_IN.format(method="subscribe", name="stock:low")),
        (REDIS_OUT, REDIS_IN.format(method="subscribe", name="orders:cancelled")),
        (REDIS_OUT + "export const any = (name) => pub.publish(name, 'x');\n", REDIS_IN.format(method="subscribe", name="order:created")),
        (JOBS_OUT, JOBS_IN % "order-confirmed"),
        (JOBS_OUT, "import { Worker } from 'bullmq';\nnew Worker('mail', async (job) => send(job.data));\n"),
        (SOCKET_OUT, SOCKET_IN % "bidPlaced"),
        (NATS_OUT, NATS_IN % "orders.>"),
    ],
)
def test_names_that_meet_or_may_meet_others(tmp_path, out, heard) -> None:
    assert not _said(look(tmp_path, {"out.js": out, "in.js": heard}))


def test_a_name_that_one_end_keeps_in_a_test_says_nothing(tmp_path) -> None:
    assert not _said(look(tmp_path, {"out.js": REDIS_OUT, "tests/in.test.js": REDIS_IN.format(method="subscribe", name="order:created")}))

NAMESPACES = "import { Server } from 'socket.io';\nconst io = new Server();\nconst admin = io.of('/admin');\nexport const alarm = (a) => %s.emit('alarm', a);\n"
WATCHES = "import { io } from 'socket.io-client';\nconst s = io(%s);\ns.on('alarm', f);\n"


@pytest.mark.parametrize("address", ["'https://h/admin'", "`${base()}/admin`"])
def test_a_name_that_goes_out_in_another_namespace(tmp_path, address) -> None:
    assert _said(look(tmp_path, {"out.js": NAMESPACES % "io", "in.js": WATCHES % address})) == [("alarm in /admin", "alarm in /")]


@pytest.mark.parametrize(("sender", "address"), [("admin", "'https://h/admin'"), ("io", "'https://h'"), ("io.of(x)", "'https://h/admin'"), ("io", "address()")])
def test_the_same_namespace_or_one_that_is_not_known(tmp_path, sender, address) -> None:
    assert not _said(look(tmp_path, {"out.js": NAMESPACES % sender, "in.js": WATCHES % address}))


PY_SERVER = "import socketio\ns = socketio.AsyncServer()\n@s.event\nasync def bid(sid, data):\n    await s.emit('%s', data%s)\n"


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [("bidPlaced", "", []), ("bid_placed", "", [("bidPlaced", "bid_placed")]), ("bidPlaced", ", namespace='/live'", [("bidPlaced in /", "bidPlaced in /live")])],
)
def test_a_server_in_python_and_its_client_in_javascript(tmp_path, name, more, said) -> None:
    client = SOCKET_IN.replace("io('u')", "io('https://a.example')") % "bidPlaced"
    assert _said(look(tmp_path, {"server.py": PY_SERVER % (name, more), "client.js": client})) == said


@pytest.mark.parametrize(("default", "deployed", "said"), [("orders", "", [("order", "orders")]), ("order", "", []), ("orders", "TOPIC=order", [])])
def test_a_name_with_a_default_counts_unless_the_deployment_may_set_it(tmp_path, default, deployed, said) -> None:
    out = f"import os, redis\nr = redis.Redis()\nTOPIC = os.environ.get('TOPIC', '{default}')\ndef f():\n    r.publish(TOPIC, 'x')\n"
    heard = "import redis\np = redis.Redis().pubsub()\np.subscribe('order')\n"
    assert _said(look(tmp_path, {"out.py": out, "in.py": heard, ".env": deployed})) == said


def _ends(found: list) -> list[tuple[str, str, str, str]]:
    return [(end.does, end.event, end.space, end.system) for end in (item.fact for item in found) if isinstance(end, ChannelEnd)]


def test_each_end_is_stated_with_the_space_of_its_name(tmp_path) -> None:
    found = _ends(look(tmp_path, {"out.js": REDIS_OUT, "in.js": REDIS_IN.format(method="subscribe", name="orders:created")}))
    assert found == [("emits", "orders:created", "redis", "redis"), ("listens", "orders:created", "redis", "redis")]


def test_an_end_without_its_other_one_is_stated_too(tmp_path) -> None:
    assert _ends(look(tmp_path, {"in.js": NATS_IN % "orders.>"})) == [("listens", "orders.>", "nats", "nats")]
    assert _ends(look(tmp_path, {"in.js": SOCKET_IN % "bid"})) == [("listens", "bid", "socketio-down", ""), ("emits", "bid", "socketio-up", "")]


def test_what_a_subscription_is_compared_with_in_its_own_handler_is_no_end(tmp_path) -> None:
    handler = "sub.on('message', (channel) => { if (channel === 'orders:created') f(); });\n"
    found = _ends(look(tmp_path, {"in.js": REDIS_IN.format(method="subscribe", name="orders:created") + handler}))
    assert found == [("listens", "orders:created", "redis", "redis")]


STREAM_OUT = "import express from 'express';\nconst app = express();\nconst all = new Set();\nconst tell = (name, x) => { for (const r of all) r.write(`event: ${name}\\ndata: ${x}\\n\\n`); };\n"
STREAM_SENDS = "app.post('/a', (q, r) => { tell('full', 1); tell('free', 2); });\n"
STREAM_IN = "const s = new EventSource('/a');\ns.addEventListener('full', f);\n"


def test_an_event_with_a_name_does_not_come_to_who_hears_those_without_one(tmp_path) -> None:
    assert _said(look(tmp_path, {"out.js": STREAM_OUT + STREAM_SENDS, "in.js": STREAM_IN + "s.onmessage = f;\n"})) == [("message", "free")]


@pytest.mark.parametrize(
    ("more", "hears"),
    [
        ("", "s.addEventListener('free', f);\ns.onmessage = f;\n"),
        ("app.get('/b', (q, r) => r.write(`data: ${now()}\\n\\n`));\n", "s.onmessage = f;\n"),
        ("app.get('/b', (q, r) => r.write(frame(q)));\n", "s.onmessage = f;\n"),
        ("export const any = (name) => tell(name, 1);\n", "s.onmessage = f;\n"),
    ],
)
def test_events_without_a_name_that_may_come(tmp_path, more, hears) -> None:
    assert not _said(look(tmp_path, {"out.js": STREAM_OUT + STREAM_SENDS + more, "in.js": STREAM_IN + hears}))
