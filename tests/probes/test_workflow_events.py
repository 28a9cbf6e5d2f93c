"""Workflows of GitHub Actions that wait for what another one does with the token that starts none."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.workflow_events import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
CHECKS = "on: {pull_request: {}}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make test}]}}\n"
OPENS = "on: {workflow_dispatch: {}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          GH_TOKEN: ${{ %s }}\n        run: gh pr create --fill\n"


def lines(tmp_path: Path, token: str) -> list[int]:
    return [item.where.line for item in look(tmp_path, {".github/workflows/checks.yml": CHECKS, ".github/workflows/opens.yml": OPENS % token})]


@pytest.mark.parametrize("token", ["secrets.GITHUB_TOKEN", "github.token", "secrets.GITHUB_TOKEN || secrets.RELEASE_PAT"])
def test_the_own_token_starts_no_other_workflow(tmp_path: Path, token: str) -> None:
    assert lines(tmp_path, token) == [7]


@pytest.mark.parametrize("token", ["secrets.RELEASE_PAT", "secrets.RELEASE_PAT || secrets.GITHUB_TOKEN", "steps.app.outputs.token"])
def test_another_one_does(tmp_path: Path, token: str) -> None:
    assert lines(tmp_path, token) == []
