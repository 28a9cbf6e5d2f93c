"""Which single deliveries do logs and recordings show, of what was read of them for the report?

Nothing is read for it: what the logs say is summarised in bounded memory, and the deliveries that the summary follows are the same however
the logs were cut into parts (`sources/logs/bounded.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from callcheck.model.swimlane import MOST, Delivery, Swimlane

if TYPE_CHECKING:
    from callcheck.sources import Eyes


def swimlane(eyes: Eyes) -> Swimlane | None:
    """The deliveries, at most MOST of them; None where there are none. Raises nothing that the run did not raise before."""
    found: list[Iterable[Delivery]] = []
    one_in, timed = 1, True
    if eyes.target.recordings:
        from callcheck.sources.recording.deliveries import deliveries as recorded

        found.append(recorded(eyes.recording))
    if eyes.logs:
        from callcheck.sources.logs.deliveries import deliveries as logged

        summary = eyes.logs.summary
        one_in, timed = summary.followed, summary.first is not None
        found.append(logged(eyes.logs))
    every = sorted(itertools.chain.from_iterable(found), key=lambda each: (each.marks[0].time, each.event, each.id))
    return Swimlane(tuple(every[:MOST]), max(0, len(every) - MOST), one_in, timed or bool(eyes.target.recordings)) if every else None
