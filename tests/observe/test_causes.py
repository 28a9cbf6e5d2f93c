"""One small app for each way in which a delivery stops, run under `callcheck observe`: the cause comes first, and the healthy app is silent."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tools import observed

SERVER = """
const http = require("node:http");
const { EventEmitter } = require("node:events");
const serve = (routes) => new Promise((resolve) => {
  const server = http.createServer(async (req, res) => { try { await routes[req.url](req, res); } catch (e) { res.statusCode = 500; } res.end("{}"); });
  server.listen(0, "127.0.0.1", () => resolve(server));
});
const call = (server, path) => fetch(`http://127.0.0.1:${server.address().port}${path}`, { method: "POST" }).then((r) => r.text());
"""
NODE = {
    "an emitter for each request": (
        "per-request-registration",
        """
(async () => {
  const make = () => new EventEmitter();
  const server = await serve({ "/start": () => make().on("done", () => {}), "/end": () => make().emit("done", 1) });
  for (let i = 0; i < 6; i++) { await call(server, "/start"); await call(server, "/end"); }
  process.exit(0);
})();
""",
    ),
    "two buses in one process": (
        "wrong-instance",
        "const one = new EventEmitter(), two = new EventEmitter();\none.on('done', () => {});\nfor (let i = 0; i < 6; i++) two.emit('done', i);",
    ),
    "emitted before anybody listens": (
        "late-registration",
        "for (let i = 0; i < 6; i++) { const bus = new EventEmitter(); bus.emit('ready'); bus.on('ready', () => {}); }",
    ),
    "taken off too early": (
        "listener-removed",
        "for (let i = 0; i < 6; i++) { const bus = new EventEmitter(); const f = () => {}; bus.on('done', f); bus.off('done', f); bus.emit('done'); }",
    ),
    "a handler that throws, swallowed": (
        "payload-mismatch",
        "const bus = new EventEmitter(); bus.on('done', ({ text }) => text.toUpperCase());\nfor (let i = 0; i < 6; i++) { try { bus.emit('done', { content: 'x' }); } catch {} }",
    ),
    "an async handler that rejects": (
        "handler-exception",
        "process.on('unhandledRejection', () => {});\nconst bus = new EventEmitter(); bus.on('done', async () => { throw new Error('no key'); });\nfor (let i = 0; i < 6; i++) bus.emit('done');\nsetTimeout(() => {}, 500);",
    ),
    "a name that is nearly right": (
        "event-name-mismatch",
        "const bus = new EventEmitter(); bus.on('job:done', () => {});\nfor (let i = 0; i < 6; i++) bus.emit('job-done');",
    ),
    "a listener for one event": (
        "listener-removed",
        "const bus = new EventEmitter(); bus.once('tick', () => {});\nfor (let i = 0; i < 6; i++) bus.emit('tick');",
    ),
    "listeners that pile up": (
        "listener-leak",
        """
(async () => {
  const bus = new EventEmitter();
  const server = await serve({ "/": () => bus.on("data", () => {}) });
  for (let i = 0; i < 15; i++) await call(server, "/");
  bus.emit("data");
  process.exit(0);
})();
""",
    ),
    "a refused key": ("upstream-auth", "UPSTREAM 401"),
    "a limit that is reached": ("upstream-rate-limit", "UPSTREAM 429"),
    "a model that does not answer": ("upstream-timeout", "UPSTREAM 0"),
    "a healthy app": (
        "",
        """
(async () => {
  const bus = new EventEmitter();
  const server = await serve({ "/start": () => bus.once("done", () => {}), "/end": () => bus.emit("done", 1) });
  for (let i = 0; i < 6; i++) { await call(server, "/start"); await call(server, "/end"); }
  bus.emit("metrics"); bus.on("error", () => {});
  process.exit(0);
})();
""",
    ),
}
UPSTREAM = """
(async () => {
  const model = http.createServer((req, res) => { if (STATUS) { res.statusCode = STATUS; res.end("{}"); } }).listen(0, "127.0.0.1");
  await new Promise((resolve) => model.on("listening", resolve));
  const bus = new EventEmitter(); bus.on("answered", () => {});
  const ask = async () => {
    const answer = await fetch(`http://127.0.0.1:${model.address().port}/v1/chat/completions`, { method: "POST", signal: AbortSignal.timeout(300) });
    if (!answer.ok) throw new Error(answer.status);
    bus.emit("answered");
  };
  const server = await serve({ "/ask": () => ask().catch(() => null) });
  for (let i = 0; i < 4; i++) await call(server, "/ask");
  process.exit(0);
})();
"""
AUTOGEN = """
import asyncio
from dataclasses import dataclass
from autogen_core import MessageContext, RoutedAgent, SingleThreadedAgentRuntime, TopicId, TypeSubscription, message_handler

@dataclass
class Job:
    id: str

@dataclass
class Other:
    id: str

class Worker(RoutedAgent):
    def __init__(self) -> None:
        super().__init__("worker")

    @message_handler
    async def on_job(self, message: Job, ctx: MessageContext) -> None:
        print(message.id)

async def main() -> None:
    runtime = SingleThreadedAgentRuntime()
    await Worker.register(runtime, "worker", Worker)
    await runtime.add_subscription(TypeSubscription("jobs", "worker"))
    START
    for i in range(6):
        await runtime.publish_message(WHAT(str(i)), TopicId("TOPIC", "default"))
    END

asyncio.run(main())
"""


def _autogen(start: str = "runtime.start()", what: str = "Job", topic: str = "jobs", end: str = "await runtime.stop_when_idle()") -> str:
    return AUTOGEN.replace("START", start).replace("WHAT", what).replace("TOPIC", topic).replace("END", end)


PYTHON = {
    "a receiver that nothing holds": (
        "receiver-garbage-collected",
        "blinker",
        "import gc\nfrom blinker import signal\ndone = signal('done')\ndef attach():\n    def receive(sender):\n        print(sender)\n    done.connect(receive)\nattach()\ngc.collect()\nfor i in range(6):\n    done.send(i)\n",
    ),
    "a handler that fails, swallowed": (
        "payload-mismatch",
        "pyee",
        "from pyee.base import EventEmitter\nbus = EventEmitter()\n@bus.on('done')\ndef done(row):\n    print(row['text'])\nfor i in range(6):\n    try:\n        bus.emit('done', {'content': i})\n    except KeyError:\n        pass\n",
    ),
    "two buses of pyee": (
        "wrong-instance",
        "pyee",
        "from pyee.base import EventEmitter\none, two = EventEmitter(), EventEmitter()\none.on('done', print)\nfor i in range(6):\n    two.emit('done', i)\n",
    ),
    "a topic that nobody subscribes to": ("missing-subscription", "autogen_core", _autogen(topic="job")),
    "a runtime that is never started": ("runtime-not-started", "autogen_core", _autogen(start="", end="")),
    "a type without handler": ("missing-subscription", "autogen_core", _autogen(what="Other")),
    "a runtime that is stopped too early": ("runtime-not-started", "autogen_core", _autogen(end="await runtime.stop()")),
    "a program that ends before its runtime is idle": ("runtime-not-started", "autogen_core", _autogen(end="")),
    "a task in the background that fails": (
        "swallowed-error",
        "asyncio",
        "import asyncio, gc\nasync def work(): raise OSError('no disk')\nasync def main():\n    for i in range(3):\n        asyncio.create_task(work())\n        await asyncio.sleep(0.01)\n    gc.collect()\nasyncio.run(main())\n",
    ),
    "a coroutine that nobody awaits": ("unconsumed-call", "asyncio", "import asyncio\nasync def notify(): pass\nasync def main():\n    for i in range(3): notify()\nasyncio.run(main())\n"),
    "messages that arrive": ("", "autogen_core", _autogen()),
}


def judge(found: tuple[list[dict[str, Any]], str], cause: str) -> None:
    named, said = found
    assert [each["cause"] for each in named[:1]] == ([cause] if cause else []), (named, said)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("name", NODE)
def test_in_node(tmp_path: Path, name: str) -> None:
    cause, body = NODE[name]
    if body.startswith("UPSTREAM"):
        body = UPSTREAM.replace("STATUS", body.split()[1])
    code = SERVER + body
    (tmp_path / "app.js").write_text(code)
    found = observed.run(tmp_path, ["node", "app.js"])
    judge(found, cause)
    if "await fetch(" in body:
        asked = 1 + next(number for number, line in enumerate(code.splitlines()) if "const answer = await fetch(" in line)
        assert ("app.js", asked) in {(each["file"], each["line"]) for each in found[0][0]["evidence"]}


@pytest.mark.parametrize("name", PYTHON)
def test_in_python(tmp_path: Path, name: str) -> None:
    cause, library, body = PYTHON[name]
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    (tmp_path / "app.py").write_text(body)
    judge(observed.run(tmp_path, [sys.executable, "app.py"]), cause)
