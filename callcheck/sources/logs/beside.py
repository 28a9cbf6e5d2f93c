"""When was a line written that says no time, in a log whose other lines do?

worker-1  | 2025-05-09T17:01:01.128Z pid=1 INFO: Broadcasting to seats:14
web-1     | SeatsChannel transmitting (via streamed from seats:14)
web-1     | Started GET "/cable" for 10.0.0.5 at 2025-05-09 17:01:38 +0000

No sooner than the line before it in its file, whoever wrote that. By itself it would stand before all that have a time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callcheck.sources.logs.trails import Step, Trails

_SINCE_1973 = 1e8
"""Seconds; what has no time is given the number of its line (`Trails.see`)."""
_NEAR = 3
"""Lines before one of which the latest counts, as those of several processes come in somewhat out of order."""


def beside(trails: Trails) -> Callable[[Step], float] | None:
    """A function that gives the time of a step; None where no file has lines of both kinds."""
    steps = {(step.place.path, step.order): step for _, known in trails.by_id.items() for step in known}
    steps.update(((step.place.path, step.order), step) for step in trails.staged)
    timed: dict[str, list[tuple[int, float]]] = {}
    for (path, order), step in sorted(steps.items()):
        if step.time >= _SINCE_1973:
            timed.setdefault(path, []).append((order, step.time))
    if not any(step.time < _SINCE_1973 and path in timed for (path, _), step in steps.items()):
        return None

    def time(step: Step) -> float:
        rows = timed.get(step.place.path, [])
        if step.time >= _SINCE_1973 or not rows:
            return step.time
        at = bisect_right(rows, (step.order, float("inf")))
        return max(when for _, when in rows[max(0, at - _NEAR) : at]) if at else rows[0][1]

    return time
