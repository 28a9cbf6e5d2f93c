"""Requests from a scenario, instead of somebody who clicks: a pair of requests shows in the recording, a callback at the receiver."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tools import apps, observed

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
APP = """\
const cluster = require("node:cluster");
const http = require("node:http");
if (cluster.isPrimary) {
  for (let i = 0; i < Number(process.env.WORKERS); i++) cluster.fork();
} else {
  const bus = new (require("node:events").EventEmitter)();
  http.createServer((req, res) => {
    const [, what, id] = req.url.split("/");
    if (what === "start") bus.once("done:" + id, () => {});
    if (what === "execute") bus.emit("done:" + id, { id });
    if (what === "notify") req.on("data", (body) => fetch(JSON.parse(body).url, { method: "POST", body: "{}" }));
    res.end("{}");
  }).listen(Number(process.env.PORT), "127.0.0.1");
}
"""


def observe(folder: Path, scenario: dict[str, Any], workers: int) -> dict[str, Any]:
    port = apps.free_port()
    (folder / "app.js").write_text(APP)
    (folder / "scenario.yml").write_text(json.dumps({"version": 1, "scenarios": [scenario]}).replace("PORT", str(port)))
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(observed.ROOT), "PORT": str(port), "WORKERS": str(workers)}
    words = ["--no-source", "--format", "json", "--ready", f"http://127.0.0.1:{port}/", "--scenario", "scenario.yml", "--", "node", "app.js"]
    done = subprocess.run([sys.executable, "-m", "callcheck", "observe", *words], cwd=folder, env=env, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


PAIR = {
    "name": "start and execute",
    "register": {"request": "POST http://127.0.0.1:PORT/start/{{ run.id }}"},
    "trigger": {"request": "POST http://127.0.0.1:PORT/execute/{{ run.id }}", "repeat": 60},
    "expect": {"settle": "0.2s"},
}


def test_pairs_of_requests_show_what_is_lost_between_four_processes(tmp_path: Path) -> None:
    first = observe(tmp_path, PAIR, workers=4)["diagnoses"][0]
    assert (first["cause"], first["confidence"] > 0.95) == ("cross-process-delivery", True)


def test_one_process_loses_nothing(tmp_path: Path) -> None:
    assert observe(tmp_path, PAIR, workers=1)["diagnoses"] == []


def test_a_callback_is_received_while_the_app_is_observed(tmp_path: Path) -> None:
    scenario = {
        "name": "notified",
        "trigger": {"request": "POST http://127.0.0.1:PORT/notify/1", "json": {"url": "{{ callback.url }}"}, "repeat": 3},
        "callback": {},
        "expect": {"settle": "0.2s"},
    }
    report = observe(tmp_path, scenario, workers=1)
    assert report["diagnoses"] == []
    assert any(look["probe"] == "scenarios" or "scenario" in look["probe"] for look in report["looked"]), [look["probe"] for look in report["looked"]]


def test_a_scenario_for_another_machine_is_refused_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "scenario.yml").write_text("version: 1\nscenarios:\n  - name: away\n    register: {request: POST http://192.0.2.7/a}\n    trigger: {request: POST http://192.0.2.7/b}\n")
    words = ["--ready", "http://127.0.0.1:1/", "--scenario", "scenario.yml", "--", "touch", "started"]
    done = subprocess.run([sys.executable, "-m", "callcheck", "observe", *words], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(observed.ROOT)}, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "leaves this machine" in done.stderr, (tmp_path / "started").exists()) == (2, True, False)
