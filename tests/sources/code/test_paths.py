"""What a name means in an import does not depend on which file was asked first."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes


@pytest.mark.parametrize("first", ["app/mails.py", "app/tasks.py"])
def test_a_module_never_imports_itself_and_its_neighbours_do(tmp_path, first: str) -> None:
    (tmp_path / "app").mkdir()
    for name in ("__init__", "mails", "tasks"):
        (tmp_path / "app" / f"{name}.py").write_text("a = 1\n")
    paths = Eyes(Target(tmp_path, folders=(tmp_path,)), Knowledge()).code.project.paths
    paths.find(first, "app.mails")
    assert paths.find("app/mails.py", "app.mails") is None
    assert paths.find("app/tasks.py", "app.mails") == "app/mails.py"


def test_a_file_with_the_name_of_the_library_it_imports_is_not_what_its_neighbours_import(tmp_path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "celery.py").write_text("from celery import Celery\n")
    (tmp_path / "app" / "queue.py").write_text("jobs = []\n")
    (tmp_path / "app" / "tasks.py").write_text("from celery import chord\nimport queue\n")
    paths = Eyes(Target(tmp_path, folders=(tmp_path,)), Knowledge()).code.project.paths
    assert paths.find("app/tasks.py", "celery") is None
    assert paths.find("app/tasks.py", "queue") == "app/queue.py"
    assert paths.find("app/tasks.py", "app.celery") == "app/celery.py"
