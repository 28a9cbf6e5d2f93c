"""A sign for one part of a name is laid beside the names that go out."""

from __future__ import annotations

import pytest

from callcheck.probes.wildcards import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "import EventEmitter2 from 'eventemitter2';\n"
            "const bus = new EventEmitter2({ wildcard: true });\n"
            "bus.on('order.*', book);\n"
            "export const paid = () => bus.emit('order.payment.captured', 1);\n",
            "order.*",
        ),
    ],
)
def test_a_name_of_one_part_more(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.event.name") for item in look(tmp_path, {"a.js": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "import EventEmitter2 from 'eventemitter2';\n"
            "const bus = new EventEmitter2({ wildcard: true });\n"
            "bus.on('order.*', book);\n"
            "export const paid = () => bus.emit('order.captured', 1);\n"
        ),
        (
            "import EventEmitter2 from 'eventemitter2';\n"
            "const bus = new EventEmitter2({ wildcard: true });\n"
            "bus.on('order.**', book);\n"
            "export const paid = () => bus.emit('order.payment.captured', 1);\n"
        ),
    ],
    ids=["as many parts", "a sign for any number"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})


PLAIN = "const {{ EventEmitter }} = require('events');\nconst bus = new EventEmitter();\nbus.on('{heard}', book);\nexports.paid = () => bus.emit({sent}, 1);\n"


def test_an_emitter_that_reads_no_signs(tmp_path) -> None:
    (found,) = look(tmp_path, {"a.js": PLAIN.format(heard="order.*", sent="'order.paid'")})
    assert found.where is not None and found.where.line == 3


@pytest.mark.parametrize(
    "source",
    [
        PLAIN.format(heard="order.*", sent="'order.*'"),
        PLAIN.format(heard="order.*", sent="'user.paid'"),
        PLAIN.format(heard="order.*", sent="name()"),
        PLAIN.format(heard="*", sent="'order.paid'").replace("new EventEmitter()", "new (class extends EventEmitter { emit(n, x) { super.emit('*', n); return super.emit(n, x); } })()"),
        PLAIN.format(heard="*", sent="'order.paid'").replace("const { EventEmitter } = require('events')", "const mitt = require('mitt')").replace("new EventEmitter()", "mitt()"),
    ],
)
def test_a_sign_that_somebody_may_read(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})
