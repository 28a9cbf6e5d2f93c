"""What the tests of the report share: the hand-made report, and the comparison with an expected text."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.tools.browser import Browser, program

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module `sample.py` beside this file."""
    spec = importlib.util.spec_from_file_location("callcheck_report_sample", HERE / "sample.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def expect(refresh: bool) -> Callable[[str, str], None]:
    """Compare a text with the expected file of that name; `--refresh` writes it anew."""

    def compare(text: str, name: str) -> None:
        path = HERE / "expected" / name
        if refresh:
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of pages."""
    if not program():
        pytest.skip("no Chromium is installed")
    started = Browser()
    yield started
    started.close()
