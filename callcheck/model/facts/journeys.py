"""How far do deliveries come, as logs show it?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.counted import times
from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryFunnel(Fact):
    """How many deliveries of an event reach which stage, and where those that are handled were emitted."""

    kind: ClassVar[str] = "delivery.funnel"

    event: Annotated[str, Attr("callcheck.event.name")]
    """"" where no line names one."""
    registered: Annotated[int, Attr("callcheck.count.registered")]
    started: Annotated[int, Attr("callcheck.count.started")]
    emitted: Annotated[int, Attr("callcheck.count.emitted")]
    handled: Annotated[int, Attr("callcheck.count.handled")]
    same: Annotated[int, Attr("callcheck.count.same")]
    """Handled, of those emitted in the process that listens."""
    of_same: Annotated[int, Attr("callcheck.count.same.of")]
    other: Annotated[int, Attr("callcheck.count.crossed")]
    """Handled, of those emitted in another."""
    of_other: Annotated[int, Attr("callcheck.count.crossed.of")]
    share: Annotated[int, Attr("callcheck.share.handled", "%")]
    """Of those emitted."""
    unseen: Annotated[int, Attr("callcheck.count.unseen")]
    """Further ones that were emitted, of which these logs could not show whether they were handled."""
    one_in: Annotated[int, Attr("callcheck.sample.one_in")]
    """The counts are of one in so many deliveries; 1 where all were followed."""

    def says(self) -> str:
        share = 100 * self.handled / self.emitted if self.emitted else 0.0
        parts = [f"emitted {self.emitted}", f"handled {self.handled} = {share:.1f} %"]
        if self.started:
            parts.insert(0, f"started {self.started}")
        if self.registered:
            parts.insert(0, f"registered {self.registered}")
        if self.of_same or self.of_other:
            parts += [
                f"same instance {self.same} of {self.of_same}",
                f"other instance {self.other} of {self.of_other}",
            ]
        if self.unseen:
            parts.append(f"{self.unseen} more cannot be seen here")
        return ", ".join(parts) + (f" (one in {self.one_in} followed)" if self.one_in > 1 else "")


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryDiverted(Fact):
    """Deliveries arrive or not by who takes them up: one process or service finishes all of its own, another none."""

    kind: ClassVar[str] = "delivery.diverted"

    taker: Annotated[str, Attr("callcheck.taker")]
    """Whose deliveries do not arrive."""
    owner: Annotated[str, Attr("callcheck.owner")]
    """Whose deliveries arrive."""
    services: Annotated[bool, Attr("callcheck.taker.foreign")]
    """They are two services, not two instances of one."""
    emits: Annotated[bool, Attr("callcheck.taker.emits")]
    """What they differ in is who emits, not who takes up."""
    elsewhere: Annotated[bool, Attr("callcheck.taker.finishes")]
    """The taker brings its part to another good end."""
    count: Annotated[int, Attr("callcheck.count")]
    fine: Annotated[int, Attr("callcheck.count.same")]

    def says(self) -> str:
        return f"those that {self.taker} has do not arrive ({self.count}); those that {self.owner} has do ({self.fine})"


@dataclass(frozen=True, slots=True, repr=False)
class EventUndelivered(Fact):
    """One event never reaches the stage that others of its kind reach."""

    kind: ClassVar[str] = "event.undelivered"

    event: Annotated[str, Attr("callcheck.event.name")]
    near: Annotated[str, Attr("callcheck.event.near")]
    """A listener's event of nearly the same name, which never comes; or ""."""
    ours: Annotated[bool, Attr("callcheck.event.ours")]
    """The application emits it itself; otherwise it comes from outside, and may be of no interest."""
    count: Annotated[int, Attr("callcheck.count")]
    others: Annotated[int, Attr("callcheck.count.heard")]
    """Deliveries of other events that arrive."""
    refused: Annotated[bool, Attr("callcheck.event.refused")] = False
    """Whoever waits for the near name asked for it, and was told that there is none."""

    def says(self) -> str:
        if self.refused:
            return f"{self.near} is asked for in vain, while {self.event} goes out {times(self.count)}"
        near = f"; a listener waits for {self.near}" if self.near else ""
        return f"never handled ({self.count} times, while {self.others} of other events are){near}"


@dataclass(frozen=True, slots=True, repr=False)
class CountGrows(Fact):
    """A count that a process writes down only rises, with the work or the time."""

    kind: ClassVar[str] = "count.grows"

    of: Annotated[str, Attr("callcheck.count.of")]
    """listeners (handlers, subscriptions, callbacks on one object) or waiting (a queue nobody takes from)."""
    name: Annotated[str, Attr("callcheck.subject")]
    """The field as the log writes it."""
    first: Annotated[int, Attr("callcheck.count.first")]
    last: Annotated[int, Attr("callcheck.count")]
    idle: Annotated[bool, Attr("callcheck.runtime.idle")]
    """For a queue: nobody is seen to take from it."""

    def says(self) -> str:
        return f"{self.name} rises from {self.first} to {self.last} and never falls for long"


@dataclass(frozen=True, slots=True, repr=False)
class WebhookRefused(Fact):
    """Requests of a provider to one path are turned away, each time."""

    kind: ClassVar[str] = "webhook.refused"

    path: Annotated[str, Attr("http.route")]
    status: Annotated[int, Attr("http.response.status_code")]
    sender: Annotated[str, Attr("user_agent.original")]
    """The provider by its user agent, or ""."""
    count: Annotated[int, Attr("callcheck.count")]
    redirected: Annotated[bool, Attr("callcheck.webhook.redirected")]

    def says(self) -> str:
        return f"{self.sender or 'a sender'} is answered {self.status}, {self.count} times"


@dataclass(frozen=True, slots=True, repr=False)
class DeadlineMet(Fact):
    """Failed deliveries all end after the same time, which is a known limit of somebody."""

    kind: ClassVar[str] = "deadline.met"

    seconds: Annotated[float, Attr("callcheck.deadline", "s")]
    whose: Annotated[str, Attr("callcheck.deadline.whose")]
    side: Annotated[str, Attr("callcheck.deadline.side")]
    """sender (of a callback, who gives up on us), caller (we give up on whom we call) or broker."""
    count: Annotated[int, Attr("callcheck.count")]

    def says(self) -> str:
        return f"ends after {self.seconds:g} s, {self.count} times: {self.whose}"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerGone(Fact):
    """The listener is taken away between its registration and the event, for each id anew."""

    kind: ClassVar[str] = "listener.gone"

    scope: Annotated[str, Attr("callcheck.function.role")]
    """request where the line speaks of a request or its scope, else ""."""
    count: Annotated[int, Attr("callcheck.count")]

    def says(self) -> str:
        return f"gone before the event, {self.count} times"


@dataclass(frozen=True, slots=True, repr=False)
class OperationUnheard(Fact):
    """After bulk operations nothing happens of what follows each single one."""

    kind: ClassVar[str] = "operation.unheard"

    count: Annotated[int, Attr("callcheck.count")]
    single: Annotated[int, Attr("callcheck.count.heard")]
    """Single operations that are followed by their hook."""

    def says(self) -> str:
        return f"no hook follows, {self.count} times; single ones are followed by theirs ({self.single} times)"


@dataclass(frozen=True, slots=True, repr=False)
class PublishedAway(Fact):
    """What is published while a subscriber has lost its connection never comes to it, also after it has come back; what is published at other times does."""

    kind: ClassVar[str] = "published.away"

    event: Annotated[str, Attr("callcheck.event.name")]
    """"" where no line names one."""
    subscriber: Annotated[str, Attr("callcheck.subscriber")]
    """"" where the lines name no process or client."""
    missed: Annotated[int, Attr("callcheck.count")]
    of: Annotated[int, Attr("callcheck.count.of")]
    """Published in such a time."""
    arrived: Annotated[int, Attr("callcheck.count.arrived")]
    """Of what was published at other times."""
    clean: Annotated[bool, Attr("callcheck.session.clean")]
    """The broker says that the subscriber asks for a session without memory."""
    system: Annotated[str, Attr("messaging.system")] = ""
    """nats, mqtt or redis, where the broker's own lines tell it or those of its client name it."""

    def says(self) -> str:
        who = self.subscriber or "the subscriber"
        return f"{self.missed} of {self.of} that are published while {who} is away never come; {self.arrived} of the others do"
