"""What the Python agent writes of Redis channels, Celery tasks and LangChain's callbacks."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from tests.observers.python.observed import PYTHON, environ, facts_in, needs, observe


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A Redis server of its own."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("needs redis-server, which .ci/run installs")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([server, "--port", str(port), "--save", "", "--dir", str(tmp_path_factory.mktemp("redis"))], stdout=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    running.terminate()
    running.wait(10)


@needs("redis")
def test_channels_of_redis_are_told_with_the_number_of_receivers(redis_port: int, tmp_path: Path) -> None:
    code = f"""
import redis
client = redis.Redis(port={redis_port})
heard = client.pubsub(ignore_subscribe_messages=True)
def on_done(message): print(message['data'])
heard.subscribe('log', **{{'done': on_done}}); heard.psubscribe('job:*')
for channel in ('done', 'job:7', 'nobody'): print(client.publish(channel, 'x'))
for _ in range(4): heard.get_message(timeout=1)
heard.unsubscribe('done')
"""
    run = observe(tmp_path, code)
    assert run.stdout == "1\n1\n0\nb'x'\n"
    assert [(fact["messaging.destination.name"], fact["code.line.number"]) for fact in run.of("listener.added")] == [("log", 6), ("done", 6), ("job:*", 6)]
    assert run.of("listener.added")[1]["listener.name"] == "on_done"
    assert [fact["messaging.destination.name"] for fact in run.of("event.emitted")] == ["done", "job:7", "nobody"]
    assert [fact["listener.count"] for fact in run.of("event.delivered")] == [1, 1, 0]
    assert run.of("listener.removed")[0]["listener.id"] == run.of("listener.added")[1]["listener.id"]


@needs("redis")
def test_asynchronous_channels_and_a_server_that_is_not_there_are_told(redis_port: int, tmp_path: Path) -> None:
    code = f"""
import asyncio, redis.asyncio as redis
async def main():
    client = redis.Redis(port={redis_port})
    heard = client.pubsub()
    await heard.subscribe('done')
    await heard.get_message(timeout=1)
    print(await client.publish('done', 'x'))
    await heard.unsubscribe(); await heard.aclose(); await client.aclose()
    try: await redis.Redis(port=1).publish('done', 'x')
    except redis.ConnectionError: print('refused')
asyncio.run(main())
"""
    run = observe(tmp_path, code)
    assert run.stdout == "1\nrefused\n"
    assert run.of("event.delivered")[0]["listener.count"] == 1
    assert len(run.of("listener.added")) == len(run.of("listener.removed")) == 1
    assert run.of("event.threw")[0]["error.type"] == "ConnectionError"


_TASKS = """
from celery import Celery
app = Celery(broker='redis://127.0.0.1:{port}/0', backend='redis://127.0.0.1:{port}/0')
@app.task(name='fine')
def fine(): return 1
@app.task(name='bad')
def bad(): raise KeyError('id')
"""


@needs("celery", "redis")
def test_tasks_of_celery_are_told_where_they_are_sent_and_where_they_run(redis_port: int, tmp_path: Path) -> None:
    (tmp_path / "tasks.py").write_text(_TASKS.format(port=redis_port))
    (tmp_path / "recording").mkdir()
    env = environ(tmp_path / "recording")
    worker = subprocess.Popen([PYTHON, "-m", "celery", "-A", "tasks", "worker", "-c", "1", "--without-gossip", "--without-mingle"], cwd=tmp_path, env=env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        code = """
from tasks import app, fine, bad
app.send_task('lost')
failed, done = bad.delay(), fine.delay()
print(done.get(timeout=30), type(failed.get(timeout=30, propagate=False)).__name__)
"""
        run = observe(tmp_path, code)
        assert run.stdout == "1 KeyError\n"
    finally:
        worker.terminate()
        worker.wait(20)
    facts = facts_in(tmp_path / "recording")
    sent = [fact for fact in facts if fact["fact"] == "event.emitted"]
    assert [(fact["messaging.destination.name"], fact["messaging.operation.type"], fact["code.line.number"]) for fact in sent] == [("lost", "send", 3), ("bad", "send", 4), ("fine", "send", 4)]
    entered = [fact["messaging.destination.name"] for fact in facts if fact["fact"] == "handler.entered"]
    assert entered == ["bad", "fine"]
    threw = next(fact for fact in facts if fact["fact"] == "handler.threw")
    assert (threw["error.type"], threw["code.line.number"]) == ("KeyError", 7)
    unknown = next(fact for fact in facts if fact["fact"] == "handler.unhandled_type")
    assert (unknown["messaging.message.type"], unknown["known"]) == ("lost", ["bad", "fine"])
    assert {fact["messaging.destination.name"] for fact in facts if fact["fact"] == "listener.added"} == {"bad", "fine"}
    (tmp_path / "empty").mkdir()
    found = {each.rule.cause: each for each in diagnose(Target(tmp_path / "empty", recordings=(tmp_path / "recording",))).report.diagnoses if each.confidence >= 0.5}
    assert {cause: each.grounds[0].where.line for cause, each in found.items() if each.grounds[0].where} == {"receiver-not-loaded": 3, "payload-mismatch": 7}


_CHAIN = """
import asyncio
from langchain_core.callbacks import BaseCallbackHandler, AsyncCallbackHandler
from langchain_core.language_models.fake_chat_models import FakeListChatModel
model = FakeListChatModel(responses=['hi'])
class Seen(BaseCallbackHandler):
    def on_llm_start(self, *args, **kwargs): print('start')
    def on_llm_end(self, response, **kwargs): raise KeyError('id')
class Asked(AsyncCallbackHandler):
    async def on_llm_end(self, response, **kwargs): raise ValueError('no')
"""


@needs("langchain_core")
def test_callbacks_of_langchain_that_fail_are_told_as_swallowed(tmp_path: Path) -> None:
    run = observe(tmp_path, f"{_CHAIN}\nmodel.invoke('x', config=dict(callbacks=[Seen()]))\nasyncio.run(model.ainvoke('x', config=dict(callbacks=[Asked()])))\n")
    assert run.stdout == "start\n"
    first, second = run.of("handler.swallowed")
    assert (first["by"], first["error.type"], first["code.line.number"]) == ("langchain_core.callbacks", "KeyError", 8)
    assert (second["error.type"], second["code.line.number"]) == ("ValueError", 10)
    names = {fact["listener.id"]: fact["listener.name"] for fact in run.of("listener.added")}
    assert [names[fact["listener.id"]] for fact in (first, second)] == ["Seen.on_llm_end", "Asked.on_llm_end"]
    assert "Error in Seen.on_llm_end callback" in run.stderr


@needs("langchain_core")
def test_a_model_that_was_given_no_callbacks_emits_to_nobody(tmp_path: Path) -> None:
    run = observe(tmp_path, f"{_CHAIN}\nmodel.invoke('x')\n")
    told = {fact["messaging.destination.name"]: fact["listener.count"] for fact in run.of("event.emitted")}
    assert told["on_chat_model_start"] == 0
    assert run.of("listener.added") == []
