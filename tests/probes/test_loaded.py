"""A module that only registers with a hand-written bus must be imported by somebody; one that may be the program itself need not."""

from __future__ import annotations

import pytest

from callcheck.probes.loaded import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

BUS = "subs = {}\ndef on(name):\n    def wrap(fn):\n        subs.setdefault(name, []).append(fn)\n        return fn\n    return wrap\ndef emit(name, row):\n    for fn in subs.get(name, []):\n        fn(row)\n"
HEARS = "from bus import emit, on\n@on('paid')\ndef mail(row): ...\n"


@pytest.mark.parametrize(
    ("listener", "shop", "missing"),
    [
        (HEARS, "from bus import emit\nemit('paid', 1)\n", True),
        (HEARS, "import mail\nfrom bus import emit\nemit('paid', 1)\n", False),
        (HEARS + "emit('paid', 1)\n", "from bus import emit\n", False),
        (HEARS + "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/pay')\ndef pay(): emit('paid', 1)\n", "from bus import emit\n", False),
    ],
)
def test_a_listener_of_a_hand_written_bus(tmp_path, listener: str, shop: str, missing: bool) -> None:
    assert bool(look(tmp_path, {"bus.py": BUS, "mail.py": listener, "shop.py": shop})) is missing


def test_a_worker_loads_the_module_celery_of_the_package_that_it_is_told(tmp_path) -> None:
    app = "from celery import Celery\napp = Celery('shop')\n@app.task\ndef bill(): ...\n"
    assert look(tmp_path, {"shop/__init__.py": "", "shop/celery.py": app, "Procfile": "worker: celery -A shop worker\n"}) == []


def test_a_worker_that_no_command_names_may_start_where_the_application_and_its_tasks_are_brought_together(tmp_path) -> None:
    files = {
        "jobs/app.py": "from celery import Celery\napp = Celery('jobs')\n",
        "jobs/bills.py": "from jobs.app import app\n@app.task\ndef bill(): ...\n",
        "jobs/run.py": "from jobs import bills\nfrom jobs.app import app\n__all__ = ['app', 'bills']\n",
    }
    assert look(tmp_path, files) == []
    assert len(look(tmp_path, {**files, "Procfile": "worker: celery -A jobs.app worker\n"})) == 1


def test_what_celery_sends_in_the_worker_is_heard_by_a_module_that_it_loads(tmp_path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/jobs.py": "from celery import Celery\napp = Celery('shop')\n@app.task\ndef count(): ...\n",
        "shop/heard.py": "from celery.signals import SENT\n@SENT.connect\ndef heard(**kwargs): ...\n",
        "shop/web.py": "from flask import Flask\nimport shop.heard\nfrom shop.jobs import count\napp = Flask(__name__)\n@app.post('/count')\ndef view():\n    count.delay()\n    return ''\n",
        "Procfile": "web: gunicorn shop.web:app\nworker: celery -A shop.jobs worker\n",
    }

    def said(name: str, **more: str) -> list[str]:
        (tmp_path / name).mkdir(exist_ok=True)
        return [item.fact.module for item in look(tmp_path / name, {**files, "shop/heard.py": files["shop/heard.py"].replace("SENT", name), **more})]

    assert said("task_failure") == ["shop.heard"]
    assert said("after_task_publish") == []
    assert said("task_success", **{"shop/jobs.py": files["shop/jobs.py"] + "import shop.heard\n"}) == []
