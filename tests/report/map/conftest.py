"""A small shop whose map has every kind of channel: a web program, a worker, a broker, a bus in memory and a socket."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callcheck.model.delivery_map import DeliveryMap
from callcheck.model.diagnosis import Report
from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from callcheck.report.map import delivery_map

SHOP = {
    "package.json": '{"name": "shop", "dependencies": {"express": "^4.19.0", "ioredis": "^5.4.0", "socket.io": "^4.7.5"}}',
    "docker-compose.yml": """services:
  redis:
    image: redis:7
  web:
    build: .
    command: node src/web.js
    deploy: {replicas: 3}
  worker:
    build: .
    command: node src/worker.js
""",
    "src/bus.js": """const { EventEmitter } = require("events");
exports.bus = new EventEmitter();
""",
    "src/web.js": """const express = require("express");
const Redis = require("ioredis");
const { Server } = require("socket.io");
const { bus } = require("./bus");
const app = express();
const redis = new Redis();
app.post("/orders", (req, res) => {
  bus.once("paid", () => res.end());
  bus.emit("order.seen", req.body.id);
  redis.publish("orders", JSON.stringify(req.body));
});
app.post("/pay", (req, res) => {
  bus.emit("paid", req.body.id);
  redis.publish("shipped", JSON.stringify({ id: req.body.id, at: Date.now() }));
  res.end();
});
const io = new Server(app.listen(3000));
io.on("connection", (socket) => {
  socket.on("watch", (id) => socket.join(id));
});
""",
    "src/worker.js": """const Redis = require("ioredis");
const { bus } = require("./bus");
const redis = new Redis();
redis.subscribe("orders");
redis.on("message", (channel, text) => bus.emit("packed", text));
const pub = new Redis();
bus.on("packed", (text) => pub.publish("shipped", JSON.stringify({ id: text, to: "all" })));
""",
    "test/web.test.js": """const { bus } = require("../src/bus");
bus.on("paid", () => console.log("paid"));
""",
}


@pytest.fixture(scope="session")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Report]:
    """The report of a shop in which some files are others; None takes a file away."""

    def look(**changed: str | None) -> Report:
        folder = tmp_path_factory.mktemp("shop")
        for path, text in {**SHOP, **changed}.items():
            if text is not None:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text, encoding="utf-8")
        return diagnose(Target(folder, folders=(folder,))).report

    return look


@pytest.fixture(scope="session")
def shop(looked: Callable[..., Report]) -> DeliveryMap:
    return delivery_map(looked())
