"""Is a bar drawn when a run takes its time, and nothing otherwise?"""

from __future__ import annotations

import time

from callcheck.cli.progress import Progress


def test_a_short_run_draws_nothing(capfd) -> None:
    with Progress() as progress:
        progress.tell("listeners", 0, 3)
    assert capfd.readouterr().err == ""


def test_a_long_run_draws_a_bar_and_takes_it_away(capfd, monkeypatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with Progress(0.01) as progress:
        progress.tell("listeners", 0, 3)
        time.sleep(0.8)
        progress.tell("[/kube]", 1, 3)
        time.sleep(0.3)
    assert "listeners" in capfd.readouterr().err


def test_an_error_passes_through() -> None:
    try:
        with Progress(0.01):
            time.sleep(0.2)
            raise ValueError("x")
    except ValueError as error:
        assert str(error) == "x"
