"""Does the wheel carry everything that an installed callcheck needs?"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def names(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(root)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if ended.returncode and "No matching distribution found for hatchling" in ended.stderr:
        pytest.skip("hatchling is neither installed nor to be had: no package index")
    assert ended.returncode == 0, ended.stderr
    (wheel,) = folder.glob("callcheck-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_every_rule_file(names: set[str], root: Path) -> None:
    rules = {f"callcheck/_rules/{path.relative_to(root / 'rules').as_posix()}" for path in (root / "rules").rglob("*.yaml")}
    assert any(name.startswith("callcheck/_rules/causes/") for name in names)
    assert rules <= names


def test_the_wheel_carries_every_module_and_what_lies_beside_them(names: set[str], root: Path) -> None:
    inside = {path.relative_to(root).as_posix() for path in (root / "callcheck").rglob("*.py")}
    assert inside <= names
    assert "callcheck/report/schema_v1.json" in names
    parts = {path.relative_to(root).as_posix() for path in (root / "callcheck" / "report" / "html").iterdir() if path.suffix in (".css", ".js")}
    assert len(parts) > 1 and parts <= names


def test_the_wheel_carries_the_agents_that_run_in_other_peoples_processes(names: set[str], root: Path) -> None:
    agents = {path.relative_to(root).as_posix() for path in (root / "callcheck" / "observers").rglob("*") if path.suffix in (".cjs", ".md")}
    assert "callcheck/observers/node/agent.cjs" in agents
    assert agents <= names


def test_the_wheel_carries_nothing_else(names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"callcheck"}
