"""A timer counts as a scheduler where its work reaches a person, and no one process is picked for it."""

from __future__ import annotations

import pytest

from callcheck.probes.schedulers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "import express from 'express';\nimport nodemailer from 'nodemailer';\nconst mail = nodemailer.createTransport({});\nexpress().get('/', f);\n"
SENDS = "async function remind() { await mail.sendMail({}); }\n"


@pytest.mark.parametrize("timer", ["setInterval(async () => { await mail.sendMail({}); }, 1000);\n", SENDS + "setInterval(remind, 1000);\n"])
def test_a_timer_that_sends_mail(tmp_path, timer) -> None:
    assert [item.fact.kind for item in look(tmp_path, {"a.js": HEAD + timer})] == ["work.beside", "scheduler.in_process"]


@pytest.mark.parametrize(
    "timer",
    [
        "setInterval(() => cache.clear(), 1000);\n",
        "setInterval(() => fetch('https://beat', { method: 'POST' }), 1000);\n",
        SENDS + "if (process.env.NODE_APP_INSTANCE === '0') setInterval(remind, 1000);\n",
        SENDS.replace("await", "if (!(await acquireLock())) return; await") + "setInterval(remind, 1000);\n",
    ],
    ids=["of this process alone", "a heartbeat", "in one process", "with a lock"],
)
def test_a_timer_that_each_process_may_have(tmp_path, timer) -> None:
    assert not look(tmp_path, {"a.js": HEAD + timer})


APP = "from flask import Flask\nfrom apscheduler.schedulers.background import BackgroundScheduler\ntimers = BackgroundScheduler()\n"


@pytest.mark.parametrize(
    ("text", "imported"),
    [
        (APP + "timers.start()\napp = Flask(__name__)\n", True),
        (APP + "def create_app():\n    timers.start()\n    return Flask(__name__)\n", True),
        (APP + "def begin():\n    timers.start()\nbegin()\n", True),
        (APP + "from django.apps import AppConfig\nclass Desk(AppConfig):\n    def ready(self):\n        timers.start()\n", True),
        (APP + "from fastapi import FastAPI\napp = FastAPI()\n@app.on_event('startup')\ndef begin():\n    timers.start()\n", False),
    ],
    ids=["at the top", "in a factory", "in a function", "in ready()", "at start-up"],
)
def test_whether_it_starts_while_the_application_is_loaded(tmp_path, text, imported) -> None:
    assert [item.fact.imported for item in look(tmp_path, {"a.py": text})] == [imported]


WEB = HEAD + SENDS + "if (%s) setInterval(remind, 1000);\n"
UNITS = 'services:\n  web: {build: ., environment: %s}\n  mails: {build: ., environment: {A: "1", %s}}\n'


def _units(tmp_path, test: str, web: str, mails: str) -> list[str]:
    return [item.service for item in look(tmp_path, {"a.js": WEB % test, "compose.yaml": UNITS % (web, mails)}) if item.fact.kind == "scheduler.in_process"]


@pytest.mark.parametrize(
    ("test", "web", "mails", "units"),
    [
        ("process.env.SENDS_MAIL === 'yes'", "{B: x}", 'SENDS_MAIL: "yes"', ["mails"]),
        ("process.env.SENDS_MAIL", '{SENDS_MAIL: "yes"}', 'SENDS_MAIL: "yes"', ["web", "mails"]),
        ("process.env.RUN_CRON === 'yes'", '{RUN_CRON: "yes"}', 'RUN_CRON: "no"', ["web"]),
        ("process.env.SENDS_MAIL !== 'no'", '{SENDS_MAIL: "no"}', "B: x", ["mails"]),
        ("process.env.NO_MAIL !== 'yes'", "{B: x}", 'NO_MAIL: "yes"', ["web"]),
        ("process.env.SENDS_MAIL === 'yes'", "{B: x}", "C: x", []),
        ("process.env.SENDS_MAIL === 'yes'", "{SENDS_MAIL: '${SENDS_MAIL}'}", "C: x", []),
        ("process.env.RUN_CRON !== 'no'", "{B: x}", 'RUN_CRON: "no"', []),
        ("process.env.SMTP_URL", "{B: x}", "C: x", [""]),
        ("process.env.SMTP_URL", "{B: x}", "SMTP_URL: smtp://mail", ["mails"]),
        ("process.env.NODE_ENV === 'production'", "{NODE_ENV: production}", "NODE_ENV: test", [""]),
        ("process.env.POD_INDEX === '0'", '{POD_INDEX: "0"}', "C: x", [""]),
    ],
    ids=["one unit", "both", "in spite of its name", "by default", "kept out by name", "nobody", "not written out", "one is chosen by default", "what it needs", "what one of them needs", "a stage", "of a process"],
)
def test_a_timer_behind_a_variable_runs_in_the_units_that_the_deployment_lets_in(tmp_path, test, web, mails, units) -> None:
    assert _units(tmp_path, test, web, mails) == units


ALONE = "from apscheduler.schedulers.blocking import BlockingScheduler\ntimers = BlockingScheduler()\n"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (ALONE + "timers.start()\n", ["scheduler.alone"]),
        (APP.replace("from flask import Flask\n", "") + "timers.start()\nwhile True:\n    wait()\n", ["scheduler.alone"]),
        ("import schedule\nimport time\nschedule.every().day.do(remind)\nwhile True:\n    schedule.run_pending()\n    time.sleep(1)\n", ["scheduler.alone"]),
        (APP + "timers.start()\napp = Flask(__name__)\n", ["scheduler.in_process"]),
    ],
    ids=["that blocks", "that loops", "the library schedule", "in an application"],
)
def test_a_program_that_is_there_to_run_a_scheduler(tmp_path, text, kinds) -> None:
    assert [item.fact.kind for item in look(tmp_path, {"a.py": text})] == kinds


POSTS = "setInterval(async () => { await fetch(`${process.env.SHOP}/%s`, { method: 'POST' }); }, 60000);\n"


@pytest.mark.parametrize(("path", "kinds"), [("sync", ["work.beside"]), ("heartbeat", [])])
def test_a_timer_that_asks_others_is_work_beside_the_requests(tmp_path, path, kinds) -> None:
    assert [item.fact.kind for item in look(tmp_path, {"a.js": HEAD + POSTS % path})] == kinds
