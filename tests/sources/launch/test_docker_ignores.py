"""A line of `.dockerignore` stands for a path from the root and all below it, and the last one that fits has the word."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.launch.docker_ignores import left_out, rules


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("# a\n\n*.md\n", "notes.md", 3),
        ("*.md\n", "docs/notes.md", 0),
        ("**/*.md\n", "docs/notes.md", 1),
        ("docs\n!docs/notes.md\n", "docs/notes.md", 0),
        ("docs/\n", "docs/deep/notes.md", 1),
    ],
)  # fmt: skip
def test_which_line_leaves_a_path_out(tmp_path: Path, text: str, path: str, line: int) -> None:
    (tmp_path / ".dockerignore").write_text(text)
    assert left_out(path, rules(Eyes(Target(tmp_path, folders=(tmp_path,)), Knowledge()), ".dockerignore")) == line


def test_without_a_file_nothing_is_left_out(tmp_path: Path) -> None:
    assert rules(Eyes(Target(tmp_path, folders=(tmp_path,)), Knowledge()), ".dockerignore") == []
