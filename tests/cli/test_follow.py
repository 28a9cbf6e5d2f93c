"""Does `--follow` tell of a growing file and of a pipe what they say, when they say it, and end as it should?"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.tools.shipped import KEPT

ROOT = Path(__file__).resolve().parents[2]
FINE = "2026-11-20T10:00:{:02d}Z INFO app item {} was stored\n"
REFUSED = "2026-11-20T10:01:{:02d}Z ERROR app run r{}x9 failed: openai.AuthenticationError: Error code: 401 - invalid_api_key\n"
WRITER = """
import sys, time
for line in sys.argv[1:]:
    time.sleep(0.1)
    print(line, end="", flush=True)
time.sleep(60)
"""
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals are sent as POSIX has them")


class Running:
    """A real `callcheck diagnose … --follow`; its output is read line by line."""

    def __init__(self, folder: Path, *words: str, stdin: int | None = subprocess.DEVNULL) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "callcheck", "diagnose", *words, "--follow"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **KEPT},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=60)
        assert err == ""
        return self.process.returncode, out

    def cpu_s(self) -> float:
        parts = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def started() -> Iterator[list[Running]]:
    every: list[Running] = []
    yield every
    for running in every:
        running.process.kill()
        running.process.communicate()


def causes(line: str) -> list[str]:
    return [each["cause"] for each in json.loads(line)["diagnoses"] if each["confidence"] >= 0.5]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_file_that_another_process_writes_is_told_of_as_json_a_report_a_line(tmp_path: Path, started: list[Running], how: signal.Signals) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(FINE.format(n, n) for n in range(5)))
    running = Running(tmp_path, "app.log", "--format", "json")
    started.append(running)
    assert causes(running.line()) == []
    with path.open("a") as out:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, *(REFUSED.format(n, n) for n in range(3))], stdout=out)
    try:
        assert causes(running.line()) == ["upstream-auth"]
        time.sleep(1.5)
    finally:
        writer.kill()
        writer.wait()
    status, rest = running.end(how)
    assert status == 1
    for line in rest.splitlines():
        assert causes(line) == ["upstream-auth"]
    assert len(rest.splitlines()) <= 1  # only the last one: the causes stayed the same


def test_a_pipe_ends_with_the_status_of_the_last_report(tmp_path: Path, started: list[Running]) -> None:
    running = Running(tmp_path, "-", "-q", stdin=subprocess.PIPE)
    started.append(running)
    assert running.process.stdin is not None
    running.process.stdin.write("".join(FINE.format(n, n) for n in range(5)))
    running.process.stdin.flush()
    assert "5 lines read" in running.line()
    assert running.line() == "nothing likely was found\n"
    assert running.line() == "\n"
    running.process.stdin.write("".join(REFUSED.format(n, n) for n in range(5)))
    running.process.stdin.flush()
    assert "10 lines read" in running.line()
    assert running.line().startswith("<stdin>:6: upstream-auth")
    running.process.stdin.close()
    running.process.stdin = None
    out, err = running.process.communicate(timeout=60)
    assert (running.process.returncode, out.strip(), err) == (1, "", "")


def test_nothing_is_done_while_nothing_comes(tmp_path: Path, started: list[Running]) -> None:
    (tmp_path / "app.log").write_text("".join(FINE.format(n, n) for n in range(5)))
    running = Running(tmp_path, "app.log", "-q")
    started.append(running)
    while running.line().strip():
        pass
    time.sleep(0.5)
    before = running.cpu_s()
    time.sleep(2)
    assert running.cpu_s() - before < 0.15
    assert running.end()[0] == 0


def test_the_file_of_the_report_holds_the_newest_one(tmp_path: Path, started: list[Running]) -> None:
    path, out = tmp_path / "app.log", tmp_path / "report.json"
    path.write_text(FINE.format(1, 1))
    running = Running(tmp_path, "app.log", "--format", "json", "--output", "report.json")
    started.append(running)
    until = time.monotonic() + 60
    while not out.exists() and time.monotonic() < until:
        time.sleep(0.05)
    with path.open("a") as log:
        log.write(REFUSED.format(1, 1) * 3)
    assert running.end() == (1, "")
    assert causes(out.read_text()) == ["upstream-auth"]


def test_a_reader_who_has_had_enough_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(FINE.format(1, 1))
    script = f"""
    {sys.executable} -m callcheck diagnose app.log --follow -q | head -1 &
    sleep 2; cat more >> app.log; wait $!; echo ended
    """
    (tmp_path / "more").write_text("".join(REFUSED.format(n, n) for n in range(3)))
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "ended"
    assert done.stderr == ""


def test_on_a_terminal_the_newest_report_is_drawn_and_left_there(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    path = tmp_path / "app.log"
    path.write_text(FINE.format(1, 1))
    child, master = pty.fork()
    if not child:
        os.chdir(tmp_path)
        os.environ.update(PYTHONPATH=str(ROOT), TERM="xterm", COLUMNS="90", LINES="40")
        os.environ.pop("CI", None)
        os.execv(sys.executable, [sys.executable, "-m", "callcheck", "diagnose", "app.log", "--follow", "--color", "never"])
    seen = _until(master, "Nothing likely")
    assert "following the logs: 1 lines read" in seen
    with path.open("a") as out:
        out.write("".join(REFUSED.format(n, n) for n in range(3)))
    _until(master, "upstream-auth")
    os.kill(child, signal.SIGINT)
    assert "app.log:2" in _rest(master)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    os.close(master)


def _until(master: int, wanted: str) -> str:
    """What is written up to a text."""
    seen, until = "", time.monotonic() + 60
    while wanted.lower() not in seen.lower() and time.monotonic() < until:
        seen += os.read(master, 65_536).decode("utf-8", "replace")
    return seen


def _rest(master: int) -> str:
    """What is written until the command has ended: a report that was being drawn, and the one that is left there."""
    seen = b""
    with contextlib.suppress(OSError):  # Linux says so when nobody has the terminal any more
        while piece := os.read(master, 65_536):
            seen += piece
    return seen.decode("utf-8", "replace")


def test_without_a_log_there_is_nothing_to_follow(callcheck: Command, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    done = callcheck("diagnose", ".", "--follow", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no log to follow" in done.stderr


def test_no_file_may_ask_for_it(callcheck: Command, tmp_path: Path) -> None:
    (tmp_path / ".callcheck.yml").write_text("follow: true\n")
    assert callcheck("diagnose", ".", cwd=tmp_path).returncode == 2
