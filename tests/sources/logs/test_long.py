"""Is a long log read as its lines stand, whatever parts it is read in and whatever it is packed in?"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcheck.sources import twin
from callcheck.sources.logs import blocks, chosen, cut, places, ranges
from callcheck.sources.logs.blocks import Part, Plan
from callcheck.sources.logs.finder import MASK, SHIFT, Finder, finders
from callcheck.sources.logs.pools import Crew
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.summary import Summary
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
FINDERS = finders(KNOWN)
LONG = 300_000


def log(lines: int = 12_000, every: int = 400, seed: int = 1) -> bytes:
    """Ordinary lines, with a failure, a traceback or a delivery here and there."""
    dice = random.Random(seed)
    out = []
    for n in range(lines):
        head = f"2026-03-01T10:{n // 600 % 60:02d}:{n // 10 % 60:02d}.{n % 10}00Z api-7f6c9d5b8-{'x2k4q' if n % 2 else 'm9w7d'}"
        out.append(f'{head} INFO: 10.0.0.{n % 250}:4000 - "GET /items/{dice.randrange(900)} HTTP/1.1" 200 OK')
        if n % every == every // 2:
            out.append(
                f"{head} ERROR app.mail: job {n:08x}aa failed: openai.RateLimitError: Error code: 429 - Rate limit reached for gpt"
            )
        if n % (3 * every) == every:
            out += [
                f"{head} ERROR app: request {n:08x}bb",
                "Traceback (most recent call last):",
                '  File "a.py", line 3, in f',
                "    f()",
                "KeyError: 'id'",
            ]
    return "\n".join(out).encode() + b"\n"


def read(folder: Path, data: bytes, name: str = "app.log", **more: Any) -> Summary:
    path = folder / name
    path.write_bytes(data)
    return Reading([path], None, KNOWN, folder, long=LONG, **more).summary()


def told(summary: Summary) -> tuple[Any, ...]:
    """What trackers of failures hold, with line numbers."""
    at = [places.numbered(f.place) for f in summary.failures.found]
    found = sorted((p.line, p.last, f.kind, f.text) for p, f in zip(at, summary.failures.found, strict=True))
    signals = {
        key: (t.count, sorted(places.numbered(p).line for p, _ in t.samples))
        for key, t in summary.signals.signals.items()
    }
    handlers = {
        key: (t.count, sorted(places.numbered(p).line for p, _ in t.samples))
        for key, t in summary.signals.handlers.items()
    }
    return found, signals, handlers


def flat(value: Any) -> Any:
    """A value that can be compared."""
    if is_dataclass(value):
        return [flat(getattr(value, f.name)) for f in fields(value)]
    if isinstance(value, dict):
        return sorted((repr(k), flat(v)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return [flat(v) for v in value]
    return value


def test_the_chosen_lines_say_what_all_lines_say(tmp_path: Path) -> None:
    data = log()
    assert len(data) > LONG
    chosen_ = read(tmp_path, data)
    whole = Reading([tmp_path / "app.log"], None, KNOWN, tmp_path).summary()
    assert "of a long log" in chosen_.lost[0].why
    assert not whole.lost
    assert len(whole.failures.found) == 30
    assert told(chosen_) == told(whole)


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, lambda d: gzip.compress(d[:99_999]) + gzip.compress(d[99_999:])],
)
def test_packed_and_plain_say_the_same(tmp_path: Path, pack: Any) -> None:
    data = log()
    packed = read(tmp_path, pack(data))
    assert told(packed) == told(read(tmp_path, data))
    assert packed.lines == data.count(b"\n")


def test_utf_16_and_standard_input_say_the_same(tmp_path: Path) -> None:
    data = log()
    plain = told(read(tmp_path, data))
    assert told(read(tmp_path, data.decode().encode("utf-16"))) == plain
    piped = Reading([], io.BytesIO(data), KNOWN, tmp_path, long=LONG).summary()
    assert told(piped) == plain


def test_zstd_says_the_same(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    data = log()
    assert told(read(tmp_path, zstandard.compress(data), "app.log.zst")) == told(read(tmp_path, data))


def test_processes_say_the_same_as_threads(tmp_path: Path) -> None:
    data = log(40_000)
    with ProcessPoolExecutor(2) as pool:
        assert told(read(tmp_path, data, crew=Crew(pool, 2, 1))) == told(read(tmp_path, data))


@pytest.mark.parametrize("every", [400, 7])
def test_twins_say_the_same_as_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    if not twin.possible():
        pytest.skip("takes Linux, two processors, and no thread beside this one")
    for module in (blocks, cut, ranges):
        monkeypatch.setattr(module, "BLOCK", 65_536)
    monkeypatch.setattr(blocks, "PERIOD", 64 * 65_536)
    data = log(40_000, every)
    asked: list[bool] = []
    monkeypatch.setattr(twin, "possible", lambda possible=twin.possible: asked.append(possible()) or asked[-1])
    by_twins = read(tmp_path, data)
    assert asked == [True] * 3
    monkeypatch.setattr(twin, "possible", lambda: False)
    by_threads = read(tmp_path, data)
    assert [name for name in vars_of(by_twins) if flat(getattr(by_twins, name)) != flat(getattr(by_threads, name))] == []
    assert told(by_twins) == told(by_threads)


def vars_of(summary: Summary) -> list[str]:
    return [each.name for each in fields(summary)]


@pytest.mark.parametrize("floor", [0, 3, 7])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_split_in_any_order_gives_the_same_part(
    data: st.DataObject, floor: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in (blocks, cut, ranges):
        monkeypatch.setattr(module, "BLOCK", 2048)
        monkeypatch.setattr(module, "REACH", 512)
    monkeypatch.setattr(blocks, "PERIOD", 64 * 2048)
    monkeypatch.setattr(blocks, "MOST_TELLING", 40)
    monkeypatch.setattr(blocks, "MOST_STAGING", 20)
    text = log(1200, data.draw(st.integers(3, 60)), data.draw(st.integers(0, 5)))
    path = tmp_path / "app.log"
    path.write_bytes(text)
    plan = Plan((), floor)
    count = -(-len(text) // 2048)
    cuts = sorted({0, count, *data.draw(st.lists(st.integers(0, count), max_size=6))})
    jobs = data.draw(st.permutations(list(zip(cuts, cuts[1:], strict=False))))
    split = Part()
    for first, until in jobs:
        known = split if data.draw(st.booleans()) else None
        split.merge(ranges.part_at(path, len(text), first, until, plan, FINDERS, known))
    serial = ranges.part_at(path, len(text), 0, count, plan, FINDERS)
    streamed, error = ranges.of_stream([text[n : n + 777] for n in range(0, len(text), 777)], plan, FINDERS)
    assert error is None
    assert flat(split) == flat(serial) == flat(streamed)


def test_hyperscan_and_the_slow_way_find_the_same() -> None:
    pytest.importorskip("hyperscan")
    texts = FINDERS.every.texts
    slow = Finder(texts)
    slow._database = None
    lines = [s for sign in KNOWN.signatures for s in sign.samples] + [
        "TimeOut",
        "econnRESET",
        "Error error ERROR",
        '"level":50 HTTP/1.1" 502',
    ]
    data = bytearray("\n".join(lines).encode())
    assert FINDERS.every.fast
    assert slow.find(data, 3, len(data)) == FINDERS.every.find(data, 3, len(data))
    first = Finder(FINDERS.once.texts, once=True)
    first._database = None
    assert first.find(data, 3, len(data)) == FINDERS.once.find(data, 3, len(data))


def test_every_signature_has_an_anchor_in_its_samples() -> None:
    telling = FINDERS.telling
    for sign in KNOWN.signatures:
        for sample in sign.samples:
            data = bytearray(sample.encode())
            assert telling.find(data, 0, len(data)), (sign.signal, sample)


def test_a_hit_names_its_text() -> None:
    data = bytearray(b"xx ECONNRESET")
    assert {FINDERS.telling.texts[hit & MASK].text for hit in FINDERS.telling.find(data, 2, len(data))} == {
        "ECONNRESET"
    }
    assert all(hit >> SHIFT == len(data) for hit in FINDERS.telling.find(data, 2, len(data)))


@pytest.mark.parametrize(
    "hostile",
    [
        b"error " * 400_000,
        b"ECONNRESET\n" * 100_000,
        b"ok\n" * 3_000 + b"error\0\0\n" * 60_000,
        b"\n" * 900_000 + b"error: fetch failed\n",
        b" at x error\n" * 60_000,
        b'{"msg":"error' * 60_000,
        b"x" * 1_200_000 + b"\nERROR connect ECONNREFUSED 127.0.0.1:80\n",
    ],
    ids=["one line", "all match", "NULs", "empty lines", "only continuation", "broken JSON", "long line"],
)
def test_hostile_logs_take_bounded_room_and_are_said(tmp_path: Path, hostile: bytes) -> None:
    summary = read(tmp_path, b"2026-01-01T00:00:00Z INFO begun\n" + hostile)
    assert any("of a long log" in lost.why for lost in summary.lost)
    assert summary.records


def test_a_damaged_archive_says_where_and_what_stood_before_is_read(tmp_path: Path) -> None:
    packed = gzip.compress(log())
    summary = read(tmp_path, packed[: len(packed) // 2])
    assert any("the archive is damaged after" in lost.why for lost in summary.lost)
    assert summary.failures.found


def test_a_bomb_is_read_through_with_bounded_memory(tmp_path: Path) -> None:
    summary = read(tmp_path, gzip.compress(b"2026-01-01T00:00:00Z INFO begun\n" * 400 + b"\0" * 80_000_000))
    assert any("80,012,800 bytes" in lost.why for lost in summary.lost)


def test_a_log_that_becomes_shorter_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_file = ranges.of_file

    def cut(path: Path, *rest: Any) -> Part:
        os.truncate(path, 400_000)
        return of_file(path, *rest)

    monkeypatch.setattr(ranges, "of_file", cut)
    summary = read(tmp_path, log(30_000))
    assert any("became shorter" in lost.why for lost in summary.lost)
    assert summary.failures.found


def test_wrappers_hide_no_beginning(tmp_path: Path) -> None:
    prefixed = b"".join(b"[pod/api-1/app] " + line + b"\n" for line in log().split(b"\n")[:-1])
    assert told(read(tmp_path, prefixed)) == told(Reading([tmp_path / "app.log"], None, KNOWN, tmp_path).summary())


def test_the_stretches_of_a_level_lie_within_those_of_the_one_before() -> None:
    for at in range(0, 3 * blocks.PERIOD, 65_536):
        kept = [blocks.stretched(level, at) for level in range(24)]
        assert kept == sorted(kept, reverse=True)
    assert blocks.length(3) == blocks.PERIOD // 8
    assert chosen.PERIOD == blocks.PERIOD
