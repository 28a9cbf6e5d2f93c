"""Is a bar drawn when a run takes its time, and nothing otherwise?"""

from __future__ import annotations

import gzip
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from callcheck.cli.progress import Progress, read_so_far
from callcheck.sources.logs import Survey
from callcheck.sources.logs.gauge import GAUGE, Gauge
from tests.tools.shipped import shipped_logs


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


def test_what_was_read_of_logs_is_told_in_bytes() -> None:
    gauge = Gauge()
    gauge.begin(4_000_000_000)
    gauge._began -= 2  # two seconds ago
    gauge.add(1_234_000_000)
    assert re.fullmatch(r"1\.2 GB of 4\.0 GB read, 6\d\d MB/s", read_so_far(gauge))
    gauge.begin(0)
    gauge.add(999)
    assert read_so_far(gauge).startswith("999 B read, ")
    assert gauge.reading
    gauge.end()
    assert not gauge.reading


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_bytes_of_all_logs_add_up_to_the_whole(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    line = b"2026-01-01T00:00:00Z INFO app item 1 was stored\n"
    for name, count in (("a.log", 10), ("b.log", 6_000), ("c.log", 200_000)):
        (tmp_path / name).write_bytes(pack(line * count))
    files = sorted(tmp_path.glob("*.log"))
    assert Survey(files, None, shipped_logs(), tmp_path).summary.lines == 206_010
    assert GAUGE.done == GAUGE.total == sum(path.stat().st_size for path in files)
    assert not GAUGE.reading


def test_while_logs_are_read_a_terminal_shows_how_much_and_how_fast(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    reader, writer = os.pipe()
    child, master = pty.fork()
    if not child:
        os.dup2(reader, 0)
        os.chdir(tmp_path)
        os.environ.update(PYTHONPATH=str(Path(__file__).resolve().parents[2]), TERM="xterm", COLUMNS="120")
        os.environ.pop("CI", None)
        os.execv(sys.executable, [sys.executable, "-m", "callcheck", "diagnose", "-"])
    os.close(reader)
    with os.fdopen(writer, "wb", closefd=False) as out:
        out.write((b"2026-01-01T00:00:00Z INFO app item 1 was stored" + b" " * 250 + b"\n") * 9_000)
    seen, until = "", time.monotonic() + 60
    while "2 MB read, " not in seen and time.monotonic() < until:
        seen += os.read(master, 65_536).decode("utf-8", "replace")
    assert re.search(r"looking: log_\w+ .*2 MB read, \d+ [kM]B/s", seen)
    os.close(writer)
    while "What was looked at" not in seen and time.monotonic() < until:
        seen += os.read(master, 65_536).decode("utf-8", "replace")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    os.close(master)
