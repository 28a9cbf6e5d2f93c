"""Is it seen that a consumer leaves out what came before it, and only where it says that it begins with the newest?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place, Record
from callcheck.sources.logs.joined_late import joined_late
from callcheck.sources.logs.renewals import Renewals
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import units_of
from callcheck.sources.logs.view import View


def lost(said: str, joins: float = 50, handles: int = 5, until: int = 12) -> int:
    """How many of those before are missed: one scan each ten seconds, a consumer that joins at a time, and the first that it handles."""
    renewals, steps = Renewals(), []
    renewals.see(View(Record(Place("a.log", 999, 999), said, time=joins)))
    for n in range(until):
        for at, (stage, text) in enumerate([("emitted", "scan produced"), *([("handled", "scan sorted")] if n >= handles else [])]):
            line = 10 * n + at + 1
            steps.append(Step(stage, "", 10.0 * n + at, line, Place("a.log", line, line), frozenset({f"s{n}x7"}), text, "", text))
    found = joined_late(units_of(steps), renewals)
    return len(found.lost) if found else 0


@pytest.mark.parametrize(
    "how",
    [
        "subscribed topic=scans auto.offset.reset=latest",
        "consumer subscribed {'auto_offset_reset': 'latest'}",
        "consuming scans fromBeginning: false",
        "subscribed, initialPosition=Latest",
        "consuming stream scans, shard iterator type LATEST",
        "consuming with DeliverPolicy=new",
        "subscribed to scans from $",
    ],
)
def test_what_came_before_a_consumer_of_the_newest_is_missed(how: str) -> None:
    assert lost(how) == 5


@pytest.mark.parametrize(
    ("said", "joins", "handles"),
    [
        ("subscribed topic=scans auto.offset.reset=earliest", 50, 5),
        ("subscribed topic=scans", 50, 5),  # the transport may keep them, or its log may begin there
        ("subscribed topic=scans auto.offset.reset=latest", 50, 0),  # another one handled them
        ("subscribed topic=scans auto.offset.reset=latest", 12, 2),  # as good as in time
        ("subscribed topic=scans auto.offset.reset=latest", 50, 11),  # it handles hardly anything
    ],
)
def test_who_reads_all_or_comes_in_time_misses_nothing(said: str, joins: float, handles: int) -> None:
    assert lost(said, joins, handles) == 0
