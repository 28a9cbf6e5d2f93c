"""Handlers that are attached below a call that does not return, and those that only seem to be."""

from __future__ import annotations

from pathlib import Path

from callcheck.model.facts.handlers import RegisteredUnreached
from callcheck.probes.flow import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
APP = "import signal\nfrom flask import Flask\napp = Flask(__name__)\ndef stop(*given): ...\n"
RUNS = "if __name__ == '__main__':\n    app.run()\n"


def unreached(tmp_path: Path, text: str) -> list[int]:
    return [item.where.line for item in look(tmp_path, {"main.py": APP + text}) if isinstance(item.fact, RegisteredUnreached)]


def test_below_a_server_nothing_is_attached_any_more(tmp_path: Path) -> None:
    assert unreached(tmp_path, RUNS + "    signal.signal(signal.SIGTERM, stop)\n") == [7]


def test_another_branch_is_not_below_it(tmp_path: Path) -> None:
    assert unreached(tmp_path, RUNS + "else:\n    signal.signal(signal.SIGTERM, stop)\n") == []
