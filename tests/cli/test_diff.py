"""`callcheck diff` compares captures, folders and logs, and says with its status whether a cause came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callcheck.cli.app import main


@pytest.fixture
def both(app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the app as it was, `good`, and as it is, `bad`."""
    app.rename(tmp_path / "bad")
    (tmp_path / "good" / "src").mkdir(parents=True)
    for name in ("src/server.ts", "deployment.yaml"):
        (tmp_path / "good" / name).write_text((tmp_path / "bad" / name).read_text().replace("replicas: 4", "replicas: 1"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def document(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    status = main(["diff", *words, "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


def test_what_came_with_more_replicas_is_told_of_folders_and_of_captures_alike(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, folders = document(capsys, "good", "bad")
    assert status == 1
    assert folders["causes"][0]["cause"] == "cross-process-delivery"
    assert {(each["attribute"], each["before"], each["after"]) for each in folders["counts"]} >= {("callcheck.instance.count", 1, 4)}
    for name in ("good", "bad"):
        assert main(["capture", name, "-q", "-o", f"{name}.ccb"]) == 0
    again, captures = document(capsys, "good.ccb", "bad.ccb")
    assert again == 1
    assert captures["causes"] == folders["causes"]
    assert [each["message"] for each in captures["only"]] == [each["message"] for each in folders["only"]]


def test_a_person_reads_it_most_telling_first(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "good", "bad"]) == 1
    told = capsys.readouterr().out
    assert told.index("Causes: good") < told.index("Counts that moved")
    assert "came" in told
    assert "1 → 4" in told


def test_the_other_way_round_a_cause_went_and_the_same_does_not_differ(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = document(capsys, "bad", "good")
    assert status == 0
    assert found["causes"][0]["after"] < 0.5 <= found["causes"][0]["before"]
    assert main(["diff", "bad", "bad"]) == 0
    assert "does not differ" in capsys.readouterr().out
    assert document(capsys, "good", "bad", "--exit-zero")[0] == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("good", "nowhere"), 2, "nowhere does not exist"),
        (("good", "empty"), 3, "nothing could be examined"),
        (("-", "-"), 2, "one of the two"),
        (("good", "bad", "--format", "sarif"), 2, "told as terminal or json"),
        (("good", "bad.ccb"), 2, "no capture"),
    ],
)
def test_what_cannot_be_compared_says_why(both: Path, callcheck: Any, words: tuple[str, ...], status: int, said: str) -> None:
    (both / "empty").mkdir()
    (both / "bad.ccb").write_text("no")
    done = callcheck("diff", *words, cwd=both)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr
