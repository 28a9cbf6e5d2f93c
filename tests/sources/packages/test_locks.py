"""Lock files that the tools themselves wrote: the versions of a root that wants ws 8 and of a workspace that wants ws 7."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.packages.resolve import Packages

CAPTURES = Path(__file__).resolve().parents[3] / "fixtures" / "captures"
NODE = ("npm-11-lock-1", "npm-11-lock-2", "npm-11-lock-3", "pnpm-7-lock", "pnpm-9-lock", "yarn-1-lock", "yarn-4-lock", "bun-1-lock")
PYTHON = {"uv-0.13-lock": "5.3.1", "pipenv-2026-lock": "5.3.1"}


def _packages(folder: Path) -> Packages:
    return Eyes(Target(folder, folders=(folder,)), Knowledge()).packages


@pytest.mark.parametrize("capture", NODE)
def test_a_root_and_a_workspace_see_their_own_version(capture: str) -> None:
    packages = _packages(CAPTURES / capture)
    root, web = packages.version("ws", "src/a.ts"), packages.version("ws", "apps/web/src/a.ts")
    assert root and (root.version, root.how) == ("8.23.0", "locked")
    line = (CAPTURES / capture / root.path).read_text().splitlines()[root.line - 1]
    assert "8.23.0" in line
    # npm's first version writes a workspace's own packages inside the workspace, where only that workspace's folder counts.
    assert web and (web.version, web.how) == (("7.5.0", "declared") if capture == "npm-11-lock-1" else ("7.5.14", "locked"))
    assert packages.version("redis", "src/a.ts") is None


@pytest.mark.parametrize("capture", NODE)
def test_what_only_a_workspace_asks_for_is_found_from_there(capture: str) -> None:
    found = _packages(CAPTURES / capture).version("eventemitter3", "apps/web/src/a.ts")
    assert found and (found.version, found.how) == ("5.0.4", "locked")


def test_a_project_without_workspaces_has_its_packages_at_the_top_of_a_pnpm_lock() -> None:
    found = _packages(CAPTURES / "pnpm-8-lock").version("ws", "a.ts")
    assert found and (found.version, found.how, found.path) == ("8.23.0", "locked", "pnpm-lock.yaml")


@pytest.mark.parametrize("capture", PYTHON)
def test_a_python_lock_is_read(capture: str) -> None:
    found = _packages(CAPTURES / capture).version("redis", "shop/app.py")
    assert found and (found.version, found.how) == (PYTHON[capture], "locked")
    assert PYTHON[capture] in (CAPTURES / capture / found.path).read_text().splitlines()[found.line - 1]


@pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock"])
def test_the_locks_of_poetry_and_pdm_are_read(packages_of, name: str) -> None:
    text = '[[package]]\nname = "redis"\nversion = "5.2.1"\ndescription = "x"\n\n[package.dependencies]\nasync-timeout = {version = ">=4"}\n\n[[package]]\nname = "Blinker"\nversion = "1.8.2"\n'
    packages = packages_of({name: text})
    assert [packages.version(name, "a.py").version for name in ("redis", "blinker")] == ["5.2.1", "1.8.2"]
    assert packages.version("async-timeout", "a.py") is None


def test_a_damaged_lock_says_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    for capture in NODE:
        folder = tmp_path / capture
        shutil.copytree(CAPTURES / capture, folder)
        for file in folder.glob("*lock*"):
            file.write_text(file.read_text()[: file.stat().st_size // 3] + '\0"{[')
        _packages(folder).version("ws", "a.ts")
