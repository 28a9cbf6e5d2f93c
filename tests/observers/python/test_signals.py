"""What the Python agent writes of the signals of Django and Celery."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observers.python.observed import needs, observe

DJANGO = """
from django.conf import settings
settings.configure()
from django.dispatch import Signal, receiver
paid = Signal()
"""
CELERY = """
from celery.utils.dispatch import Signal
paid = Signal(name='paid')
"""


@needs("django")
def test_a_receiver_of_django_is_told_from_connection_to_delivery(tmp_path: Path) -> None:
    run = observe(tmp_path, DJANGO + "def on_paid(sender, **more): return 1\nreceiver(paid)(on_paid)\nprint(paid.send(None)[0][1])\n")
    assert (run.stdout, run.stderr) == ("1\n", "")
    assert run.story("paid") == ["listener.added", "event.emitted", "handler.entered", "handler.returned", "event.delivered"]
    (added,), (emitted,) = run.of("listener.added"), run.of("event.emitted")
    assert (added["listener.weak"], added["listener.name"], added["code.line.number"]) == (True, "on_paid", 7)
    assert (emitted["listener.count"], emitted["code.line.number"], emitted["messaging.system"]) == (1, 8, "django")


@needs("django")
def test_a_receiver_of_django_that_fails_is_told_whether_it_is_swallowed_or_not(tmp_path: Path) -> None:
    code = """
def fine(sender, **more): return ValueError('a value')
def bad(sender, **more): raise KeyError('id')
def last(sender, **more): return 1
for each in (bad, last): paid.connect(each)
print(type(paid.send_robust(None)[0][1]).__name__)
try: paid.send(None)
except KeyError: print('seen')
"""
    run = observe(tmp_path, DJANGO + code)
    assert run.stdout == "KeyError\nseen\n"
    (swallowed,), (threw,) = run.of("handler.swallowed"), run.of("handler.threw")
    assert (swallowed["by"], swallowed["error.type"], swallowed["code.line.number"]) == ("send_robust", "KeyError", 8)
    assert swallowed["listener.id"] == threw["listener.id"] == run.of("listener.added")[0]["listener.id"]
    assert run.story("paid")[2:] == [
        *["event.emitted", "handler.entered", "handler.entered", "handler.swallowed", "handler.returned", "event.delivered"],
        *["event.emitted", "handler.entered", "handler.threw", "event.threw"],
    ]


@needs("django")
def test_asynchronous_receivers_of_django_are_told(tmp_path: Path) -> None:
    code = """
import asyncio
async def fine(sender, **more): return 1
async def bad(sender, **more): raise KeyError('id')
paid.connect(fine); paid.connect(bad)
try: asyncio.run(paid.asend(None))
except KeyError: print('seen')
print(len(asyncio.run(paid.asend_robust(None))))
"""
    run = observe(tmp_path, DJANGO + code)
    if "no attribute 'asend'" in run.stderr:
        pytest.skip("needs Django 5")
    assert run.stdout == "seen\n2\n"
    bad = run.of("listener.added", listener__name="bad")[0]["listener.id"]
    assert [(fact["fact"], fact["listener.id"]) for fact in run.of("handler.threw", "handler.swallowed")] == [("handler.threw", bad), ("handler.swallowed", bad)]


@needs("django")
def test_a_receiver_of_django_that_is_held_weakly_is_collected(tmp_path: Path) -> None:
    code = "def wire():\n    @receiver(paid)\n    def on_paid(sender, **more): print('heard')\nwire()\npaid.send(None)\n"
    run = observe(tmp_path, DJANGO + code)
    assert run.stdout == ""
    assert run.story("paid") == ["listener.added", "listener.collected", "event.emitted"]


@needs("celery")
def test_a_signal_of_celery_swallows_what_a_receiver_throws(tmp_path: Path) -> None:
    code = "@paid.connect\ndef bad(sender, **more): raise KeyError('id')\n@paid.connect(weak=False)\ndef fine(sender, **more): return 1\nprint(len(paid.send(None)))\n"
    run = observe(tmp_path, CELERY + code)
    assert run.stdout == "2\n"
    (swallowed,) = run.of("handler.swallowed")
    assert (swallowed["by"], swallowed["exception.message"]) == ("send", "'id'")
    assert [fact.get("listener.weak") for fact in run.of("listener.added")] == [True, None]
    assert run.story("paid")[2:] == ["event.emitted", "handler.entered", "handler.entered", "handler.swallowed", "handler.returned", "event.delivered"]
