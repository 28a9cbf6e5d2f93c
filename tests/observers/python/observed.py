"""Runs Python under the Python agent and gives back the facts that it wrote."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callcheck.sources.observe.environment import AGENTS, RECORDING, variables
from tests.observers.node.observed import Fact, Run, facts_in

PYTHON = os.environ.get("CALLCHECK_TEST_PYTHON") or sys.executable
"""Another interpreter than the one of the tests can be given, to run these tests on it."""

__all__ = ["PYTHON", "Fact", "Run", "environ", "facts_in", "needs", "observe"]


def needs(*modules: str) -> pytest.MarkDecorator:
    """Skips a test where a library is missing."""
    missing = [name for name in modules if not _there(name)]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}, of the dev extra")


def _there(name: str) -> bool:
    if sys.executable != PYTHON:
        return subprocess.run([PYTHON, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def environ(recording: Path | None, **more: str) -> dict[str, str]:
    """The environment that the launcher sets; that of the tests with None."""
    mine = {key: value for key, value in os.environ.items() if key not in ("NODE_OPTIONS", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", RECORDING)}
    set_ = variables(str(recording), str(AGENTS), mine) if recording is not None else {}
    set_.pop("NODE_OPTIONS", None)
    return {**mine, **set_, **more}


def observe(folder: Path, code: str, *options: str, name: str = "app.py", observed: bool = True, timeout_s: float = 30) -> Run:
    """Writes `code` to a file in `folder` and runs it, under the agent unless `observed` is false."""
    path = folder / name
    path.write_text(code, encoding="utf-8")
    recording = folder / "recording"
    recording.mkdir(exist_ok=True)
    command = [PYTHON, *options, str(path)]
    ended = subprocess.run(command, cwd=folder, env=environ(recording if observed else None), capture_output=True, text=True, check=False, timeout=timeout_s)
    return Run(ended.returncode, ended.stdout, ended.stderr, facts_in(recording))
