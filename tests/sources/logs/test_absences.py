"""Is it told that what was emitted during a lost connection never came, and not told where it came late, or came anyhow?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from callcheck.knowledge import logs, shipped
from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.absences import Missed, missed
from callcheck.sources.logs.summary import Summarizer
from callcheck.sources.logs.units import units_of

KNOWN = logs.load([shipped()])
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
