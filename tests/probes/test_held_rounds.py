"""A loop whose rounds each compute for a while holds the event loop, where somebody is served on it meanwhile."""

from __future__ import annotations

import pytest

from callcheck.probes.event_loop import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "import express from 'express';\nimport { gunzipSync } from 'node:zlib';\nimport { readFileSync } from 'node:fs';\nimport { readdir, readFile } from 'node:fs/promises';\nconst app = express();\n"
ROUTE = HEAD + "app.post('/months', async (req, res) => {\n  const names = await readdir('/months');\n%s  res.json({ ok: true });\n});\n"
PLAIN = "  for (const name of names) {\n    add(gunzipSync(readFileSync(name)));\n  }\n"


def found(tmp_path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.call} {item.where.path}:{item.where.line}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.js": ROUTE % PLAIN}, "a loop of gunzipSync() a.js:8"),
        ({"a.js": ROUTE % "  names.forEach((name) => add(gunzipSync(readFileSync(name))));\n"}, "a loop of gunzipSync() a.js:8"),
        ({"a.js": ROUTE % "  for (const name of names) add(month(name));\n" + "function month(name) {\n  return JSON.parse(gunzipSync(readFileSync(name)));\n}\n"}, "a loop of gunzipSync() a.js:8"),
        ({"a.js": "import { months } from './months.js';\n" + ROUTE % "  await months(names);\n", "months.js": "import { read, utils } from 'xlsx';\nexport async function months(names) {\n  for (const name of names) save(read(name));\n}\n"}, "a loop of read() months.js:3"),
    ],
)
def test_a_loop_that_computes_and_never_waits(tmp_path, files: dict[str, str], told: str) -> None:
    assert found(tmp_path, files) == [told]


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": ROUTE % "  add(gunzipSync(readFileSync(names[0])));\n"},
        {"a.js": ROUTE % "  for (const name of names) {\n    add(gunzipSync(await readFile(name)));\n  }\n"},
        {"a.js": ROUTE % "  for (const name of ['jan.gz', 'feb.gz']) add(gunzipSync(readFileSync(name)));\n"},
        {"a.js": HEAD + "const names = await readdir('/months');\n" + PLAIN},
        {"a.js": "import { parentPort } from 'node:worker_threads';\nimport { gunzipSync } from 'node:zlib';\nparentPort.on('message', (names) => {\n" + PLAIN + "});\n"},
    ],
    ids=["one file", "each round waits", "a short list", "at the start", "in a thread of its own"],
)
def test_silent_where(tmp_path, files: dict[str, str]) -> None:
    assert found(tmp_path, files) == []
