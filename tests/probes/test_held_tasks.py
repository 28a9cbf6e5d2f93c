"""How long a task is put off is laid beside the broker's patience."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.held_tasks import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = "import os\nfrom celery import Celery\napp = Celery('a', broker=os.environ['BROKER'])\n%s\n@app.task\ndef remind(pet):\n    %s\n"
UPDATE = "app.conf.update(broker_transport_options={'visibility_timeout': %s})"
READ = "int(os.environ.get('HIDDEN', 864000))"
SENDS = "from datetime import datetime, timedelta, timezone\nfrom app import remind\nNOTICE = timedelta(days=2)\ndef at(day):\n    return max(day, datetime.now(timezone.utc) + NOTICE)\ndef plan(day):\n    remind.apply_async((1,), %s)\n"
UNITS = "services:\n  worker:\n    build: .\n    command: celery -A app worker\n    environment:\n      BROKER: %s\n      HIDDEN: '%s'\n"
ETA = "eta=at(day)"


def said(folder: Path, app: str, sends: str, units: str = UNITS % ("redis://r:6379/0", 900)) -> list[str]:
    found = look(folder, {"requirements.txt": "celery==5.4.0\nredis==5.0.8\n", "app.py": app, "sends.py": sends, "compose.yaml": units})
    return [str(each.where) for each in found if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("conf", "sends", "place"),
    [
        (UPDATE % READ, ETA, "compose.yaml"),
        (UPDATE % "600", ETA, "app.py"),
        ("app.conf.broker_transport_options = {'visibility_timeout': 600}", "countdown=3 * 3600", "app.py"),
        ("app.conf.broker_transport_options['visibility_timeout'] = 600", "eta=datetime.now() + timedelta(hours=1)", "app.py"),
        (UPDATE % "12 * 3600", ETA, "app.py"),
    ],
    ids=["of a variable", "of a call", "a countdown", "of an entry", "hours, and days"],
)
def test_a_wait_longer_than_the_timeout_is_told_where_the_timeout_is_given(tmp_path: Path, conf: str, sends: str, place: str) -> None:
    assert [each.partition(":")[0] for each in said(tmp_path, APP % (conf, "print(pet)"), SENDS % sends)] == [place]


@pytest.mark.parametrize(
    ("conf", "body", "sends", "units"),
    [
        (UPDATE % READ, "print(pet)", ETA, UNITS % ("redis://r:6379/0", 432000)),
        (UPDATE % READ, "print(pet)", ETA, UNITS.replace("HIDDEN", "OTHER") % ("redis://r:6379/0", 900)),
        (UPDATE % READ, "print(pet)", ETA, UNITS % ("amqp://mq", 900)),
        (UPDATE % READ, "if pet.sent_at: return", ETA, UNITS % ("redis://r:6379/0", 900)),
        (UPDATE % READ, "print(pet)", "eta=day", UNITS % ("redis://r:6379/0", 900)),
        (UPDATE % READ, "print(pet)", "countdown=300", UNITS % ("redis://r:6379/0", 900)),
        ("app.conf.update(task_time_limit=600)", "print(pet)", ETA, UNITS % ("redis://r:6379/0", 900)),
    ],
    ids=["long enough", "long enough by default", "of RabbitMQ", "run once", "an unknown moment", "a short wait", "no timeout set"],
)
def test_a_broker_that_waits_long_enough_is_left_alone(tmp_path: Path, conf: str, body: str, sends: str, units: str) -> None:
    assert said(tmp_path, APP % (conf, body), SENDS % sends, units) == []
