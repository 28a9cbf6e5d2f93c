"""The same input gives the same report, whatever the order in which Python keeps its sets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = [*sorted((ROOT / "fixtures" / "logs").iterdir())[:4], ROOT / "fixtures" / "guide" / "report-callback"]


def _report(folder: Path, seed: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "callcheck", "diagnose", ".", "--format", "json"]
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    report: dict[str, Any] = json.loads(done.stdout)
    return {key: value for key, value in report.items() if key != "took_s"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_two_runs_say_the_same(folder: Path) -> None:
    assert _report(folder / "broken", "1") == _report(folder / "broken", "2")
