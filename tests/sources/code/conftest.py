"""Small projects, written down as file name and text."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from callcheck.model.knowledge import Framework
from callcheck.sources.code import Code
from callcheck.sources.files import File, Tree
from callcheck.sources.packages.resolve import Packages
from tests.tools.shipped import shipped_knowledge

CodeOf = Callable[..., Code]


@functools.cache
def _ours() -> tuple[Framework, ...]:
    return shipped_knowledge().frameworks


@pytest.fixture
def code_of() -> CodeOf:
    """Reads a project given as name -> text, manifests included, with our frameworks or with those given."""

    def read(texts: dict[str, str], known: tuple[Framework, ...] | None = None) -> Code:
        tree = Tree(tuple(File(Path(name), name, len(text)) for name, text in sorted(texts.items())))
        packages = Packages(tree, lambda file: texts[file.name], Path("/nowhere"))
        return Code(tree, lambda file: texts[file.name], known or _ours(), lambda: packages)

    return read
