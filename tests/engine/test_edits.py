"""A cure is shown on the user's own line, where an edit fits it."""

from __future__ import annotations

import pytest

from callcheck.engine.edits import COUNT, in_own_files
from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Evidence, Location
from callcheck.model.facts.deployment import LoadBalanced
from callcheck.model.rule import Edit, Fix, Rule, Snippet
from callcheck.model.words import Basis

ONE = r"\g<1>1"


def edited(text: str, edit: Edit, line: int = 1) -> Snippet:
    rows = text.splitlines()
    item = Evidence(LoadBalanced("nginx", "web"), Basis.DECLARED, "test", Location("deploy/app.yaml", line))
    fix = Fix("Do it", (Snippet("yaml", "example", "better"),), edits=(edit,))
    found = in_own_files(Diagnosed(Rule("c", "transport", "t", ()), 0.8, "t", (item,), fixes=(fix,)), lambda path, first, last: rows[first - 1 : last])
    return found.fixes[0].snippets[0]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("  replicas: 3", "replicas: 1"),
        ("instances: 'max',", "instances: '1',"),
        ('CMD ["gunicorn", "-w", "4", "app:app"]', 'CMD ["gunicorn", "-w", "1", "app:app"]'),
        ("web: uvicorn app:app --workers 3 --port $PORT", "web: uvicorn app:app --workers 1 --port $PORT"),
        ("workers = multiprocessing.cpu_count() * 2 + 1", "workers = 1"),
        ('"worker": {"quantity": 2}', '"worker": {"quantity": 1}'),
        ("docker compose up -d --scale web=4", "docker compose up -d --scale web=1"),
        ("desired_count = 4", "desired_count = 1"),
    ],
)
def test_the_number_of_processes_is_found_in_every_format(line: str, after: str) -> None:
    shown = edited(line, Edit("load.balanced", COUNT, ONE))
    assert (shown.before, shown.after, shown.path, shown.line) == (line.strip(), after, "deploy/app.yaml", 1)


def test_lines_between_the_fact_and_its_change_are_shown_with_it() -> None:
    text = "kind: Service\nmetadata: {name: web}\nspec:\n  ports: []\n"
    shown = edited(text, Edit("load.balanced", r"^(\s*)spec:\s*$", "\\g<0>\n\\g<1>  sessionAffinity: ClientIP", 5))
    assert shown.before == "kind: Service\nmetadata: {name: web}\nspec:"
    assert shown.after == shown.before + "\n  sessionAffinity: ClientIP" and shown.line == 3


@pytest.mark.parametrize("edit", [Edit("instances.factor", COUNT, ONE), Edit("load.balanced", "nowhere", "x")])
def test_the_example_stays_where_nothing_fits(edit: Edit) -> None:
    assert edited("replicas: 3", edit) == Snippet("yaml", "example", "better")
