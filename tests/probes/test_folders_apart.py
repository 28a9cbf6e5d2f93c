"""A folder that is watched in one container and written to in another is told, unless a volume joins the two."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.folders_apart import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

CODE = {
    "requirements.txt": "watchdog==4.0.0\nflask==3.0.0\n",
    "watch.py": 'from watchdog.observers import Observer\no = Observer()\no.schedule(Scans(), "/data/inbox")\no.start()\n',
    "web.py": 'from flask import Flask, request\napp = Flask(__name__)\n@app.post("/scans")\ndef scan():\n    request.files["f"].save("/data/inbox/a.pdf")\n',
}
COMPOSE = "services:\n  web: {build: ., command: python web.py%s}\n  watcher: {build: ., command: python watch.py%s}\n"
SHARED = ', volumes: ["inbox:/data/inbox"]'


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.where} {item.fact.method}: {', '.join(str(each.where) for each in item.because)}" for item in look(tmp_path, files)]


@pytest.mark.parametrize("mounts", [("", ""), ("", SHARED), (', volumes: ["uploads:/data/inbox"]', SHARED)], ids=["none", "one", "two of two names"])
def test_no_volume_joins_them(tmp_path: Path, mounts: tuple[str, str]) -> None:
    assert said(tmp_path, {**CODE, "compose.yaml": COMPOSE % mounts}) == ["watch.py:3 /data/inbox: web.py:5, compose.yaml:2, compose.yaml:3"]


@pytest.mark.parametrize("mounts", [(SHARED, SHARED), (', volumes: ["store:/data"]', ', volumes: ["store:/data"]')], ids=["the folder", "the one above"])
def test_a_volume_joins_them(tmp_path: Path, mounts: tuple[str, str]) -> None:
    assert said(tmp_path, {**CODE, "compose.yaml": COMPOSE % mounts}) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"watch.py": CODE["watch.py"].replace('"/data/inbox"', "FOLDER")},
        {"web.py": CODE["web.py"].replace("/data/inbox", "/data/outbox")},
        {"web.py": CODE["web.py"].replace('request.files["f"].save("/data/inbox/a.pdf")', 'return "/data/inbox/a.pdf"')},
        {"compose.yaml": "services:\n  web: {build: .}\n  watcher: {build: ., command: python watch.py}\n"},
    ],
    ids=["a computed path", "another folder", "only named", "which program is not known"],
)
def test_nothing_is_said_of_what_cannot_be_told(tmp_path: Path, changed: dict[str, str]) -> None:
    assert said(tmp_path, {**CODE, "compose.yaml": COMPOSE % ("", ""), **changed}) == []
