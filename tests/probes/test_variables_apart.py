"""One variable by which both sides meet, and a value for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.variables_apart import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

TOPIC = {
    "requirements.txt": "kafka-python==2.0.2\n",
    "api.py": "import os\nfrom kafka import KafkaProducer\np = KafkaProducer()\ndef order():\n    p.send(os.environ['TOPIC'], b'x')\n",
    "consumer.py": "import os\nfrom kafka import KafkaConsumer\nfor m in KafkaConsumer(os.environ['TOPIC']):\n    print(m)\n",
}
JOBS = {
    "requirements.txt": "rq==2.0.0\n",
    "web.py": "import os\nfrom redis import Redis\nfrom rq import Queue\nfrom jobs import convert\nq = Queue('default', connection=Redis.from_url(os.environ['REDIS_URL']))\ndef start():\n    q.enqueue(convert, 1)\n",
    "jobs.py": "def convert(n):\n    print(n)\n",
}
UNITS = "services:\n  %s:\n    build: .\n    command: python %s\n    environment: {%s: %s}\n  %s:\n    build: .\n    command: python %s\n    environment: {%s: %s}\n"


def said(tmp_path: Path, files: dict[str, str], units: tuple[str, ...]) -> list[str]:
    found = look(tmp_path, {**files, "compose.yaml": UNITS % units})
    return [f"{item.fact.what}: {item.fact.service} {item.fact.here}, {item.fact.other} {item.fact.there} @{item.where}" for item in found]


def test_two_topics_by_one_name(tmp_path: Path) -> None:
    units = ("api", "api.py", "TOPIC", "orders.v2", "consumer", "consumer.py", "TOPIC", "orders")
    assert said(tmp_path, TOPIC, units) == ["name: consumer orders, api orders.v2 @compose.yaml:9"]


def test_two_databases_for_one_queue_and_no_password_in_the_report(tmp_path: Path) -> None:
    units = ("web", "web.py", "REDIS_URL", "'redis://:secret@redis:6379/0'", "worker", "work.py", "REDIS_URL", "'redis://:secret@redis:6379/1'")
    assert said(tmp_path, JOBS, units) == ["database: worker redis://redis:6379/1, web redis://redis:6379/0 @compose.yaml:9"]


@pytest.mark.parametrize(
    ("files", "units"),
    [
        (TOPIC, ("api", "api.py", "TOPIC", "orders", "consumer", "consumer.py", "TOPIC", "orders")),
        (TOPIC, ("api", "api.py", "TOPIC", "orders", "consumer", "consumer.py", "OTHER", "x")),
        (TOPIC, ("api", "api.py", "TOPIC", "'${TOPIC}'", "consumer", "consumer.py", "TOPIC", "orders")),
        (JOBS, ("web", "web.py", "REDIS_URL", "'redis://redis:6379/0'", "cache", "warm.py", "REDIS_URL", "'redis://redis:6379/1'")),
        (JOBS, ("web", "web.py", "REDIS_URL", "'redis://one:6379/0'", "worker", "work.py", "REDIS_URL", "'redis://two:6379/1'")),
    ],
    ids=["one value", "one side", "not written out", "no worker", "other hosts"],
)
def test_they_meet_or_it_cannot_be_told(tmp_path: Path, files: dict[str, str], units: tuple[str, ...]) -> None:
    assert said(tmp_path, files, units) == []


LIVE = {
    "requirements.txt": "Flask-SocketIO==5.4.1\ncelery==5.4.0\n",
    "live.py": "import os\nfrom flask_socketio import SocketIO\nlive = SocketIO(message_queue='redis://r/0', channel=os.environ['LIVE'])\n",
    "web.py": "from live import live\n@live.on('a')\ndef a(d): ...\n",
    "work.py": "from live import live\nlive.emit('b', {})\n",
}
FEED = {
    "requirements.txt": "python-socketio==5.11.4\nredis==5.2.0\n",
    "web.py": "import os, socketio\ns = socketio.Server(client_manager=socketio.RedisManager('redis://r/0', os.getenv('LIVE', 'a')))\n",
    "feed.py": "import os, socketio\nm = socketio.RedisManager('redis://r/0', os.getenv('LIVE', 'a'), True)\nm.emit('b', {})\n",
}


@pytest.mark.parametrize(
    ("files", "units", "told"),
    [
        (LIVE, ("web", "web.py", "LIVE", "new", "worker", "work.py", "LIVE", "old"), ["name: web new, worker old @compose.yaml:5"]),
        (FEED, ("web", "web.py", "LIVE", "b", "feed", "feed.py", "OTHER", "x"), ["name: web b, feed a @compose.yaml:5"]),
        (LIVE, ("web", "web.py", "LIVE", "new", "worker", "work.py", "LIVE", "new"), []),
        (LIVE, ("north", "web.py", "LIVE", "north", "south", "web.py", "LIVE", "south"), []),
        (FEED, ("web", "web.py", "LIVE", "a", "feed", "feed.py", "OTHER", "x"), []),
    ],
    ids=["one object", "by default", "one value", "tenants", "the value that stands in"],
)
def test_the_channel_between_the_processes_of_a_server(tmp_path: Path, files: dict[str, str], units: tuple[str, ...], told: list[str]) -> None:
    assert said(tmp_path, files, units) == told


KITCHEN = {
    "requirements.txt": "Flask-SocketIO==5.4.1\npython-socketio==5.11.4\ncelery==5.4.0\nredis==5.2.0\n",
    "conf.py": "import os\nLIVE = os.environ.get('LIVE', 'socketio')\n",
    "web.py": "from flask_socketio import SocketIO\nimport conf\nfrom jobs import bake\ns = SocketIO(message_queue='redis://r/0', channel=conf.LIVE)\n",
    "jobs.py": "import socketio\nimport conf\nm = socketio.RedisManager('redis://r/0', channel=conf.LIVE, write_only=True)\ndef bake(n):\n    m.emit('b', {})\n",
    "work.py": "from jobs import bake\nbake(1)\n",
}
EXCHANGE = {
    "requirements.txt": "pika==1.3.2\n",
    "bus.py": "import os\nimport pika\nEXCHANGE = os.getenv('EXCHANGE', 'events')\nc = pika.BlockingConnection().channel()\ndef tell(b):\n    c.basic_publish(exchange=EXCHANGE, routing_key='', body=b)\n",
    "shop.py": "from bus import tell\ntell(b'1')\n",
    "mails.py": "import pika\nfrom bus import EXCHANGE\nc = pika.BlockingConnection().channel()\nq = c.queue_declare('').method.queue\nc.queue_bind(q, EXCHANGE)\nc.basic_consume(q, print)\nc.start_consuming()\n",
}
CELERY = {
    "requirements.txt": "celery==5.4.0\n",
    "jobs.py": "import os\nfrom celery import Celery\napp = Celery('a', broker='redis://r/0')\napp.conf.task_default_queue = os.getenv('JOBS', 'celery')\n@app.task\ndef job(): ...\n",
    "web.py": "from jobs import job\njob.delay()\n",
}
LAYER = {
    "requirements.txt": "channels-redis==4.2.0\ncelery==5.4.0\n",
    "settings.py": "import os\nCHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'prefix': os.getenv('PREFIX', 'asgi')}}}\n",
    "web.py": "import settings\nfrom channels.layers import get_channel_layer\nget_channel_layer().group_send('a', {})\n",
    "work.py": "import settings\nfrom celery import Celery\napp = Celery('a', broker='redis://r/0')\n@app.task\ndef job(): ...\n",
}


@pytest.mark.parametrize(
    ("files", "units", "told"),
    [
        (KITCHEN, ("web", "web.py", "LIVE", "b", "worker", "work.py", "OTHER", "x"), ["name: web b, worker socketio @compose.yaml:5"]),
        (KITCHEN, ("web", "web.py", "LIVE", "b", "worker", "work.py", "LIVE", "b"), []),
        (KITCHEN, ("web", "web.py", "LIVE", "b", "second", "web.py", "LIVE", "c"), []),
        (EXCHANGE, ("shop", "shop.py", "EXCHANGE", "shop", "mails", "mails.py", "OTHER", "x"), ["name: mails events, shop shop @compose.yaml:9"]),
        (EXCHANGE, ("shop", "shop.py", "EXCHANGE", "events", "mails", "mails.py", "OTHER", "x"), []),
        (LAYER, ("web", "web.py", "PREFIX", "hall", "worker", "work.py", "OTHER", "x"), ["name: web hall, worker asgi @compose.yaml:5"]),
        (LAYER, ("web", "web.py", "PREFIX", "hall", "worker", "work.py", "PREFIX", "hall"), []),
    ],
    ids=["tasks beside the server", "both are told", "two servers", "an exchange", "its default", "a layer's prefix", "one prefix"],
)
def test_a_program_that_has_one_end_of_what_another_has_both_ends_of(tmp_path: Path, files: dict[str, str], units: tuple[str, ...], told: list[str]) -> None:
    assert said(tmp_path, files, units) == told


@pytest.mark.parametrize(("command", "told"), [("worker", ["database: worker celery, web labels @compose.yaml:9"]), ("worker -Q labels", [])])
def test_the_queue_of_tasks_without_one(tmp_path: Path, command: str, told: list[str]) -> None:
    units = f"services:\n  web:\n    command: python web.py\n    environment:\n      JOBS: labels\n  worker:\n    command: celery -A jobs {command}\n    environment:\n      LOG: info\n"
    found = look(tmp_path, {**CELERY, "compose.yaml": units})
    assert [f"{item.fact.what}: {item.fact.service} {item.fact.here}, {item.fact.other} {item.fact.there} @{item.where}" for item in found] == told


NATS = {
    "requirements.txt": "nats-py==2.9.0\n",
    "conf.py": "import os\nPREFIX = os.getenv('PREFIX', 'dev')\n",
    "api.py": "import nats\nfrom conf import PREFIX\nasync def f():\n    nc = await nats.connect()\n    await nc.publish(f'{PREFIX}.orders', b'1')\n",
    "worker.py": "import nats\nfrom conf import PREFIX\nasync def f():\n    nc = await nats.connect()\n    await nc.subscribe(f'{PREFIX}.orders', cb=print)\n",
}
RQ = {
    "requirements.txt": "rq==1.16.2\n",
    "conf.py": "import os\nJOBS = os.getenv('JOBS', 'default')\n",
    "api.py": "from rq import Queue\nimport conf\nq = Queue(conf.JOBS)\nq.enqueue('a.b', 1)\n",
    "worker.py": "from rq import Worker\nimport conf\nWorker([conf.JOBS]).work()\n",
}
ACTORS = {
    "requirements.txt": "dramatiq==1.17.0\n",
    "tasks.py": "import os\nimport dramatiq\nfrom dramatiq.brokers.redis import RedisBroker\ndramatiq.set_broker(RedisBroker(namespace=os.getenv('SPACE', 'dramatiq')))\n@dramatiq.actor\ndef f(n): ...\n",
    "api.py": "from tasks import f\nf.send(1)\n",
    "worker.py": "import tasks\n",
}


@pytest.mark.parametrize(
    ("files", "units", "told"),
    [
        (NATS, ("api", "api.py", "PREFIX", "plant", "worker", "worker.py", "OTHER", "x"), ["name: worker dev, api plant @compose.yaml:9"]),
        (NATS, ("api", "api.py", "PREFIX", "plant", "worker", "worker.py", "PREFIX", "plant"), []),
        ({**NATS, "worker.py": NATS["worker.py"].replace(".orders", ".refunds")}, ("api", "api.py", "PREFIX", "plant", "worker", "worker.py", "OTHER", "x"), []),
        (RQ, ("api", "api.py", "JOBS", "thumbs", "worker", "worker.py", "OTHER", "x"), ["database: worker default, api thumbs @compose.yaml:9"]),
        (RQ, ("api", "api.py", "JOBS", "default", "worker", "worker.py", "OTHER", "x"), []),
        (ACTORS, ("api", "api.py", "SPACE", "press", "worker", "worker.py", "OTHER", "x"), ["database: worker dramatiq, api press @compose.yaml:9"]),
        (ACTORS, ("api", "api.py", "SPACE", "press", "worker", "worker.py", "SPACE", "press"), []),
    ],
    ids=["a prefix", "one prefix", "other names below it", "a queue of rq", "its default", "a namespace", "one namespace"],
)
def test_a_part_of_a_name_and_queues(tmp_path: Path, files: dict[str, str], units: tuple[str, ...], told: list[str]) -> None:
    assert said(tmp_path, files, units) == told


VHOSTS = {
    "package.json": '{"dependencies": {"amqplib": "0.10.4"}}',
    "api.js": "const { open } = require('./open');\nopen().then((ch) => ch.publish('orders', 'new', Buffer.from('x')));\n",
    "fill.js": "const { open } = require('./open');\nopen().then(async (ch) => { await ch.assertQueue('fill'); await ch.bindQueue('fill', 'orders', 'new'); await ch.consume('fill', (m) => ch.ack(m)); });\n",
    "open.js": "const amqp = require('amqplib');\nexports.open = async () => (await amqp.connect(%s)).createChannel();\n",
}
OBJECT, ADDRESS = "{ hostname: 'mq', vhost: process.env.VHOST }", "`amqp://mq/${process.env.VHOST}`"


@pytest.mark.parametrize(
    ("connect", "values", "told"),
    [
        (OBJECT, ("shop", "/shop"), ["database: fill /shop, api shop @compose.yaml:9"]),
        (ADDRESS, ("shop", "store"), ["database: fill store, api shop @compose.yaml:9"]),
        (OBJECT, ("shop", "shop"), []),
        (ADDRESS, ("%2F", "/"), []),
        ("{ hostname: process.env.VHOST }", ("one", "two"), []),
        ("`amqp://mq-${process.env.VHOST}/shop`", ("one", "two"), []),
    ],
    ids=["an option", "an address", "one for both", "one in two spellings", "a host", "a part of the host's name"],
)
def test_a_variable_of_its_own_names_the_vhost(tmp_path: Path, connect: str, values: tuple[str, str], told: list[str]) -> None:
    files = {**VHOSTS, "open.js": VHOSTS["open.js"] % connect}
    units = UNITS.replace("python", "node") % ("api", "api.js", "VHOST", values[0], "fill", "fill.js", "VHOST", f"'{values[1]}'")
    found = look(tmp_path, {**files, "compose.yaml": units})
    assert [f"{item.fact.what}: {item.fact.service} {item.fact.here}, {item.fact.other} {item.fact.there} @{item.where}" for item in found] == told


@pytest.mark.parametrize(
    ("made", "variable", "told"),
    [
        ("Redis(host='redis', db=int(os.environ['JOBS_DB']))", "JOBS_DB", ["database: worker 1, web 0 @compose.yaml:9"]),
        ("Redis.from_url(f\"redis://redis:6379/{os.environ['JOBS_DB']}\")", "JOBS_DB", ["database: worker 1, web 0 @compose.yaml:9"]),
        ("Redis(host='redis'); connect(db=os.environ['JOBS_DB'])", "JOBS_DB", []),
        ("Redis(host='redis', db=int(os.environ['CACHE_DB']))", "CACHE_DB", []),
    ],
    ids=["an option", "an address", "another client's database", "a cache"],
)
def test_a_variable_of_its_own_names_the_database(tmp_path: Path, made: str, variable: str, told: list[str]) -> None:
    files = {**JOBS, "web.py": f"import os\nfrom redis import Redis\nfrom rq import Queue\nfrom jobs import convert\nr = {made}\nq = Queue('default', connection=r)\ndef start():\n    q.enqueue(convert, 1)\n"}
    assert said(tmp_path, files, ("web", "web.py", variable, "'0'", "worker", "web.py", variable, "'1'")) == told
