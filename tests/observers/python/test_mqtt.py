"""What the Python agent writes of paho-mqtt: topics, and what is called for a message; and what is made of it."""

from __future__ import annotations

from pathlib import Path

from tests.observers.python.observed import PYTHON, Run, needs, observe
from tests.tools import observed

pytestmark = needs("paho.mqtt.client")

_HEAD = """
import threading, paho.mqtt.client as mqtt
def client():
    made = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2) if hasattr(mqtt, 'CallbackAPIVersion') else mqtt.Client()
    ready = threading.Event(); made.on_subscribe = lambda *_: ready.set()
    def subscribe(*topics):
        ready.clear(); made.subscribe(*topics); ready.wait(10)
    made.connect('127.0.0.1', PORT); made.loop_start()
    return made, subscribe
"""
_TOPICS = """
heard, subscribe = client()
came = threading.Semaphore(0)
def on_message(client, userdata, message):
    came.release()
def on_alarm(client, userdata, message):
    came.release()
heard.on_message = on_message
heard.message_callback_add('alarm/#', on_alarm)
subscribe([('sensors/+/heat', 0), ('alarm/#', 0)])
other, _ = client()
for topic in ('sensors/7/heat', 'alarm/door', 'nobody'):
    other.publish(topic, 'secret').wait_for_publish(10)
print(came.acquire(timeout=10), came.acquire(timeout=10))
heard.unsubscribe('alarm/#')
heard.loop_stop(); other.loop_stop()
try: other.publish('a/+', 'x')
except ValueError as error: print(error)
"""
_FAILS = """
heard, subscribe = client()
ended = threading.Event()
threading.excepthook = lambda _: ended.set()
def on_message(client, userdata, message):
    raise KeyError('id')
heard.on_message = on_message
subscribe('jobs')
other, _ = client()
other.publish('jobs', 'secret')
print(ended.wait(10))
other.loop_stop()
"""
_ALIKE = """
heard, subscribe = client()
heard.on_message = lambda *_: print('heard')
subscribe('TOPIC')
other, _ = client()
for number in range(6): other.publish(f'/plant/line{number}/stop').wait_for_publish(10)
import time; time.sleep(0.3)
heard.loop_stop(); other.loop_stop()
"""


def _alike(folder: Path, port: int, code: str) -> Run:
    """The run under the agent, which must end as it does without."""
    code = _HEAD.replace("PORT", str(port)) + code
    bare, run = observe(folder, code, observed=False), observe(folder, code)
    assert (run.status, run.stdout) == (bare.status, bare.stdout)
    assert run.status == 0, run.stderr
    return run


def test_topics_are_told_with_who_subscribes_and_what_comes(mqtt: int, tmp_path: Path) -> None:
    run = _alike(tmp_path, mqtt, _TOPICS)
    assert run.stdout.startswith("True True\n")
    added = run.of("listener.added", messaging__system="mqtt")
    assert [(fact["messaging.destination.name"], fact["listener.name"], fact["code.line.number"]) for fact in added] == [("sensors/+/heat", "on_message", 7), ("alarm/#", "on_alarm", 7)]
    published = run.of("event.emitted", messaging__system="mqtt")
    assert [(fact["messaging.destination.name"], fact["code.line.number"], "listener.count" in fact) for fact in published] == [
        ("sensors/7/heat", 22, False), ("alarm/door", 22, False), ("nobody", 22, False), ("a/+", 26, False),
    ]  # fmt: skip
    assert [fact["messaging.message.id"] for fact in run.of("event.threw")] == [published[3]["messaging.message.id"]]
    came = run.of("event.emitted", messaging__system="paho")
    assert [(fact["messaging.message.type"], fact["listener.count"]) for fact in came] == [("sensors/7/heat", 1), ("alarm/door", 1)]
    names = {fact["listener.id"]: fact["listener.name"] for fact in run.of("listener.added", messaging__system="paho")}
    assert [names[fact["listener.id"]] for fact in run.of("handler.returned")] == ["on_message", "on_alarm"]
    assert [fact["listener.id"] for fact in run.of("listener.removed")] == [added[1]["listener.id"]]
    assert "secret" not in str(run.facts)


def test_a_callback_that_fails_is_told(mqtt: int, tmp_path: Path) -> None:
    run = _alike(tmp_path, mqtt, _FAILS)
    assert run.stdout == "True\n"
    (threw,) = run.of("handler.threw")
    assert (threw["error.type"], threw["code.line.number"]) == ("KeyError", 15)
    (listener,) = run.of("listener.added", messaging__system="paho")
    assert threw["listener.id"] == listener["listener.id"]


def test_a_slash_too_many_is_named_and_what_a_filter_takes_is_not(mqtt: int, tmp_path: Path) -> None:
    for topic, cause in (("plant/+/stop", "event-name-mismatch"), ("/plant/+/stop", "")):
        (tmp_path / "app.py").write_text(_HEAD.replace("PORT", str(mqtt)) + _ALIKE.replace("TOPIC", topic))
        found, said = observed.run(tmp_path, [PYTHON, "app.py"])
        assert said.count("heard\n") == (0 if cause else 6)
        assert [each["cause"] for each in found] == ([cause] if cause else []), found
        if cause:
            assert {("app.py", 15), ("app.py", 7)} <= {(each["file"], each["line"]) for each in found[0]["evidence"]}
