"""Keys lie in the database that a client is made with, or that it selects later; in any of them where that cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.key_databases import kept_in
from tests.tools.shipped import shipped_knowledge

NODE = "import { createClient } from 'redis';\n"
IO = "import Redis from 'ioredis';\nimport { config } from './config.js';\n"
PY = "import os\nimport redis\n"
CONFIG = "export const config = { redis: { host: 'redis', db: Number(process.env.DB || 7) }, plain: { host: 'redis' } };\n"
COMPOSE = "services:\n  a: {build: ., environment: {DB: '2', URL: 'redis://redis:6379/5'}}\n  other: {image: 'shop/other:1', environment: {URL: 'redis://redis:6379/0'}}\n"


def numbers(folder: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted({each.number for each in kept_in(Eyes(Target(base=folder, folders=(folder,)), shipped_knowledge()))})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (NODE + "createClient().set('a', 1);", ["0"]),
        (NODE + "createClient({ database: 3 }).set('a', 1);", ["3"]),
        (NODE + "createClient({ url: 'redis://h:6379/4' }).set('a', 1);", ["4"]),
        (NODE + "createClient({ url: 'redis://:pw@h:6379' }).set('a', 1);", ["0"]),
        (NODE + "createClient({ url: process.env.URL }).set('a', 1);", ["5"]),
        (NODE + "createClient({ url: process.env.NOWHERE }).set('a', 1);", []),
        (NODE + "const c = createClient();\nawait c.select(6);\nc.set('a', 1);", ["6"]),
        (NODE + "const c = createClient();\nawait c.select(n);\nc.set('a', 1);", []),
        (NODE + "const c = createClient({ database: 3 });\nc.set('a', 1);\ncreateClient({ database: 1 }).subscribe('x', f);", ["3"]),
        (NODE + "const c = createClient({ database: 3 });\nconst d = c.duplicate();\nd.set('a', 1);", ["3"]),
        (NODE + "const c = createClient({ database: 3 });\nconst d = c.duplicate({ database: 2 });\nd.set('a', 1);", ["2"]),
        (NODE + "export function keep(c) { c.set('a', 1); }\ncreateClient({ database: 3 });\ncreateClient({ database: 4 });", ["3", "4"]),
        (IO + "new Redis(config.redis).set('a', 1);", ["2"]),
        (IO + "new Redis(config.plain).set('a', 1);", ["0"]),
        (IO + "new Redis(6379, 'redis', { db: 9 }).set('a', 1);", ["9"]),
        (IO + "new Redis(process.env.URL).set('a', 1);", ["5"]),
    ],
)
def test_a_client_of_node(tmp_path: Path, text: str, found: list[str]) -> None:
    assert numbers(tmp_path, {"a.mjs": text, "config.js": CONFIG, "compose.yaml": COMPOSE, "package.json": '{"type": "module"}'}) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("redis.Redis().set('a', 1)", ["0"]),
        ("redis.Redis(db=3).set('a', 1)", ["3"]),
        ("redis.Redis('h', 6379, 3).set('a', 1)", ["3"]),
        ("redis.Redis(host='h', db=int(os.environ['DB'])).set('a', 1)", ["2"]),
        ("redis.from_url('redis://h:6379/4').set('a', 1)", ["4"]),
        ("redis.from_url('redis://h:6379?db=4').set('a', 1)", ["4"]),
        ("pool = redis.ConnectionPool(host='h', db=8)\nredis.Redis(connection_pool=pool).set('a', 1)", ["8"]),
        ("redis.Redis(db=chosen()).set('a', 1)", []),
    ],
)
def test_a_client_of_python(tmp_path: Path, text: str, found: list[str]) -> None:
    assert numbers(tmp_path, {"a.py": PY + text, "compose.yaml": COMPOSE}) == found
