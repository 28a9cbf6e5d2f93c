"""Does nothing but a message ever leave the command line when something goes wrong?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callcheck import __main__ as face
from callcheck.model.errors import RuleError


def _fails(monkeypatch: pytest.MonkeyPatch, error: BaseException, *words: str) -> int:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr("callcheck.cli.diagnose.run", fail)
    monkeypatch.setattr(sys, "argv", ["callcheck", "diagnose", *words])
    return face.main()


@pytest.mark.parametrize(
    "error",
    [TypeError("odd \x1b[2J"), RecursionError(), MemoryError(), AssertionError(), KeyError("x"), UnicodeError()],
)
def test_an_internal_error_is_a_message_and_status_2(monkeypatch, capsys, error: Exception) -> None:
    assert _fails(monkeypatch, error) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"callcheck: internal error: {type(error).__name__}")
    assert "Traceback" not in said
    assert "\x1b" not in said


def test_debug_shows_the_traceback(monkeypatch, capsys) -> None:
    assert _fails(monkeypatch, TypeError("odd"), "--debug") == 2
    assert "Traceback" in capsys.readouterr().err


def test_an_explained_error_is_shown_with_its_hint(monkeypatch, capsys) -> None:
    assert _fails(monkeypatch, RuleError("no cause", "a.yaml", 3, "write one")) == 2
    assert capsys.readouterr().err == "callcheck: a.yaml:3: no cause\n  hint: write one\n"


def test_an_interruption_ends_with_130(monkeypatch, capsys) -> None:
    assert _fails(monkeypatch, KeyboardInterrupt()) == 130
    assert _fails(monkeypatch, KeyboardInterrupt(), "-qv") == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals are sent differently there")
def test_ctrl_c_while_a_log_is_awaited_ends_with_130(tmp_path: Path, root: Path) -> None:
    command = [sys.executable, "-m", "callcheck", "diagnose", "-"]
    environ = {**os.environ, "PYTHONPATH": str(root)}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # A shell starts what it puts in the background with SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err


@pytest.mark.parametrize("words", [("--version",), ("-V",)])
def test_the_version_is_told(callcheck, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert callcheck(*words, cwd=tmp_path).stdout.startswith("callcheck ")


def test_a_command_that_is_not_there_ends_with_2(callcheck, tmp_path: Path) -> None:
    done = callcheck("diagnos", cwd=tmp_path)
    assert done.returncode == 2
    assert "diagnos" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_told_for_every_command(callcheck, tmp_path: Path) -> None:
    for words in (("diagnose",), ("explain",), ("rules",), ("rules", "list"), ("rules", "check"), ("schema",)):
        done = callcheck(*words, "--help", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("Usage: callcheck")


def test_completion_offers_commands_and_causes(callcheck, tmp_path: Path) -> None:
    environ = {"_CALLCHECK_COMPLETE": "complete_bash", "COMP_WORDS": "callcheck explain cross", "COMP_CWORD": "2"}
    assert "cross-process-delivery" in callcheck(cwd=tmp_path, env=environ).stdout
    environ = {"_CALLCHECK_COMPLETE": "complete_bash", "COMP_WORDS": "callcheck dia", "COMP_CWORD": "1"}
    assert "diagnose" in callcheck(cwd=tmp_path, env=environ).stdout
