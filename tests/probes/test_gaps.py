"""A listener behind an `await` misses what was set going before it."""

from __future__ import annotations

import pytest

from callcheck.probes.gaps import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

JOB = (
    "import { EventEmitter } from 'node:events';\n"
    "export class Job extends EventEmitter {\n  start() { void this.run(); }\n"
    "  async run() { await fetch('https://h'); this.emit('done', 1); }\n}\n"
)
USE = "import { Job } from './job.js';\nasync function main() {\n  const job = new Job();\n"


@pytest.mark.parametrize(
    "rest",
    [
        "  job.start();\n  await fetch('https://log');\n  job.on('done', f);\n}\n",
        "  job.start();\n  const t = await token();\n  job.once('done', () => f(t));\n}\n",
    ],
)
def test_a_listener_behind_an_await(tmp_path, rest) -> None:
    found = look(tmp_path, {"job.js": JOB, "main.js": USE + rest})
    assert [(item.fact.event, item.where.path) for item in found] == [("done", "main.js")]


def test_an_object_that_a_function_makes_and_sets_going(tmp_path) -> None:
    maker = (
        "import { EventEmitter } from 'node:events';\nexport function begin(id) {\n  const job = new EventEmitter();\n"
        "  setImmediate(async () => { await work(id); job.emit('done'); });\n  return job;\n}\n"
    )
    user = "import { begin } from './job.js';\nexport async function f(id) {\n  const job = begin(id);\n  await save(id);\n  job.on('done', g);\n}\n"
    assert [item.fact.event for item in look(tmp_path, {"job.js": maker, "main.js": user})] == ["done"]


@pytest.mark.parametrize(
    "rest",
    [
        "  job.on('done', f);\n  job.start();\n  await fetch('https://log');\n}\n",
        "  await fetch('https://log');\n  job.start();\n  job.on('done', f);\n}\n",
        "  job.start();\n  job.on('done', f);\n  await fetch('https://log');\n}\n",
        "  if (late) job.start();\n  await fetch('https://log');\n  job.on('done', f);\n}\n",
    ],
)
def test_a_listener_that_is_there_in_time(tmp_path, rest) -> None:
    assert not look(tmp_path, {"job.js": JOB, "main.js": USE + rest})


def test_what_goes_out_again_and_again_may_be_joined_later(tmp_path) -> None:
    ticker = JOB.replace("async run() { await fetch('https://h'); this.emit('done', 1); }", "run() { setInterval(() => this.emit('done', 1), 9); }")
    assert not look(tmp_path, {"job.js": ticker, "main.js": USE + "  job.start();\n  await fetch('https://log');\n  job.on('done', f);\n}\n"})
