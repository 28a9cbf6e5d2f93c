"""Is a setting taken from where the user put it, and the strongest word obeyed?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.cli.config import discover, settle, show
from callcheck.model.errors import CallcheckError, RuleError, UsageError


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_word_the_defaults_hold(tmp_path: Path) -> None:
    settled = settle({}, tmp_path, {})
    assert (settled.settings.fail_on, settled.settings.format, settled.file) == (0.5, "terminal", None)


def test_the_command_line_beats_the_environment_and_that_the_file(tmp_path: Path) -> None:
    _write(tmp_path / ".callcheck.yml", "fail-on: 0.7\nmin-confidence: 0.2\nquiet: true\n")
    settled = settle({"fail-on": "0.9"}, tmp_path, {"CALLCHECK_FAIL_ON": "0.8", "CALLCHECK_MIN_CONFIDENCE": "0.3"})
    assert (settled.settings.fail_on, settled.settings.min_confidence, settled.settings.quiet) == (0.9, 0.3, True)
    assert settled.origins["fail_on"] == "command line"
    assert settled.origins["min_confidence"] == "CALLCHECK_MIN_CONFIDENCE"


def test_pyproject_is_read_where_it_has_our_table(tmp_path: Path) -> None:
    _write(tmp_path / "pyproject.toml", '[tool.callcheck]\nskip-probe = ["processes"]\nrules = ["mine"]\n')
    settings = settle({}, tmp_path, {}).settings
    assert settings.skip_probe == ("processes",)
    assert settings.rules == (tmp_path / "mine",)


def test_pyproject_without_our_table_is_passed_by(tmp_path: Path) -> None:
    _write(tmp_path / ".callcheck.yml", "fail-on: 0.7\n")
    _write(tmp_path / "sub" / "pyproject.toml", "[project]\nname = 'x'\n")
    assert settle({}, tmp_path / "sub", {}).settings.fail_on == 0.7


def test_the_search_ends_at_the_root_of_the_repository(tmp_path: Path) -> None:
    _write(tmp_path / ".callcheck.yml", "fail-on: 0.7\n")
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "src").mkdir()
    assert discover(tmp_path / "repo" / "src", {}) is None


def test_a_users_own_file_counts_when_the_project_has_none(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    own = _write(tmp_path / "xdg" / "callcheck" / "config.yml", "color: never\n")
    assert discover(tmp_path / "repo", {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}) == own


def test_isolated_reads_no_file_and_config_reads_this_one(tmp_path: Path) -> None:
    _write(tmp_path / ".callcheck.yml", "fail-on: 0.7\n")
    _write(tmp_path / "other.yml", "fail-on: 0.6\n")
    assert settle({}, tmp_path, {}, isolated=True).settings.fail_on == 0.5
    assert settle({}, tmp_path, {"CALLCHECK_ISOLATED": "1"}).settings.fail_on == 0.5
    assert settle({}, tmp_path, {}, config="other.yml").settings.fail_on == 0.6


def test_an_unknown_key_is_an_error_with_its_line_and_a_suggestion(tmp_path: Path) -> None:
    _write(tmp_path / ".callcheck.yml", "quiet: true\nfail-at: 0.7\n")
    with pytest.raises(RuleError) as raised:
        settle({}, tmp_path, {})
    assert ".callcheck.yml:2" in raised.value.message
    assert raised.value.hint == "did you mean fail-on?"


def test_a_file_may_not_choose_where_something_is_written(tmp_path: Path) -> None:
    _write(tmp_path / ".callcheck.yml", "output: ../../etc/cron.d/x\n")
    with pytest.raises(RuleError, match="cannot be set in a file"):
        settle({}, tmp_path, {})


def test_a_period_may_stand_in_a_file_as_yaml_and_toml_know_times(tmp_path: Path) -> None:
    _write(tmp_path / ".callcheck.yml", "since: 2026-11-20T10:15:00+01:00\nuntil: 2026-11-21\n")
    settled = settle({}, tmp_path, {})
    assert settled.settings.since is not None and settled.settings.until is not None
    assert settled.settings.since.at == 1795166100
    assert settled.settings.until.at == 1795219200
    settled = settle({"since": "90m"}, tmp_path, {})
    assert "since = 90m  # command line" in show(settled)


@pytest.mark.parametrize(
    "text",
    [
        "fail-on: high",
        "fail-on: true",
        "format: xml",
        "probe: 7",
        "quiet: maybe",
        "rules: [1]",
        "- a",
        "a: [",
        "[" * 50_000,
        "x: \x1b",
        "fail-on: .nan",
    ],
)
def test_a_file_that_does_not_fit_is_an_explained_error(tmp_path: Path, text: str) -> None:
    _write(tmp_path / ".callcheck.yml", text)
    with pytest.raises(CallcheckError):
        settle({}, tmp_path, {})


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_sets_nothing(tmp_path: Path, text: str) -> None:
    _write(tmp_path / ".callcheck.yml", text)
    assert settle({}, tmp_path, {}).settings.fail_on == 0.5


@pytest.mark.parametrize("text", ["tool = 3\n# [tool.callcheck", "[tool]\ncallcheck = 3\n# [tool.callcheck]"])
def test_a_toml_of_another_shape_is_no_traceback(tmp_path: Path, text: str) -> None:
    _write(tmp_path / "pyproject.toml", text)
    with pytest.raises(RuleError):
        settle({}, tmp_path, {})


def test_a_wrong_word_in_the_environment_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="fail-on"):
        settle({}, tmp_path, {"CALLCHECK_FAIL_ON": "much"})


def test_lists_in_the_environment_are_separated_by_commas(tmp_path: Path) -> None:
    assert settle({}, tmp_path, {"CALLCHECK_SKIP_PROBE": "a, b"}).settings.skip_probe == ("a", "b")


def test_the_settings_are_shown_with_who_said_so(tmp_path: Path) -> None:
    text = show(settle({"quiet": True}, tmp_path, {"CALLCHECK_FORMAT": "json"}))
    assert "quiet = True  # command line" in text
    assert "format = json  # CALLCHECK_FORMAT" in text
    assert "fail-on = 0.5  # default" in text


def test_stages_of_the_users_own_log_lines_are_pairs_of_stage_and_expression(tmp_path: Path) -> None:
    _write(tmp_path / ".callcheck.yml", "stages:\n  emitted: 'out (?P<id>\\d+)'\n  handled: ['in (?P<id>\\d+)', 'got \\d+']\n")
    stages = settle({}, tmp_path, {}).settings.stages
    assert stages == (("emitted", r"out (?P<id>\d+)"), ("handled", r"in (?P<id>\d+)"), ("handled", r"got \d+"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stages: {emited: x}", "no stage is called `emited`"),
        ("stages: {emitted: '('}", "not a regular expression"),
        ("stages: {emitted: 3}", "a regular expression"),
        ("stages: word", "a mapping of stages"),
    ],
)
def test_stages_that_cannot_be_are_refused_with_their_place(tmp_path: Path, text: str, says: str) -> None:
    _write(tmp_path / ".callcheck.yml", text)
    with pytest.raises(RuleError, match=says):
        settle({}, tmp_path, {})
