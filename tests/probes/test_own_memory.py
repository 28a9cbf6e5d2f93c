"""A unit falls back to a bus of its own memory, or meets the others at a broker."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.traps import LibraryTrap
from callcheck.probes.own_memory import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

COMPOSE = "services:\n  api:\n    command: node api.js\n    environment: {%s}\n  worker:\n    command: node worker.js\n%s"
ENDS = {"api.js": "require('./bus').bus.publish('a');\n", "worker.js": "require('./bus').bus.subscribe('a', console.log);\n"}
REDIS = 'REDIS_URL: "redis://redis:6379"'
CHOICE = "exports.bus = process.env.REDIS_URL ? new RedisBus(process.env.REDIS_URL) : new MemoryBus();\n"
EARLY = "const url = process.env.REDIS_URL;\nfunction make() {\n  if (!url) return new InMemoryBus();\n  return new RedisBus(url);\n}\nexports.bus = make();\n"
PLAIN = "const { EventEmitter } = require('events');\nclass Plain extends EventEmitter {}\nlet bus;\nif (process.env.REDIS_URL) {\n  bus = new RedisBus(process.env.REDIS_URL);\n} else {\n  bus = new Plain();\n}\nexports.bus = bus;\n"
KIND = "const kind = process.env.EVENT_BUS || 'memory';\nexports.bus = kinds[kind]();\n"
ADDRESS = "exports.bus = connect(process.env.BROADCAST_URL ?? 'memory://');\n"
TAKEN = "exports.bus = openBus(process.env.FEED_URL || 'memory://');\n"
LIMITS = "exports.bus = new RateLimiter(process.env.FEED_URL || 'memory://');\n"
CACHE = "exports.bus = process.env.REDIS_URL ? new RedisCache(process.env.REDIS_URL) : new MemoryCache();\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{each.fact.method} {each.service} @{each.where}" for each in look(tmp_path, files) if isinstance(each.fact, LibraryTrap)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"compose.yaml": COMPOSE % (REDIS, ""), "bus.js": CHOICE}, "REDIS_URL worker @compose.yaml:5"),
        ({"compose.yaml": COMPOSE % (REDIS, "    environment: {LOG: debug}\n"), "bus.js": EARLY}, "REDIS_URL worker @compose.yaml:7"),
        ({"compose.yaml": COMPOSE % (REDIS, ""), "bus.js": PLAIN}, "REDIS_URL worker @compose.yaml:5"),
        ({"compose.yaml": COMPOSE % ("EVENT_BUS: redis", ""), "bus.js": KIND}, "EVENT_BUS worker @compose.yaml:5"),
        ({"compose.yaml": COMPOSE % ("EVENT_BUS: redis", "    environment: {EVENT_BUS: memory}\n"), "bus.js": KIND}, "EVENT_BUS worker @compose.yaml:7"),
        ({"compose.yaml": COMPOSE % ("BROADCAST_URL: 'redis://redis'", ""), "bus.js": ADDRESS}, "BROADCAST_URL worker @compose.yaml:5"),
        ({"compose.yaml": COMPOSE % ("FEED_URL: 'redis://redis'", ""), "bus.js": TAKEN}, "FEED_URL worker @compose.yaml:5"),
    ],
    ids=["no variables at all", "others alone", "a plain emitter", "the kind by default", "the kind as it is told", "an address of memory", "taken by a bus"],
)
def test_it_has_a_bus_of_its_own(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, {**ENDS, **files}) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"compose.yaml": COMPOSE % (REDIS, f"    environment: {{{REDIS}}}\n"), "bus.js": CHOICE},
        {"compose.yaml": COMPOSE % (REDIS, "    env_file: worker.env\n"), "bus.js": CHOICE},
        {"compose.yaml": COMPOSE % (REDIS, ""), "bus.js": CACHE},
        {"compose.yaml": COMPOSE % (REDIS, ""), "bus.js": CHOICE, "worker.js": "console.log('nothing of a bus');\n"},
        {"compose.yaml": COMPOSE % ("LOG: debug", ""), "bus.js": CHOICE},
        {"compose.yaml": COMPOSE % ("EVENT_BUS: redis", "    environment: {EVENT_BUS: redis}\n"), "bus.js": KIND},
        {"compose.yaml": COMPOSE % ("FEED_URL: 'redis://redis'", ""), "bus.js": LIMITS},
    ],
    ids=["both are told", "a file that is not there", "a cache", "the worker has no bus", "nobody is told", "one kind", "taken by something else"],
)
def test_silent_where_they_meet_or_that_cannot_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, {**ENDS, **files}) == []
