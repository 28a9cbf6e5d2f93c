"""The lines that a target of make, just or Task runs, with what is known of its variables."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.launch.recipes import recipe

MAKE = "WORKERS ?= 2\nPORT := 8000\n.PHONY: run\nrun: migrate\n\t@gunicorn -w $(WORKERS) -b :$(PORT) $$APP\n\nmigrate:\n\t./manage.py migrate\n\nall: run\n"
JUST = 'port := "8000"\nserve workers="4" +more="x":\n    uvicorn board:app --port {{port}} --workers {{workers}}\n'
TASK = "version: '3'\nvars: {WORKERS: 3}\ntasks:\n  start:\n    cmds:\n      - task: migrate\n      - uvicorn board:app --workers {{.WORKERS}}\n  one: uvicorn board:app\n"


@pytest.mark.parametrize(
    ("hands_to", "env", "line", "lines"),
    [
        ("make:run", {}, 5, ["gunicorn -w 2 -b :8000 $APP"]),
        ("make:run WORKERS=4", {}, 5, ["gunicorn -w 4 -b :8000 $APP"]),
        ("make:-j 2 run", {"WORKERS": "6", "PORT": "9"}, 5, ["gunicorn -w 6 -b :8000 $APP"]),
        ("make:all", {}, 10, ["make run"]),
        ("just:serve", {}, 3, ["uvicorn board:app --port 8000 --workers 4"]),
        ("just:serve 7", {}, 3, ["uvicorn board:app --port 8000 --workers 7"]),
        ("task:start", {}, 7, ["task migrate", "uvicorn board:app --workers 3"]),
        ("task:one", {}, 8, ["uvicorn board:app"]),
        ("make:nothing", {}, 0, []),
        ("make:WORKERS", {}, 0, []),
        ("make:-C /srv/app run", {}, 5, ["gunicorn -w 2 -b :8000 $APP"]),
    ],
)
def test_what_a_target_runs(tmp_path, hands_to, env, line, lines) -> None:
    for name, text in (("Makefile", MAKE), ("justfile", JUST), ("Taskfile.yml", TASK), ("Dockerfile", "")):
        (tmp_path / name).write_text(text)
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())
    beside = eyes.tree.get("Dockerfile")
    assert beside is not None
    found = recipe(eyes, beside, hands_to, env)
    said = [each.strip() for each in found.text.split("\n") if each.strip()] if found else []
    last = found.line + max(number for number, each in enumerate(found.text.split("\n")) if each.strip()) if found else 0
    assert (last, said) == (line, lines)
