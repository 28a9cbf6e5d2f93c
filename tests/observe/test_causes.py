"""One small app for each way in which a delivery stops, run under `callcheck observe`: the cause comes first, at the lines marked `told`, and the mended app is
silent."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Case:
    """An app that loses its deliveries, and what mends it."""

    cause: str
    code: str
    cure: tuple[str, str] = ("", "")
    """What stands in the code, and what has to."""
    over: float = 0.95
    needs: str = ""
    """The library it uses."""

    @property
    def told(self) -> set[int]:
        """The lines that must be among the evidence."""
        return {number for number, line in enumerate(self.code.splitlines(), 1) if "told" in line}

    @property
    def mended(self) -> str:
        """The code with its cure."""
        assert self.cure[0] in self.code
        return self.code.replace(*self.cure)


def _node(cause: str, code: str, cure: tuple[str, str] = ("", ""), over: float = 0.95) -> Case:
    return Case(cause, SERVER + code, cure, over)


UPSTREAM = """
(async () => {
  const model = http.createServer((req, res) => { const status = STATUS; if (status) { res.statusCode = status; res.end("{}"); } }).listen(0, "127.0.0.1");
  await new Promise((resolve) => model.on("listening", resolve));
  const bus = new EventEmitter(); bus.on("answered", () => {});
  const ask = async () => {
    const answer = await fetch(`http://127.0.0.1:${model.address().port}/v1/chat/completions`, { method: "POST", signal: AbortSignal.timeout(300) }); // told
    if (!answer.ok) throw new Error(answer.status);
    bus.emit("answered");
  };
  const server = await serve({ "/ask": () => ask().catch(() => ask()).catch(() => null) });
  for (let i = 0; i < 4; i++) await call(server, "/ask");
  process.exit(0);
})();
"""


def _upstream(cause: str, status: int) -> Case:
    # Mended, the first try fails as before, and the second one does not.
    return Case(cause, SERVER + UPSTREAM.replace("STATUS", f"{status}"), (f"const status = {status};", f"model.tries = (model.tries || 0) + 1; const status = model.tries % 2 ? {status} : 200;"))


NODE = {
    "an emitter for each request": _node(
        "per-request-registration",
        """
const make = () => new EventEmitter(); // told
(async () => {
  const server = await serve({
    "/start": () => make().on("done", () => {}), // told
    "/end": () => make().emit("done", 1), // told
  });
  for (let i = 0; i < 6; i++) { await call(server, "/start"); await call(server, "/end"); }
  process.exit(0);
})();
""",
        ("const make = () => new EventEmitter();", "const one = new EventEmitter(); const make = () => one;"),
    ),
    "two buses in one process": _node(
        "wrong-instance",
        "const one = new EventEmitter(), two = new EventEmitter();\none.on('done', () => {}); // told\nfor (let i = 0; i < 6; i++) two.emit('done', i); // told\n",
        ("two = new EventEmitter()", "two = one"),
    ),
    "emitted before anybody listens": _node(
        "late-registration",
        """
for (let i = 0; i < 6; i++) {
  const bus = new EventEmitter();
  if (true) bus.emit("ready"); // told
  bus.on("ready", () => {}); // told
  if (false) bus.emit("ready");
}
""",
        ("if (true) bus.emit(\"ready\"); // told\n  bus.on(\"ready\", () => {}); // told\n  if (false)", "bus.on(\"ready\", () => {});\n"),
    ),
    "taken off too early": _node(
        "listener-removed",
        """
for (let i = 0; i < 6; i++) {
  const bus = new EventEmitter(), hear = () => {};
  bus.on("done", hear); // told
  bus.off("done", hear); // told
  bus.emit("done"); // told
  bus.off("done", hear);
}
""",
        ('bus.off("done", hear); // told', ""),
    ),
    "a handler that throws, swallowed": _node(
        "payload-mismatch",
        """
const bus = new EventEmitter();
bus.on("done", ({ text }) => text.toUpperCase()); // told
for (let i = 0; i < 6; i++) {
  try { bus.emit("done", { content: "x" }); } catch {} // told
}
""",
        ("{ content:", "{ text:"),
    ),
    "a handler that fails for a reason of its own, swallowed": _node(
        "handler-exception",
        """
const bus = new EventEmitter(), store = { put() { throw new Error("no such box"); } }; // told
bus.on("done", (row) => store.put(row));
for (let i = 0; i < 6; i++) {
  try { bus.emit("done", i); } catch {} // told
}
""",
        ('throw new Error("no such box");', ""),
    ),
    "an async handler that rejects": _node(
        "handler-exception",
        """
process.on("unhandledRejection", () => {});
const bus = new EventEmitter();
bus.on("done", async () => { if (!process.env.API_KEY) throw new Error("no key"); }); // told
for (let i = 0; i < 6; i++) bus.emit("done"); // told
setTimeout(() => {}, 500);
""",
        ("!process.env.API_KEY", "false"),
    ),
    "a name that is nearly right": _node(
        "event-name-mismatch",
        "const bus = new EventEmitter(); bus.on('job:done', () => {});\nfor (let i = 0; i < 6; i++) bus.emit('job-done'); // told\n",
        ("emit('job-done')", "emit('job:done')"),
    ),
    "a listener for one event": _node(
        "listener-removed",
        "const bus = new EventEmitter();\nbus.once('tick', () => {}); // told\nfor (let i = 0; i < 6; i++) bus.emit('tick'); // told\n",
        ("once", "on"),
        over=0.5,
    ),
    "listeners that pile up": _node(
        "listener-leak",
        """
(async () => {
  const bus = new EventEmitter(), hear = () => {};
  const server = await serve({
    "/": () => bus.on("data", hear), // told
  });
  for (let i = 0; i < 15; i++) await call(server, "/");
  bus.emit("data");
  process.exit(0);
})();
""",
        ('bus.on("data", hear)', 'bus.off("data", hear).on("data", hear)'),
        over=0.5,
    ),
    "a refused key": _upstream("upstream-auth", 401),
    "a limit that is reached": _upstream("upstream-rate-limit", 429),
    "a model that does not answer": _upstream("upstream-timeout", 0),
    "a healthy app": _node(
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
        await runtime.publish_message(WHAT(str(i)), TopicId("TOPIC", "default"))  # told
    END

asyncio.run(main())
"""
HEALTHY = AUTOGEN.replace("START", "runtime.start()").replace("WHAT", "Job").replace("TOPIC", "jobs").replace("END", "await runtime.stop_when_idle()")


def _autogen(cause: str, right: str, wrong: str) -> Case:
    assert right in HEALTHY
    return Case(cause, HEALTHY.replace(right, wrong), (wrong, right), needs="autogen_core")


PYTHON = {
    "a receiver that nothing holds": Case(
        "receiver-garbage-collected",
        """
import gc
from blinker import signal
done = signal("done")
def attach():
    def receive(sender):
        print(sender)
    done.connect(receive)  # told
attach()
gc.collect()
for i in range(6):
    done.send(i)  # told
""",
        ("connect(receive)", "connect(receive, weak=False)"),
        needs="blinker",
    ),
    "a handler that fails, swallowed": Case(
        "payload-mismatch",
        """
from pyee.base import EventEmitter
bus = EventEmitter()
@bus.on("done")
def done(row):
    print(row["text"])  # told
for i in range(6):
    try:
        bus.emit("done", {"content": i})  # told
    except KeyError:
        pass
""",
        ('"content"', '"text"'),
        needs="pyee",
    ),
    "two buses of pyee": Case(
        "wrong-instance",
        'from pyee.base import EventEmitter\none = EventEmitter()\ntwo = EventEmitter()\none.on("done", print)  # told\nfor i in range(6):\n    two.emit("done", i)  # told\n',
        ("two = EventEmitter()", "two = one"),
        needs="pyee",
    ),
    "emitted before anybody listens": Case(
        "late-registration",
        'from pyee.base import EventEmitter\nfor i in range(6):\n    bus = EventEmitter()\n    bus.emit("ready")  # told\n    bus.on("ready", print)  # told\n',
        ('    bus.emit("ready")  # told\n    bus.on("ready", print)', '    bus.on("ready", print)\n    bus.emit("ready")'),
        needs="pyee",
    ),
    "taken off too early": Case(
        "listener-removed",
        'from pyee.base import EventEmitter\nfor i in range(6):\n    bus = EventEmitter()\n    bus.on("done", print)  # told\n    bus.remove_listener("done", print)  # told\n    bus.emit("done")  # told\n',
        ('    bus.remove_listener("done", print)  # told\n', ""),
        needs="pyee",
    ),
    "a topic that nobody subscribes to": _autogen("missing-subscription", '"jobs", "default"', '"job", "default"'),
    "a runtime that is never started": _autogen("runtime-not-started", "runtime.start()", "pass"),
    "a type without handler": _autogen("missing-subscription", "publish_message(Job", "publish_message(Other"),
    "a runtime that is stopped too early": _autogen("runtime-not-started", "stop_when_idle", "stop"),
    "a program that ends before its runtime is idle": _autogen("runtime-not-started", "await runtime.stop_when_idle()", "return"),
    "a task in the background that fails": Case(
        "swallowed-error",
        """
import asyncio, gc
async def work():
    raise OSError("no disk")  # told
async def main():
    for i in range(3):
        asyncio.create_task(work())
        await asyncio.sleep(0.01)
    gc.collect()
asyncio.run(main())
""",
        ('raise OSError("no disk")', "return"),
        over=0.5,
    ),
    "a coroutine that nobody awaits": Case(
        "unconsumed-call",
        "import asyncio\nasync def notify(): pass\nasync def main():\n    for i in range(3):\n        notify()\nasyncio.run(main())\n",
        ("        notify()", "        await notify()"),
        over=0.5,
    ),
    "messages that arrive": Case("", HEALTHY, needs="autogen_core"),
}


def judge(case: Case, file: str, found: tuple[list[dict[str, Any]], str]) -> None:
    """Whether the app's cause comes first, surely enough, with the lines that matter; for a healthy app, whether nothing is said."""
    named, said = found
    if not case.cause:
        assert named == [], said
        return
    assert [each["cause"] for each in named[:1]] == [case.cause], (named, said)
    assert named[0]["confidence"] > case.over
    assert {(file, line) for line in case.told} <= {(each["file"], each["line"]) for each in named[0]["evidence"]}, named[0]["evidence"]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("name", NODE)
def test_in_node(tmp_path: Path, name: str) -> None:
    (tmp_path / "app.js").write_text(NODE[name].code)
    judge(NODE[name], "app.js", observed.run(tmp_path, ["node", "app.js"]))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("name", [name for name in NODE if NODE[name].cause])
def test_mended_in_node(tmp_path: Path, name: str) -> None:
    (tmp_path / "app.js").write_text(NODE[name].mended)
    assert observed.run(tmp_path, ["node", "app.js"])[0] == []


@pytest.mark.parametrize("name", PYTHON)
def test_in_python(tmp_path: Path, name: str) -> None:
    case = _installed(PYTHON[name])
    (tmp_path / "app.py").write_text(case.code)
    judge(case, "app.py", observed.run(tmp_path, [sys.executable, "app.py"]))


@pytest.mark.parametrize("name", [name for name in PYTHON if PYTHON[name].cause])
def test_mended_in_python(tmp_path: Path, name: str) -> None:
    case = _installed(PYTHON[name])
    (tmp_path / "app.py").write_text(case.mended)
    assert observed.run(tmp_path, [sys.executable, "app.py"])[0] == []


def _installed(case: Case) -> Case:
    if case.needs and importlib.util.find_spec(case.needs) is None:
        pytest.skip(f"{case.needs} is not installed")
    return case
