"""What the tests of the command line share: the real command, and a small app in which an event is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.tools.shipped import KEPT

SERVER = """import express from "express";
import { EventEmitter } from "node:events";

const bus = new EventEmitter();
const app = express();

app.get("/jobs/:id/progress", (req, res) => {
  bus.on("job.progress", (step) => res.write(step));
});

app.post("/jobs/:id/steps", (req, res) => {
  bus.emit("job.progress", req.body.step);
  res.sendStatus(204);
});
"""
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
"""
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def callcheck(root: Path) -> Command:
    """Run `python -m callcheck` in a folder, with nothing of ours in its environment but what is given, and what is kept of the rules."""

    def run(
        *words: str,
        cwd: Path,
        env: dict[str, str] | None = None,
        stdin: str = "",
        python: Sequence[str] = (),
        before: Sequence[str] = (),
        limit_s: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
        environ = {**kept, "PYTHONPATH": str(root), "HOME": str(cwd), "PYTHONIOENCODING": "utf-8", **KEPT, **(env or {})}
        command = [*before, sys.executable, *python, "-m", "callcheck", *words]
        done = subprocess.run(command, cwd=cwd, env=environ, input=stdin.encode(), capture_output=True, timeout=limit_s)
        out, err = done.stdout.decode("utf-8", "backslashreplace"), done.stderr.decode("utf-8", "backslashreplace")
        return subprocess.CompletedProcess(command, done.returncode, out, err)

    return run


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder with an app whose event crosses processes."""
    folder = tmp_path / "app"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "server.ts").write_text(SERVER)
    (folder / "deployment.yaml").write_text(DEPLOYMENT)
    return folder
