"""Tables that a thread of the loading app shares with requests are told."""

from __future__ import annotations

import pytest

from callcheck.probes.before_fork import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

FEED = (
    "import threading\n"
    "boxes = {}\n"
    "def join(name, box):\n    boxes.setdefault(name, []).append(box)\n"
    "def give(change):\n    for box in boxes.get(change, ()):\n        box.put(change)\n"
    "def listen():\n    for change in bus.listen():\n        give(change)\n"
    "def start():\n    threading.Thread(target=listen).start()\n"
)
APP = "from flask import Flask\nimport feed\napp = Flask(__name__)\n@app.get('/a')\ndef a():\n    feed.join('a', b)\n"


@pytest.mark.parametrize(
    ("app", "feed", "told"),
    [
        (APP + "feed.start()\n", FEED, ["boxes Thread feed.py:6"]),
        (APP + "def create_app():\n    feed.start()\n    return app\n", FEED, ["boxes Thread feed.py:6"]),
        (APP + "@app.before_request\ndef first():\n    feed.start()\n", FEED, []),
        (APP + "if __name__ == '__main__':\n    feed.start()\n    app.run()\n", FEED, []),
        (APP + "feed.start()\n", FEED + "def post_fork(server, worker):\n    start()\n", []),
        (APP.replace("    feed.join('a', b)\n", "    return 'a'\n") + "feed.join('a', 1)\nfeed.start()\n", FEED, []),
        (APP + "feed.start()\n", FEED.replace("boxes.get(change, ())", "others"), []),
        (APP + "feed.start()\n", FEED.replace("    for change in bus.listen():\n        give(change)\n", "    bus.subscribe('x', callback=give)\n    bus.run_forever()\n"), ["boxes Thread feed.py:6"]),
        (APP + "feed.start()\n", FEED.replace("    for change in bus.listen():\n        give(change)\n", "    Process(target=give).start()\n"), []),
    ],
    ids=["at the top", "in the factory", "with a request", "as a script alone", "after the fork", "filled while loading", "another table", "handed to a library in the thread", "handed to another process"],
)
def test_a_table_between_requests_and_a_thread_of_the_loading_app(tmp_path, app: str, feed: str, told: list[str]) -> None:
    assert [f"{each.fact.event} {each.fact.process} {each.where}" for each in look(tmp_path, {"app.py": app, "feed.py": feed})] == told


def test_what_the_thread_fills_and_a_request_reads(tmp_path) -> None:
    feed = "import threading\nlast = {}\ndef listen():\n    for each in bus.listen():\n        last[each.name] = each\nthreading.Thread(target=listen).start()\n"
    app = "from flask import Flask\nfrom feed import last\napp = Flask(__name__)\n@app.get('/a')\ndef a():\n    return last.get('a')\n"
    assert [f"{each.fact.event} {each.where}" for each in look(tmp_path, {"app.py": app, "feed.py": feed})] == ["last feed.py:5"]
