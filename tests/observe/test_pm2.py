"""`callcheck observe --own-pm2`, where the user's PM2 runs already: its workers are reached, followed and taken off its list again."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcheck.sources.observe.pm2 import with_agent
from tests.tools import apps, node, observed

APP = """
const http = require("node:http"), { EventEmitter } = require("node:events");
const bus = new EventEmitter();
http.createServer((req, res) => {
  const [, what, id] = req.url.split("/");
  if (what === "start") bus.once(`done:${id}`, () => {}); // told
  if (what === "end") bus.emit(`done:${id}`); // told
  res.end(JSON.stringify({ pid: process.pid }));
}).listen(process.env.PORT, "127.0.0.1");
"""
CONFIG = "module.exports = { apps: [{ name: 'bus', script: 'server.js', instances: 2, exec_mode: 'cluster' }] };"


@pytest.fixture
def home() -> Iterator[dict[str, str]]:
    """The environment of a PM2 whose daemon runs."""
    if why := node.missing():
        pytest.skip(why)
    with tempfile.TemporaryDirectory(prefix="cc-", dir="/tmp") as folder:  # its sockets need a short path
        env = {"PM2_HOME": folder}
        _pm2(env, "ping")
        try:
            yield env
        finally:
            _pm2(env, "kill")


def _pm2(env: dict[str, str], *words: str) -> str:
    return subprocess.run([node.program("pm2"), *words], env={**os.environ, "PM2_DISCRETE_MODE": "true", **env}, capture_output=True, text=True, check=False, timeout=90).stdout


def _start(folder: Path, home: dict[str, str], *words: str) -> tuple[observed.Observation, str]:
    (folder / "app").mkdir()
    (folder / "app" / "server.js").write_text(APP)
    (folder / "app" / "bus.config.js").write_text(CONFIG)
    port = apps.free_port()
    command = [node.program("pm2"), "start", *words]
    with observed.observe(command, folder / "app", folder, f"http://127.0.0.1:{port}/", {**home, "PORT": str(port)}, ["--own-pm2", "--no-source"]) as seen:
        apps.wait_until(apps.workers(port, "/", 2), "two workers")
        for number in range(20):
            for what in ("start", "end"):
                observed.ask(port, "POST", f"/{what}/{number}", {}, f"{number:032x}")
    return seen, seen.log.read_text()


def test_workers_of_a_daemon_that_runs_are_reached_and_deleted_in_the_end(tmp_path: Path, home: dict[str, str]) -> None:
    seen, said = _start(tmp_path, home, "server.js", "-i", "2")
    assert (seen.first["cause"], seen.first["confidence"] > 0.95) == ("cross-process-delivery", True), said
    told = {("server.js", number) for number, line in enumerate(APP.splitlines(), 1) if "told" in line}
    assert told <= {(item["file"], item["line"]) for item in seen.first["evidence"]}
    assert json.loads(_pm2(home, "jlist")) == []


def test_workers_of_a_configuration_file_are_said_to_be_without_agent(tmp_path: Path, home: dict[str, str]) -> None:
    seen, said = _start(tmp_path, home, "bus.config.js")
    assert "takes one by node_args alone" in said
    assert seen.first == {}
    assert json.loads(_pm2(home, "jlist")) == []


@pytest.mark.parametrize(
    ("command", "made"),
    [
        (("pm2", "start", "a.js"), ("pm2", "start", "--node-args=--require /agent.cjs", "a.js")),
        (("npx", "pm2", "start", "a.js", "-i", "4"), ("npx", "pm2", "start", "--node-args=--require /agent.cjs", "a.js", "-i", "4")),
        (("pm2", "start", "a.js", "--node-args=--inspect"), ("pm2", "start", "a.js", "--node-args=--inspect")),
        (("pm2", "start", "a.py", "--interpreter", "python3"), ("pm2", "start", "a.py", "--interpreter", "python3")),
        (("pm2", "restart", "a"), ("pm2", "restart", "a")),
        (("npm", "start"), ("npm", "start")),
    ],
)
def test_the_agent_goes_where_pm2_start_hands_it_on(command: tuple[str, ...], made: tuple[str, ...]) -> None:
    assert with_agent(command, "/agent.cjs") == made
