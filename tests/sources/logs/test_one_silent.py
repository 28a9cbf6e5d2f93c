"""Is one of several kinds told that is handled no more, and nothing where all end, or it goes on in another way?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.logs.one_silent import one_silent
from tests.tools.shipped import shipped_logs


def found(folder: Path, until: dict[str, int], instead: str = "") -> list[tuple[int, int]]:
    """`until` says of each queue up to which minute it is handled."""
    lines = []
    for n in range(50):
        for second, (queue, last) in enumerate(until.items()):
            at, key = f"2026-03-04T09:{n:02d}:{10 * second:02d}", f"id={queue[0]}-{1000 * second + 300 + n}"
            lines.append(f"{at}.000Z INFO queued for {queue} {key}")
            lines += [f"{at}.400Z INFO {queue} handled {key}"] if n < last else [f"{at}.400Z INFO {instead} {key}"] if instead else []
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    logs = Eyes(Target(base=folder, folders=(folder,)), Knowledge(logs=shipped_logs)).logs
    return [(one.count, len(one.due)) for one in one_silent(logs.units, logs.summary.stopped, logs.summary.cover)]


def test_one_of_three_is_handled_no_more(tmp_path: Path) -> None:
    assert found(tmp_path, {"quotes": 50, "permits": 20, "repairs": 50}) == [(20, 30)]


@pytest.mark.parametrize(
    ("until", "instead"),
    [({"quotes": 20, "permits": 20, "repairs": 20}, ""), ({"quotes": 50, "permits": 45, "repairs": 50}, ""), ({"permits": 20}, ""), ({"quotes": 50, "permits": 20, "repairs": 50}, "set aside")],
    ids=["all of them", "for a moment", "there is but one", "it goes on in another way"],
)
def test_nothing_is_said_otherwise(tmp_path: Path, until, instead) -> None:
    assert found(tmp_path, until, instead) == []
