"""The GitHub Action and the pre-commit hook, as far as they run without their hosts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.test_gate import LEAK

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / ".github" / "actions" / "callcheck" / "action.yml").read_text())
bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project, and a runner whose callcheck is this one."""
    (tmp_path / "package.json").write_text('{"dependencies": {"express": "^5.1.0"}}')
    (tmp_path / "orders.js").write_text(LEAK.format(name="orders"))
    program = tmp_path / "temp" / "callcheck" / "bin" / "callcheck"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m callcheck "$@"\n')
    program.chmod(0o755)
    return tmp_path


def diagnose(project: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's own script, with its inputs as a runner would hand them."""
    step: dict[str, Any] = ACTION["runs"]["steps"][1]
    names = {variable: text[len("${{ inputs.") : -len(" }}")] for variable, text in step["env"].items()}
    given = {variable: inputs.get(name.replace("-", "_"), ACTION["inputs"][name]["default"]) for variable, name in names.items()}
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(project / "temp"), **given}
    return subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=project, env=env, capture_output=True, text=True, check=False, timeout=60)


@bash
def test_the_step_annotates_and_fails(project: Path) -> None:
    done = diagnose(project)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=orders.js")


@bash
def test_sarif_is_written_beside_the_annotations(project: Path) -> None:
    done = diagnose(project, sarif="callcheck.sarif", fail_on="0.99")
    assert done.returncode == 0, done.stderr
    assert "::" in done.stdout
    assert json.loads((project / "callcheck.sarif").read_text())["version"] == "2.1.0"


@bash
def test_what_stands_in_an_input_is_no_script(project: Path) -> None:
    done = diagnose(project, paths=". $(touch${IFS}pwned) `touch pwned`", fail_on="0.5; touch pwned")
    assert done.returncode == 2
    assert not (project / "pwned").exists()


def test_no_script_of_the_action_has_an_expression_in_it() -> None:
    assert not [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step["run"]]


def test_the_hook_looks_at_the_whole_repository(project: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["pass_filenames"], hook["require_serial"], hook["language"]) == (False, True, "python")
    words = hook["entry"].split()
    done = subprocess.run([sys.executable, "-m", *words], cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.startswith("orders.js:8: listener-leak")) == (1, True), done.stdout
