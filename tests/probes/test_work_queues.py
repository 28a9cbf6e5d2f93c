"""Work is known by what is to take it, and by its queue."""

from __future__ import annotations

import pytest

from callcheck.probes.work_queues import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
CELERY = "from celery import Celery\napp = Celery('a')\n"
TASK = CELERY + "@app.task\ndef f(): ...\ndef g():\n    f.delay()\n"
CASES = {
    "rq": ("a.py", "from rq import Queue\nq = Queue('imports', connection=c)\ndef f():\n    return q.enqueue('x.run')\n", ["work.handed_off rq imports"]),
    "celery": ("a.py", TASK, ["work.handed_off celery celery", "work.taken celery without -Q celery"]),
    "celery, named at the call": ("a.py", TASK.replace("delay()", "apply_async(queue='mails')"), ["work.handed_off celery mails", "work.taken celery without -Q celery"]),
    "celery, named by a variable's default": ("a.py", "import os\n" + TASK.replace("delay()", "apply_async(queue=os.environ.get('JOBS', 'mails'))"), ["work.handed_off celery mails", "work.taken celery without -Q celery"]),
    "celery, named by a variable": ("a.py", "import os\nQ = os.environ['JOBS']\n" + TASK.replace("delay()", "apply_async(queue=Q)"), ["work.handed_off celery *", "work.taken celery without -Q celery"]),
    "celery, routed": ("a.py", TASK + "app.conf.update(task_routes={'a.*': {'queue': 'mails'}})\n", ["work.handed_off celery mails", "work.taken celery without -Q celery"]),
    "celery, routed by a function": ("a.py", TASK + "app.conf.update(task_routes=route)\n", ["work.handed_off celery *", "work.taken celery without -Q celery"]),
    "celery, several queues": ("a.py", TASK + "app.conf.task_queues = [a, b]\n", ["work.handed_off celery celery"]),
    "celery, scheduled": ("a.py", CELERY + "@app.task\ndef f(): ...\napp.conf.beat_schedule = {'x': {'task': 'a.f'}}\n", ["work.handed_off celery beat", "work.handed_off celery celery", "work.taken celery without -Q celery"]),
    "celery, scheduled and routed": ("a.py", CELERY + "@app.task\ndef f(): ...\napp.conf.update(task_default_queue='jobs', task_routes=[('a.g', {'queue': 'mails'})], beat_schedule={'x': {'task': 'a.f'}, 'y': {'task': 'a.g'}, 'z': {'task': 'a.h', 'options': {'queue': 'late'}}})\n", ["work.handed_off celery beat", "work.handed_off celery jobs", "work.handed_off celery mails", "work.handed_off celery late", "work.taken celery without -Q jobs"]),
    "celery, by name": ("a.py", CELERY + "app.conf.task_routes = {'b.*': 'mails'}\ndef g():\n    app.send_task('b.f')\n", ["work.handed_off celery mails"]),
    "rq, its default": ("a.py", "from rq import Queue\nq = Queue(connection=c)\ndef f():\n    return q.enqueue('x.run')\n", ["work.handed_off rq default"]),
    "arq": ("a.py", "import arq\nasync def f(ctx): ...\nclass Settings:\n    functions = [f]\nasync def g(pool):\n    await pool.enqueue_job('f', _queue_name='slow')\n", ["work.handed_off arq slow", "work.taken arq without -Q arq:queue"]),
    "arq, a queue of its own": ("a.py", "import arq\nasync def f(ctx): ...\nclass Settings:\n    functions = [f]\n    queue_name = 'slow'\nasync def g(pool):\n    await pool.enqueue_job('f')\n", ["work.handed_off arq arq:queue", "work.taken arq without -Q slow"]),
    "dramatiq": ("a.py", "import dramatiq\n@dramatiq.actor(queue_name='q')\ndef f(): ...\ndef g():\n    f.send(1)\n", ["work.handed_off dramatiq q"]),
    "huey": ("a.py", "from huey import RedisHuey\nh = RedisHuey('x')\n@h.task()\ndef f(): ...\n@h.periodic_task(c)\ndef p(): ...\ndef g():\n    f()\n", ["work.handed_off huey", "work.handed_off huey"]),
    "bullmq": ("a.ts", "import { Queue, Worker } from 'bullmq';\nconst q = new Queue('mail');\nq.add('x', {});\nnew Worker('mail', f);", ["work.handed_off bullmq mail", "work.taken bullmq mail"]),
    "a call in place": ("a.py", CELERY + "@app.task\ndef f(): ...\ndef g():\n    f()\n", ["work.taken celery without -Q celery"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_work_is_handed_off(tmp_path, case) -> None:
    name, text, expected = CASES[case]
    assert [f"{e.fact.kind} {e.fact.worker} {e.fact.queue}".rstrip() for e in look(tmp_path, {name: text})] == expected


def test_a_queue_that_a_variable_names_is_what_the_deployment_sets(tmp_path) -> None:
    code = "import os\n" + TASK.replace("delay()", "apply_async(queue=os.environ.get('JOBS', 'mails'))")
    compose = "services:\n  web: {image: a, environment: {JOBS: late}}\n  other: {image: a, environment: {JOBS: %s}}\n"
    for other, queue in (("late", "late"), ("soon", "*")):
        found = look(tmp_path, {"a.py": code, "compose.yml": compose % other})
        assert [e.fact.queue for e in found if e.fact.kind == "work.handed_off"] == [queue]


ROUTED = "from channels.routing import ChannelNameRouter\nSLOW = 'slow-work'\nr = ChannelNameRouter({'quick': A, SLOW: B, 'unsent': A})\n"


def test_what_is_sent_to_a_consumer_by_its_channels_name(tmp_path) -> None:
    sends = "from asgiref.sync import async_to_sync\nfrom channels.layers import get_channel_layer\nfrom asgi import SLOW\nsend = async_to_sync(get_channel_layer().send)\ndef f():\n    send('quick', {})\n    send(SLOW, {})\n"
    assert [f"{e.fact.worker} {e.fact.queue} {e.where}" for e in look(tmp_path, {"asgi.py": ROUTED, "views.py": sends})] == ["runworker quick views.py:6", "runworker slow-work views.py:7"]
