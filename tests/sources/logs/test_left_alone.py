"""Is work that nobody takes any more told, where the last worker says that it stops, and nothing where another one takes over?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.logs.left_alone import left_alone
from tests.tools.shipped import shipped_logs


def counted(folder: Path, goodbye: str, since: str = "") -> list[tuple[str, int]]:
    lines = []
    for n in range(40):
        at = f"2026-03-04T09:{n // 3:02d}:{n % 3 * 20:02d}.000Z"
        lines.append(f"web-1     | {at} label job added job=j{700 + n}")
        worker = "worker-1" if n < 20 else since
        if worker:
            lines.append(f"{worker}  | {at[:-4]}500Z label job done job=j{700 + n}")
        if n == 20 and goodbye:
            lines.append(f"worker-1  | {at[:-4]}600Z {goodbye}")
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    logs = Eyes(target, Knowledge(logs=shipped_logs)).logs
    return [(one.since.instance, len(one.put)) for one in left_alone(logs.units, logs.summary.stopped, logs.summary.cover)]


def test_the_last_worker_stops(tmp_path: Path) -> None:
    assert counted(tmp_path, "SIGTERM received, worker shutting down") == [("worker-1", 20)]


@pytest.mark.parametrize(("goodbye", "since"), [("SIGTERM received, worker shutting down", "worker-2"), ("", "")])
def test_nothing_where_another_one_takes_over_or_nobody_says_so(tmp_path: Path, goodbye: str, since: str) -> None:
    assert counted(tmp_path, goodbye, since) == []
