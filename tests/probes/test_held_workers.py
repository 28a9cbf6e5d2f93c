"""Requests that keep a synchronous worker for as long as the client listens, or that wait for their own server."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.held_workers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

STREAM = "from flask import Flask, Response\nimport redis\napp = Flask(__name__)\nr = redis.Redis()\n@app.get('/events')\ndef events():\n    def stream():\n        %s\n    return Response(stream(), mimetype='text/event-stream')\n"
OWN = "import requests\nfrom flask import Flask\napp = Flask(__name__)\n@app.post('/start')\ndef start():\n    return requests.post('http://localhost:%s%s', json={}).json()\n@app.post('/render/<id>')\ndef render(id):\n    return {}\n"
SERVED = {"Procfile": "web: gunicorn -w 1 -b 0.0.0.0:8000 app:app\n"}


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.function} {item.fact.how} @{item.where}" for item in look(tmp_path, files)]


@pytest.mark.parametrize("loop", ["for m in r.pubsub().listen():\n            yield m", "while True:\n            yield next_one()"])
def test_a_stream_without_an_end_keeps_its_worker(tmp_path: Path, loop: str) -> None:
    assert said(tmp_path, {"app.py": STREAM % loop}) == ["events stream @app.py:10"]


def test_a_route_that_asks_its_own_server(tmp_path: Path) -> None:
    assert said(tmp_path, {"app.py": OWN % ("8000", "/render/7"), **SERVED}) == ["start own-call @app.py:6"]


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": STREAM % "for row in rows():\n            yield row"},
        {"app.py": STREAM % "while True:\n            if done():\n                return\n            yield 1"},
        {"app.py": OWN % ("9000", "/render/7"), **SERVED},
        {"app.py": OWN % ("8000", "/elsewhere"), **SERVED},
        {"app.py": OWN % ("8000", "/render/7")},
    ],
    ids=["rows that end", "a return", "another port", "another path", "no server that is known"],
)
def test_nothing_is_kept_or_it_cannot_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
