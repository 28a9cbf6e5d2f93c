"""Do logs that nobody should have to read take bounded time and memory, and is an honest line said of them?

The figures are those of a whole process, so that nothing hides in it. By hand at full size: `tests/benchmarks/logs_speed.py --hostile 2000M`.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from callcheck.sources.logs.growing import Growing
from callcheck.sources.logs.reading import Reading
from tests.tools.shipped import KEPT, shipped_logs

ROOT = Path(__file__).resolve().parents[3]
KNOWN = shipped_logs()
BEGUN = b"2026-01-01T00:00:00Z INFO begun\n"
RUN = """
import json, re, sys, time
from callcheck.__main__ import main
status = main()
high = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
json.dump({"mb": high / 1024, "cpu_s": time.process_time()}, open("took.json", "w"))
sys.exit(status)
"""
"""What `wait4` tells of memory counts the process that started it, too."""
MOST_MB = 150
MOST_CPU_S = 20
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a process is measured as Linux has it")


def run(folder: Path, name: str, stdin: int = subprocess.DEVNULL) -> tuple[list[str], list[str]]:
    """The causes that are likely, and what was said of what was not read; fails if it took too much."""
    with (folder / "out.json").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, "diagnose", name, "--format", "json", "--as", "logs"],
            cwd=folder, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **KEPT}, stdin=stdin, stdout=out,
        )  # fmt: skip
        assert process.wait(300) in (0, 1)
    took = json.loads((folder / "took.json").read_text())
    assert took["mb"] < MOST_MB
    assert took["cpu_s"] < MOST_CPU_S
    report = json.loads((folder / "out.json").read_text())
    lost = sorted({each["why"] for look in report["looked"] for each in look["lost"]})
    return [each["cause"] for each in report["diagnoses"] if each["confidence"] >= 0.5], lost


def test_a_line_that_never_ends(tmp_path: Path) -> None:
    """Sparse, so that it takes no room: nothing but NULs behind the first words."""
    with (tmp_path / "app.log").open("wb") as out:
        out.write((BEGUN[:-1] + b" " * 9_000 + b"\n") * 3 + b"2026-01-01T00:00:01Z ERROR app refused: openai.AuthenticationError: Error code: 401 - invalid_api_key ")
        out.truncate(400_000_000)
    causes, lost = run(tmp_path, "app.log")
    assert causes == ["upstream-auth"]
    assert any(re.search(r"39\d,\d{3},\d{3} bytes of it are further parts of very long lines", why) for why in lost)


def test_a_line_that_never_ends_from_a_pipe(tmp_path: Path) -> None:
    source = subprocess.Popen(
        [sys.executable, "-c", "import sys\nfor _ in range(100): sys.stdout.write('error ' * 200_000)"], stdout=subprocess.PIPE
    )
    assert source.stdout is not None
    _, lost = run(tmp_path, "-", source.stdout.fileno())
    source.stdout.close()
    assert source.wait(30) == 0
    assert "very long lines, of which only the beginning is read: 1, the first of them line 1" in lost


def test_lines_that_all_match(tmp_path: Path) -> None:
    with (tmp_path / "app.log").open("wb") as out:
        out.write(BEGUN)
        for _ in range(6):
            out.write(b"2026-01-01T00:00:01Z ERROR app refused: connect ECONNREFUSED 10.0.0.1:80\n" * 100_000)
    _, lost = run(tmp_path, "app.log")
    assert any("600,001 lines" in why and "where there are about" in why for why in lost)


def test_a_short_log_says_which_lines_it_did_not_read_to_their_end(tmp_path: Path) -> None:
    data = BEGUN + b"x" * 40_000 + b"\n" + BEGUN + b"y" * 2_000_000 + b"\n" + BEGUN
    (tmp_path / "app.log").write_bytes(data)
    summary = Reading([tmp_path / "app.log"], None, KNOWN, tmp_path).summary()
    assert summary.lines == 5
    assert [lost.why for lost in summary.lost] == ["very long lines, of which only the beginning is read: 2, the first of them line 2"]
    grown = Growing("app.log", KNOWN, Reading([], None, KNOWN, tmp_path).period)
    for at in range(0, len(data), 100_000):
        grown.take(data[at : at + 100_000])
    assert grown.lines == 5
    assert [lost.why for lost in grown.summary().lost] == ["very long lines, of which only the beginning is read: 2"]


def test_a_short_log_that_becomes_shorter_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(BEGUN * 1000)
    of_stream = Reading._stream

    def cut(reading: Reading, *given: object) -> object:
        os.truncate(path, 3200)
        return of_stream(reading, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Reading, "_stream", cut)
    summary = Reading([path], None, KNOWN, tmp_path).summary()
    assert [lost.why for lost in summary.lost] == ["it became shorter while it was read"]
    assert 100 <= summary.lines < 1000


@pytest.mark.parametrize("pack", ["gzip", "bz2", "xz", "zstd"])
def test_an_archive_that_was_cut_off_gives_what_stands_before(tmp_path: Path, pack: str) -> None:
    packers: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "bz2": lambda data: bz2.compress(data, 1), "xz": lzma.compress}
    if pack == "zstd":
        packers["zstd"] = pytest.importorskip("zstandard").compress
    data = b"".join(b"2026-01-01T00:00:00Z INFO app item %d was stored, %d\n" % (n, n * n * 7919) for n in range(3_000))
    packed = packers[pack](data)
    (tmp_path / "app.log.gz").write_bytes(packed[: len(packed) * 3 // 4])
    summary = Reading([tmp_path / "app.log.gz"], None, KNOWN, tmp_path).summary()
    assert any("the archive is damaged" in lost.why for lost in summary.lost)
    assert summary.lines > 1_000 if pack != "bz2" else summary.lines > 0


def test_a_reader_who_has_had_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b"2026-01-01T00:00:01Z ERROR app refused: openai.AuthenticationError: Error code: 401\n" * 50)
    for words in (["-v"], ["--format", "json"], ["-q"]):
        process = subprocess.Popen(
            [sys.executable, "-m", "callcheck", "diagnose", "app.log", *words],
            cwd=tmp_path, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # before anything is written
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait(60) == 1


def test_what_takes_long_can_be_interrupted(tmp_path: Path) -> None:
    """When what was written is gone from the pipe, somebody waits for more."""
    fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "callcheck", "diagnose", "-"], cwd=tmp_path, stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        # A shell that starts the tests in the background has them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    os.write(writer, BEGUN)
    until = time.monotonic() + 60
    while fcntl.ioctl(reader, termios.FIONREAD, bytes(4)) != bytes(4) and time.monotonic() < until:
        time.sleep(0.05)
    os.close(reader)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    os.close(writer)
    assert (process.returncode, out, err) == (130, b"", b"")
