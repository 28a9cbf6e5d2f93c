"""Does the summary of the parts say what the summary of the whole says, however the logs are cut and in whatever order parts come?"""

from __future__ import annotations

import functools
import pickle
import random
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from callcheck.model.evidence import Evidence
from callcheck.model.facts.logs import UpstreamFailure
from callcheck.model.knowledge import Knowledge
from callcheck.model.log import Level, Place, Record
from callcheck.model.noun import replace
from callcheck.model.target import Target
from callcheck.registry import probes
from callcheck.sources import Eyes
from callcheck.sources.logs.bounded import Few, Lists, Smallest, Table
from callcheck.sources.logs.records import Joiner
from callcheck.sources.logs.summary import TRACKERS, Summarizer, Summary
from callcheck.sources.logs.unwrap import Unwrapper
from tests.tools.shipped import shipped_logs

ROOT = Path(__file__).resolve().parents[3]
KNOWN = shipped_logs()
PROBES = [probe.probe for probe in probes() if probe.name.startswith("log_")]
MOST = 140
WORDS = (
    "subscribed to order.paid session=s{n}", "emit order.paid order={n} -> false", "emit 'order.paid' order={n} returned true",
    "published to orders order={n} -> 0 receivers", "handled order.paid order={n}", "job {n}abc received", "run completed run=r{n}x9",
    "run failed run=r{n}x9 openai.RateLimitError: Error code: 429, retry 1 of 3", "giving up on run=r{n}x9 after 3 attempts",
    "scheduler tick late by 4{n}00 ms", "screen connected listenerCount={n}", "queue depth={n} active=0",
    "Restarting the consumer in 3000ms", "worker started v1.{n}", "Session not found: abcdefgh{n}000", "new session session_id=abcdefgh{n}000",
    "retry_num=1 event_id=Ev0{n}AAAAA received", "START RequestId: 8f14e45f-ceea-467f-9f3c-0000000000{n:02d} Version: 1",
    "END RequestId: 8f14e45f-ceea-467f-9f3c-0000000000{n:02d}", "stored file f{n}zz requestId=8f14e45f-ceea-467f-9f3c-0000000000{n:02d}",
    "New client connected from 10.0.0.6:5614{n} as ledger-{n} (p2, c1, k30).", "Client ledger-{n} closed its connection.", "ledger-{n} 1 till/+",
    "Received PUBLISH from till-1 (d0, q1, r0, m{n}, 'till/sale', ... (40 bytes))", "Sending PUBLISH to ledger-{n} (d0, q1, r0, m{n}, 'till/sale', ... (40 bytes))",
    "redis: subscriber connection lost, reconnecting", "redis: subscriber connected",
    'POST /webhooks/pay HTTP/1.1" 403 12 "-" "Stripe/1.0" took=0.2s', '"GET /socket.io/?sid=abcdefgh{n}000 HTTP/1.1" 400 41 latency=0.3s',
    '"GET /socket.io/?sid=abcdefgh{n}000 HTTP/1.1" 200 41 latency=0.3s', "sending reminder to customer id=c{n}9x1", "stream closed, 0 tokens sent",
    "published tick channel=quotes seq={n}", "received tick channel=quotes seq={n}", "worker takes from queue=tills-{n}",
)  # fmt: skip
"""Lines that every tracker has something to keep of."""


@functools.cache
def genuine() -> tuple[tuple[Record, ...], ...]:
    """The records of the fixtures' logs, a tuple a file."""
    found = []
    for file in sorted((ROOT / "fixtures" / "logs").glob("*/broken/**/*.log")):
        texts = file.read_text(encoding="utf-8").splitlines()
        unwrapper, joiner = Unwrapper(KNOWN.formats, texts[:200]), Joiner(file.name)
        records: list[Record] = []
        for number, text in enumerate(texts, 1):
            for each in unwrapper.read_all(text):
                records += joiner.take(number, each)
        found.append((*records, *joiner.rest()))
    return tuple(found)


def made(number: int) -> list[Record]:
    """Records of four processes in three files, of few ids, so that their lines meet."""
    chance = random.Random(number)
    found = []
    for at in range(1, MOST):
        path = f"{chance.choice('abc')}.log"
        text = chance.choice(WORDS).format(n=chance.randrange(30))
        time = None if chance.random() < 0.1 else 1000.0 + at // 3 + chance.choice((0, 0, 0.5))
        more = ["Traceback (most recent call last):", '  File "a.py", line 3', "KeyError: 'id'"] if chance.random() < 0.05 else []
        level = chance.choice((Level.INFO, Level.WARN, Level.ERROR))
        found.append(Record(Place(path, at, at), text, time, level, f"web-{chance.randrange(4)}", "", more, at))
    return found


def summary_of(records: Sequence[Record], most: int) -> Summary:
    """In one pass; `most` makes all bounds small, 0 leaves them."""
    summarizer = Summarizer(KNOWN.signatures, KNOWN.boundaries)
    if most:
        tighten(summarizer.summary, most)
    for record in records:
        summarizer.take(replace(record))
    return summarizer.summary


def tighten(summary: Summary, most: int) -> None:
    for owner in (summary, *(getattr(summary, name) for name in TRACKERS)):
        for name in owner.__match_args__:
            held = getattr(owner, name)
            if isinstance(held, (Table, Lists, Smallest, Few)):
                held.most = most


def sent(summary: Summary) -> Summary:
    """As it comes from another process."""
    return cast(Summary, pickle.loads(pickle.dumps(summary)))  # noqa: S301  (our own)


def merged(parts: list[Summary], chance: random.Random) -> Summary:
    """Merge in any order and grouping."""
    parts = [sent(part) for part in parts]
    while len(parts) > 1:
        chance.shuffle(parts)
        one, other = parts.pop(), parts.pop()
        one.merge(other)
        parts.append(sent(one))
    return parts[0]


def said(summary: Summary) -> list[Evidence]:
    """All that the log probes state."""
    target = Target(base=ROOT)
    eyes = Eyes(target, Knowledge(logs=lambda: KNOWN))
    eyes.logs.knowledge = KNOWN
    eyes.logs.summary = summary
    return [item for probe in PROBES for item in probe.look(target, eyes) if isinstance(item, Evidence)]


def in_parts(seed: int) -> tuple[list[Record], list[list[Record]], random.Random]:
    """Some records in order, and the same in parts: cut into runs, or dealt out at will."""
    chance = random.Random(seed)
    if chance.random() < 0.5:
        records = made(seed)
    else:
        case = chance.choice(genuine())
        begin = chance.randrange(max(1, len(case) - MOST))
        records = list(case[begin : begin + MOST])
        # Several files and silent clocks, as logs have them.
        if chance.random() < 0.5:
            records = [replace(r, place=replace(r.place, path=chance.choice(("x.log", "y.log")))) for r in records]
        if chance.random() < 0.5:
            records = [replace(r, time=None) if chance.random() < 0.2 else r for r in records]
    number = chance.randrange(2, 7)
    parts: list[list[Record]] = [[] for _ in range(number)]
    if chance.random() < 0.5:
        cuts = sorted(chance.randrange(len(records) + 1) for _ in range(number - 1))
        parts = [records[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(records)], strict=True)]
    else:
        for record in records:
            chance.choice(parts).append(record)
    return records, parts, chance


@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.integers(0, 1_000_000), st.sampled_from((0, 0, 3, 17)))
def test_parts_say_what_the_whole_says(seed: int, most: int) -> None:
    records, parts, chance = in_parts(seed)
    whole = summary_of(records, most)
    put_together = merged([summary_of(part, most) for part in parts], chance)
    for name in TRACKERS:
        assert getattr(put_together, name) == getattr(whole, name), name
    assert put_together == whole
    assert said(put_together) == said(whole)


def test_the_made_lines_reach_every_tracker() -> None:
    """Else the law above holds for nothing."""
    empty = Summary()
    summary = summary_of([record for number in range(3) for record in made(number)], 0)
    assert [name for name in TRACKERS if getattr(summary, name) == getattr(empty, name)] == []
    stated = {item.probe for seed in range(40) for item in said(summary_of(in_parts(seed)[0], 0))}
    assert len(stated) >= 8, stated


def test_a_part_without_lines_changes_nothing() -> None:
    whole, put_together = summary_of(made(1), 0), summary_of(made(1), 0)
    put_together.merge(Summary())
    assert put_together == whole
    empty = Summary()
    empty.merge(sent(whole))
    assert empty == whole


def test_what_was_too_much_is_said() -> None:
    records = [Record(Place("a.log", n, n), f"job {n}abc{n} done", float(n), at=n) for n in range(1, 400)]
    summary = summary_of(records, 50)
    (lost,) = [lost for lost in summary.left_out() if lost.what == "deliveries"]
    assert "one in" in lost.why
    assert list(summary_of(records, 0).left_out()) == []


@pytest.mark.parametrize("most", [5, 40])
def test_the_ids_that_are_kept_do_not_depend_on_the_order(most: int) -> None:
    forward, backward = (Table[str, list[int]](most, list) for _ in range(2))
    for n in range(300):
        for table, key in ((forward, n), (backward, 299 - n)):
            held = table.at(f"id-{key % 100}")
            if held is not None:
                held.append(1)
    assert forward == backward
    assert len(forward) == most
    assert {len(held) for _, held in forward.items()} == {3}


def test_failures_that_are_too_many_are_counted_by_a_sample() -> None:
    text = "run failed run=r{}x9 openai.AuthenticationError: Error code: 401 - invalid_api_key"
    records = [Record(Place("a.log", n, n), text.format(n), float(n), Level.ERROR, at=n) for n in range(1, 400)]
    (fact,) = [e.fact for e in said(summary_of(records, 50)) if isinstance(e.fact, UpstreamFailure)]
    assert fact.count == 399


def test_a_marker_of_the_user_that_no_line_matches_is_said() -> None:
    from callcheck.knowledge.logs import own_boundaries

    own = own_boundaries([("emitted", r"abgefeuert (?P<id>\d+)"), ("handled", r"erledigt (?P<id>\d+)")], Path("stages"))
    parts = []
    for at, text in enumerate(("abgefeuert 71", "up"), 1):
        summarizer = Summarizer((), own)
        summarizer.take(Record(Place("a.log", at, at), text, 1.0 * at, Level.INFO, "web-1", "", [], at))
        parts.append(summarizer.summary)
    whole = merged(parts, random.Random(1))
    assert [(lost.what, "erledigt" in lost.why) for lost in whole.left_out(own)] == [("stages: handled", True)]
    assert not list(Summary().left_out(own))
