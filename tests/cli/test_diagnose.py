"""Does `callcheck diagnose` answer, and end with the right status?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest


def test_a_likely_cause_ends_with_1_and_stands_first(callcheck, app: Path) -> None:
    done = callcheck("diagnose", cwd=app)
    assert done.returncode == 1, done.stderr
    assert "cross-process-delivery" in done.stdout
    assert "src/server.ts:8" in done.stdout
    assert done.stderr == ""


def test_the_json_of_a_real_run_fits_the_schema_that_is_printed(callcheck, app: Path) -> None:
    done = callcheck("diagnose", ".", "--format", "json", cwd=app)
    schema = json.loads(callcheck("schema", "report", cwd=app).stdout)
    document = json.loads(done.stdout)
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert document["targets"] == ["."]
    first = document["diagnoses"][0]
    assert {(item["file"], item["line"]) for item in first["evidence"]} >= {
        ("src/server.ts", 8),
        ("deployment.yaml", 5),
    }


def test_files_are_named_from_where_the_command_runs(callcheck, app: Path) -> None:
    done = callcheck("diagnose", "app", "--format=json", cwd=app.parent)
    files = {item["file"] for item in json.loads(done.stdout)["diagnoses"][0]["evidence"]}
    assert "app/src/server.ts" in files


@pytest.mark.parametrize("words", [("--exit-zero",), ("--fail-on", "1"), ("--fail-on=0.999",)])
def test_the_status_can_be_asked_for_otherwise(callcheck, app: Path, words: tuple[str, ...]) -> None:
    assert callcheck("diagnose", *words, cwd=app).returncode == 0


def test_an_app_without_a_fault_ends_with_0_and_is_not_called_well(callcheck, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("print('hello')\n")
    done = callcheck("diagnose", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Nothing likely was found." in done.stdout


def test_an_empty_folder_ends_with_3(callcheck, tmp_path: Path) -> None:
    done = callcheck("diagnose", cwd=tmp_path)
    assert done.returncode == 3
    assert "Nothing could be examined." in done.stdout
    assert "nothing could be examined" in done.stderr


def test_a_missing_path_ends_with_2_and_names_the_nearest(callcheck, app: Path) -> None:
    done = callcheck("diagnose", "scr", cwd=app)
    assert (done.returncode, done.stdout) == (2, "")
    assert "scr does not exist" in done.stderr
    assert "did you mean src?" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--probe", "nonsense"), "no probe is called nonsense"),
        (("--skip-probe", "nonsense"), "no probe is called nonsense"),
        (("--format", "xml"), "`format` is terminal or json or sarif or github or gitlab or junit or markdown or html, not xml"),
        (("--fail-on", "2"), "a number from 0 to 1"),
        (("--min-confidence", "nan"), "a number from 0 to 1"),
        (("--color", "blue"), "auto or always or never"),
        (("--rules", "nowhere"), "no folder"),
        (("--frobnicate",), "No such option"),
        (("--format",), "requires an argument"),
        (("--as", "poem", "src"), "logs or source or config"),
        (("--output", "no/such/folder/x.txt"), "cannot write"),
        (("--config", "none.yml"), "none.yml"),
    ],
)
def test_a_wrong_call_ends_with_2_and_says_what_is_wrong(
    callcheck, app: Path, words: tuple[str, ...], said: str
) -> None:
    done = callcheck("diagnose", *words, cwd=app)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_report_can_be_written_to_a_file(callcheck, app: Path) -> None:
    done = callcheck("diagnose", "--output", "report.txt", cwd=app, env={"FORCE_COLOR": "1"})
    assert (done.returncode, done.stdout) == (1, "")
    text = (app / "report.txt").read_text(encoding="utf-8")
    assert "cross-process-delivery" in text
    assert "\x1b" not in text


def test_one_probe_alone_looks_alone(callcheck, app: Path) -> None:
    done = callcheck("diagnose", "--probe", "kubernetes", "--format", "json", cwd=app)
    document = json.loads(done.stdout)
    named = {look["probe"] for look in document["looked"] + document["not_looked"]}
    assert "kubernetes" in named
    assert "listeners" not in named


def test_quiet_prints_a_line_a_cause(callcheck, app: Path) -> None:
    lines = callcheck("diagnose", "-q", cwd=app).stdout.splitlines()
    assert lines[0].startswith("src/server.ts:8: ")
    assert all(line.endswith(" %)") for line in lines)


def test_colour_obeys_the_environment_and_the_option_beats_it(callcheck, app: Path) -> None:
    def coloured(*words: str, **environ: str) -> bool:
        return "\x1b[" in callcheck("diagnose", *words, cwd=app, env=environ).stdout

    assert not coloured()
    assert coloured(FORCE_COLOR="1")
    assert not coloured(FORCE_COLOR="1", NO_COLOR="1")
    assert coloured("--color", "always", NO_COLOR="1")
    assert not coloured("--color=never", CLICOLOR_FORCE="1")


def test_a_narrow_terminal_gets_narrow_lines(callcheck, app: Path) -> None:
    done = callcheck("diagnose", cwd=app, env={"COLUMNS": "40"})
    assert max(map(len, done.stdout.splitlines())) <= 40


def test_a_reader_who_leaves_early_is_no_error(app: Path, root: Path) -> None:
    script = f'"{sys.executable}" -m callcheck diagnose . -v --format json | head -1; echo "${{PIPESTATUS[0]}}"'
    environ = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(["bash", "-c", script], cwd=app, env=environ, capture_output=True, text=True, timeout=60)
    assert done.stdout == "{\n1\n"
    assert done.stderr == ""


def test_a_closed_standard_output_makes_no_noise(app: Path, root: Path) -> None:
    script = f'"{sys.executable}" -m callcheck diagnose >&-; echo $? >&2'
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=app,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr


def test_an_ascii_terminal_gets_ascii(callcheck, app: Path) -> None:
    done = callcheck("diagnose", cwd=app, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1, done.stderr
    assert done.stdout.isascii()


def test_standard_input_is_a_log(callcheck, app: Path) -> None:
    done = callcheck("diagnose", "-", "--format", "json", cwd=app, stdin="2024-05-01T10:00:00Z INFO started\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["targets"] == ["-"]


def test_no_cache_keeps_nothing(callcheck, app: Path, tmp_path: Path) -> None:
    def said(*words: str, **env: str) -> str:
        return callcheck("diagnose", ".", "-f", "json", *words, cwd=app, env={"XDG_CACHE_HOME": str(tmp_path / "cache"), **env}).stdout

    without = said("--no-cache")
    assert said(CALLCHECK_NO_CACHE="true") == without
    assert not (tmp_path / "cache").exists()
    assert said(CALLCHECK_NO_CACHE="0") == without
    assert list((tmp_path / "cache" / "callcheck").glob("rules-*"))


def test_debug_says_what_was_taken_from_the_cache(callcheck, app: Path) -> None:
    first, again = (callcheck("diagnose", "--debug", cwd=app, env={"XDG_CACHE_HOME": str(app.parent / "cache")}).stderr for _ in range(2))
    assert "rules made" in first
    assert "rules taken" in again
    assert "from an earlier run: nothing" in again
