"""Writes what agents write: the lines of `observers/FACTS.md`, for tests of what reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

START = 1_795_667_370_000_000
"""Microseconds; the clock of all agents here goes on by one millisecond a line."""


class Clock:
    def __init__(self) -> None:
        self.now = START

    def tick(self, us: int = 1000) -> int:
        self.now += us
        return self.now


class Agent:
    """One process."""

    def __init__(self, folder: Path, pid: int, clock: Clock, agent: str = "node") -> None:
        self.pid, self.clock, self.seq = pid, clock, -1
        self.path = folder / f"{pid}-0-{START // 1000}.jsonl"
        self.say("process.started", **{"schema": 1, "agent": agent, "process.pid": pid, "process.parent_pid": 1, "thread.id": 0, "host.name": "web-1"})

    def say(self, fact: str, **keys: Any) -> None:
        self.seq += 1
        with open(self.path, "ab") as stream:
            stream.write(json.dumps({"fact": fact, "ts": self.clock.tick(), "seq": self.seq, **keys}, separators=(",", ":")).encode() + b"\n")

    def emitter(self, number: int = 1, req: str = "", line: int = 3, system: str = "node.events", kind: str = "EventEmitter") -> str:
        id = f"{self.pid}.0.{number}"
        self.say("emitter.seen", **{"emitter.id": id, "messaging.system": system, "emitter.class": kind, **_at("bus.js", line), **({"req": req} if req else {})})
        return id

    def listen(self, name: str, on: str, number: int = 1, system: str = "node.events", **more: Any) -> str:
        id = f"{self.pid}.0.{number}"
        self.say("listener.added", **{**_event(name, system), "emitter.id": on, "listener.id": id, "count": 1, **_at("server.js", 7), **more})
        return id

    def emit(self, name: str, on: str, heard: int, number: int = 1, system: str = "node.events", **more: Any) -> str:
        id = f"{self.pid}.0.{number}"
        self.say("event.emitted", **{**_event(name, system), "emitter.id": on, "messaging.message.id": id, "listener.count": heard, **_at("server.js", 13), **more})
        return id


def _event(name: str, system: str) -> dict[str, str]:
    return {"messaging.system": system, "messaging.destination.name": name}


def _at(path: str, line: int) -> dict[str, Any]:
    return {"code.file.path": f"/app/{path}", "code.line.number": line, "code.column.number": 3}
