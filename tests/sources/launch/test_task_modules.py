"""What a command of a worker names is read in whatever way its words are written."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.launch.task_modules import told

ITEMS = """
command:
  - taskiq
  - worker
  - --workers
  - "2"
  - shop.broker:broker
  - shop.mails
depends_on:
  - redis
"""
FLOW = """
command: ["uv", "run", "taskiq", "worker",
          "shop.broker:broker", "shop.mails"]
depends_on: [redis]
"""
FOLDED = """
command: >
  taskiq worker
  shop.broker:broker
  shop.mails
depends_on:
  - redis
"""
MAPPING = "services:\n  mails: {image: shop, command: taskiq worker shop.broker:broker shop.mails}\n"
SHELL = "exec taskiq worker --workers $(nproc) shop.broker:broker \\\n  shop.mails\necho redis\n"


@pytest.mark.parametrize(("name", "text"), [("compose.yml", ITEMS), ("compose.yml", FLOW), ("compose.yml", FOLDED), ("compose.yml", MAPPING), ("start.sh", SHELL)])
def test_the_words_of_one_command(tmp_path, name: str, text: str) -> None:
    (each,) = _told(tmp_path, name, text)
    assert [word for word in each.names if "." in word] == ["shop.broker", "shop.mails"]
    assert "redis" not in each.names
    assert each.whole
    assert not each.patterns


@pytest.mark.parametrize(
    ("command", "patterns"),
    [("taskiq worker a.b:c -fsd", ("**/tasks.py",)), ("taskiq worker a.b:c --fs-discover --tasks-pattern=**/jobs.py", ("**/jobs.py",)), ("taskiq worker a.b:c -tp x.py", ())],
)
def test_files_are_looked_for_only_where_that_is_asked_for(tmp_path, command: str, patterns: tuple[str, ...]) -> None:
    assert [each.patterns for each in _told(tmp_path, "Procfile", f"worker: {command}\n")] == [patterns]


def test_a_variable_may_name_more(tmp_path) -> None:
    found = _told(tmp_path, "Procfile", "one: dramatiq --processes $MANY app.tasks\ntwo: dramatiq app.tasks $MORE\n")
    assert [each.whole for each in found] == [True, False]


def test_a_comment_starts_nothing(tmp_path) -> None:
    assert not _told(tmp_path, "start.sh", "# dramatiq app.tasks\n")


def _told(folder, name: str, text: str):
    (folder / name).write_text(text, encoding="utf-8")
    return list(told(Eyes(Target(base=folder, folders=(folder,)), Knowledge())))
