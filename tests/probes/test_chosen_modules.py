"""A module whose handlers are asked for, and which the variable that chooses what is loaded does not name, is told."""

from __future__ import annotations

import pytest

from callcheck.probes.chosen_modules import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
COMPOSE = "services:\n  worker:\n    build: .\n    command: node worker.js\n    environment:\n      TOPICS: paid,sent\n"
SENDS = "bus.publish('order.paid', o);\nbus.publish('order.sent', o);\nbus.publish('order.lost', o);"
TAKERS = {f"topics/{each}.js": f"module.exports = (bus) => {{\n  bus.handle('order.{each}', async (o) => keep(o));\n}};" for each in ("paid", "sent", "lost")}
LOOP = "for (const topic of process.env.TOPICS.split(',')) {\n  require(`./topics/${topic}`)(bus);\n}"
BASE = {"compose.yml": COMPOSE, "api.js": SENDS, **TAKERS}


@pytest.mark.parametrize(
    "loads",
    [
        {"worker.js": LOOP},
        {"worker.js": "const topics = (process.env.TOPICS || '').split(',').map((t) => t.trim());\ntopics.forEach((topic) => require('./topics/' + topic)(bus));"},
        {"worker.mjs": "import { topics } from './settings.mjs';\nfor (const topic of topics) (await import(`./topics/${topic}.js`)).default(bus);", "settings.mjs": "export const topics = process.env.TOPICS.split(',');"},
    ],
)
def test_a_module_that_no_list_names_is_told(tmp_path, loads) -> None:
    (found,) = look(tmp_path, {**BASE, **loads})
    assert (found.where.path, found.where.line) == ("topics/lost.js", 2)
    assert [each.where.path for each in found.because] == ["compose.yml", next(iter(loads)), "api.js"]


def test_python_loads_by_dotted_names(tmp_path) -> None:
    loads = "import importlib, os\nfor name in os.environ['TOPICS'].split(','):\n    importlib.import_module(f'shop.topics.{name}')\n"
    takers = {f"shop/topics/{each}.py": f"@task(name='order.{each}')\ndef on(o):\n    keep(o)\n" for each in ("paid", "sent", "lost")}
    found = look(tmp_path, {"compose.yml": COMPOSE, "shop/worker.py": loads, "shop/api.py": "send('order.lost')\n", **takers})
    assert [each.where.path for each in found] == ["shop/topics/lost.py"]


@pytest.mark.parametrize(
    "files",
    [
        {"worker.js": LOOP, "compose.yml": COMPOSE.replace("paid,sent", "paid,sent,lost")},
        {"worker.js": LOOP, "compose.yml": COMPOSE + "  losses:\n    build: .\n    environment: {TOPICS: lost}\n"},
        {"worker.js": LOOP, "compose.yml": COMPOSE + "    env_file: [secrets.env]\n  other:\n    build: .\n    env_file: [secrets.env]\n"},
        {"worker.js": LOOP, "compose.yml": COMPOSE.replace("paid,sent", "${TOPICS}")},
        {"worker.js": LOOP, "api.js": SENDS.replace("order.lost", "order.back")},
        {"worker.js": LOOP, "losses.js": "require('./topics/lost')(bus);"},
        {"worker.js": LOOP, "topics/sent.js": TAKERS["topics/sent.js"].replace("sent'", "lost'")},
        {"worker.js": LOOP.replace("process.env.TOPICS", "(process.env.TOPICS ?? 'paid,lost')")},
    ],
)
def test_what_is_listed_or_asked_for_by_nobody_is_left_alone(tmp_path, files) -> None:
    assert look(tmp_path, {**BASE, **files}) == []
