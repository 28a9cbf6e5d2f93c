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
