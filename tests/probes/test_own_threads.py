"""Which threads does an application begin while it is loaded?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.own_threads import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

FLASK = "from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef index():\n    return 'ok'\n"
THREAD = "import threading\ndef watch():\n    while True:\n        take()\n%s\n"
PAHO = "import paho.mqtt.client as mqtt\ndef told(client, userdata, message): ...\nclient = mqtt.Client()\nclient.on_message = told\n%s\n"
READY = "from django.apps import AppConfig\nimport threading\nclass Shop(AppConfig):\n    def ready(self):\n        threading.Thread(target=self.watch).start()\n    def watch(self): ...\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"app.py": FLASK + THREAD % "threading.Thread(target=watch).start()"}, ["watch app.py:10"]),
        ({"app.py": FLASK + PAHO % "client.loop_start()"}, ["loop_start app.py:10"]),
        ({"app.py": FLASK + "import redis\np = redis.Redis().pubsub()\np.subscribe(a=print)\np.run_in_thread(sleep_time=1)\n"}, ["run_in_thread app.py:9"]),
        ({"app.py": FLASK + "import threading\nclass Watcher(threading.Thread):\n    def run(self): ...\nWatcher().start()\n"}, ["Watcher app.py:9"]),
        ({"shop/apps.py": READY}, ["watch shop/apps.py:5"]),
        ({"watch.py": THREAD % "threading.Thread(target=watch).start()", "app.py": "import watch\n" + FLASK}, ["watch watch.py:5"]),
        ({"worker.py": THREAD % "threading.Thread(target=watch).start()", "app.py": FLASK}, []),
        ({"app.py": FLASK + PAHO % "if __name__ == '__main__':\n    client.loop_start()\n    app.run()"}, []),
        ({"app.py": FLASK + PAHO % "client.loop_forever()"}, []),
        ({"app.py": "import threading\n" + FLASK.replace("return", "threading.Thread(target=print).start(); return")}, []),
    ],
    ids=["thread", "paho", "redis", "class", "ready", "imported", "a program of its own", "as the main program", "no thread", "for a request"],
)  # fmt: skip
def test_a_thread_that_is_begun_at_load(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.fact.work} {item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
