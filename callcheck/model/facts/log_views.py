"""What do logs show of each process, and what can they not show?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass

BINS = 60
"""Into how many equal parts the time of the logs is divided."""


@dataclass(frozen=True, slots=True, repr=False)
class InstanceTimeline(Fact):
    """When one process registered, emitted, handled and failed: counts for each sixtieth of the time of the logs, separated by blanks."""

    kind: ClassVar[str] = "instance.timeline"

    instance: Annotated[str, Attr("service.instance.id")]
    begin: Annotated[float, Attr("callcheck.timeline.begin", "s")]
    """Since the epoch; of logs without a year that of 1972."""
    end: Annotated[float, Attr("callcheck.timeline.end", "s")]
    registered: Annotated[str, Attr("callcheck.timeline.registered")]
    emitted: Annotated[str, Attr("callcheck.timeline.emitted")]
    handled: Annotated[str, Attr("callcheck.timeline.handled")]
    failed: Annotated[str, Attr("callcheck.timeline.failed")]
    more: Annotated[int, Attr("callcheck.timeline.more", "{instance}")]
    """Further processes with such lines, of which nothing is stated."""

    def says(self) -> str:
        counts = (
            (name, sum(map(int, getattr(self, name).split())))
            for name in ("registered", "emitted", "handled", "failed")
        )
        return ", ".join(f"{name} {count}" for name, count in counts if count)


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryUnseen(Fact):
    """How far deliveries come cannot be seen in these logs, and which line would show it."""

    kind: ClassVar[str] = "delivery.unseen"

    event: Annotated[str, Attr("callcheck.event.name")]
    """"" where no line names one."""
    what: Annotated[str, Attr("callcheck.unseen.what")]
    """handled (whether the event is), or process (who emits and who listens)."""
    count: Annotated[int, Attr("callcheck.count")]
    """Deliveries of which it cannot be seen."""
    why: Annotated[str, Attr("callcheck.unseen.why")]
    log: Annotated[str, Attr("callcheck.unseen.log")]
    """What to write into the logs to see it."""

    def says(self) -> str:
        event = self.event or "what is emitted"
        what = (
            f"whether {event} is handled"
            if self.what == "handled"
            else f"which process emits {event}, and which one listens"
        )
        return f"{what} cannot be seen here ({self.count} times): {self.why}"
