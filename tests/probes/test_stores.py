"""A timer, or what comes from outside, that asks for a request's store is told; what runs inside of a request is not."""

from __future__ import annotations

import pytest

from callcheck.probes.stores import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

STORE = (
    "import { AsyncLocalStorage } from 'node:async_hooks';\nconst store = new AsyncLocalStorage();\n"
    "export const within = (told, work) => store.run({ told }, work);\nexport const told = () => store.getStore()?.told;\n"
)
FLUSH = "import { told } from './store.js';\nfunction flush() {\n  for (const one of waiting.splice(0)) told()?.(one);\n}\n"
WORKER = "import { Worker } from 'bullmq';\nimport { told } from './store.js';\nnew Worker('q', async (job) => { const tell = told(); tell?.(job.id); });\n"


@pytest.mark.parametrize(
    "source",
    [FLUSH + "setInterval(flush, 250);\n", FLUSH + "class Batch { constructor() { setInterval(() => flush(), 250); } }\nexport const batch = new Batch();\n", WORKER],
    ids=["timer", "timer of an object", "job"],
)
def test_a_store_that_nobody_entered(tmp_path, source) -> None:
    assert [item.fact.how for item in look(tmp_path, {"store.js": STORE, "a.js": source})] == ["storage"]


def test_a_store_behind_a_getter(tmp_path) -> None:
    held = STORE.replace("export const told = () => store.getStore()?.told;", "class Held { get told() { return store.getStore()?.told; } }\nexport const held = new Held();")
    source = "import { held } from './store.js';\nsetInterval(() => { held.told?.('x'); }, 250);\n"
    assert [item.fact.how for item in look(tmp_path, {"store.js": held, "a.js": source})] == ["storage"]


@pytest.mark.parametrize(
    "source",
    [
        FLUSH + "export const later = () => setInterval(flush, 250);\n",
        FLUSH.replace("told()?.(one)", "log(told(), one)") + "setInterval(flush, 250);\n",
        FLUSH.replace("told()?.(one)", "within(one.told, () => told()?.(one))").replace("{ told }", "{ told, within }") + "setInterval(flush, 250);\n",
        "import { EventEmitter } from 'node:events';\nimport { told } from './store.js';\nexport const bus = new EventEmitter();\nbus.on('x', (one) => told()?.(one));\n",
    ],
    ids=["set in a request, as far as one can see", "only written down", "entered again", "an emitter calls in the context of who emits"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"store.js": STORE, "a.js": source})
