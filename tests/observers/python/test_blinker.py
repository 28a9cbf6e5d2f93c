"""What the Python agent writes of blinker: receivers that come, go and are collected, and how each one ended."""

from __future__ import annotations

from pathlib import Path

from tests.observers.python.observed import needs, observe

pytestmark = needs("blinker")

SIGNAL = "from blinker import signal, Signal\ndone = signal('done')\n"


def test_a_receiver_is_told_from_connection_to_delivery(tmp_path: Path) -> None:
    run = observe(tmp_path, SIGNAL + "def on_done(sender, **more): return 1\ndone.connect(on_done)\nprint(done.send('me', x=1)[0][1])\n")
    assert (run.stdout, run.stderr) == ("1\n", "")
    assert run.story("done") == ["listener.added", "event.emitted", "handler.entered", "handler.returned", "event.delivered"]
    (added,), (emitted,) = run.of("listener.added"), run.of("event.emitted")
    assert (added["listener.weak"], added["listener.name"], added["code.line.number"]) == (True, "on_done", 4)
    assert (emitted["listener.count"], emitted["code.line.number"], emitted["messaging.system"]) == (1, 5, "blinker")


def test_a_receiver_that_is_held_weakly_is_collected(tmp_path: Path) -> None:
    code = """
class Agent:
    def __init__(self): done.connect(self.on_done)
    def on_done(self, sender): print('heard')
Agent()
def inner():
    def local(sender): print('heard')
    done.connect(local)
inner()
done.send()
"""
    run = observe(tmp_path, SIGNAL + code)
    assert run.stdout == ""
    assert run.story("done") == ["listener.added", "listener.collected", "listener.added", "listener.collected", "event.emitted"]
    assert [fact["listener.id"] for fact in run.of("listener.collected")] == [fact["listener.id"] for fact in run.of("listener.added")]
    assert run.of("event.emitted")[0]["listener.count"] == 0


def test_a_receiver_that_throws_is_told_and_the_next_one_does_not_run(tmp_path: Path) -> None:
    code = "def bad(sender): raise KeyError('id')\ndone.connect(bad)\ntry:\n    done.send()\nexcept KeyError:\n    print('seen')\n"
    run = observe(tmp_path, SIGNAL + code)
    assert run.stdout == "seen\n"
    assert run.story("done")[1:] == ["event.emitted", "handler.entered", "handler.threw", "event.threw"]
    assert run.of("handler.threw")[0]["code.line.number"] == 3


def test_asynchronous_receivers_and_senders_are_told_apart(tmp_path: Path) -> None:
    code = """
import asyncio
mine, other = object(), object()
async def on_done(sender): await asyncio.sleep(0); return 1
done.connect(on_done, sender=mine)
print(len(asyncio.run(done.send_async(mine))), len(asyncio.run(done.send_async(other))))
done.disconnect(on_done); done.disconnect(on_done)
"""
    run = observe(tmp_path, SIGNAL + code)
    assert run.stdout == "1 0\n"
    assert [fact["listener.count"] for fact in run.of("event.emitted")] == [1, 0]
    assert run.story("done")[-2:] == ["listener.removed", "listener.remove_missed"]
    assert len(run.of("handler.returned")) == 1


def test_a_signal_without_a_name_is_called_by_its_variable(tmp_path: Path) -> None:
    run = observe(tmp_path, "from blinker import Signal\nclass Bus:\n    done = Signal()\nready = Signal()\nready.send()\nBus.done.send()\n")
    assert [fact["messaging.destination.name"] for fact in run.of("event.emitted")] == ["ready", "Bus.done"]


def test_many_sends_are_counted(tmp_path: Path) -> None:
    code = "def f(sender): pass\ndone.connect(f)\nfor n in range(500): done.send()\ndone.disconnect(f)\nfor n in range(50): done.send()\n"
    run = observe(tmp_path, SIGNAL + code)
    counts = run.of("event.count")
    assert (sum(int(str(fact["count"])) for fact in counts), sum(int(str(fact["unheard"])) for fact in counts)) == (350, 50)


@needs("flask")
def test_the_signals_of_a_framework_are_left_out_unless_the_app_listens(tmp_path: Path) -> None:
    code = """
from flask import Flask, request_started, request_finished
app = Flask(__name__)
def seen(sender, **more): pass
request_finished.connect(seen, app)
app.test_client().get('/')
"""
    run = observe(tmp_path, code)
    assert {fact["messaging.destination.name"] for fact in run.of("event.emitted")} == {"request-finished"}
