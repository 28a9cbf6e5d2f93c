"""The vocabulary: a module a family, a class a kind. The folder is the registry."""

from __future__ import annotations

import functools
import importlib
from pathlib import Path


@functools.cache
def load() -> None:
    """Import every family, so that every kind is known by name."""
    for file in Path(__file__).parent.glob("[!_]*.py"):
        importlib.import_module(f"{__name__}.{file.stem}")
