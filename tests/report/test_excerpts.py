"""Are the right lines shown, and is the right spot of each marked?"""

from __future__ import annotations

from types import ModuleType

import pytest

from callcheck.model.evidence import Location
from callcheck.model.noun import replace
from callcheck.report.excerpts import show, spot


def _meant(text: str, column: int | None) -> str:
    shown, start, end = spot(text, column)
    return shown[start:end]


@pytest.mark.parametrize(
    ("text", "column", "meant"),
    [
        ('  bus.on("x", (a) => f(a));', 3, 'bus.on("x", (a) => f(a))'),
        ('  bus.on("a)b", f); other()', 3, 'bus.on("a)b", f)'),
        ('  bus.on("x", (a) => {', 3, 'bus.on("x", (a) => {'),
        ("  await agent.run(task)", 9, "agent.run(task)"),
        ("  get(a).on(b).end()", 3, "get(a).on(b).end()"),
        ("  replicas: 4", 3, "replicas: 4"),
        ("  replicas: 4  ", None, "replicas: 4"),
        ("  f(g(x), y)", 5, "g(x)"),
        ("short", 99, ""),
        ("", 1, ""),
        ("\tbus.on(x)", 2, "bus.on(x)"),
    ],
)
def test_the_spot_is_the_call_that_begins_at_the_column(text: str, column: int | None, meant: str) -> None:
    assert _meant(text, column) == meant


def test_in_a_minified_line_the_surroundings_of_the_spot_are_kept() -> None:
    text = "a();" * 300_000 + 'bus.on("x",f);' + "b();" * 300_000
    shown, start, end = spot(text, 1_200_001)
    assert shown[start:end] == 'bus.on("x",f)'
    assert len(shown) <= 240


def test_near_places_share_a_block_and_far_ones_do_not(sample: ModuleType) -> None:
    near = show([sample.listener(line=9), sample.emission(line=13)], sample.lines)
    assert [[row.number for row in block.rows] for block in near.blocks] == [[8, 9, 10, 11, 12, 13, 14]]
    far = show([sample.listener(line=4), sample.emission(line=13)], sample.lines)
    assert len(far.blocks) == 2


def test_blocks_stand_in_the_order_of_the_evidence(sample: ModuleType) -> None:
    shown = show([sample.emission(line=13), sample.listener(line=4)], sample.lines)
    assert [block.first for block in shown.blocks] == [13, 4]


def test_what_exceeds_the_most_blocks_is_handed_back(sample: ModuleType) -> None:
    shown = show([sample.listener(path=f"src/{n}.ts") for n in range(9)], sample.lines)
    assert (len(shown.blocks), len(shown.rest)) == (6, 3)


def test_a_file_that_cannot_be_read_shows_what_the_probe_kept(sample: ModuleType) -> None:
    shown = show([sample.listener(path="app.log", line=7, excerpt="TypeError: x is undefined")], lambda *_: [])
    assert [row.text for row in shown.blocks[0].rows] == ["TypeError: x is undefined"]


def test_evidence_without_a_line_has_no_block(sample: ModuleType) -> None:
    shown = show([sample.instances()], sample.lines)
    assert (shown.blocks, len(shown.placeless)) == ((), 1)


def test_log_lines_that_say_the_same_become_a_note_and_the_end_of_a_traceback_is_kept(sample: ModuleType) -> None:
    shown = show(sample.failing().evidence, sample.lines)
    first, other = shown.blocks
    assert [(row.number, bool(row.labels)) for row in first.rows] == [(12, True), (14, False)]
    assert first.rows[1].text == "KeyError: 'step'"
    assert first.again == tuple(range(20, 28))
    assert (other.path, other.again) == ("logs/other.log", ())


def test_a_sample_within_a_record_says_which_of_its_lines_names_the_error(sample: ModuleType) -> None:
    lead, end, *_ = sample.failing().evidence
    (block,) = show([lead, replace(end, where=Location(end.where.path, 13))], sample.lines).blocks
    assert ([row.number for row in block.rows], block.again) == ([12, 13], ())
