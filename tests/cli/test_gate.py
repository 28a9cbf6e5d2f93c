"""The gate: what was there before is left out, and what a change brings is not, however lines, files and names move."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from callcheck.cli import gate
from callcheck.cli.app import main
from callcheck.cli.diagnose import paired
from callcheck.model.errors import UsageError

LEAK = """\
const express = require("express");
const {{ EventEmitter }} = require("node:events");
const bus = new EventEmitter();
const app = express();

app.get("/stream/{name}", (req, res) => {{
  res.setHeader("content-type", "text/event-stream");
  bus.on("{name}.changed", (row) => res.write(JSON.stringify(row)));
}});

app.post("/rows/{name}", (req, res) => {{
  bus.emit("{name}.changed", req.body);
  res.sendStatus(204);
}});
app.listen(3000);
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "package.json").write_text('{"dependencies": {"express": "^5.1.0"}}')
    (tmp_path / "orders.js").write_text(LEAK.format(name="orders"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    capsys.readouterr()
    status = main(["diagnose", ".", "--format", "json", *words])
    report = json.loads(capsys.readouterr().out)
    return {"status": status, "causes": [each["cause"] for each in report["diagnoses"] if each["confidence"] >= 0.5], "known": report["known"], "report": report}


def leaks(report: dict[str, object]) -> list[str]:
    """The files at which a leak is told, each place once."""
    every = report["report"]["diagnoses"]  # type: ignore[index]
    return sorted({item["file"] for each in every if each["cause"] == "listener-leak" for item in each["evidence"] if item["kind"] == "listener.grows"})


def test_a_finding_of_the_baseline_is_left_out_and_counted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "listener-leak" in found(capsys)["causes"]
    assert main(["baseline"]) == 0
    after = found(capsys, "--baseline", ".callcheck-baseline.jsonl")
    assert (after["status"], after["causes"]) == (0, [])
    assert "listener-leak" in [each["cause"] for each in after["known"]]  # type: ignore[attr-defined, index]


def test_a_second_one_of_the_same_kind_is_new(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["baseline"])
    (project / "stock.js").write_text(LEAK.format(name="stock"))
    after = found(capsys, "--baseline", ".callcheck-baseline.jsonl")
    assert (after["status"], leaks(after)) == (1, ["stock.js"])


def _moved(text: str, chance: random.Random) -> str:
    return "// written anew\n" * chance.randint(1, 30) + text


def _edited(text: str, chance: random.Random) -> str:
    return text.replace("(row) =>", f"(row{chance.randint(1, 9)}) =>").replace("stringify(row)", "stringify({ row: 1 })")


def _indented(text: str, chance: random.Random) -> str:
    return text.replace("\n  ", "\n" + " " * chance.choice([4, 8]))


def _untouched(text: str, chance: random.Random) -> str:
    return text


@pytest.mark.parametrize("seed", range(20))
def test_histories_bring_no_old_finding_back_and_hide_no_new_one(project: Path, capsys: pytest.CaptureFixture[str], seed: int) -> None:
    """Each history moves, edits, indents and renames at random, and adds a finding or none."""
    chance = random.Random(seed)
    names = chance.sample(["orders", "stock", "seats", "bids", "tides"], 3)
    (project / "orders.js").unlink()
    for name in names[:2]:
        (project / f"{name}.js").write_text(LEAK.format(name=name))
    main(["baseline"])
    changes: list[Callable[[str, random.Random], str]] = [_moved, _edited, _indented, _untouched]
    for name in names[:2]:
        path = project / f"{name}.js"
        change = chance.choice(changes)
        text = change(path.read_text(), chance)
        # A line that was edited in a file that was renamed is another line in another file.
        if change is not _edited and chance.random() < 0.5:
            path.unlink()
            path = project / "src" / f"{name}-routes.js"
            path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    new = chance.random() < 0.6
    if new:
        (project / f"{names[2]}.js").write_text(LEAK.format(name=names[2]))
    after = found(capsys, "--baseline", ".callcheck-baseline.jsonl")
    assert leaks(after) == ([f"{names[2]}.js"] if new else [])
    assert after["status"] == int(new)


@pytest.mark.parametrize("text", ["{", "[]", '{"cause": "x"}', '{"cause": "x", "file": 3, "text": "", "near": ["", ""], "message": ""}', '{"cause": "x", "file": "", "text": "", "near": [1], "message": ""}', "\x00"])
def test_a_malformed_baseline_shuts_the_gate(project: Path, text: str) -> None:
    (project / "b.jsonl").write_text(text + "\n")
    with pytest.raises(UsageError, match="no line of a baseline"):
        main(["diagnose", ".", "--baseline", "b.jsonl"])


def test_a_baseline_that_is_not_there_shuts_the_gate(project: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        main(["diagnose", ".", "--baseline", "nowhere.jsonl"])


@pytest.fixture
def repository(project: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        _git(project, *words)
    return project


def _git(folder: Path, *words: str) -> None:
    own = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *words], cwd=folder, env={**os.environ, **own}, check=True, capture_output=True)


def test_only_what_a_change_brings_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, "--diff-base", "main")["causes"] == []
    (repository / "stock.js").write_text(LEAK.format(name="stock"))
    after = found(capsys, "--diff-base", "main")
    assert (after["status"], leaks(after)) == (1, ["stock.js"])


def test_a_folder_below_is_compared_with_itself(repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    below = repository / "api"
    below.mkdir()
    (repository / "orders.js").rename(below / "orders.js")
    _git(repository, "add", "-A")
    _git(repository, "commit", "-q", "-m", "moved")
    monkeypatch.chdir(below)
    assert found(capsys, "--diff-base", "HEAD")["causes"] == []
    assert "listener-leak" in found(capsys, "--diff-base", "HEAD~1")["causes"]


def test_comparing_runs_no_program_of_the_repository(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / ".gitattributes").write_text("* filter=bad\n")
    for words in (["add", "-A"], ["commit", "-q", "-m", "attributes"], ["config", "filter.bad.smudge", f"touch {repository}/ran; cat"], ["config", "core.fsmonitor", f"touch {repository}/ran"]):
        _git(repository, *words)
    (repository / "ran").unlink(missing_ok=True)
    assert found(capsys, "--diff-base", "HEAD")["causes"] == []
    assert not (repository / "ran").exists()


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", ""])
def test_a_revision_that_is_none_is_said(repository: Path, revision: str) -> None:
    if revision:
        with pytest.raises(UsageError, match="is no revision here"):
            main(["diagnose", ".", f"--diff-base={revision}"])


def test_a_folder_that_is_in_no_repository_is_said(project: Path) -> None:
    with pytest.raises(UsageError, match="in no work tree of git"):
        main(["diagnose", ".", "--diff-base", "main"])


def test_only_some_causes_may_count(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, "--fail-on", "0.5:late-registration")["status"] == 0
    assert found(capsys, "--fail-on", "0.5:late-registration,listener-leak")["status"] == 1
    assert found(capsys, "--fail-on", "0.99:listener-leak")["status"] == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_could_not_be_read_fails_a_strict_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "compose.yaml").write_text("services: {}\n")
    (project / "compose.yaml").chmod(0)
    assert found(capsys, "--strict")["status"] == 2


def test_a_broken_file_fails_a_strict_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, "--strict")["status"] == 1
    (project / "compose.yaml").write_text("services: [\n")
    assert found(capsys, "--strict")["status"] == 2


def test_several_formats_come_of_one_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--format", "sarif", "--output", "a.sarif", "--format", "junit", "--output", "b.xml", "--format", "html", "--output", "c.html", "--format", "github"]
    assert main(["diagnose", ".", *words]) == 1
    assert json.loads((project / "a.sarif").read_text())["version"] == "2.1.0"
    assert (project / "b.xml").read_text().startswith("<?xml")
    assert (project / "c.html").read_text().startswith("<!doctype html>")
    assert capsys.readouterr().out.startswith("::error file=orders.js")


def test_a_service_that_decides_by_itself_gets_status_0(project: Path) -> None:
    assert main(["diagnose", ".", "--format", "sarif", "--output", "a.sarif"]) == 0
    assert main(["diagnose", ".", "--format", "sarif", "--output", "a.sarif", "--fail-on", "0.5"]) == 1
    assert main(["diagnose", ".", "--format", "sarif", "--output", "a.sarif", "--format", "terminal"]) == 1


@pytest.mark.parametrize(("given", "said"), [({"format": ["json", "sarif"]}, "only one format"), ({"output": ["a", "b"]}, "more --output"), ({"format": ["pdf", "json"], "output": ["a"]}, "")])
def test_formats_and_files_that_do_not_pair_are_said(given: dict[str, list[str]], said: str) -> None:
    if said:
        with pytest.raises(UsageError, match=said):
            paired(given)
    else:
        with pytest.raises(UsageError):
            main(["diagnose", ".", "--format", "pdf", "--output", "a", "--format", "json"])


def test_no_line_of_a_report_is_a_command_in_the_log_of_a_runner() -> None:
    told = gate.muted("::error::pwn\n", {"GITHUB_ACTIONS": "true"}).splitlines()
    word = told[0].removeprefix("::stop-commands::")
    assert (told[1], told[2], len(word)) == ("::error::pwn", f"::{word}::", 32)
    assert gate.muted("x\n", {}) == "x\n"


def test_the_summary_of_a_step_is_written_and_bounded(project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "summary.md"))
    main(["diagnose", ".", "--format", "github"])
    assert "listener-leak" in (project / "summary.md").read_text()
    monkeypatch.setattr(gate, "_MOST_SUMMARY", 100)
    (project / "summary.md").unlink()
    main(["diagnose", ".", "--format", "github"])
    assert (project / "summary.md").read_text().endswith("cut at 1 MB\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "no" / "such"))
    assert main(["diagnose", ".", "--format", "github"]) == 1
