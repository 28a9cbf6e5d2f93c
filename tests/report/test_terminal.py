"""Does the terminal report read well, whatever the terminal, and whatever comes from outside?"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType

import pytest

from callcheck.model.evidence import Looked
from callcheck.model.words import Outcome
from callcheck.report.confidence import in_words
from callcheck.report.paint import cells
from callcheck.report.terminal import Style, render

Expect = Callable[[str, str], None]

HOSTILE = {
    "escape": "a\x1b[2Jb",
    "window title": "a\x1b]0;pwn\x07b",
    "clipboard": "\x1b]52;c;cHdu\x07",
    "link": "\x1b]8;;file:///etc/passwd\x1b\\here\x1b]8;;\x1b\\",
    "C1": "a\x9b2Jb\x90q",
    "carriage return": "ERROR\rOK   ",
    "backspace": "bad\x08\x08\x08ok",
    "bidi": "gnp.\u202excod\u202c",
    "zero width": "job\u200bdone\ufeff",
    "new line": "a\n::error::pwn",
    "lone surrogate": "a\ud800b",
    "tag characters": "a\U000e0041b",
}
MARKUP = ("[/api] failed", "[link=file:///etc/passwd]x[/link]", "[bold", ":smile:", "[red]x")
RAW = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("full-80.txt", Style(80)),
        ("full-40.txt", Style(40)),
        ("full-ascii.txt", Style(80, drawn=False)),
        ("full-color.txt", Style(80, color=True)),
        ("full-verbose.txt", Style(80, verbose=True)),
        ("full-brief.txt", Style(80, brief=True)),
    ],
)
def test_the_report_reads_as_expected(sample: ModuleType, expect: Expect, name: str, style: Style) -> None:
    expect(render(sample.full(), sample.lines, style), name)


def test_what_everybody_expects_to_be_left_out_is_told_on_request_alone(sample: ModuleType) -> None:
    plain, verbose = (render(sample.full(), sample.lines, Style(80, verbose=verbose)) for verbose in (False, True))
    assert ("ignored by git: 2 files, 1 folder (gen/, src/a.gen.ts, src/b.gen.ts)" in plain, "node_modules" in plain, "node_modules" in verbose) == (True, False, True)


def test_of_many_reasons_to_look_at_nothing_the_commonest_are_told_and_those_that_an_option_ends(sample: ModuleType) -> None:
    report = sample.report()
    report.ledger.looks.extend(Looked(f"probe-{number}", frozenset(), Outcome.NOTHING, f"no file {number % 20}") for number in range(50))
    report.ledger.looks.append(Looked("upstreams", frozenset(), Outcome.NOTHING, "other machines are asked only with --online"))
    plain, verbose = (" ".join(render(report, sample.lines, Style(80, verbose=verbose)).split()) for verbose in (False, True))
    assert "upstreams (other machines are asked only with --online); and 37 more; -v lists them" in plain
    assert ("no Procfile" in plain, "no Procfile" in verbose) == (False, True)


def test_nothing_found_is_not_said_to_be_all_well(sample: ModuleType, expect: Expect) -> None:
    expect(render(sample.report(), sample.lines, Style(80)), "nothing-80.txt")


def test_long_lists_of_probes_are_counted_and_named_on_request(sample: ModuleType) -> None:
    report = sample.full()
    looks = [Looked(f"sees-{n}", frozenset(), Outcome.DONE) for n in range(20)] + [Looked(f"idle-{n}", frozenset(), Outcome.NOTHING, "no YAML files") for n in range(5)]
    report.ledger.looks[:] = [*looks, Looked("pm2", frozenset(), Outcome.NOTHING, "no ecosystem file")]
    short, whole = (render(report, sample.lines, Style(verbose=verbose)) for verbose in (False, True))
    assert "20 probes, named by --verbose" in short and "5 probes (no YAML files), pm2 (no ecosystem file)" in short
    assert "sees-7" not in short and "sees-7" in whole and "idle-3" in whole


def test_only_unlikely_causes_are_named_in_a_line_each(sample: ModuleType, expect: Expect) -> None:
    expect(render(sample.report(sample.rival()), sample.lines, Style(80)), "unlikely-80.txt")


@pytest.mark.parametrize(("name", "style"), [("log-80.txt", Style(80)), ("log-40.txt", Style(40, drawn=False))])
def test_lines_of_a_log_are_shown_whole_and_repeated_ones_counted(
    sample: ModuleType, expect: Expect, name: str, style: Style
) -> None:
    expect(render(sample.report(sample.failing()), sample.lines, style), name)


def test_causes_below_the_least_confidence_are_left_out(sample: ModuleType) -> None:
    assert "late-registration" not in render(sample.full(), sample.lines, Style(80), 0.5)


@pytest.mark.parametrize("width", [24, 32, 40, 60, 80, 110])
@pytest.mark.parametrize("drawn", [True, False])
def test_no_line_is_wider_than_the_terminal(sample: ModuleType, width: int, drawn: bool) -> None:
    everything = sample.report(sample.diagnosed(), sample.failing(), sample.rival())
    text = render(everything, sample.lines, Style(width, drawn=drawn, verbose=True))
    # In ASCII the mark of a cut is three columns instead of one.
    wide = [line for line in text.splitlines() if cells(line) > width + (0 if drawn else 2)]
    assert wide == []


def test_without_colour_there_is_no_escape_and_with_it_only_colours(sample: ModuleType) -> None:
    plain = render(sample.full(), sample.lines, Style(80))
    coloured = render(sample.full(), sample.lines, Style(80, color=True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_ascii_is_enough_where_the_encoding_knows_no_more(sample: ModuleType) -> None:
    assert render(sample.full(), sample.lines, Style(80, drawn=False)).isascii()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("style", [Style(80), Style(40, color=True), Style(80, brief=True), Style(80, verbose=True)])
def test_what_could_fool_a_terminal_never_reaches_it_raw(sample: ModuleType, name: str, style: Style) -> None:
    evil = HOSTILE[name]
    heard = sample.listener(path=f"src/{evil}.ts", event=evil, excerpt=f'bus.on("{evil}")')
    told = sample.diagnosed()
    poisoned = type(told)(told.rule, 0.9, f"{evil} is awaited", (heard, sample.listener(event=evil)), fixes=told.fixes)
    text = render(sample.report(poisoned, sample.rival()), lambda *_: [f"bus.on({evil})"] * 3, style)
    left = re.sub(r"\x1b\[[0-9;]*m", "", text) if style.color else text
    assert not RAW.search(left)


@pytest.mark.parametrize("evil", MARKUP)
def test_rich_markup_from_outside_stays_as_it_is(sample: ModuleType, evil: str) -> None:
    told = sample.diagnosed()
    heard = sample.listener(event=evil, path="app.log", excerpt=evil)
    text = render(sample.report(type(told)(told.rule, 0.9, f"{evil} is awaited", (heard,))), lambda *_: [], Style(80))
    assert text.count(evil) >= 3


@pytest.mark.parametrize("evil", ["::error file=x::pwn", "::stop-commands::x", "##[group]x"])
def test_no_line_is_a_command_to_a_github_runner(sample: ModuleType, evil: str) -> None:
    told = sample.diagnosed()
    heard = sample.listener(event=evil, path=evil, excerpt=evil)
    poisoned = type(told)(told.rule, 0.9, evil, (heard,))
    for style in (Style(24), Style(80, brief=True), Style(80, verbose=True)):
        text = render(sample.report(poisoned), lambda *_: [evil] * 9, style)
        assert not [line for line in text.splitlines() if line.lstrip().startswith(("::", "##["))]


def test_a_secret_in_a_line_is_masked_and_the_line_still_marked(sample: ModuleType) -> None:
    told = sample.diagnosed()
    source = '  connect({ apiKey: "abcdef0123456789abcdef" }).on("x", f);'
    poisoned = type(told)(told.rule, 0.9, "x", (sample.listener(line=1),))
    text = render(sample.report(poisoned), lambda _, first, last: [source][first - 1 : last], Style(80))
    assert "abcdef0123456789" not in text
    assert "[redacted]" in text


def test_a_confidence_is_said_in_words_and_figures() -> None:
    assert in_words(0.93) == "very likely, 93 %"
    assert in_words(0.5) == "more likely than not, 50 %"
    assert in_words(0.1) == "unlikely, 10 %"
