"""What a worker's command names is what it loads, with all that these modules import."""

from __future__ import annotations

import pytest

from callcheck.probes.worker_modules import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

ACTORS = {
    "app/__init__.py": "",
    "app/tasks.py": "import dramatiq\n@dramatiq.actor\ndef resize(p): ...\n",
    "app/mails.py": "import dramatiq\n@dramatiq.actor\ndef mail(to): ...\n",
    "app/all.py": "from app import mails, tasks\n",
}
HUEY = {
    "app/__init__.py": "",
    "app/queue.py": "from huey import RedisHuey\nhuey = RedisHuey('x')\n",
    "app/jobs.py": "from app.queue import huey\n@huey.task()\ndef mail(to): ...\n",
}
BROKER = "import taskiq_fastapi\nfrom taskiq_redis import ListQueueBroker\nbroker = ListQueueBroker('redis://r')\n"
TASKIQ = {
    "app/__init__.py": "",
    "app/broker.py": BROKER,
    "app/jobs.py": "from app.broker import broker\n@broker.task\nasync def bill(n): ...\n",
    "app/mails/__init__.py": "",
    "app/mails/tasks.py": "from ..broker import broker\n@broker.task\nasync def mail(to): ...\n",
}


@pytest.mark.parametrize(
    ("files", "command", "missing"),
    [
        (ACTORS, "worker: dramatiq app.tasks\n", ["app.mails"]),
        (ACTORS, "worker: dramatiq app.tasks app.mails --processes 2\n", []),
        (ACTORS, "worker: dramatiq app.all\n", []),
        (ACTORS, "worker: dramatiq elsewhere.tasks\n", []),
        (ACTORS, "web: uvicorn app.api:app\n", []),
        (ACTORS, "worker: dramatiq --processes 2 app.tasks\n", ["app.mails"]),
        (ACTORS, "worker: dramatiq $TASK_MODULES\n", []),
        (HUEY, "worker: huey_consumer app.queue.huey\n", ["app.jobs"]),
        (HUEY, "worker: huey_consumer.py app.jobs.huey -w 2\n", []),
        (TASKIQ, "worker: taskiq worker app.broker:broker\n", ["app.jobs", "app.mails.tasks"]),
        (TASKIQ, "worker: taskiq worker app.broker:broker app.jobs app.mails.tasks --workers 2\n", []),
        (TASKIQ, "worker: taskiq worker --log-level INFO app.broker:broker app.jobs\n", ["app.mails.tasks"]),
        (TASKIQ, "worker: taskiq worker app.broker:broker --fs-discover\n", ["app.jobs"]),
        (TASKIQ, "worker: taskiq worker -fsd app.broker:broker -tp '**/jobs.py' -tp '**/tasks.py'\n", []),
        (TASKIQ, "clock: taskiq scheduler app.broker:scheduler\n", []),
        ({**TASKIQ, "app/web.py": "from app import jobs\nfrom app.mails import tasks\n", "app/broker.py": f"{BROKER}taskiq_fastapi.init(broker, 'app.web:app')\n"}, "worker: taskiq worker app.broker:broker\n", []),
    ],
)
def test_the_modules_that_a_worker_does_not_load(tmp_path, files: dict[str, str], command: str, missing: list[str]) -> None:
    assert [item.fact.module for item in look(tmp_path, {**files, "Procfile": command})] == missing


def test_the_command_is_shown(tmp_path) -> None:
    command = next(item.because[0] for item in look(tmp_path, {**ACTORS, "Procfile": "web: uvicorn app.api:app\nworker: dramatiq app.tasks\n"}))
    assert (command.where.path, command.where.line) == ("Procfile", 2)
