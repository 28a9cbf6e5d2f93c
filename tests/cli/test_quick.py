"""Does the quick reader of the command line understand what typer understands, and leave it the rest?"""

from __future__ import annotations

import pytest
import typer

from callcheck.cli import app, quick

PLAIN = [
    ["diagnose"],
    ["diagnose", "."],
    ["diagnose", "a", "-", "pid:7"],
    ["diagnose", "--format", "json", "x"],
    ["diagnose", "--format=json", "--probe", "a", "--probe=b", "--skip-probe", "c"],
    ["diagnose", "-q", "-v", "-f", "json", "-o", "out.txt", "--exit-zero"],
    ["diagnose", "--rules", "r", "--min-confidence", "0.2", "--fail-on=0.9", "--as", "logs", "--color", "never"],
    ["diagnose", "--since", "15m", "--until=2026-11-20T10:15:00Z", "--follow", "a.log"],
    ["diagnose", "--config", "c.yml", "--isolated", "--show-settings", "--no-cache", "--debug"],
    ["diagnose", "--output="],
]
STRANGE = [
    [],
    ["explain", "x"],
    ["diagnose", "--help"],
    ["diagnose", "--nonsense"],
    ["diagnose", "-qv"],
    ["diagnose", "-fjson"],
    ["diagnose", "--format"],
    ["diagnose", "--format", "--quiet"],
    ["diagnose", "--quiet=1"],
    ["diagnose", "--", "-x"],
    ["diagnose", "--form", "json"],
]


@pytest.mark.parametrize("argv", PLAIN, ids=" ".join)
def test_a_plain_call_is_read_as_typer_reads_it(argv: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    monkeypatch.setattr(
        "callcheck.cli.diagnose.run", lambda words, given: heard.append((tuple(words), dict(given))) or 0
    )
    assert app.main(argv) == 0
    call = quick.read(argv)
    assert call is not None
    assert heard == [call]


@pytest.mark.parametrize("argv", STRANGE, ids=" ".join)
def test_anything_else_is_left_to_typer(argv: list[str]) -> None:
    assert quick.read(argv) is None


def test_both_know_the_same_options() -> None:
    command = typer.main.get_command(app.build(["diagnose", "rules"])).commands["diagnose"]  # type: ignore[attr-defined]
    known = {
        option[2:]
        for param in command.params
        for option in param.opts
        if option.startswith("--") and option != "--help"
    }
    assert known == quick.FLAGS | quick.SINGLE | quick.REPEATED
