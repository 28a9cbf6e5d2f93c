"""Small folders with manifests, and the question which version a file of theirs runs with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.packages.resolve import Packages

PackagesOf = Callable[[dict[str, str]], Packages]


@pytest.fixture
def packages_of(tmp_path: Path) -> PackagesOf:
    """Lays files out and gives what is known of versions there."""

    def lay(files: dict[str, str]) -> Packages:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Eyes(Target(tmp_path, folders=(tmp_path,)), Knowledge()).packages

    return lay
