"""Is a job told that is announced and never run, and nothing of one that is not due yet, or of which no scheduler's line would tell?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.logs.announced import announced
from tests.tools.shipped import shipped_logs

JOBS = ("feed_hens", "count_eggs", "shut_gates")


def found(folder: Path, due: str = "2026-03-04 09:15:00", run: str = "running {}", third: bool = False, said: str = "job {} scheduled, next run at {}") -> list[str]:
    lines = [f"2026-03-04 09:00:0{n} INFO planner: {said.format(job, due if n == 2 else '2026-03-04 09:05:00')}" for n, job in enumerate(JOBS)]
    for minute in range(5, 50, 5):
        lines += [f"2026-03-04 09:{minute:02d}:0{n} INFO planner: {run.format(job)}" for n, job in enumerate(JOBS[: 3 if third else 2])]
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [one.name for one in announced(Eyes(Target(base=folder, folders=(folder,)), Knowledge(logs=shipped_logs)).logs.summary.stopped)]


def test_a_job_that_is_due_and_does_not_come(tmp_path: Path) -> None:
    assert found(tmp_path) == ["shut_gates"]


@pytest.mark.parametrize(
    "other",
    [{"due": "2026-03-04 21:00:00"}, {"due": "2026-03-04 01:15:00"}, {"third": True}, {"run": "hens and eggs seen to"}, {"said": "job {} registered, cron {}"}],
    ids=["due in the evening", "by another zone", "it is run", "no line of the scheduler's", "no time is told"],
)
def test_nothing_is_said_otherwise(tmp_path: Path, other) -> None:
    assert found(tmp_path, **other) == []
