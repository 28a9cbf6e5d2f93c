"""Workflows that wait for another type of repository_dispatch than the one that is sent."""

from __future__ import annotations

import pytest

from callcheck.probes.dispatch_types import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
ACTIONS_BROKEN = ".github/workflows/broken.yml"
PLACE = ".github/workflows/build.yml"
WORKFLOW = "on:\n  repository_dispatch:\n    types: [%s]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n"
OCTOKIT = "octokit.rest.repos.createDispatchEvent({ owner: 'a', repo: 'b', event_type: %s });\n"
FETCHED = "await fetch(`https://api.github.com/repos/${repo}/dispatches`, { method: 'POST', body: JSON.stringify({ event_type: 'menu-updated' }) });\n"
POSTED = "import requests\nrequests.post('https://api.github.com/repos/a/b/dispatches', json={'event_type': 'menu-updated'})\n"
PYGITHUB = "def done(repo):\n    repo.create_repository_dispatch('menu-updated', {})\n"
ACTION = "on: push\njobs:\n  tell:\n    steps:\n      - uses: peter-evans/repository-dispatch@v3\n        with: {event-type: menu-updated}\n"
SHELL = "curl -X POST https://api.github.com/repos/a/b/dispatches -d '{\"event_type\": \"menu-updated\"}'\n"


@pytest.mark.parametrize("sender", [{"a.js": OCTOKIT % "'menu-updated'"}, {"a.js": FETCHED}, {"a.py": POSTED}, {"a.py": PYGITHUB}, {".github/workflows/tell.yml": ACTION}, {"deploy.sh": SHELL}])
def test_a_type_that_is_written_otherwise(tmp_path, sender) -> None:
    found = look(tmp_path, sender | {PLACE: WORKFLOW % "menu_updated"})
    assert [(item.fact.event, item.fact.near, item.where.path, item.where.line) for item in found] == [("menu_updated", "menu-updated", PLACE, 3)]


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": OCTOKIT % "'menu-updated'", PLACE: WORKFLOW % "menu-updated, prices"},
        {"a.js": OCTOKIT % "kind", PLACE: WORKFLOW % "menu_updated"},
        {"a.js": OCTOKIT % "'menu-updated'" + OCTOKIT % "kind()", PLACE: WORKFLOW % "menu_updated"},
        {"a.js": OCTOKIT % "'cellar-moved'", PLACE: WORKFLOW % "menu_updated"},
        {"a.js": OCTOKIT % "'menu-updated'", PLACE: WORKFLOW % "menu_updated", ".github/workflows/other.yml": WORKFLOW % "menu-updated"},
        {"a.js": "track({ event_type: 'menu-updated' });\n", PLACE: WORKFLOW % "menu_updated"},
        {PLACE: WORKFLOW % "menu_updated"},
    ],
    ids=["the same", "computed", "one of two computed", "another matter", "another workflow", "no dispatch", "nobody sends"],
)  # fmt: skip
def test_types_that_may_be_sent(tmp_path, files) -> None:
    assert look(tmp_path, files) == []


@pytest.mark.parametrize(("condition", "events", "told"), [("menu_updated", "", 1), ("Menu-Updated", "", 0), ("menu_updated", "  workflow_dispatch:\n", 0), ("menu_updated' || true || '", "", 0)])
def test_a_job_for_an_action_that_never_is(tmp_path, condition, events, told) -> None:
    text = (WORKFLOW % "menu-updated").replace("jobs:", events + "jobs:").replace("    runs-on", f"    if: github.event.action == '{condition}'\n    runs-on")
    assert len(look(tmp_path, {PLACE: text})) == told


def test_a_workflow_that_cannot_be_read_may_wait_for_it(tmp_path) -> None:
    files = {"a.js": OCTOKIT % "'menu-updated'", ACTIONS_BROKEN: "on: [\n", PLACE: WORKFLOW % "menu_updated"}
    assert [type(item).__name__ for item in look(tmp_path, files)] == ["Lost"]
