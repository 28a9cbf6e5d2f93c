"""Is a process told that connects again without subscribing, and none that subscribes again, has nothing to hear, or lost another connection?"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.renewals import Unrenewed
from callcheck.sources.logs.summary import Summarizer, Summary
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
Lines = Sequence[tuple[float, str, str]]


def summary(lines: Lines, first: int = 1) -> Summary:
    made = Summarizer(KNOWN.signatures, KNOWN.boundaries)
    for number, (time, who, text) in enumerate(lines, first):
        made.take(Record(Place("app.log", number, number), text, 1_000_000 + time, Level.INFO, who, "", [], number << 16))
    return made.summary


def found(said: Summary) -> list[Unrenewed]:
    said.close()
    return list(said.renewals.found(said.stopped, said.cover))


def log(who: str = "desk-1", again: bool = False, heard_until: int = 600, up: str = "redis subscriber connected", other: str = "") -> Lines:
    """Connects and subscribes, hears an alarm every 30 s, loses the connection at 600 s, and goes on to 1,800 s."""
    lines = [(0.0, who, up), (0.2, who, "subscribed to crane:overload"), (600.0, who, "redis subscriber closed: read ECONNRESET"), (602.0, who, other or up)]
    lines += [(602.2, who, "subscribed to crane:overload")] if again else []
    lines += [(20.0 + 30 * n, who, f"alarm shown crane=c{n}77") for n in range(60) if 20 + 30 * n < heard_until]
    lines += [(60.0 * n, who, "metrics flushed") for n in range(31)]
    return sorted(lines)


def test_who_connects_again_and_does_not_subscribe_is_told_with_the_lines() -> None:
    (one,) = found(summary(log()))
    assert (one.instance, one.up.text, one.sub.text, one.silent) == ("desk-1", "redis subscriber connected", "subscribed to crane:overload", "alarm shown")
    assert one.count == 20
    assert 1_190 < one.seconds < 1_200


def test_a_reconnect_in_other_words_is_known() -> None:
    assert found(summary(log(other="redis subscriber reconnected")))
    assert found(summary(log(up="redis subscriber ready")))


@pytest.mark.parametrize(
    "lines",
    [
        log(again=True, heard_until=1_800),
        log(again=True),  # subscribed again, and nothing to hear
        log(heard_until=1_800),  # the library subscribes by itself and says nothing of it
        log(heard_until=80),  # what it heard ended long before
        log(other="http server connected to metrics"),  # another connection
        [line for line in log() if "subscribed" not in line[2]],
        [line for line in log() if "closed" not in line[2]],
    ],
)
def test_silent_where_nothing_is_amiss_or_nobody_can_tell(lines: Lines) -> None:
    assert not found(summary(lines))


def test_any_split_in_any_order_says_the_same() -> None:
    chance = random.Random(7)
    lines = sorted([*log("desk-1"), *log("desk-2", again=True, heard_until=1_800), *log("desk-3")])
    whole = found(summary(lines))
    assert [one.instance for one in whole] == ["desk-1", "desk-3"]
    for _ in range(20):
        cuts = sorted({0, len(lines), *(chance.randrange(len(lines)) for _ in range(4))})
        parts = [summary(lines[begin:end], begin + 1) for begin, end in zip(cuts, cuts[1:], strict=False)]
        chance.shuffle(parts)
        together = Summary()
        for part in parts:
            together.merge(part)
        assert found(together) == whole


def test_an_attempt_to_connect_again_is_not_the_connection() -> None:
    tries = [(600.5, "desk-1", "redis reconnect attempt=1"), (600.6, "desk-1", "redis reconnect failed, next try in 1 s"), (601.5, "desk-1", "redis reconnect attempt=2")]
    gone = found(summary(sorted([*log(), *tries])))
    assert [one.up.text for one in gone] == ["redis subscriber connected"]
    assert not found(summary(sorted([*log(again=True), *tries])))
