"""Does a log say at any time, while it grows, what the same bytes say when they are read at once?"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcheck.model.period import ALWAYS, Period
from callcheck.sources.logs import Survey, follow
from callcheck.sources.logs.follow import Follow
from callcheck.sources.logs.growing import Growing
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.summary import Summary
from tests.sources.logs.test_journal import FORMS
from tests.sources.logs.test_long import log as long_log
from tests.sources.logs.test_long import told
from tests.sources.logs.test_merging import said
from tests.sources.logs.test_period import START, entries, log
from tests.tools.shipped import shipped_logs

ROOT = Path(__file__).resolve().parents[3]
KNOWN = shipped_logs()
GENUINE = sorted((ROOT / "fixtures" / "logs").glob("*/broken/**/*.log"))


def whole(folder: Path, data: bytes, asked: Period = ALWAYS, name: str = "app.log") -> Summary:
    (folder / name).write_bytes(data)
    return Reading([folder / name], None, KNOWN, folder, period=asked).summary()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 100_000))
def test_any_pieces_say_what_the_whole_says(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    data = dice.choice(GENUINE).read_bytes()[:20_000]
    asked = Period(START + 300, START + 500) if dice.random() < 0.3 else ALWAYS
    if asked or dice.random() < 0.2:
        data = log(entries(600, 30))
    grown = Growing("app.log", KNOWN, asked)
    cuts = sorted({0, len(data), *(dice.randrange(len(data)) for _ in range(dice.randrange(12)))})
    for begin, end in zip(cuts, cuts[1:], strict=False):
        grown.take(data[begin:end])
        if dice.random() < 0.5:
            upto = data.rfind(b"\n", 0, end) + 1
            assert grown.summary() == whole(tmp_path, data[:upto], asked)
    grown.end()
    at_once = whole(tmp_path, data, asked)
    assert grown.summary() == at_once
    assert said(grown.summary()) == said(at_once)


@pytest.mark.parametrize("form", ["export", "verbose", "json-pretty"])
@pytest.mark.parametrize("times", [1, 12])
def test_an_export_of_the_journal_that_comes_in_pieces_says_what_it_says_at_once(form: str, times: int, tmp_path: Path) -> None:
    data = FORMS[form] * times
    dice = random.Random(times)
    grown = Growing("app.log", KNOWN, ALWAYS)
    cuts = sorted({0, len(data), *(dice.randrange(len(data)) for _ in range(20))})
    for begin, end in zip(cuts, cuts[1:], strict=False):
        grown.take(data[begin:end])
        # The newest entry counts when it is over: when the next one begins.
        begun = max(0, (FORMS[form] * times)[:end].count(b"812") - 1)
        assert begun - 2 <= grown.summary().records <= begun + 1
    grown.end()
    at_once = whole(tmp_path, data)
    at_once.lines = grown.lines  # a last empty line is counted or not
    assert grown.summary() == at_once


def test_zeros_before_a_line_are_left_out(tmp_path: Path) -> None:
    text = "".join(entry(n) for n in range(300)).encode()
    for data in (bytes(5_000) + text, bytes(3) + text + bytes(700_000) + text, text + bytes(40_000)):
        grown = Growing("app.log", KNOWN, ALWAYS)
        for at in range(0, len(data), 50_000):
            grown.take(data[at : at + 50_000])
        grown.end()
        read = whole(tmp_path, data)
        assert grown.summary() == read
        assert len(read.failures.found) == data.count(b"ERROR")


def test_what_is_there_at_once_and_long_is_numbered_as_the_file_is(tmp_path: Path) -> None:
    first, second = long_log(3_000, seed=1), long_log(9_000, seed=2)
    grown = Growing("app.log", KNOWN, ALWAYS)
    grown.take(first)
    for _ in range(2):
        grown.take_long(second[at : at + 100_000] for at in range(0, len(second), 100_000))
    grown.take(first)
    every = whole(tmp_path, first + second + second + first)
    assert told(grown.summary()) == told(every)
    assert grown.lines == every.lines
    assert any("which were there at once" in lost.why for lost in grown.summary().lost)


def entry(n: int, key: str = "r") -> str:
    return f"2026-11-20T10:{n // 60 % 60:02d}:{n % 60:02d}Z ERROR app run {key}{n}x9 failed: openai.AuthenticationError: Error code: 401 - invalid_api_key\n"


def following(folder: Path, *names: str) -> Follow:
    return Follow(Survey([folder / name for name in names], None, KNOWN, folder))


def lines(held: Follow) -> list[tuple[str, int]]:
    return sorted((f.place.path, f.place.line) for f in held.survey().summary.failures.found)


def test_only_new_bytes_are_read(tmp_path: Path) -> None:
    one, other = tmp_path / "a.log", tmp_path / "b.log"
    one.write_text("".join(entry(n) for n in range(300)))
    other.write_text("")
    held = following(tmp_path, "a.log", "b.log")
    assert held.poll()
    assert not held.poll()
    with one.open("a") as first, other.open("a") as second:
        first.write(entry(300) + entry(301)[:40])
        second.write(entry(1, "s"))
    assert held.poll()
    assert lines(held) == [*(("a.log", n) for n in range(1, 302)), ("b.log", 1)]
    with one.open("a") as first:
        first.write(entry(301)[40:])
    held.end()
    assert lines(held)[300:] == [("a.log", 301), ("a.log", 302), ("b.log", 1)]
    assert [source.log.bytes for source in held._sources] == [one.stat().st_size, other.stat().st_size]


def test_a_file_that_is_cut_off_is_read_from_its_beginning_again(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(entry(1) + entry(2))
    held = following(tmp_path, "a.log")
    held.poll()
    path.write_text(entry(3))
    assert held.poll()
    # Cut off, and longer than it was before anybody looked.
    path.write_text("".join(entry(n, "t") for n in range(9)))
    assert held.poll()
    held.end()
    summary = held.survey().summary
    assert len(summary.failures.found) == 12
    assert summary.lines == 12
    assert any("cut off 2 times" in lost.why for lost in summary.lost)


def test_a_rotated_file_is_read_to_its_end_and_then_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(entry(1) + "2026-11-20T10:00:05Z ERROR app request failed\nTraceback (most recent call last):\n")
    held = following(tmp_path, "a.log")
    held.poll()
    with path.open("a") as out:
        out.write('  File "a.py", line 3, in f\nKeyError: 1\n' + entry(2))
    path.rename(tmp_path / "a.log.1")
    assert held.poll()
    assert not held.poll()  # there is none of that name for a while
    path.write_text(entry(3))
    assert held.poll()
    held.end()
    summary = held.survey().summary
    assert [f.place.line for f in summary.failures.found] == [1, 6, 1]
    assert any("rotated" in lost.why for lost in summary.lost)


def test_packed_files_beside_it_are_read_once(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "a.log.1.gz").write_bytes(gzip.compress(entry(1).encode()))
    (tmp_path / "a.log").write_text(entry(2))
    held = following(tmp_path, "a.log.1.gz", "a.log")
    for _ in range(3):
        held.poll()
    assert lines(held) == [("a.log", 1), ("a.log.1.gz", 1)]
    assert lines(held) == [("a.log", 1), ("a.log.1.gz", 1)]


def test_much_at_once_is_read_as_a_long_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "LONG", 300_000)
    path = tmp_path / "app.log"
    path.write_bytes(long_log(20_000))
    held = following(tmp_path, "app.log")
    held.poll()
    with path.open("ab") as out:
        out.write(long_log(9_000, seed=3))
    held.poll()
    held.end()
    assert told(held.survey().summary) == told(Reading([path], None, KNOWN, tmp_path).summary())


@pytest.mark.parametrize("long", [8_000_000, 100_000])
def test_a_pipe_is_read_to_its_end(tmp_path: Path, long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "LONG", long)
    monkeypatch.setattr(follow, "_MOST_WAITING", 2 * long)
    data = long_log(9_000)
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as stream:
        held = Follow(Survey([], stream, KNOWN, tmp_path))
        import threading

        def write() -> None:
            with os.fdopen(writer, "wb") as out:
                out.write(data)

        threading.Thread(target=write).start()
        until = time.monotonic() + 60
        while not held.over and time.monotonic() < until:
            held.poll()
            time.sleep(0.01)
        held.end()
    found, *_ = told(held.survey().summary)
    expected, *_ = told(whole(tmp_path, data))
    assert found == expected
    assert held.lines == data.count(b"\n")


def test_binary_is_said(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"\x7fELF\0\0")
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        held = Follow(Survey([], stream, KNOWN, tmp_path))
        until = time.monotonic() + 20
        while not held.over and time.monotonic() < until:
            held.poll()
        assert [lost.why for lost in held.survey().summary.lost] == ["binary, not a log"]
