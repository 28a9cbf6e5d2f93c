"""A listener that is attached after its event went out is told."""

from __future__ import annotations

import pytest

from callcheck.probes.order import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function book() {}\n"
            "export function run() {\n"
            "  bus.emit('ready');\n"
            "  bus.on('ready', book);\n"
            "}\n",
            "ready",
        ),
    ],
)
def test_an_event_that_went_out_before(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.event.name") for item in look(tmp_path, {"a.js": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function book() {}\n"
            "export function run() {\n"
            "  bus.on('ready', book);\n"
            "  bus.emit('ready');\n"
            "}\n"
        ),
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function book() {}\n"
            "export function run() {\n"
            "  bus.emit('ready');\n"
            "  bus.on('ready', book);\n"
            "  bus.emit('ready');\n"
            "}\n"
        ),
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function book() {}\n"
            "export function run(x) {\n"
            "  if (x) bus.emit('ready');\n"
            "  bus.on('ready', book);\n"
            "}\n"
        ),
    ],
    ids=["attached first", "emitted again later", "in another branch"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})


@pytest.mark.parametrize(("listens", "late"), [("a.on('ready', () => console.log('ready'))", False), ("a.once('ready', () => console.log('ready'))", True), ("a.on('ready', () => a.every('1 day', 'x'))", True)])
def test_a_listener_that_but_writes_a_line_each_time_loses_nothing_with_the_first(tmp_path, listens: str, late: bool) -> None:
    source = f"import {{ Agenda }} from 'agenda';\nconst a = new Agenda({{}});\nawait migrate();\n{listens};\n"
    assert [item.fact.kind for item in look(tmp_path, {"a.js": source})] == ["event.too_early"] * late
