"""What many probes ask of one pair of eyes is worked out once, also if it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callcheck.model.knowledge import Framework, Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes


class _Broken:
    """Frameworks that cannot be had, and how often they were asked for."""

    asked = 0

    def __iter__(self) -> Iterator[Framework]:
        self.asked += 1
        raise RecursionError("no end")

    def __len__(self) -> int:
        return 1

    def __contains__(self, each: object) -> bool:
        return False


def test_sources_that_cannot_be_read_as_a_whole_are_not_read_again_for_each_probe(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import asyncio\n")
    broken = _Broken()
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge(broken))
    for _ in range(3):
        with pytest.raises(RecursionError, match="no end"):
            _ = eyes.code
    assert broken.asked == 1
