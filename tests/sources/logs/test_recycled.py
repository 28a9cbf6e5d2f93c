"""Is work told that ends with a worker which is replaced, and nothing where it ends at other times, or is done before?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.logs.recycled import recycled
from tests.tools.shipped import shipped_logs


def found(folder: Path, lost, replaced, said: str = "Autorestarting worker after current request.") -> list[int]:
    """`lost` and `replaced` say of a delivery whether it has no end, and whether the worker is replaced after its beginning."""
    lines = []
    for n in range(28):
        at = f"2026-03-04 09:{n:02d}"
        lines.append(f"[{at}:05 +0000] [40] [INFO] sheet id=s-{700 + n} taken")
        lines += [f"[{at}:06 +0000] [40] [INFO] {said}"] if replaced(n) else []
        lines += [] if lost(n) else [f"[{at}:09 +0000] [40] [INFO] sheet id=s-{700 + n} posted"]
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    logs = Eyes(Target(base=folder, folders=(folder,)), Knowledge(logs=shipped_logs)).logs
    return [len(one.lost) for one in recycled(logs.units, logs.summary.stopped)]


def seventh(n: int) -> bool:
    return n % 7 == 6


def test_what_is_in_hand_when_the_worker_is_replaced_has_no_end(tmp_path: Path) -> None:
    assert found(tmp_path, seventh, seventh) == [4]


@pytest.mark.parametrize(
    ("lost", "replaced", "said"),
    [
        (lambda n: n % 7 == 2, seventh, "Autorestarting worker after current request."),
        (seventh, lambda n: True, "Autorestarting worker after current request."),
        (lambda n: False, seventh, "Autorestarting worker after current request."),
        (seventh, seventh, "cache emptied"),
    ],
    ids=["lost at other times", "replaced all the time", "nothing is lost", "no replacement"],
)
def test_nothing_is_said_otherwise(tmp_path: Path, lost, replaced, said) -> None:
    assert found(tmp_path, lost, replaced, said) == []
