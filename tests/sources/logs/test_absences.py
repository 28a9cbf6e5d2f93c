"""Is it told that what was emitted during a lost connection never came, and not told where it came late, or came anyhow?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.absences import Missed, missed
from callcheck.sources.logs.summary import Summarizer
from callcheck.sources.logs.units import units_of
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
Line = tuple[float, str, str]


def log(gap: Sequence[int] = (4, 5), late: bool = False, through: Sequence[int] = (), lost: Sequence[int] = (), who: str = "kitchen") -> list[Line]:
    """An order each ten seconds; orders `gap` are emitted while the connection is lost. `late`: they come after it is back; `through`: they come at once."""
    lines: list[Line] = []
    for n in range(1, 11):
        lines.append((10.0 * n, "till", f"published order.placed id=o-{n}71"))
        if n in lost or n in gap and n not in through:
            continue
        lines.append((10.0 * n + 0.1, "kitchen", f"received order.placed id=o-{n}71"))
    lines += [(10.0 * gap[0] - 2, who, "redis: subscriber connection lost, reconnecting"), (10.0 * gap[-1] + 4, who, "redis: subscribed to orders again")]
    if late:
        lines += [(10.0 * gap[-1] + 4.1 + n / 100, "kitchen", f"received order.placed id=o-{n}71") for n in gap]
    return sorted(lines)


def found(lines: Iterable[Line]) -> list[Missed]:
    made = Summarizer(KNOWN.signatures, KNOWN.boundaries)
    for number, (time, who, text) in enumerate(lines, 1):
        made.take(Record(Place("app.log", number, number), text, 1_000_000 + time, Level.INFO, who, "", [], number << 16))
    summary = made.summary.close()
    return list(missed(units_of(summary.trails.steps), summary.renewals, summary.cover))


def test_what_is_emitted_during_a_lost_connection_and_never_comes_is_told() -> None:
    (one,) = found(log())
    assert (one.event, one.subscriber, len(one.lost), one.of, one.arrived) == ("order.placed", "kitchen", 2, 2, 8)
    assert [(lost.text.split(":")[0], back.what) for lost, back in one.gaps] == [("redis", "sub")]
    assert one.system == "redis"


def test_lines_that_name_no_process_tell_it_too() -> None:
    assert [len(one.lost) for one in found((time, "", text) for time, _, text in log())] == [2]


@pytest.mark.parametrize(
    "lines",
    [
        log(late=True),  # the transport kept it
        log(through=(4, 5)),  # another connection was lost
        log(gap=(4,)),  # one may be chance
        log(lost=(1, 2, 8, 9)),  # others do not come either
        log(who="till"),  # the emitter's own connection
    ],
)
def test_nothing_is_told_where_it_comes_late_or_the_connection_explains_nothing(lines: list[Line]) -> None:
    assert found(lines) == []


def restarted(farewell: str = "", other: str = "kitchen", late: bool = False, kept: bool = True) -> list[Line]:
    """The subscriber is started again while orders 4 and 5 are emitted, by another name if it is `other`. `late`: it takes up what came meanwhile."""
    lines = [(1.0, "kitchen", "subscribed to orders"), *log(late=late)]
    lines = [line for line in lines if "subscriber connection lost" not in line[2] and "again" not in line[2]]
    lines += [(54.0, other, "subscribed to orders")] + ([(32.0, "kitchen", farewell)] if farewell else [])
    return sorted((time, other if who == "kitchen" and time > 50 and kept else who, text) for time, who, text in lines)


@pytest.mark.parametrize("farewell", ["", "received SIGTERM, draining", "shutdown requested"])
@pytest.mark.parametrize("other", ["kitchen", "kitchen/9"])
def test_a_subscriber_that_is_started_again_misses_what_came_meanwhile_whether_it_says_goodbye_or_not(farewell: str, other: str) -> None:
    assert [(len(one.lost), one.of, one.arrived) for one in found(restarted(farewell, other))] == [(2, 2, 8)]
    assert found(restarted(farewell, other, late=True)) == []


def test_one_that_takes_the_place_of_another_is_the_same_subscriber_and_one_beside_it_is_not() -> None:
    pods = "kitchen-7d9c4f6b8-2mzkp", "kitchen-7d9c4f6b8-h8x5c"
    lines = [(time, pods[0] if who == "kitchen" else who, text) for time, who, text in restarted(other=pods[1])]
    assert [(one.subscriber, len(one.lost)) for one in found(lines)] == [(pods[0], 2)]
    assert found([*lines, (99.0, pods[0], "still here")]) == []
    assert found([(time, "kitchen" if who == pods[0] else "bar" if who == pods[1] else who, text) for time, who, text in lines]) == []


def test_what_is_handled_later_of_the_same_user_is_not_the_end_of_what_was_missed() -> None:
    def of(n: int) -> str:
        return f"order.placed seq={n}71 user=u-{n % 5}0"

    lines = [(time, who, f"{text.split(' ')[0]} {of(int(text.split('id=o-')[1][:-2]))}" if "id=o-" in text else text) for time, who, text in log()]
    assert [(len(one.lost), one.of) for one in found(lines)] == [(2, 2)]
