"""Is it known of a failure in a long log whether it was made good, where nobody reads the lines between?"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from callcheck.model.facts.logs import LogSignal, UpstreamFailure
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_failures import PROBE as FAILURES
from callcheck.probes.log_signals import PROBE as SIGNALS
from callcheck.sources import Eyes
from callcheck.sources.logs import aftermath
from callcheck.sources.logs.anchors import Anchor
from callcheck.sources.logs.finder import Finder
from callcheck.sources.logs.reading import Reading
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
LONG = 300_000
FAILED = "ERROR app.mail: job {} failed: openai.RateLimitError: Error code: 429 - Rate limit reached for gpt"
CRASH = "ERROR [Consumer] Crash: KafkaJSNonRetriableError: boom"
BACK = "INFO [Consumer] Consumer has joined the group"


def log(said: dict[int, str], lines: int = 40_000) -> bytes:
    """Ordinary lines, every third with a word of deliveries so that only stretches are read, and what is said at some of them."""
    out = []
    for n in range(lines):
        head = (
            f"2026-03-01T{10 + n // 36000:02d}:{n // 600 % 60:02d}:{n // 10 % 60:02d}.{n % 10}00Z api-7f6c9d5b8-x2k4q"
        )
        out.append(f"{head} {said[n]}" if n in said else f"{head} INFO app: message {n} received from 10.0.0.{n % 250}")
    return "\n".join(out).encode() + b"\n"


def eyes(folder: Path, data: bytes, name: str = "app.log") -> Eyes:
    (folder / name).write_bytes(data)
    seen = Eyes(Target(base=folder, folders=(folder,)), Knowledge(logs=lambda: KNOWN))
    seen.logs.summary = Reading([folder / name], None, KNOWN, folder, long=LONG).summary()
    assert seen.logs.summary.one_in > 1, "only stretches are read"
    return seen


def facts(probe: Any, seen: Eyes) -> list[Any]:
    return [item.fact for item in probe.look(seen.target, seen) if hasattr(item, "fact")]


def failures(cured: bool, each: int = 4_000) -> bytes:
    said = {}
    for n in range(3_000, 40_000, each):
        said[n] = FAILED.format(f"{n:08x}aa")
        if cured:
            said[n + 900] = f"INFO app.mail: job {n:08x}aa delivered, attempt 2 succeeded"
    return log(said)


def test_failures_that_were_made_good_later_accuse_nobody(tmp_path: Path) -> None:
    assert [f for f in facts(FAILURES, eyes(tmp_path, failures(cured=True))) if isinstance(f, UpstreamFailure)] == []


def test_failures_that_were_not_do(tmp_path: Path) -> None:
    (fact,) = [f for f in facts(FAILURES, eyes(tmp_path, failures(cured=False))) if isinstance(f, UpstreamFailure)]
    assert (fact.failure, fact.count) == ("rate-limit", 10)


def test_of_many_a_few_are_followed_and_the_others_counted_as_they_fare(tmp_path: Path) -> None:
    (fact,) = [
        f for f in facts(FAILURES, eyes(tmp_path, failures(cured=False, each=500))) if isinstance(f, UpstreamFailure)
    ]
    assert 60 <= fact.count <= 80


@pytest.mark.parametrize("pack", [False, True])
def test_a_stream_is_read_to_its_end_all_the_same(tmp_path: Path, pack: bool) -> None:
    data = failures(cured=False)
    seen = eyes(tmp_path, gzip.compress(data) if pack else data, "app.log.gz" if pack else "app.log")
    assert [f.count for f in facts(FAILURES, seen) if isinstance(f, UpstreamFailure)] == [10]


@pytest.mark.parametrize(("back", "told"), [(True, []), (False, ["consumer-stopped"])])
def test_a_consumer_that_came_back_is_not_told(tmp_path: Path, back: bool, told: list[str]) -> None:
    said = {20_100: CRASH, **({20_400: BACK} if back else {})}
    found = [f.signal for f in facts(SIGNALS, eyes(tmp_path, log(said))) if isinstance(f, LogSignal)]
    assert [signal for signal in found if signal == "consumer-stopped"] == told


def test_what_makes_good_is_looked_for_behind_the_last_failure(tmp_path: Path) -> None:
    twice = {10_100: CRASH, 10_400: BACK, 30_100: CRASH, 30_400: BACK}
    found = [f.signal for f in facts(SIGNALS, eyes(tmp_path, log(twice))) if isinstance(f, LogSignal)]
    assert "consumer-stopped" not in found


def test_what_takes_a_signal_back_is_found_at_once_as_one_by_one() -> None:
    finder = Finder([Anchor(text, True, True) for text in ("has joined", "joined the", "läuft wieder")])
    if not finder.fast:
        pytest.skip("hyperscan is not installed")
    data = "begins joined the\nit has joined the group, has joined the other\nläuft wieder\n".encode() * 12
    places = aftermath._found_at_once(data, 3, finder)
    for text in (each.text.encode() for each in finder.texts):
        one_by_one = list(aftermath._lines(data, aftermath._found(data, 3, text)))
        assert len(one_by_one) == 8
        assert list(aftermath._lines(data, places[text])) == one_by_one
    assert aftermath._found_at_once(data, 3, finder, frozenset({1})) == {b"joined the": places[b"joined the"]}
