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


SCRIPT = {
    "shop/live.py": "from flask import Flask\nfrom flask_socketio import SocketIO\napp = Flask(__name__)\nlive = SocketIO(app)\nfrom shop import hears\nif __name__ == '__main__':\n    live.run(app)\n",
    "shop/hears.py": "from shop.live import live\n@live.on('cue')\ndef cue(data): ...\n",
    "wsgi.py": "from shop.live import app as application\n",
}


@pytest.mark.parametrize(
    ("command", "found"),
    [("python -m shop.live", 1), ("python shop/live.py", 1), ("gunicorn -w 1 --threads 9 shop.live:app", 0), ("gunicorn wsgi:application", 0)],
)
def test_a_script_has_two_objects_only_where_it_is_run_as_one(tmp_path, command: str, found: int) -> None:
    assert len(look(tmp_path, {**SCRIPT, "Procfile": f"web: {command}\n"})) == found
