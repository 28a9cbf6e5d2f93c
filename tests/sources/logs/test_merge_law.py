"""Is the whole report the same, whatever pieces the bytes of the logs are cut into and in whatever order what was read of them comes?

From bytes to JSON, through the whole pipeline: logs of several instances, plain and packed, with either line end, in UTF-16, with tracebacks;
cut at any byte, in the middle of a line, of a character or of an archive, and dealt to workers that answer in any order.
"""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import os
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from callcheck.cli.settings import Settings
from callcheck.collect import Options
from callcheck.model.noun import dataclass
from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from callcheck.report import json_v1
from callcheck.sources.logs import Survey, blocks, chosen, cut, ranges
from callcheck.sources.logs.far import LogFile
from callcheck.sources.logs.pools import Crew
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.summary import Summary
from tests.sources.logs.test_spread import AnyOrder
from tests.tools.shipped import shipped_logs

ROOT = Path(__file__).resolve().parents[3]
KNOWN = shipped_logs()
BASE = Path("/srv/logs")
LONG = 3_000
"""Logs of more bytes are read in blocks."""
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/app/mail.py", line 31, in send\n    client.post(url, json=payload)\n'
    '  File "/app/http.py", line 8, in post\n    raise ConnectError(request)\n'
    "httpx.ConnectError: [Errno 111] Connection refused\n"
)
BROKER = (
    "New client connected from 10.0.0.6:5614{n} as ledger-{n} (p2, c1, k30).", "ledger-{n} 1 till/+", "Client ledger-{n} closed its connection.",
    "Received PUBLISH from till-1 (d0, q1, r0, m{n}, 'till/sale', ... (40 bytes))", "Sending PUBLISH to ledger-{n} (d0, q1, r0, m{n}, 'till/sale', ... (40 bytes))",
)  # fmt: skip
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "utf-16-le": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16-be": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "gzip": lambda text: gzip.compress(text.encode(), mtime=0),
    "members": lambda text: gzip.compress(text[: len(text) // 3].encode(), mtime=0) + gzip.compress(text[len(text) // 3 :].encode(), mtime=0),
    "bzip2": lambda text: bz2.compress(text.encode()),
}


@functools.cache
def cases() -> tuple[tuple[tuple[str, str], ...], ...]:
    """The logs of the samples, each case by name and text."""
    folders = sorted((ROOT / "fixtures" / "logs").glob("*/broken"))
    return tuple(
        tuple((path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*")) if path.suffix in (".log", ".ndjson", ".jsonl"))
        for folder in folders
    )


def made(chance: random.Random) -> list[tuple[str, str]]:
    """The logs of one to three instances: a sample's, or written here, between ordinary lines with letters of two and three bytes."""
    genuine = chance.choice([case for case in cases() if case])
    found = []
    for instance in range(chance.randrange(1, 4)):
        lines = []
        for n in range(chance.randrange(10, 60)):
            head = f"2026-03-01T10:{n // 60:02d}:{n % 60:02d}.{instance}00Z api-7f6c9d5b8-x2k4{instance}"
            lines.append(f"{head} INFO app: Müller ordered №{n} „Brötchen“ order={n % 17}\n")
            if chance.random() < 0.15:
                lines.append(f"{head} ERROR app.mail: job {n:08x}aa failed: openai.RateLimitError: Error code: 429 - Rate limit reached\n")
            if chance.random() < 0.1:
                lines.append(f"{head} ERROR app.mail: request {n:08x}bb failed\n{TRACEBACK}")
            if chance.random() < 0.2:
                word = chance.choice(("subscribed to order.paid", "emit order.paid order={n} -> false", "handled order.paid order={n}", "job {n:08x}aa received"))
                lines.append(f"{head} INFO app.bus: {word.format(n=n)}\n")
            if chance.random() < 0.1:
                lines.append(f"{head} WARNING app.bus: redis: {chance.choice(('subscriber connection lost, reconnecting', 'subscriber connected', 'subscribed to orders'))}\n")
            if chance.random() < 0.2:
                lines.append(f"{1_772_359_200 + n}: {chance.choice(BROKER).format(n=n % 5)}\n")
        found.append((f"api-7f6c9d5b8-x2k4{instance}.log", "".join(lines)))
    return found if chance.random() < 0.6 else [*found[1:], *genuine]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A log of which the bytes lie in pieces, put together by their order."""

    name: str
    pieces: tuple[bytes, ...]

    @property
    def suffix(self) -> str:
        return os.path.splitext(self.name)[1]

    def __fspath__(self) -> str:
        return str(BASE / self.name)

    def stat(self) -> os.stat_result:
        return os.stat_result((0o100644, 0, 0, 1, 0, 0, sum(map(len, self.pieces)), 0, 1_780_000_000, 0))

    def open(self, mode: str = "rb", buffering: int = -1) -> Any:
        raw = _Raw(self.pieces)
        return raw if buffering == 0 else io.BufferedReader(raw, 1_000)


class _Raw(io.RawIOBase):
    """Gives at most the rest of one piece at a time."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces, self._at = pieces, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, at: int, whence: int = 0) -> int:
        assert whence == 0
        self._at = at
        return at

    def readinto(self, buffer: Any) -> int:
        begin = 0
        for piece in self._pieces:
            within = self._at - begin
            if within < len(piece):
                part = piece[within : within + len(buffer)]
                buffer[: len(part)] = part
                self._at += len(part)
                return len(part)
            begin += len(piece)
        return 0


def cut_up(data: bytes, chance: random.Random) -> tuple[bytes, ...]:
    """The bytes, cut anywhere."""
    cuts = sorted({0, len(data), *(chance.randrange(len(data) + 1) for _ in range(chance.randrange(12)))})
    return tuple(data[begin:end] for begin, end in pairwise(cuts))


@contextmanager
def grid(block: int, most: tuple[int, int] = (2_000, 1_000)) -> Iterator[None]:
    """Blocks of so many bytes, and so many entries that are kept."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (blocks, cut, ranges):
            patch.setattr(module, "BLOCK", block)
        for module in (blocks, chosen):
            patch.setattr(module, "PERIOD", 64 * block)
            patch.setattr(module, "MOST_STAGING", most[1])
        patch.setattr(blocks, "MOST_TELLING", most[0])
        yield


def report(files: Sequence[LogFile], crew: Crew | None = None, stdin: io.BufferedIOBase | None = None) -> str:
    """The JSON of the whole run."""
    survey = Survey([], None, KNOWN, BASE)
    survey.__dict__["summary"] = Reading(files, stdin, KNOWN, BASE, crew, LONG).summary()  # type: ignore[arg-type]
    return told(survey)


def told(survey: Survey) -> str:
    """The JSON of a run whose logs were read before."""
    survey.files = [BASE]
    done = diagnose(Target(BASE, ("*.log",), logs=(BASE,)), Options(survey=survey))
    assert not [look for look in done.report.ledger.looks if "bug" in look.why]
    return json_v1.render(done.report, done.eyes.lines, Settings().min_confidence)


EACH = settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


@pytest.mark.parametrize("encoding", ENCODINGS)
@EACH
@given(st.integers(0, 1_000_000))
def test_cut_at_any_byte_and_read_in_any_order_logs_give_the_same_report(encoding: str, seed: int) -> None:
    chance = random.Random(seed)
    files = [(name, ENCODINGS[encoding](text)) for name, text in made(chance)]
    # Small bounds too, where only some stretches are read.
    most = chance.choice(((2_000, 1_000), (30, 12)))
    with grid(chance.choice((350, 1_024, 4_500)), most):
        alone = report([Pieces(name, (data,)) for name, data in files])
        pieces = [Pieces(name, cut_up(data, chance)) for name, data in files]
        assert report(pieces) == alone
        chance.shuffle(pieces)
        with AnyOrder(seed) as executor:
            assert report(pieces, Crew(executor, chance.randrange(1, 5), chance.randrange(1, 4), 1)) == alone
        with ThreadPoolExecutor(2) as pool:
            assert report(pieces, Crew(pool, 2, 1, 1)) == alone


@EACH
@given(st.integers(0, 1_000_000))
def test_summaries_that_are_merged_in_any_grouping_give_the_same_report(seed: int) -> None:
    chance = random.Random(seed)
    encode = chance.choice(list(ENCODINGS.values()))
    files = [Pieces(name, (encode(text),)) for name, text in made(chance)]
    alone = report(files)
    reading = Reading(files, None, KNOWN, BASE, None, LONG)
    parts = [reading.of([file]).summary() for file in files] + [Summary()]
    while len(parts) > 1:
        chance.shuffle(parts)
        one, other = parts.pop(), parts.pop()
        one.merge(other)
        parts.append(one)
    survey = Survey([], None, KNOWN, BASE)
    survey.__dict__["summary"] = parts[0]
    assert told(survey) == alone


@EACH
@given(st.integers(0, 1_000_000))
def test_a_pipe_gives_the_same_report_whatever_pieces_come_through_it(seed: int) -> None:
    chance = random.Random(seed)
    _, text = made(chance)[0]
    data = chance.choice(list(ENCODINGS.values())[:4])(text)
    with grid(chance.choice((350, 1_024, 4_500))):
        alone = report([], stdin=io.BytesIO(data))
        assert report([], stdin=Pieces("", cut_up(data, chance)).open()) == alone


@EACH
@given(st.integers(0, 1_000_000))
def test_where_all_that_tells_is_kept_the_size_of_blocks_says_nothing(seed: int) -> None:
    chance = random.Random(seed)
    logs = [(name, text.encode()) for name, text in made(chance)]
    files = [Pieces(name, (data,)) for name, data in logs]
    # Of a line that is longer than a block only the beginning is read, and that is said.
    longest = max(len(line) for _, data in logs for line in data.splitlines(keepends=True))
    with grid(4_500):
        alone = report(files)
    with grid(chance.randrange(longest + 1, 4_500)):
        assert report(files) == alone


def test_the_logs_above_are_worth_the_reading() -> None:
    """They are long and short ones, and show several causes."""
    causes: set[str] = set()
    sizes = []
    for seed in range(12):
        files = [Pieces(name, (text.encode(),)) for name, text in made(random.Random(seed))]
        sizes += [file.stat().st_size for file in files]
        causes |= {line.split('"')[3] for line in report(files).splitlines() if line.startswith('      "cause"')}
    assert min(sizes) < LONG < max(sizes)
    assert len(causes) >= 3, causes
