"""Is the right cause named from what the Python agent wrote, without the source?"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from callcheck.model.diagnosis import Diagnosed
from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from tests.observers.python.observed import needs, observe
from tests.observers.python.test_autogen import CORE
from tests.tools import model_server

_BUS = "from pyee.base import EventEmitter\nbus = EventEmitter()\n"
_ASYNC = "import asyncio\nfrom pyee.asyncio import AsyncIOEventEmitter\nbus = AsyncIOEventEmitter()\nbus.on('error', lambda error: None)\n"
_FLASK = "from flask import Flask\napp = Flask(__name__)\nclient = app.test_client()\n"
_DJANGO = "from django.conf import settings\nsettings.configure()\nfrom django.dispatch import Signal\npaid = Signal()\n"
_PYEE, _BLINKER, _WEB, _SIGNAL, _AUTOGEN = needs("pyee"), needs("blinker"), needs("pyee", "flask"), needs("django"), needs("autogen_core")


def _autogen(work: str, start: bool = True) -> str:
    return f"{CORE}\nasync def work(runtime): await runtime.publish_message({work}, 'default'))\nasyncio.run(main(work, {start}))\n"


CASES = [
    pytest.param("late-registration", _BUS + "for n in range(5):\n    bus.emit(f'done:{n}')\n    bus.on(f'done:{n}', print)\n", marks=_PYEE, id="late"),
    pytest.param("listener-removed", _BUS + "for n in range(5):\n    bus.on('done', print)\n    bus.remove_listener('done', print)\n    bus.emit('done')\n", marks=_PYEE, id="removed"),
    pytest.param("handler-exception", _ASYNC + "async def f(): raise OSError('no disk')\nasync def main():\n    bus.on('done', f)\n    bus.emit('done')\n    await asyncio.sleep(0.05)\nasyncio.run(main())\n", marks=_PYEE, id="rejected"),
    pytest.param("payload-mismatch", _BUS + "bus.on('done', lambda data: data['text'])\nfor n in range(3):\n    try: bus.emit('done', {})\n    except KeyError: pass\n", marks=_PYEE, id="threw"),
    pytest.param("receiver-garbage-collected", "from blinker import signal\nclass A:\n    def __init__(self): signal('done').connect(self.f)\n    def f(self, sender): pass\nA()\nsignal('done').send()\n", marks=_BLINKER, id="weak"),
    pytest.param("receiver-garbage-collected", _DJANGO + "def wire():\n    def f(sender, **more): pass\n    paid.connect(f)\nwire()\npaid.send(None)\n", marks=_SIGNAL, id="weak in Django"),
    pytest.param("handler-exception", _DJANGO + "def f(sender, **more): raise OSError('no disk')\npaid.connect(f)\npaid.send_robust(None)\n", marks=_SIGNAL, id="swallowed"),
    pytest.param(
        "per-request-registration",
        _BUS
        + _FLASK
        + "kept = []\n@app.get('/start/<id>')\ndef start(id):\n    agent = EventEmitter(); agent.once('done:' + id, print); kept.append(agent); return 'ok'\n"
        + "@app.get('/run/<id>')\ndef run(id):\n    EventEmitter().emit('done:' + id); return 'ok'\nfor n in range(5): client.get(f'/start/{n}'); client.get(f'/run/{n}')\n",
        marks=_WEB,
        id="an emitter per request",
    ),
    pytest.param(
        "cross-process-delivery",
        _BUS
        + "import multiprocessing\ndef work(n): bus.emit(f'done:{n}')\nif __name__ == '__main__':\n    context = multiprocessing.get_context('spawn')\n"
        + "    for n in range(3): bus.on(f'done:{n}', print)\n    for n in range(3): child = context.Process(target=work, args=(n,)); child.start(); child.join()\n",
        marks=_PYEE,
        id="another process",
    ),
    pytest.param("missing-subscription", _autogen("Task('x'), TopicId('job'"), marks=_AUTOGEN, id="wrong topic"),
    pytest.param("runtime-not-started", _autogen("Task('x'), TopicId('jobs'", False), marks=_AUTOGEN, id="not started"),
    pytest.param("missing-subscription", _autogen("Other('x'), TopicId('jobs'"), marks=_AUTOGEN, id="no handler for the type"),
    pytest.param("", _autogen("Task('x'), TopicId('jobs'"), marks=_AUTOGEN, id="AutoGen as it should be"),
    pytest.param("", _BUS + _FLASK + "bus.on('done', lambda: 1)\n@app.get('/')\ndef root():\n    bus.emit('done'); return 'ok'\nfor n in range(3): client.get('/')\n", marks=_WEB, id="pyee as it should be"),
]


def _diagnoses(folder: Path) -> list[Diagnosed]:
    empty = folder / "empty"
    empty.mkdir()
    return diagnose(Target(empty, recordings=(folder / "recording",))).report.diagnoses


@pytest.mark.parametrize(("cause", "code"), CASES)
def test_the_cause_is_named_first(cause: str, code: str, tmp_path: Path) -> None:
    run = observe(tmp_path, code)
    assert run.status == 0
    assert ([each.rule.cause for each in _diagnoses(tmp_path)] or [""])[0] == cause


def _ask(folder: Path, url: str, key: str) -> list[tuple[str, bool]]:
    """What is diagnosed of an app that emits when a model has answered, and how sure that is; a timeout of 0.3 s."""
    code = f"""
import openai
{_BUS}{_FLASK}
bus.on('done', print)
model = openai.OpenAI(base_url='{url}', api_key='{key}', max_retries=0, timeout=0.3)
@app.get('/')
def root():
    try:
        model.chat.completions.create(model='m', messages=[])
        bus.emit('done')
    except openai.APIError: pass
    return 'ok'
for n in range(3): client.get('/')
"""
    observe(folder, code)
    return [(each.rule.cause, each.confidence > 0.95) for each in _diagnoses(folder) if each.confidence >= 0.5]


@needs("pyee", "flask", "openai")
@pytest.mark.parametrize(("cause", "key"), [("upstream-auth", "wrong"), ("upstream-rate-limit", model_server.GOOD_KEY)])
def test_a_call_that_is_refused_is_named_where_nothing_is_emitted_after_it(cause: str, key: str, tmp_path: Path) -> None:
    with model_server.serve(per_second=0) as model:
        assert _ask(tmp_path, model.url, key) == [(cause, True)]


@needs("pyee", "flask", "openai")
def test_a_call_without_an_answer_is_named_where_nothing_is_emitted_after_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert _ask(tmp_path, f"http://127.0.0.1:{mute.getsockname()[1]}/v1", "any") == [("upstream-timeout", True)]


@needs("pyee", "flask", "openai")
def test_a_model_that_answers_is_no_cause(tmp_path: Path) -> None:
    with model_server.serve() as model:
        assert _ask(tmp_path, model.url, model_server.GOOD_KEY) == []
