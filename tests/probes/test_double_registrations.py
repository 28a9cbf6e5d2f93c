"""A handler that is attached twice while the program starts is told."""

from __future__ import annotations

import pytest

from callcheck.probes.double_registrations import PROBE
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
            "function wire() { bus.on('paid', book); }\n"
            "wire();\n"
            "wire();\n",
            "paid",
        ),
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function wire(tax) { bus.on('paid', (sum) => book(sum * tax)); }\n"
            "wire(7);\n"
            "wire(7);\n",
            "paid",
        ),
    ],
)
def test_a_handler_attached_twice(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.event.name") for item in look(tmp_path, {"a.js": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function book() {}\n"
            "function wire() { bus.on('paid', book); }\n"
            "wire();\n"
        ),
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function book() {}\n"
            "bus.on('paid', book);\n"
            "bus.on('sent', book);\n"
        ),
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function book() {}\n"
            "function wire() { bus.off('paid', book); bus.on('paid', book); }\n"
            "wire();\n"
            "wire();\n"
        ),
        (
            "import EventEmitter from 'node:events';\n"
            "export const bus = new EventEmitter();\n"
            "function wire(till) { const book = (sum) => till.book(sum); attach(book); }\n"
            "function attach(handler) { bus.on('paid', handler); }\n"
            "wire(north);\n"
            "wire(south);\n"
        ),
    ],
    ids=["once", "another event", "removed in between", "made with another argument"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})
