"""A listener for the opening of a connection that was waited for before is told."""

from __future__ import annotations

import pytest

from callcheck.probes.opened import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "import mongoose from 'mongoose';\nconst c = mongoose.connection;\n"
LISTENS = "c.once('open', () => start());\n"
WAYS = {
    "awaited": ("await mongoose.connect(u);\n" + LISTENS, True),
    "in time": (LISTENS + "await mongoose.connect(u);\n", False),
    "not waited for": ("void mongoose.connect(u);\n" + LISTENS, False),
    "under a name": ("const p = mongoose.connect(u);\nawait p;\n" + LISTENS, True),
    "in then()": ("mongoose.connect(u).then(() => {\n" + LISTENS + "});\n", True),
    "by a helper": ("async function open() { await mongoose.connect(u); }\nasync function main() {\n  await open();\n" + LISTENS + "}\nmain();\n", True),
    "the helper is not waited for": ("async function open() { await mongoose.connect(u); }\nasync function main() {\n  open();\n" + LISTENS + "}\nmain();\n", False),
    "in a branch": ("await mongoose.connect(u);\nif (c.readyState !== 1) " + LISTENS, False),
    "behind an early return": ("async function main() {\n  await mongoose.connect(u);\n  if (c.readyState === 1) return start();\n" + LISTENS + "}\nmain();\n", False),
    "by a switch that is on": ("if ((process.env.FIRST ?? 'yes') === 'yes') await mongoose.connect(u);\n" + LISTENS, True),
    "by a switch that is off": ("if ((process.env.FIRST ?? 'no') === 'yes') await mongoose.connect(u);\n" + LISTENS, False),
    "by a switch that nobody knows": ("if (process.env.FIRST === 'yes') await mongoose.connect(u);\n" + LISTENS, False),
    "writes a line each time": ("await mongoose.connect(u);\nc.on('connected', () => console.log('connected again'));\n", False),
    "is called for this time": ("const join = () => start();\nawait mongoose.connect(u);\njoin();\nc.on('connected', join);\n", False),
    "is called for this time behind it": ("const join = () => start();\nawait mongoose.connect(u);\nc.on('connected', join);\njoin();\n", False),
    "is called for nothing before it": ("const join = () => start();\njoin();\nawait mongoose.connect(u);\nc.on('connected', join);\n", True),
    "another event": ("await mongoose.connect(u);\nc.once('close', () => start());\n", False),
    "another connection": ("await mongoose.connect(u);\nconst d = mongoose.createConnection(v);\nd.once('open', () => start());\n", False),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_waited_for_has_gone_out(tmp_path, way: str) -> None:
    source, late = WAYS[way]
    assert bool(look(tmp_path, {"app.js": HEAD + source})) is late


def test_what_a_factory_opened_before_it_gives_it_back_is_open(tmp_path) -> None:
    files = {
        "jobs.js": "import { Agenda } from 'agenda';\nexport async function open() {\n  const agenda = new Agenda({});\n  await agenda.start();\n  return agenda;\n}\n",
        "main.js": "import { open } from './jobs.js';\nconst agenda = await open();\nagenda.once('ready', () => agenda.every('1 hour', 'mail'));\n",
    }
    assert [(item.where.path, item.where.line) for item in look(tmp_path, files)] == [("main.js", 3)]
