"""Which names come to somebody who says that he has no handler for them?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place, Record
from callcheck.sources.logs.unclaimed import Unclaimed, unclaimed
from callcheck.sources.logs.view import View


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("no handler for GameStarted (known: game.started, game.ended) id=k71z", Unclaimed("GameStarted", False, ("game.started", "game.ended"))),
        ('handler not found for task "meter.fault" id=tk7z81', Unclaimed("meter.fault", True, ())),
        ("no exporter registered under name xlsx, known: csv, pdf", Unclaimed("xlsx", True, ("csv", "pdf"))),
        ("no projector for event type=TripCancelled position=71", Unclaimed("TripCancelled", False, ())),
        ("job 7k2: unknown kind permit.renew, put aside", Unclaimed("permit.renew", True, ())),
        ("unrecognized event type: crate.lost", Unclaimed("crate.lost", False, ())),
        ("nothing is registered for event tide_turned here", Unclaimed("tide_turned", False, ())),
        ("nobody here handles BerthFreed", Unclaimed("BerthFreed", False, ())),
        ("signal order_placed had no receivers connected", Unclaimed("order_placed", False, ())),
    ],
)
def test_a_line_says_what_nobody_handles(line: str, expected: Unclaimed) -> None:
    assert unclaimed(View(Record(Place("a.log", 1, 1), line))) == expected


@pytest.mark.parametrize("line", ["no waiter for ticket 7f3a", "no listener for run 77", "no consumer for the moment", "no handler for it", "no worker for 12 seconds", "unknown type string", "unknown type image/png", "unknown job 7f3a", "unknown event occurred", "nobody knows about it"])
def test_an_id_or_a_word_is_no_name(line: str) -> None:
    assert unclaimed(View(Record(Place("a.log", 1, 1), line))) is None
