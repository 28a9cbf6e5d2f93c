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
    one_in: Annotated[int, Attr("callcheck.sample.one_in")] = 1
    """The counts are of one in so many deliveries; 1 where all were followed."""

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


@dataclass(frozen=True, slots=True, repr=False)
class InstanceSilent(Fact):
    """A process handles nothing any more, although it writes other lines, and others of its kind go on handling or what it handled is emitted yet."""

    kind: ClassVar[str] = "instance.silent"

    instance: Annotated[str, Attr("service.instance.id")]
    subject: Annotated[str, Attr("callcheck.subject")]
    """The first words of the lines that stopped."""
    since: Annotated[str, Attr("callcheck.silence.since")]
    """By its own clock, as `2026-03-09 08:41:17`; of logs without a year without one."""
    seconds: Annotated[float, Attr("callcheck.silence.duration", "s")]
    """For how long it went on writing other lines."""
    before: Annotated[int, Attr("callcheck.count")]
    others: Annotated[int, Attr("callcheck.count.others", "{instance}")]
    """Processes that go on."""
    due: Annotated[int, Attr("callcheck.count.due")]
    """Emissions since of what it handled before; 0 where that is not known."""

    def says(self) -> str:
        minutes = f"{self.seconds / 60:.0f} min" if self.seconds >= 120 else f"{self.seconds:.0f} s"
        others = f"{self.others} other{'s go' if self.others > 1 else ' goes'} on"
        others = f"{self.due} more are emitted" if self.due else others
        return f"the last of {self.before} such lines of {self.instance}, at {self.since}; it lives for {minutes} yet, and {others}"


@dataclass(frozen=True, slots=True, repr=False)
class SubscriptionUnrenewed(Fact):
    """A process connected again after it had lost its connection, and did not subscribe again as it did before; what it wrote while it was subscribed comes no more."""

    kind: ClassVar[str] = "subscription.unrenewed"

    instance: Annotated[str, Attr("service.instance.id")]
    """"" where the lines name no process."""
    subject: Annotated[str, Attr("callcheck.subject")]
    """The first words of the lines that come no more."""
    since: Annotated[str, Attr("callcheck.silence.since")]
    """When it connected again, by its own clock."""
    seconds: Annotated[float, Attr("callcheck.silence.duration", "s")]
    """For how long the log goes on."""
    before: Annotated[int, Attr("callcheck.count")]
    """Lines while it was subscribed."""

    def says(self) -> str:
        minutes = f"{self.seconds / 60:.0f} min" if self.seconds >= 120 else f"{self.seconds:.0f} s"
        return f"{self.instance or 'the process'} connects again at {self.since} and does not subscribe; none of these lines in the {minutes} since, {self.before} before"


@dataclass(frozen=True, slots=True, repr=False)
class ClocksApart(Fact):
    """The clocks of two processes differ: what one emits is handled by the other before, by their times."""

    kind: ClassVar[str] = "clocks.apart"

    ahead: Annotated[str, Attr("service.instance.id")]
    behind: Annotated[str, Attr("callcheck.instance.behind")]
    seconds: Annotated[float, Attr("callcheck.clock.offset", "s")]
    count: Annotated[int, Attr("callcheck.count")]
    """Deliveries that show it."""

    def says(self) -> str:
        return f"the clock of {self.ahead} is about {self.seconds:.1f} s ahead of that of {self.behind} ({self.count} deliveries show it); times between the two were corrected"


@dataclass(frozen=True, slots=True, repr=False)
class StatementSilent(Fact):
    """The handler of an event writes a line that stands nowhere in the logs, although that of its emission does, and other lines of its file."""

    kind: ClassVar[str] = "statement.silent"

    event: Annotated[str, Attr("callcheck.event.name")]
    count: Annotated[int, Attr("callcheck.count")]
    """Lines that say that it was emitted."""

    def says(self) -> str:
        return f"never printed, while {self.event} was emitted {self.count} times by these logs"
