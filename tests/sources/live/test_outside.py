"""Are other tools asked within limits, and by nothing but what reads?"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from callcheck.model.errors import Malformed, NotFound, SourceError, TimedOut
from callcheck.sources.live.outside import READS, ask
from tests.tools.stand_in import StandIn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a stand-in is a script with a first line of its own")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is first on the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    return tmp_path / "bin"


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("kubectl", ["delete", "pods", "--all"]),
        ("kubectl", ["exec", "web", "--", "sh"]),
        ("kubectl", ["--context", "x", "get", "pods"]),
        ("pm2", ["restart", "all"]),
        ("pm2", []),
        ("docker", ["compose", "down"]),
        ("docker", ["exec", "web", "sh"]),
    ],
)
def test_what_may_change_something_is_refused_before_anything_is_started(path: Path, tool: str, words: list[str]) -> None:
    program = StandIn(path, tool, ("", "file", "/dev/null"))
    with pytest.raises(ValueError, match="only read"):
        ask(tool, words)
    assert program.calls == []


def test_nothing_but_reading_stands_in_the_table() -> None:
    verbs = {words[-1] for commands in READS.values() for words in commands}
    assert verbs == {"get", "logs", "jlist", "ps", "inspect", "kustomize", "build", "template"}


def test_what_is_not_installed_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFound, match="kubectl is not installed"):
        ask("kubectl", ["get", "pods"])


def test_a_failure_is_told_in_the_tools_own_last_words(path: Path) -> None:
    StandIn(path, "kubectl", ("get", "fail", "Error from server (Forbidden): pods is forbidden"))
    with pytest.raises(SourceError, match="kubectl get: Error from server \\(Forbidden\\): pods is forbidden"):
        ask("kubectl", ["get", "pods"])


def test_where_to_read_on_is_no_reason(path: Path) -> None:
    StandIn(path, "docker", ("compose", "fail", "docker: unknown command: docker compose\n\nRun 'docker --help' for more information"))
    with pytest.raises(SourceError, match="docker compose: docker: unknown command: docker compose$"):
        ask("docker", ["compose", "ps"])


def test_one_that_hangs_is_ended_with_all_that_it_started(path: Path) -> None:
    StandIn(path, "kubectl", ("get", "hang", 0))
    began = time.monotonic()
    with pytest.raises(TimedOut):
        ask("kubectl", ["get", "pods"], limit_s=0.5)
    assert time.monotonic() - began < 10


def test_one_that_says_too_much_is_cut_off(path: Path) -> None:
    StandIn(path, "kubectl", ("get", "say", 5_000_000))
    with pytest.raises(Malformed, match="more than 1,000,000 bytes"):
        ask("kubectl", ["get", "pods"], most_bytes=1_000_000)
