"""Who listens for an id at a time, as the lines say that register and close?

driver 2214 joined driver:2214
server.to(driver:2214).emit ride:offer ride=61000
driver 2214 disconnected
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from callcheck.sources.logs.rooms import Rooms

if TYPE_CHECKING:
    from callcheck.sources.logs.trails import Step


class Listening:
    """The registrations that are open, while one goes along the steps in order of time."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, Step]] = {}
        """By id, one of each instance."""
        self._rooms = Rooms()

    def take(self, step: Step) -> None:
        """One more step."""
        if step.stage == "registered":
            self._rooms.join(step)
            for key in sorted(step.ids):
                self._open.setdefault(key, {})[step.instance] = step
        elif step.stage == "closed":
            self._rooms.leave(step)
            self._close(step)

    def to(self, step: Step) -> Mapping[str, Step]:
        """By instance, who is in the room that the step names, else who listens for one of its ids."""
        return self._rooms.members(step) or next((self._open[key] for key in sorted(step.ids) if self._open.get(key)), {})

    def _close(self, step: Step) -> None:
        """Forget the registration that shares an id with the line, under all its ids; the line's own instance first."""
        for key in sorted(step.ids):
            held = self._open.get(key)
            if not held:
                continue
            gone = held.pop(step.instance, None) or held.pop(next(reversed(held)))
            for other in sorted(gone.ids):
                if self._open.get(other, {}).get(gone.instance) is gone:
                    del self._open[other][gone.instance]


def homes(steps: Iterable[Step]) -> dict[tuple[str, int], Step]:
    """By file and order along it, the listener of each emission that has just one."""
    listening = Listening()
    found: dict[tuple[str, int], Step] = {}
    for step in steps:
        listening.take(step)
        if step.stage == "emitted" and len(known := listening.to(step)) == 1:
            found[step.place.whole, step.order] = next(iter(known.values()))
    return found
