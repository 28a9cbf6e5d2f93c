"""Is work told that each process leaves to another one, and nothing where one of them may do it without a word?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.logs.unled import unled
from tests.tools.shipped import shipped_logs

SKIPS, HOLDS = "could not acquire the lock bells, skipping", "acquired the lock bells"


def found(folder: Path, holder, processes: int = 3) -> list[tuple[int, bool]]:
    """`holder` says of a round who holds the lock: a number, with a line; a number below 0, without one."""
    lines = []
    for turn in range(30):
        for number in range(1, processes + 1):
            said = holder(turn, number)
            lines += [f"bell-{number}  | 2026-03-04T09:{turn:02d}:{number:02d}.000Z INFO {said}"] if said else []
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    logs = Eyes(Target(base=folder, folders=(folder,)), Knowledge(logs=shipped_logs)).logs
    return [(one.instances, one.last is not None) for one in unled(logs.summary.stopped, logs.summary.cover)]


def gone(turn: int, number: int) -> str:
    return SKIPS if number != 2 else HOLDS if turn < 10 else ""


@pytest.mark.parametrize(("holder", "processes", "expected"), [(lambda turn, number: SKIPS, 3, [(3, False)]), (gone, 3, [(2, True)])], ids=["nobody ever", "one that is gone"])
def test_all_skip(tmp_path: Path, holder, processes, expected) -> None:
    assert found(tmp_path, holder, processes) == expected


@pytest.mark.parametrize(
    ("holder", "processes"),
    [
        (lambda turn, number: SKIPS, 2),  # a third one's log may be somewhere else
        (lambda turn, number: "bells rung" if turn % 3 == number - 1 else SKIPS, 3),
        (lambda turn, number: HOLDS if number == 2 else SKIPS, 3),
        (lambda turn, number: gone(turn, number) if turn < 12 or number != 3 else "bells rung", 3),
    ],
    ids=["two processes", "whoever wins says nothing of the lock", "one holds it", "another one does the work"],
)
def test_one_of_them_does_it_or_may(tmp_path: Path, holder, processes) -> None:
    assert found(tmp_path, holder, processes) == []
