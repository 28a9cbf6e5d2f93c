"""Socket.IO without an adapter, and BullMQ's local events, in the real libraries: the right cause at the right lines; with the cure nothing is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.tools import apps, node, observed

CLIENT = """
const { io } = require("socket.io-client");
module.exports = async (port) => {
  let told = 0;
  const tables = Array.from({ length: 24 }, (_, number) => number + 100);
  const sockets = await Promise.all(tables.map((table) => new Promise((resolve) => {
    const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
    socket.on("served", () => { told += 1; });
    socket.on("connect", () => socket.emit("sit", table, () => resolve(socket)));
  })));
  for (const table of tables.sort(() => Math.random() - 0.5)) {
    await fetch(`http://127.0.0.1:${port}/serve/${table}`, { method: "POST", headers: { connection: "close" } }).then((answer) => answer.text());
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  // What was sent to a socket arrives before the answer to its last question, however busy the machine is.
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.emit("leave", resolve))));
  for (const socket of sockets) socket.close();
  return told;
};
"""
SERVER = """const http = require("node:http");
const { Server } = require("socket.io");
module.exports = (port) => {
  const web = http.createServer();
  const io = new Server(web, { transports: ["websocket"] });
  // ADAPTER
  io.on("connection", (socket) => {
    socket.on("sit", (table, done) => {
      socket.join(`table:${table}`);
      done();
    });
    socket.on("leave", (done) => done());
  });
  web.on("request", (req, res) => {
    if (req.url.startsWith("/serve/")) {
      io.to(`table:${req.url.split("/")[2]}`).emit("served");
    }
    if (!req.url.startsWith("/socket.io")) res.end(JSON.stringify({ pid: process.pid }));
  });
  web.listen(port, "127.0.0.1");
};
"""
CLUSTER = """
const cluster = require("node:cluster");
const port = Number(process.env.PORT);
if (cluster.isPrimary) {
  /* PRIMARY */
  for (let number = 0; number < 3; number += 1) cluster.fork();
  let up = 0;
  cluster.on("listening", async () => {
    up += 1;
    if (up < 3) return;
    console.log("told", await require("./client.js")(port));
    for (const worker of Object.values(cluster.workers)) worker.process.kill();
    process.exit(0);
  });
} else {
  require("./server.js")(port);
}
"""
REDIS = """const Redis = require("ioredis"); const pub = new Redis(process.env.REDIS_URL);
  io.adapter(require("@socket.io/redis-adapter").createAdapter(pub, pub.duplicate()));"""
ADAPTERS = {
    "Redis": (REDIS, ""),
    "cluster": ('io.adapter(require("@socket.io/cluster-adapter").createAdapter());', 'require("@socket.io/cluster-adapter").setupPrimary();'),
}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return node.linked(tmp_path)


def _lines(diagnosis: dict[str, Any]) -> set[tuple[str, int]]:
    return {(each["file"], each["line"]) for each in diagnosis["evidence"]}


def _socket_io(folder: Path, adapter: str = "", primary: str = "") -> None:
    for name, text in {"client.js": CLIENT, "server.js": SERVER.replace("// ADAPTER", adapter), "app.js": CLUSTER.replace("/* PRIMARY */", primary)}.items():
        (folder / name).write_text(text)


def test_socket_io_without_an_adapter_under_cluster(app: Path) -> None:
    _socket_io(app)
    (first, *more), said = observed.run(app, ["node", "app.js"], {"PORT": str(apps.free_port())})
    told = int(said.partition("told ")[2].split()[0])
    assert (first["cause"], first["confidence"] > 0.95, more) == ("missing-adapter", True, [])
    assert {("server.js", 9), ("server.js", 16)} <= _lines(first)
    assert f"({24 - told} of 24)" in first["title"]


@pytest.mark.parametrize("name", ADAPTERS)
def test_socket_io_with_an_adapter_under_cluster(app: Path, redis: str, name: str) -> None:
    _socket_io(app, *ADAPTERS[name])
    found, said = observed.run(app, ["node", "app.js"], {"PORT": str(apps.free_port()), "REDIS_URL": redis})
    assert "told 24" in said
    assert found == []


def test_socket_io_without_an_adapter_under_pm2(app: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    _socket_io(app)
    port, aside = apps.free_port(), tmp_path_factory.mktemp("aside")
    (app / "worker.js").write_text('require("./server.js")(Number(process.env.PORT));')
    (app / "once.js").write_text('require("./client.js")(Number(process.env.PORT)).then((told) => { require("fs").writeFileSync("told", String(told)); process.exit(0); });')
    with observed.observe([node.program("pm2-runtime"), "start", "worker.js", "-i", "3"], app, aside, f"http://127.0.0.1:{port}/", {"PORT": str(port)}, ["--no-source"]) as seen:
        apps.wait_until(apps.workers(port, "/", 3), "three workers")
        with apps.running(["node", "once.js"], app, node.environment(PORT=str(port)), aside / "client.log"):
            apps.wait_until((app / "told").exists, "the client")
    assert (seen.first["cause"], seen.first["confidence"] > 0.95) == ("missing-adapter", True), seen.log.read_text()
    assert {("server.js", 9), ("server.js", 16)} <= _lines(seen.first)
    assert f"({24 - int((app / 'told').read_text())} of 24)" in seen.first["title"]


BULLMQ = """const { Queue, QueueEvents, Worker } = require("bullmq");
const connection = { url: process.env.REDIS_URL };
const work = () => {
  const worker = new Worker("NAME", async (job) => { if (job.data === 4) throw new Error("no such box"); }, { connection });
  return worker.waitUntilReady();
};
if (process.argv[2] === "worker") {
  work().then(() => process.send("up"));
} else {
  const queue = new Queue("NAME", { connection });
  const waits = HEARD;
  waits.on("completed", () => console.log("told"));
  const child = APART ? require("node:child_process").fork(__filename, ["worker"]) : undefined;
  (async () => {
    await waits.waitUntilReady();
    await (child ? new Promise((resolve) => child.once("message", resolve)) : work());
    for (let number = 0; number < 6; number += 1) await queue.add("send", number);
    while ((await queue.getJobCounts("completed")).completed < 5) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (child) child.kill();
    process.exit(0);
  })();
}
"""


@pytest.mark.parametrize("apart", [True, False], ids=["worker apart", "one process"])
@pytest.mark.parametrize("heard", ["queue", 'new QueueEvents("NAME", { connection })'], ids=["queue", "QueueEvents"])
def test_a_job_s_end_is_said_by_its_worker_and_not_by_the_queue(app: Path, redis: str, heard: str, apart: bool) -> None:
    (app / "app.js").write_text(BULLMQ.replace("HEARD", heard).replace("NAME", f"mail-{apart}-{heard[:3]}").replace("APART", str(apart).lower()))
    found, said = observed.run(app, ["node", "app.js"], {"REDIS_URL": redis})
    if heard != "queue":
        assert (said.count("told"), found) == (5, [])
        return
    assert "told" not in said
    assert [(each["cause"], each["confidence"] > 0.95) for each in found] == [("cross-process-delivery" if apart else "wrong-instance", True)]
    assert {("app.js", 4), ("app.js", 12)} <= _lines(found[0])
