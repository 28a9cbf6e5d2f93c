"""Can a user read what a cause is?"""

from __future__ import annotations

from pathlib import Path


def test_every_cause_can_be_explained(callcheck, tmp_path: Path) -> None:
    done = callcheck("explain", "cross-process-delivery", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for heading in ("What happens", "How to tell", "How to fix it", "How to confirm it", "References", "Examples"):
        assert heading in done.stdout
    assert "{callcheck." not in done.stdout.split("Examples")[0]


def test_an_unknown_cause_ends_with_2_and_a_suggestion(callcheck, tmp_path: Path) -> None:
    done = callcheck("explain", "cross-proces-delivery", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean cross-process-delivery" in done.stderr


def test_a_narrow_page_stays_narrow(callcheck, tmp_path: Path) -> None:
    text = callcheck("explain", "late-registration", cwd=tmp_path, env={"COLUMNS": "40"}).stdout
    assert [line for line in text.splitlines() if len(line) > 40 and "://" not in line] == []
