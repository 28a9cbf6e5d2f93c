"""Handlers on one server object, while another one is served, are told."""

from __future__ import annotations

import pytest

from callcheck.probes.hubs import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "from flask import Flask\n"
            "from flask_socketio import SocketIO\n"
            "app = Flask(__name__)\n"
            "first = SocketIO(app)\n"
            "second = SocketIO(app)\n"
            "@first.on('cue')\n"
            "def cue(data):\n"
            "    print(data)\n"
            "second.run(app)\n",
            "cue",
        ),
    ],
)
def test_handlers_on_the_other_object(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.event.name") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "from flask import Flask\n"
            "from flask_socketio import SocketIO\n"
            "app = Flask(__name__)\n"
            "first = SocketIO(app)\n"
            "@first.on('cue')\n"
            "def cue(data):\n"
            "    print(data)\n"
            "first.run(app)\n"
        ),
    ],
    ids=["one object"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})
