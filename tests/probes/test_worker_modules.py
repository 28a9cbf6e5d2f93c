"""What a worker's command names is what it loads, with all that these modules import."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.probes.worker_modules import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE, knowledge.load([knowledge.shipped()]))

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


@pytest.mark.parametrize(
    ("files", "command", "missing"),
    [
        (ACTORS, "worker: dramatiq app.tasks\n", ["app.mails"]),
        (ACTORS, "worker: dramatiq app.tasks app.mails --processes 2\n", []),
        (ACTORS, "worker: dramatiq app.all\n", []),
        (ACTORS, "worker: dramatiq elsewhere.tasks\n", []),
        (ACTORS, "web: uvicorn app.api:app\n", []),
        (HUEY, "worker: huey_consumer app.queue.huey\n", ["app.jobs"]),
        (HUEY, "worker: huey_consumer.py app.jobs.huey -w 2\n", []),
    ],
)
def test_the_modules_that_a_worker_does_not_load(tmp_path, files: dict[str, str], command: str, missing: list[str]) -> None:
    assert [item.fact.module for item in look(tmp_path, {**files, "Procfile": command})] == missing
