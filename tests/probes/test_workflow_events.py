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


PUSHES = "on: {schedule: [{cron: '0 1 * * *'}]}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - env:\n          GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n        run: |\n          git commit -am x\n          %s\n"


@pytest.mark.parametrize(
    ("filters", "push", "told"),
    [
        ("", "git push", True),
        ("tags: ['v*']", "git push origin main", False),
        ("tags: ['v*']", "git push origin v$VERSION", True),
        ("tags: ['v*']", "git push --follow-tags", True),
        ("branches: [main]", "git push", True),
        ("branches: [main]", "git push origin HEAD:main", True),
        ("branches: ['release/**']", "git push -f origin release/next", True),
        ("branches: [main]", "git push --force origin \"$BRANCH\"", False),
        ("branches: [main]", "git push --tags", False),
    ],
)
def test_a_push_counts_where_the_filters_let_it_in(tmp_path: Path, filters: str, push: str, told: bool) -> None:
    waits = f"on: {{push: {{{filters}}}}}\njobs: {{a: {{runs-on: ubuntu-latest, steps: [{{run: make}}]}}}}\n"
    assert bool(list(look(tmp_path, {".github/workflows/waits.yml": waits, ".github/workflows/pushes.yml": PUSHES % push}))) is told


@pytest.mark.parametrize(("merge", "told"), [("gh pr merge $NR --merge", []), ("gh pr merge $NR --auto --squash", [8]), ("echo opened", [8])])
def test_a_request_that_its_own_step_merges_waits_for_no_check(tmp_path: Path, merge: str, told: list[int]) -> None:
    opens = OPENS.replace("gh pr create --fill", f"|\n          gh pr create --fill\n          {merge}") % "github.token"
    found = look(tmp_path, {".github/workflows/checks.yml": CHECKS, ".github/workflows/opens.yml": opens})
    assert [item.where.line for item in found] == [each - 1 for each in told]


@pytest.mark.parametrize(("filters", "told"), [("branches: [main]", True), ("types: [opened, synchronize]", True), ("types: [closed]", False), ("types: closed", False), ("paths: ['docs/**']", False)])
def test_a_request_that_is_opened_counts_where_its_opening_is_waited_for(tmp_path: Path, filters: str, told: bool) -> None:
    waits = f"on:\n  pull_request:\n    {filters}\njobs: {{a: {{runs-on: ubuntu-latest, steps: [{{run: make test}}]}}}}\n"
    assert bool(list(look(tmp_path, {".github/workflows/waits.yml": waits, ".github/workflows/opens.yml": OPENS % "github.token"}))) is told
