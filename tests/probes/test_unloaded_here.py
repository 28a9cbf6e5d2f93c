"""A program of the deployment that emits without the listeners that another one loads."""

from __future__ import annotations

import pytest

from callcheck.probes.unloaded_here import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

SHOP = {
    "shop/__init__.py": "",
    "shop/bus.py": "from pyee.base import EventEmitter\nbus = EventEmitter()\n",
    "shop/mails.py": "from shop.bus import bus\n@bus.on('paid')\ndef mail(order): ...\n",
    "shop/orders.py": "from shop.bus import bus\ndef pay(order):\n    bus.emit('paid', order)\n",
    "shop/web.py": "from flask import Flask\nimport shop.mails\nfrom shop.orders import pay\napp = Flask(__name__)\n@app.post('/pay')\ndef view():\n    pay(1)\n",
    "Procfile": "web: gunicorn shop.web:app\nworker: python -m shop.worker\n",
}
WORKER = "IMPORT\nfrom shop.orders import pay\ndef main():\n    pay(2)\nif __name__ == '__main__':\n    main()\n"
FACTORY = {**SHOP, "shop/__init__.py": "def create_app():\n    import shop.mails\n    from flask import Flask\n    return Flask(__name__)\n", "shop/web.py": "", "Procfile": "web: gunicorn 'shop:create_app()'\nworker: python -m shop.worker\n"}
ROWS = {
    "stock/__init__.py": "",
    "stock/db.py": "from sqlalchemy.orm import sessionmaker\nSession = sessionmaker()\n",
    "stock/ledger.py": "from sqlalchemy import event\nfrom stock.db import Session\n@event.listens_for(Session, 'after_flush')\ndef write(session, context): ...\n",
    "stock/web.py": "from flask import Flask\nimport stock.ledger\nfrom stock.actors import book\napp = Flask(__name__)\n@app.post('/book')\ndef view():\n    book.send('x')\n",
    "stock/actors.py": "import dramatiq\nIMPORT\nfrom stock.db import Session\n@dramatiq.actor\ndef book(text):\n    with Session.begin() as session:\n        session.add(text)\n",
    "Procfile": "web: gunicorn stock.web:app\nworker: dramatiq stock.actors\n",
}


@pytest.mark.parametrize(
    ("files", "file", "text", "loaded", "says"),
    [
        (SHOP, "shop/worker.py", WORKER, "import shop.mails", [("shop.mails", "paid")]),
        (FACTORY, "shop/worker.py", WORKER, "import shop.mails", [("shop.mails", "paid")]),
        (ROWS, "stock/actors.py", ROWS["stock/actors.py"], "import stock.ledger", [("stock.ledger", "after_flush")]),
    ],
)
def test_a_program_without_the_module_of_the_listeners(tmp_path, files: dict[str, str], file: str, text: str, loaded: str, says: list[tuple[str, str]]) -> None:
    def said(folder: str, given: str) -> list[tuple[str, str]]:
        (tmp_path / folder).mkdir()
        return [(item.fact.module, item.fact.event) for item in look(tmp_path / folder, {**files, file: text.replace("IMPORT", given)})]

    assert said("without", "") == says
    assert said("with", loaded) == []


def test_silent_where_the_web_server_only_queues_the_work(tmp_path) -> None:
    files = {
        **SHOP,
        "shop/jobs.py": "from celery import Celery\nfrom shop.bus import bus\napp = Celery('shop')\n@app.task\ndef settle(order):\n    bus.emit('paid', order)\n",
        "shop/web.py": "from flask import Flask\nfrom shop.jobs import settle\napp = Flask(__name__)\n@app.post('/pay')\ndef view():\n    settle.delay(1)\n",
        "shop/worker.py": "import shop.mails\nfrom shop.jobs import app\n",
        "Procfile": "web: gunicorn shop.web:app\nworker: celery -A shop.worker worker\n",
    }
    assert list(look(tmp_path, files)) == []


def test_silent_where_one_program_is_all_there_is(tmp_path) -> None:
    assert list(look(tmp_path, {**SHOP, "shop/worker.py": WORKER.replace("IMPORT", ""), "Procfile": "web: gunicorn shop.web:app\n"})) == []


DESK = {
    "package.json": '{"type": "module", "scripts": {"web": "node web.js", "worker": "node worker.js"}, "dependencies": {"express": "4.21.2", "bullmq": "5.34.0"}}',
    "Procfile": "web: npm run web\nworker: npm run worker\n",
    "bus.js": "import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\n",
    "heard/index.js": "import './mails.js';\n",
    "heard/mails.js": "import { bus } from '../bus.js';\nbus.on('paid', (order) => mail(order));\n",
    "orders.js": "import { bus } from './bus.js';\nexport async function pay(order) {\n  bus.emit('paid', order);\n}\n",
    "web.js": "import express from 'express';\nimport './heard/index.js';\nimport { pay } from './orders.js';\nconst app = express();\napp.post('/pay', async (req, res) => { await pay(req.body); res.end(); });\napp.listen(3000);\n",
    "worker.js": "import { Worker } from 'bullmq';\nIMPORT\nimport { pay } from './orders.js';\nnew Worker('pay', async (job) => pay(job.data), { connection: {} });\n",
}
ATTACH = {"heard/mails.js": "import { bus } from '../bus.js';\nexport function attach() {\n  bus.on('paid', (order) => mail(order));\n}\n", "heard/index.js": "import { attach } from './mails.js';\nattach();\n"}
SOCKETS = {"heard/mails.js": "import { bus } from '../bus.js';\nimport { io } from '../io.js';\nbus.on('paid', (order) => io.emit('paid', order));\n", "io.js": "import { Server } from 'socket.io';\nexport const io = new Server(3001);\n"}


@pytest.mark.parametrize(
    ("changed", "loads", "says"),
    [
        ({}, "", [("heard/mails.js", "worker.js", "paid")]),
        (ATTACH, "", [("heard/mails.js", "worker.js", "paid")]),
        ({}, "import './heard/index.js';", []),
        (ATTACH, "import './heard/index.js';", []),
        (SOCKETS, "", []),  # those who are connected are connected to the web server
        ({"orders.js": "import { bus } from './bus.js';\nexport async function pay(order) { return order; }\nexport function paid(order) {\n  bus.emit('paid', order);\n}\n"}, "", []),
        ({"worker.js": "import fs from 'node:fs';\nimport { pay } from './orders.js';\nfor (const name of fs.readdirSync('heard')) await import(`./heard/${name}`);\npay(1);\n"}, "", []),
        ({"worker.js": "import { bus } from './bus.js';\nimport { pay } from './orders.js';\nbus.on('paid', (order) => note(order));\npay(1);\n"}, "", []),
        ({"Procfile": "web: npm run web\n", "package.json": '{"type": "module", "scripts": {"web": "node web.js"}}'}, "", []),
        ({"package.json": '{"type": "module", "scripts": {"web": "node web.js", "seed": "node scripts/seed.js"}}', "Procfile": "web: npm run web\n", "scripts/seed.js": "import { pay } from '../orders.js';\npay(1);\n"}, "", []),
    ],
)
def test_a_node_program_without_the_file_of_the_listeners(tmp_path, changed: dict[str, str], loads: str, says: list[tuple[str, str, str]]) -> None:
    files = {**DESK, **changed}
    files["worker.js"] = files["worker.js"].replace("IMPORT", loads)
    assert [(item.fact.module, item.fact.process, item.fact.event) for item in look(tmp_path, files)] == says


DAIRY = {
    "farm/__init__.py": "",
    "farm/settings.py": "INSTALLED_APPS = ['milk']\n",
    "farm/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\nimport milk.hearing\n",
    "milk/__init__.py": "",
    "milk/apps.py": "from django.apps import AppConfig\nclass MilkConfig(AppConfig):\n    name = 'milk'\n",
    "milk/events.py": "from django.dispatch import Signal\nfull = Signal()\n",
    "milk/hearing.py": "from django.dispatch import receiver\nfrom milk.events import full\n@receiver(full)\ndef call(sender, **kwargs): ...\n",
    "milk/tasks.py": "from celery import shared_task\nfrom milk.events import full\n@shared_task\ndef measure(litres):\n    full.send('tank', litres=litres)\n",
}
COMMAND = "from django.core.management.base import BaseCommand\nfrom milk.events import full\nclass Command(BaseCommand):\n    def handle(self, *args, **options):\n        full.send('tank')\n"
VIEW = "from django.http import HttpResponse\nfrom milk.events import full\ndef measure(request):\n    full.send('tank')\n    return HttpResponse()\n"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, [("milk.hearing", "the process that runs measure")]),
        ({"milk/tasks.py": "", "milk/management/commands/fill.py": COMMAND}, [("milk.hearing", "the process that runs handle")]),
        ({"milk/apps.py": f"{DAIRY['milk/apps.py']}    def ready(self):\n        import milk.hearing\n"}, []),
        ({"milk/apps.py": f"{DAIRY['milk/apps.py']}    def ready(self):\n        from importlib import import_module\n        import_module('milk.hearing')\n"}, []),
        ({"farm/settings.py": "INSTALLED_APPS = ['milk']\nCELERY_IMPORTS = ['milk.hearing']\n"}, []),
        ({"farm/settings.py": "INSTALLED_APPS = ['milk']\nCELERY_TASK_ALWAYS_EAGER = True\n"}, []),
        ({"farm/worker.py": "import farm.wsgi\n"}, []),
        ({"milk/tasks.py": "from milk import hearing\n" + DAIRY["milk/tasks.py"]}, []),
        ({"milk/tasks.py": "", "milk/views.py": VIEW}, []),
    ],
    ids=["task", "command", "ready", "ready-by-name", "settings", "eager", "worker-loads-wsgi", "task-imports", "view"],
)
def test_receivers_that_only_the_server_of_django_imports(tmp_path, changed: dict[str, str], says: list[tuple[str, str]]) -> None:
    assert [(item.fact.module, item.fact.process) for item in look(tmp_path, {**DAIRY, **changed})] == says


HEARD = {
    "milk/hearing.py": "from huey.contrib.djhuey import signal\nfrom huey.signals import SIGNAL_ERROR\n@signal(SIGNAL_ERROR)\ndef failed(signal, task, exc=None): ...\n",
    "milk/tasks.py": "from huey.contrib.djhuey import db_task\n@db_task()\ndef measure(litres): ...\n",
    "farm/settings.py": "INSTALLED_APPS = ['milk', 'huey.contrib.djhuey']\nHUEY = {'immediate': False}\n",
}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, [("milk.hearing", "the worker")]),
        ({"milk/apps.py": f"{DAIRY['milk/apps.py']}    def ready(self):\n        from milk import hearing\n"}, []),
        ({"milk/tasks.py": "from milk import hearing\n" + HEARD["milk/tasks.py"]}, []),
        ({"farm/settings.py": "INSTALLED_APPS = ['milk', 'huey.contrib.djhuey']\nHUEY = {'immediate': True}\n"}, []),
        ({"milk/hearing.py": HEARD["milk/hearing.py"].replace("ERROR", "ENQUEUED")}, []),
    ],
    ids=["wsgi alone", "ready", "task-imports", "at once", "what the server queues"],
)
def test_what_a_worker_sends_is_heard_in_the_worker_alone(tmp_path, changed: dict[str, str], says: list[tuple[str, str]]) -> None:
    assert [(item.fact.module, item.fact.process) for item in look(tmp_path, {**DAIRY, **HEARD, **changed})] == says


KILN = {
    "kiln/__init__.py": "",
    "kiln/queue.py": "from huey import RedisHuey\nhuey = RedisHuey('kiln')\nfrom kiln import jobs\n",
    "kiln/jobs.py": "from kiln.queue import huey\n@huey.task()\ndef fire(degrees): ...\n",
    "kiln/told.py": "from kiln.queue import huey\n@huey.signal()\ndef told(signal, task, exc=None): ...\n",
    "kiln/web.py": "from flask import Flask\nimport kiln.told\nfrom kiln.jobs import fire\napp = Flask(__name__)\n@app.post('/fire')\ndef view():\n    fire(900)\n    return ''\n",
    "Procfile": "web: gunicorn kiln.web:app\nworker: huey_consumer kiln.queue.huey\n",
}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, ["kiln.told"]),
        ({"kiln/jobs.py": "import kiln.told\n" + KILN["kiln/jobs.py"]}, []),
        ({"Procfile": "web: gunicorn kiln.web:app\n"}, []),
        ({"kiln/queue.py": "from huey import RedisHuey\nhuey = RedisHuey('kiln', immediate=True)\nfrom kiln import jobs\n"}, []),
    ],
    ids=["the server alone", "the tasks import it", "no worker is seen", "at once"],
)
def test_what_the_consumer_of_huey_sends_is_heard_in_the_server(tmp_path, changed: dict[str, str], says: list[str]) -> None:
    assert [item.fact.module for item in look(tmp_path, {**KILN, **changed})] == says
