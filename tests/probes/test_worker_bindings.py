"""Is it told which bindings one environment of a Worker lacks?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.worker_bindings import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
TOP = 'name = "w"\nmain = "src/index.ts"\n[[durable_objects.bindings]]\nname = "ROOMS"\nclass_name = "Room"\n'
PRODUCTION = "[env.production]\nroutes = []\n"
OWN = '[[env.production.durable_objects.bindings]]\nname = "ROOMS"\nclass_name = "Room"\n'
USE = "export default {\n  async fetch(r, env) {\n    return env.ROOMS.get(env.ROOMS.idFromName('a')).fetch(r);\n  },\n};\n"
SENDS = "app.post('/a', async (c) => {\n  await c.env.JOBS.send({ a: 1 });\n});\n"


@pytest.mark.parametrize(
    ("files", "at"),
    [
        ({"wrangler.toml": TOP + PRODUCTION, "src/index.ts": USE}, "wrangler.toml:6"),
        ({"wrangler.toml": 'main = "src/index.ts"\n[[queues.producers]]\nbinding = "JOBS"\nqueue = "jobs"\n[env.staging]\nroutes = []\n', "src/index.ts": SENDS}, "wrangler.toml:5"),
        ({"wrangler.jsonc": '{"services": [{"binding": "JOBS", "service": "j"}],\n "env": {\n  "production": {"routes": []}}}\n', "src/index.ts": SENDS}, "wrangler.jsonc:3"),
    ],
)
def test_a_binding_is_not_inherited(tmp_path: Path, files: dict[str, str], at: str) -> None:
    (item,) = look(tmp_path, files)
    assert (item.fact.effect, str(item.where)) == ("handler-exception", at)


@pytest.mark.parametrize(
    "files",
    [
        {"wrangler.toml": TOP + PRODUCTION + OWN, "src/index.ts": USE},
        {"wrangler.toml": TOP, "src/index.ts": USE},
        {"wrangler.toml": TOP + PRODUCTION.replace("production", "dev"), "src/index.ts": USE},
        {"wrangler.toml": TOP + PRODUCTION.replace("production", "edge"), "src/index.ts": USE},
        {"wrangler.toml": TOP + PRODUCTION, "src/index.ts": USE.replace("    return", "    if (!env.ROOMS) return none();\n    return")},
        {"wrangler.toml": TOP + PRODUCTION, "src/index.ts": USE.replace("env.ROOMS.get", "env.ROOMS?.get")},
        {"wrangler.toml": TOP + PRODUCTION, "src/index.ts": SENDS},
    ],
)
def test_it_is_bound_or_is_not_called(tmp_path: Path, files: dict[str, str]) -> None:
    assert look(tmp_path, files) == []
