"""Small projects, written down as file name and text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from callcheck.knowledge import frameworks, shipped
from callcheck.sources.code import Code
from callcheck.sources.files import File, Tree

CodeOf = Callable[[dict[str, str]], Code]


@pytest.fixture
def code_of() -> CodeOf:
    """Reads a project given as name -> text."""

    def read(texts: dict[str, str]) -> Code:
        files = tuple(File(Path(name), name, len(text)) for name, text in sorted(texts.items()))
        return Code(Tree(files), lambda file: texts[file.name], frameworks.load([shipped()]))

    return read
