"""`callcheck capture` writes, on a machine that sees everything, what `callcheck diagnose` reads on one that sees nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callcheck.cli.app import main


@pytest.fixture
def here(app: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(app)
    return app


def report(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    status = main(["diagnose", *words, "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_archive_alone_gives_the_diagnosis_and_its_status(here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["capture", "-o", str(tmp_path / "x.ccb")]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "facts in" in said.err
    status, direct = report(capsys, ".")
    monkeypatch.chdir(tmp_path)
    again, read = report(capsys, "x.ccb")
    assert (status, again) == (1, 1)
    assert read["diagnoses"] == direct["diagnoses"]
    assert read["looked"] == direct["looked"]


def test_what_lies_beside_is_not_captured_with_the_rest(here: Path) -> None:
    assert main(["capture", "-q", "-o", "x.ccb"]) == 0
    first = Path("x.ccb").read_bytes()
    assert main(["capture", "-q", "-o", "y.ccb"]) == 0
    assert Path("y.ccb").read_bytes() == first
    assert sorted(path.name for path in here.iterdir()) == ["deployment.yaml", "src", "x.ccb", "y.ccb"]


def test_a_capture_is_known_by_what_is_in_it_whatever_it_is_called(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capture", "-q", "-o", "evidence.zip"]) == 0
    assert report(capsys, "evidence.zip")[0] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("capture", "-o", "nowhere/x.ccb"), "cannot write nowhere/x.ccb"),
        (("capture", "--limit", "much"), "--limit much is no size"),
        (("capture", "--limit", "5kB"), "from 20kB to 64MB"),
        (("capture", "x.ccb"), "not captured again"),
        (("diagnose", "x.ccb", "."), "diagnosed by itself"),
        (("diagnose", "x.ccb", "--probe", "compose"), "diagnosed by itself"),
        (("diagnose", "torn.ccb"), "torn.ccb is cut short"),
        (("diagnose", "other.ccb"), "other.ccb is no capture"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_says_why(here: Path, words: tuple[str, ...], said: str, callcheck: Any) -> None:
    assert main(["capture", "-q", "-o", "x.ccb"]) == 0
    Path("torn.ccb").write_bytes(Path("x.ccb").read_bytes()[:-40])
    Path("other.ccb").write_text("no")
    done = callcheck(*words, cwd=here)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_written_where_nothing_can_be_examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert main(["capture"]) == 3
    assert not list(Path.cwd().iterdir())


def test_a_comment_that_ignores_a_cause_speaks_in_a_capture_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = here / "src" / "server.ts"
    server.write_text(server.read_text().replace('  bus.on("job', '  // callcheck: ignore[cross-process-delivery] one replica is all there is\n  bus.on("job'))
    main(["capture", "-q", "-o", "x.ccb"])
    _, direct = report(capsys, ".")
    _, read = report(capsys, "x.ccb")
    assert direct["suppressed"]
    assert read["suppressed"] == direct["suppressed"]
