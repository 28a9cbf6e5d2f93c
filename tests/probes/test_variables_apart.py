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
