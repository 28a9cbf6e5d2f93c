"""Is a time understood as it is written, and anything else refused with a word on what is wanted?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.cli.moments import read
from callcheck.model.errors import UsageError
from tests.cli.conftest import Command

LOG = "".join(
    f"2026-11-20T10:{n:02d}:00Z ERROR app run r{n}x9 failed: openai.AuthenticationError: Error code: 401 - invalid_api_key\n"
    for n in range(30)
)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20T10:15:30Z", 1795169730),
        ("2026-11-20T11:15:30.5+01:00", 1795169730.5),
        ("2026-11-20 05:45:30-0430", 1795169730),
        ("2026-11-20T10:15", 1795169700),
        ("20" + "26-11-20", 1795132800),
        ("90s", 1_000_000 - 90),
        ("15m", 1_000_000 - 900),
        ("1d2h", 1_000_000 - 26 * 3600),
        ("1w", 1_000_000 - 7 * 86_400),
    ],
)
def test_a_moment_is_read(text: str, at: float) -> None:
    assert read("since", text, now=1_000_000).at == at


@pytest.mark.parametrize("text", ["", "yesterday", "15", "15 minutes", "2026-13-01", "2026-02-30", "2026-11-20T25:00", "10:15", "-15m", "2026-11-20T10:15+25"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="`since` is a time, not") as raised:
        read("since", text)
    assert "15m" in raised.value.hint


def test_a_wrong_period_ends_with_2_and_a_hint(callcheck: Command, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(LOG)
    for words, said in ((("--since", "soon"), "`since` is a time"), (("--since", "2026-11-20", "--until", "2026-11-19"), "later than --until")):
        done = callcheck("diagnose", "a.log", *words, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_only_the_period_is_diagnosed_and_the_rest_is_counted(callcheck: Command, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(LOG)
    done = callcheck("diagnose", "a.log", "--since", "2026-11-20T10:20Z", "--until", "2026-11-20T10:24", cwd=tmp_path)
    assert done.returncode == 1
    assert "a.log:21" in done.stdout
    assert "20 entries before --since, 5 entries after --until" in " ".join(done.stdout.split())
    assert callcheck("diagnose", "a.log", "--since", "2026-11-21", cwd=tmp_path).returncode == 0
