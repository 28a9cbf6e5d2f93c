"""Is a period of the logs read as if the rest were not there, in the short and the long path, plain and packed, and what is left out said?"""

from __future__ import annotations

import gzip
import io
import os
import random
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcheck.model.period import Period
from callcheck.sources.logs import blocks, cut, ranges, reading, seek
from callcheck.sources.logs.blocks import Part
from callcheck.sources.logs.chosen import plan
from callcheck.sources.logs.finder import finders
from callcheck.sources.logs.pools import Crew
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.summary import Outside, Summary
from callcheck.sources.logs.times import dated, seconds
from callcheck.sources.logs.unwrap import Unwrapper
from callcheck.sources.logs.within import Judge
from tests.sources.logs.test_long import flat, told
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
FINDERS = finders(KNOWN)
START = 1_780_000_000
LONG = 300_000


def stamp(second: float) -> str:
    return datetime.fromtimestamp(START + second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def period(since: float | None = None, until: float | None = None) -> Period:
    """In seconds after the beginning of `log`."""
    return Period(None if since is None else START + since, None if until is None else START + until)


def entries(count: int, every: int = 40, skew: int = 0) -> list[tuple[int, str]]:
    """One entry a second; with failures, tracebacks, and lines without a time that belong to the one before."""
    dice = random.Random(count)
    found = []
    for n in range(count):
        second = max(0, n + dice.randrange(-skew, skew + 1)) if skew else n
        text = f"{stamp(second)} INFO app: GET /items/{n} in {n % 90} ms"
        if n % every == every // 2:
            text = f"{stamp(second)} ERROR app: job {n:08x}aa failed: openai.RateLimitError: Error code: 429 - Rate limit reached for gpt"
        if n % (3 * every) == every:
            text = f'{stamp(second)} ERROR app: request {n:08x}bb\nTraceback (most recent call last):\n  File "a.py", line 3, in f\nKeyError: {n}'
        if n % (2 * every) == 7:
            text += f"\nno time here: job {n:08x}cc failed: openai.AuthenticationError: Error code: 401 - invalid_api_key"
        found.append((second, text))
    return found


def log(given: list[tuple[int, str]]) -> bytes:
    return "".join(f"{text}\n" for _, text in given).encode()


def read(folder: Path, data: bytes, asked: Period, name: str = "app.log", **more: Any) -> Summary:
    path = folder / name
    path.write_bytes(data)
    return Reading([path], None, KNOWN, folder, period=asked, **more).summary()


def alone(folder: Path, given: list[tuple[int, str]], since: int, until: int, **more: Any) -> tuple[Summary, Any]:
    """What the entries of a period say if the log holds no others, the lines counted as if it did."""
    by = sum(text.count("\n") + 1 for second, text in given if second < since)
    inside = [(second, text) for second, text in given if since <= second <= until]
    summary = read(folder, log(inside), Period(), **more)
    found, signals, handlers = told(summary)
    return summary, (
        [(line + by, last + by, kind, text) for line, last, kind, text in found],
        {key: (count, [line + by for line in lines]) for key, (count, lines) in signals.items()},
        {key: (count, [line + by for line in lines]) for key, (count, lines) in handlers.items()},
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_period_of_a_short_log_reads_as_if_the_rest_were_not_there(tmp_path: Path, pack: Any) -> None:
    given = entries(2000)
    summary = read(tmp_path, pack(log(given)), period(500, 1200))
    (expected, said), (whole, _) = alone(tmp_path, given, 500, 1200), alone(tmp_path, given, 0, 2000)
    assert told(summary) == said
    assert summary.records == expected.records
    assert (summary.first, summary.last) == (START + 500, START + 1200)
    assert summary.outside.before + summary.outside.after + summary.records == whole.records
    assert "entries before --since" in next(lost.why for lost in summary.left_out())


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd", "stdin", "processes"])
def test_a_period_of_a_long_log_reads_as_if_the_rest_were_not_there(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (blocks, cut, ranges, seek, reading):
        monkeypatch.setattr(module, "BLOCK", 1 << 16)
    given = entries(60_000, 400)
    since, until = 20_000, 41_000
    data = log(given)
    expected, said = alone(tmp_path, given, since, until, long=LONG)
    asked = period(since, until)
    if form == "stdin":
        summary = Reading([], io.BytesIO(data), KNOWN, tmp_path, long=LONG, period=asked).summary()
    elif form == "processes":
        monkeypatch.undo()  # other processes have their own
        with ProcessPoolExecutor(2) as pool:
            summary = read(tmp_path, data, asked, long=LONG, crew=Crew(pool, 2, 1))
    else:
        packed = {"plain": bytes, "gzip": gzip.compress, "zstd": zstd}[form](data)
        summary = read(tmp_path, packed, asked, long=LONG)
    assert told(summary) == said
    assert len(expected.failures.found) > 50
    assert (summary.first, summary.last) == (START + since, START + until)
    if form != "processes":
        assert summary.outside.unread > 0.5 * len(data)


def zstd(data: bytes) -> bytes:
    made: bytes = pytest.importorskip("zstandard").compress(data)
    return made


def test_of_a_long_file_only_the_stretch_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (blocks, cut, ranges, seek, reading):
        monkeypatch.setattr(module, "BLOCK", 1 << 16)
    touched: list[int] = []
    part_of = ranges.part_of
    monkeypatch.setattr(ranges, "part_of", lambda data, origin, block, *rest: touched.append(block) or part_of(data, origin, block, *rest))
    data = log(entries(60_000, 400))
    read(tmp_path, data, period(30_000, 31_000), long=LONG)
    assert len(touched) <= 5 < len(data) // (1 << 16) // 5


def test_a_log_in_no_order_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `docker compose logs > file` may write one container after the other."""
    monkeypatch.setattr(blocks, "BLOCK", 1 << 16)
    one, other = entries(30_000, 400), entries(30_000, 410)
    given = one + other
    summary = read(tmp_path, log(given), period(10_000, 12_000), long=LONG)
    _, (found, *_) = alone(tmp_path, given, 10_000, 12_000)
    assert [text for *_, text in told(summary)[0]] == [text for *_, text in found]


def test_files_outside_are_not_read(tmp_path: Path) -> None:
    data = log(entries(6_000))
    for asked in (period(since=10_000), period(until=-500)):
        # Entries that were read and left out are counted as such.
        assert read(tmp_path, data, asked).outside == Outside(unread=len(data))


def test_a_packed_file_that_was_last_written_before_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "app.log.gz"
    path.write_bytes(gzip.compress(log(entries(6_000))))
    os.utime(path, (START + 6_000, START + 6_000))
    summary = Reading([path], None, KNOWN, tmp_path, period=period(since=3 * 86_400)).summary()
    assert summary.outside == Outside(unread=path.stat().st_size)
    # A time that lies before the log's own dates proves nothing.
    os.utime(path, (START - 9_000_000, START - 9_000_000))
    summary = Reading([path], None, KNOWN, tmp_path, period=period(since=5_000)).summary()
    assert summary.records > 900


def test_without_dates_all_is_read_and_that_is_said(tmp_path: Path) -> None:
    data = b"".join(b"[10:%02d:%02d] ERROR: openai.AuthenticationError: Error code: 401\n" % (n // 60 % 60, n % 60) for n in range(9000))
    for long in (LONG, 8_000_000):
        summary = read(tmp_path, data, period(5, 9), long=long)
        assert any("cannot be told" in lost.why for lost in summary.lost)
        assert summary.failures.found


def test_a_date_without_a_year_is_of_the_year_before_the_log_was_last_written(tmp_path: Path) -> None:
    newest = seconds("2026-02-03T00:00:00Z")
    assert newest is not None
    for text, expected in (("Feb  2 10:00:00", "2026-02-02T10:00:00Z"), ("Dec 31 10:00:00", "2025-12-31T10:00:00Z"), ("Feb 29 10:00:00", "2024-02-29T10:00:00Z")):
        time = seconds(text)
        assert time is not None
        assert dated(time, newest) == seconds(expected)
    clock = seconds("10:00:00")
    assert clock is not None
    assert dated(clock, newest) is None
    path = tmp_path / "syslog.log"
    path.write_text("".join(f"Jan {day:2} 10:00:00 host app[7]: openai.AuthenticationError: Error code: 401\n" for day in range(1, 31)))
    os.utime(path, (newest, newest))
    asked = Period(seconds("2026-01-11T00:00:00Z"), seconds("2026-01-20T23:00:00Z"))
    summary = Reading([path], None, KNOWN, tmp_path, period=asked).summary()
    assert (summary.records, summary.outside.before, summary.outside.after) == (10, 10, 10)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_split_in_any_order_gives_the_same_part(data: st.DataObject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in (blocks, cut, ranges):
        monkeypatch.setattr(module, "BLOCK", 2048)
        monkeypatch.setattr(module, "REACH", 512)
    monkeypatch.setattr(blocks, "PERIOD", 64 * 2048)
    monkeypatch.setattr(blocks, "MOST_TELLING", 40)
    monkeypatch.setattr(blocks, "MOST_STAGING", 20)
    text = log(entries(1200, data.draw(st.integers(3, 60)), data.draw(st.sampled_from((0, 5, 400)))))
    path = tmp_path / "app.log"
    path.write_bytes(text)
    unwrapper = Unwrapper(KNOWN.formats, text.decode().split("\n")[:200])
    since = data.draw(st.integers(0, 1200))
    judge = Judge(period(since, since + data.draw(st.integers(0, 900))), START + 9e6, unwrapper)
    made = plan(unwrapper, text[:2048], FINDERS, len(text), judge)
    count = -(-len(text) // 2048)
    cuts = sorted({0, count, *data.draw(st.lists(st.integers(0, count), max_size=6))})
    split = Part()
    for first, until in data.draw(st.permutations(list(zip(cuts, cuts[1:], strict=False)))):
        known = split if data.draw(st.booleans()) else None
        split.merge(ranges.part_at(path, len(text), first, until, made, FINDERS, known))
    whole = ranges.part_at(path, len(text), 0, count, made, FINDERS)
    assert flat(split) == flat(whole)
