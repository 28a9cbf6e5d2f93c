"""The same app as one copy and as several: what is lost only then is lost between processes."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from callcheck.cli.scale import numbers
from callcheck.model.errors import UsageError
from callcheck.model.scaled import Spread, Trial
from callcheck.probes.scales import summed
from callcheck.sources.scale.balancer import Balancer
from tests.tools import apps, observed

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
APP = """\
const http = require("node:http");
const bus = new (require("node:events").EventEmitter)();
const cluster = require("node:cluster");
if (cluster.isPrimary && process.argv[2]) {
  for (let i = 0; i < Number(process.argv[2]); i++) cluster.fork();
} else {
  http.createServer((req, res) => {
    const [, what, id] = req.url.split("/");
    if (what === "start") bus.once("done:" + id, () => {});
    if (what === "execute") bus.emit("done:" + id, { id });
    res.end("{}");
  }).listen(Number(process.env.PORT), "127.0.0.1");
}
"""


def scale(folder: Path, counts: str, command: list[str], status: int) -> dict[str, Any]:
    port = apps.free_port()
    (folder / "app.js").write_text(APP)
    pair = {
        "name": "start and execute",
        "register": {"request": f"POST http://127.0.0.1:{port}/start/{{{{ run.id }}}}"},
        "trigger": {"request": f"POST http://127.0.0.1:{port}/execute/{{{{ run.id }}}}", "repeat": 40},
        "expect": {"settle": "0.1s"},
    }
    (folder / "jobs.yml").write_text(json.dumps({"version": 1, "scenarios": [pair]}))
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(observed.ROOT), "PORT": str(port)}
    words = [counts, "--scenario", "jobs.yml", "--ready", f"http://127.0.0.1:{port}/", "--format", "json", "--", *command]
    done = subprocess.run([sys.executable, "-m", "callcheck", "scale", *words], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == status, done.stderr
    found: dict[str, Any] = json.loads(done.stdout) if done.stdout else {"stderr": done.stderr}
    return found


@needs_node
def test_copies_behind_a_balancer_lose_what_one_delivers_and_stickiness_cures_it(tmp_path: Path) -> None:
    report = scale(tmp_path, "1,4", ["node", "app.js"], 1)
    rows = {(row["copies"], row["spread"]): row["delivered"] for row in report["scaled"]}
    assert (rows[1, "in-turn"], rows[4, "sticky"]) == (40, 40)
    assert rows[4, "in-turn"] < 40 and rows[4, "random"] < 40
    first = report["diagnoses"][0]
    assert (first["cause"], first["confidence"] > 0.95) == ("cross-process-delivery", True)


@needs_node
def test_the_apps_own_option_says_how_many_there_are(tmp_path: Path) -> None:
    report = scale(tmp_path, "1,4", ["node", "app.js", "{n}"], 1)
    assert [(row["copies"], row["spread"], row["delivered"] == 40) for row in report["scaled"]] == [(1, "own", True), (4, "own", False)]


@needs_node
def test_an_app_that_ends_is_said_with_what_to_do(tmp_path: Path) -> None:
    said = scale(tmp_path, "1", ["node", "-e", "process.exit(3)"], 2)["stderr"]
    assert "the app ended with status 3" in said and "PORT" in said


def test_the_fewest_copies_that_lose_are_told() -> None:
    trials = (Trial(1, Spread.IN_TURN, 40, 40), Trial(2, Spread.IN_TURN, 40, 40), Trial(4, Spread.IN_TURN, 40, 9), Trial(4, Spread.RANDOM, 40, 12), Trial(4, Spread.STICKY, 40, 40))
    told = summed(trials)
    assert (told.works, told.fails, told.delivered, told.of, told.sticky) == (2, 4, 9, 40, "cures")


def test_nothing_is_concluded_where_one_copy_loses_too() -> None:
    told = summed((Trial(1, Spread.OWN, 40, 39), Trial(4, Spread.OWN, 40, 9)))
    assert (told.works, told.fails, told.sticky) == (0, 1, "untried")


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(UsageError, match="is taken"), Balancer(other.getsockname()[1], [1], Spread.IN_TURN):
        pass


def test_a_copy_that_is_gone_ends_the_connection_and_not_the_balancer() -> None:
    dead = apps.free_port()
    with Balancer(port := apps.free_port(), [dead], Spread.RANDOM):
        for _ in range(3):
            with pytest.raises(OSError):
                apps.ask(port, "GET", "/")


@pytest.mark.parametrize(("text", "found"), [("1,2,4", [1, 2, 4]), ("4, 1,4", [1, 4])])
def test_numbers_of_copies_are_read(text: str, found: list[int]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize("text", ["", "0", "1,,2", "two", "99", "1,2,3,4,5,6,7", "-1"])
def test_what_is_no_number_of_copies_is_said(text: str) -> None:
    with pytest.raises(UsageError):
        numbers(text)
