"""Are colour and width chosen as the user's environment asks?"""

from __future__ import annotations

import io

import pytest

from callcheck.cli import console


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environ", "on_terminal", "piped"),
    [
        ("auto", {}, True, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"CLICOLOR": "0"}, False, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, True, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, True, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_colour_follows_the_order_of_say(choice: str, environ: dict[str, str], on_terminal: bool, piped: bool) -> None:
    assert console.coloured(choice, _Terminal(), environ) is on_terminal
    assert console.coloured(choice, io.StringIO(), environ) is piped


@pytest.mark.parametrize(
    ("environ", "wide"),
    [({}, 80), ({"COLUMNS": "40"}, 40), ({"COLUMNS": "9"}, 24), ({"COLUMNS": "x"}, 80), ({"COLUMNS": "999"}, 110)],
)
def test_a_pipe_is_80_columns_wide_unless_columns_says_otherwise(environ: dict[str, str], wide: int) -> None:
    assert console.columns(io.StringIO(), environ) == wide


def test_progress_is_for_a_terminal_that_can_show_it() -> None:
    assert console.progress_wanted(_Terminal(), {})
    assert not console.progress_wanted(_Terminal(), {"TERM": "dumb"})
    assert not console.progress_wanted(io.StringIO(), {})


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()
    assert not console.terminal(stream)
