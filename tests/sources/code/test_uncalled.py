"""A function that would start to listen, and that nothing calls, is told; one that somebody may call is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.unimported import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
WORKER = "import { Worker } from 'bullmq';\nexport const marks = 3;\nexport function startWorker() {\n  return new Worker('faults', async (job) => tell(job.data));\n}\n"
APP = {"package.json": '{"type": "module", "scripts": {"start": "node main.js"}, "dependencies": {"bullmq": "5.41.2"}}', "worker.js": WORKER, "main.js": "import { marks } from './worker.js';\nconsole.log(marks);\n"}


def _said(folder: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    eyes = Eyes(Target(base=folder, folders=(folder,)), Knowledge(KNOWN.frameworks))
    return [f"{item.fact.name} {item.fact.how}" for item in PROBE.look(eyes.target, eyes)]


def test_a_worker_that_nothing_starts_is_told(tmp_path: Path) -> None:
    assert _said(tmp_path, APP) == ["startWorker not-called"]


def test_so_is_a_method_of_an_object_that_is_made(tmp_path: Path) -> None:
    worker = "import { Worker } from 'bullmq';\nexport class Faults {\n  listen() {\n    this.worker = new Worker('faults', async (job) => tell(job.data));\n  }\n}\n"
    main = "import express from 'express';\nimport { Faults } from './worker.js';\nconst faults = new Faults();\nexpress().listen(3000);\n"
    assert _said(tmp_path, {**APP, "worker.js": worker, "main.js": main}) == ["listen not-called"]


@pytest.mark.parametrize(
    "files",
    [
        {"main.js": "import { startWorker } from './worker.js';\nstartWorker();\n"},
        {"main.js": "import { startWorker } from './worker.js';\nplugins.add(startWorker);\n"},
        {"main.js": "import * as worker from './worker.js';\nworker['startWorker']();\n"},
        {"main.js": "import * as worker from './worker.js';\nfor (const each of Object.values(worker)) each();\n"},
        {"main.js": "const worker = await import('./worker.js');\nfor (const each of Object.values(worker)) each();\n"},
        {"main.js": "import { marks } from './worker.js';\nconst made = { start() {} };\nmade[`start${marks}`]();\n"},
        {"package.json": APP["package.json"].replace('"type"', '"main": "./worker.js", "type"')},
        {"main.js": "import make from './worker.js';\n", "worker.js": WORKER.replace("export function", "export default function")},
        {"main.js": "console.log('nothing of it');\n"},
        {"package.json": APP["package.json"].replace('"type"', '"types": "index.d.ts", "type"')},
        {"worker.js": WORKER.replace("startWorker", "register")},
    ],
    ids=["called", "handed on", "by its name", "all of them", "all that is loaded", "by a name put together", "the package's main file", "default", "not loaded", "a library", "called by a framework"],
)
def test_what_may_be_called_is_left_alone(tmp_path: Path, files: dict[str, str]) -> None:
    assert _said(tmp_path, {**APP, **files}) == []
