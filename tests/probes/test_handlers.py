"""A handler that cannot be called as its event is emitted is told."""

from __future__ import annotations

import pytest

from callcheck.probes.handlers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "from pyee import EventEmitter\n"
            "bus = EventEmitter()\n"
            "@bus.on('paid')\n"
            "def paid(order, guest):\n"
            "    print(order)\n"
            "def pay():\n"
            "    bus.emit('paid', 7)\n",
            "order, guest",
        ),
        (
            "from pyee import EventEmitter\n"
            "bus = EventEmitter()\n"
            "@bus.on('paid')\n"
            "def paid():\n"
            "    print(1)\n"
            "def pay():\n"
            "    bus.emit('paid', 7)\n",
            "",
        ),
    ],
)
def test_a_handler_that_takes_something_else(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.handler.takes") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "from pyee import EventEmitter\n"
            "bus = EventEmitter()\n"
            "@bus.on('paid')\n"
            "def paid(order):\n"
            "    print(order)\n"
            "def pay():\n"
            "    bus.emit('paid', 7)\n"
        ),
        (
            "from pyee import EventEmitter\n"
            "bus = EventEmitter()\n"
            "@bus.on('paid')\n"
            "def paid(order, guest=None):\n"
            "    print(order)\n"
            "def pay():\n"
            "    bus.emit('paid', 7)\n"
        ),
        (
            "from pyee import EventEmitter\n"
            "bus = EventEmitter()\n"
            "@bus.on('paid')\n"
            "def paid(*args):\n"
            "    print(args)\n"
            "def pay():\n"
            "    bus.emit('paid', 7)\n"
        ),
        (
            "from pyee import EventEmitter\n"
            "bus = EventEmitter()\n"
            "@bus.on('paid')\n"
            "def paid(order, guest):\n"
            "    print(order)\n"
            "def pay():\n"
            "    bus.emit('sent', 7)\n"
        ),
    ],
    ids=["it fits", "a default", "it takes anything", "another event"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})


@pytest.mark.parametrize(
    ("sent", "takes", "misfits"),
    [("order=3", "sender, order, **kw", 0), ("order=3", "order", 1), ("3, order=3", "sender, order", 0), ("", "sender", 0)],
)
def test_blinker_hands_none_over_where_no_sender_is_given(tmp_path, sent, takes, misfits) -> None:
    source = f"from blinker import signal\npaid = signal('paid')\ndef note({takes}):\n    print(order)\npaid.connect(note)\ndef pay():\n    paid.send({sent})\n"
    assert len([item for item in look(tmp_path, {"a.py": source}) if "callcheck.handler.takes" in item.fact.attributes()]) == misfits


HANDED_ON = """\
class Reader:
    def __init__(self):
        self._callbacks = []

    def register(self, callback):
        self._callbacks.append(callback)

    def run(self, data):
        for callback in self._callbacks:
            callback(data)

class State:
    def __init__(self):
        self._reader = Reader()

    def add_listener(self, callback):
        self._reader.register(callback)

class Gate:
    def __init__(self, state: State):
        self.state = state

    async def discover(self):
        state = self.state

        def got(data):
            print(data)

        state.add_listener(got)

Gate(State())
"""


def test_a_handler_that_is_handed_on_is_registered_once(tmp_path) -> None:
    assert list(look(tmp_path, {"a.py": HANDED_ON})) == []
