"""A name that no task has is told beside the task that was meant."""

from __future__ import annotations

import pytest

from callcheck.probes.task_names import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = "from celery import Celery\napp = Celery('shop', include=['shop.tasks'])\n"
TASKS = "from shop.app import app\n@app.task\ndef nightly(): ...\n@app.task(name='mail.send')\ndef send(): ...\n"


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("app.conf.beat_schedule = {'n': {'task': 'shop.tasks.nightly_report', 'schedule': 60.0}}", "shop.tasks.nightly"),
        ("app.conf.beat_schedule = {'n': {'task': 'shop.tasks.nightly', 'schedule': 60.0}}", ""),
        ("app.send_task('shop.jobs.nightly')", "shop.tasks.nightly"),
        ("app.send_task('mail.send')", ""),
        ("app.send_task('billing.tasks.invoice')", ""),
    ],
)
def test_a_name_that_no_task_has(tmp_path, line: str, near: str) -> None:
    found = look(tmp_path, {"shop/__init__.py": "", "shop/app.py": APP + line + "\n", "shop/tasks.py": TASKS})
    assert [e.fact.method for e in found] == ([near] if near else [])


@pytest.mark.parametrize(("imports", "near"), [("from .app import app", "shop.tasks.nightly"), ("from shop.app import app", "")])
def test_a_relative_import_tells_of_the_package(tmp_path, imports: str, near: str) -> None:
    app = "from celery import Celery\napp = Celery('shop')\napp.conf.beat_schedule = {'n': {'task': 'tasks.nightly', 'schedule': 60.0}}\n"
    found = look(tmp_path, {"shop/__init__.py": "", "shop/app.py": app, "shop/tasks.py": f"{imports}\n@app.task\ndef nightly(): ...\n"})
    assert [e.fact.method for e in found] == ([near] if near else [])


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("letters.tasks.delver", "letters.tasks.deliver"),
        ("letters.task.deliver", "letters.tasks.deliver"),
        ("letters.tasks.deliver", ""),
        ("letters.tasks.again", ""),
        ("other.tasks.deliver", ""),
        ("letters.tasks.count", ""),
    ],
)
def test_a_text_that_names_no_function(tmp_path, asked: str, near: str) -> None:
    tasks = "from letters.post import again\ndef deliver(pk): ...\n"
    view = f"from django_q.tasks import async_task\ndef order(pk):\n    async_task('{asked}', pk)\n"
    found = look(tmp_path, {"letters/__init__.py": "", "letters/tasks.py": tasks, "letters/post.py": "def again(): ...\n", "letters/views.py": view})
    assert [e.fact.method for e in found] == ([near] if near else [])
