"""Where do events go out by the logs, and where and how often are they heard?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.counted import times
from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


def _of(one_in: int) -> str:
    return f", as one in {one_in:,} lines tells it" if one_in > 1 else ""


@dataclass(frozen=True, slots=True, repr=False)
class EventCrossed(Fact):
    """Registered on one instance, emitted on another, and not handled; handled where the two are the same."""

    kind: ClassVar[str] = "event.crossed"

    lost: Annotated[int, Attr("callcheck.count")]
    """Emitted elsewhere and never handled."""
    arrived: Annotated[int, Attr("callcheck.count.crossed")]
    """Emitted elsewhere and handled all the same."""
    same: Annotated[int, Attr("callcheck.count.same")]
    """Emitted where it was registered, and handled."""
    of_same: Annotated[int, Attr("callcheck.count.same.of")]
    """Emitted where it was registered."""
    layer: Annotated[str, Attr("callcheck.realtime.layer")]
    """socket.io, channels, actioncable, signalr or "" for an application's own emitter or map."""
    how: Annotated[str, Attr("callcheck.crossed.how")]
    """emitted (no handling line follows), unknown (the other instance says that it does not know the id), contrast (what arrives has two of its lines in one
    process, what does not has them in two), taken (the same, and of several consumers of one service each piece goes to one) or counted (as many are told as listen
    in the process that emits, whoever listens elsewhere)."""
    instances: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    one_in: Annotated[int, Attr("callcheck.sample.one_in")] = 1
    """The counts are told from one in so many lines; 1 where all were laid side by side."""

    def says(self) -> str:
        if self.how == "unknown":
            return f"an id that another process registered is not known here, {times(self.lost)}{_of(self.one_in)}"
        ratio = f"same instance {self.same} of {self.of_same}, other instance {self.arrived} of {self.lost + self.arrived}"
        if self.how == "taken":
            return f"one of several consumers took it, and not the one where whoever it is for is connected, {times(self.lost)} (handled: {ratio}){_of(self.one_in)}"
        if self.how == "counted":
            return f"as many are told as are connected to the process that emits, and none of another one, {times(self.lost)} (handled: {ratio}){_of(self.one_in)}"
        return (
            f"emitted in a process that is not the listener's, and not handled, {times(self.lost)} (handled: {ratio}){_of(self.one_in)}"
        )


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryRepeated(Fact):
    """The same id was handled more than once."""

    kind: ClassVar[str] = "delivery.repeated"

    how: Annotated[str, Attr("callcheck.repeat.how")]
    """redelivered (again later), fan-out (several instances at once), retried (the sender marks it as a retry), doubled (one process,
    twice at once)."""
    subject: Annotated[str, Attr("callcheck.subject")]
    count: Annotated[int, Attr("callcheck.count")]
    """Ids that were handled more than once."""
    most: Annotated[int, Attr("callcheck.count.most")]
    """The most times that one id was handled."""
    instances: Annotated[int, Attr("callcheck.instance.count", "{instance}")]

    def says(self) -> str:
        return f"the same delivery is handled again (up to {self.most} times; {self.count} deliveries)"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerLate(Fact):
    """For some ids the listener is attached after the event, and never called; for others it is there before, and is called."""

    kind: ClassVar[str] = "listener.late"

    late: Annotated[int, Attr("callcheck.count")]
    in_time: Annotated[int, Attr("callcheck.count.in_time")]
    pubsub: Annotated[bool, Attr("callcheck.transport.keeps_nothing")]
    """The lines speak of a publish/subscribe transport that keeps nothing (Redis, NATS, MQTT)."""
    one_in: Annotated[int, Attr("callcheck.sample.one_in")] = 1
    """The counts are told from one in so many lines; 1 where all were laid side by side."""

    def says(self) -> str:
        return f"attached after the event it waits for, {times(self.late)}{_of(self.one_in)}"


@dataclass(frozen=True, slots=True, repr=False)
class EmitUnheard(Fact):
    """An emit found no listener in its process."""

    kind: ClassVar[str] = "emit.unheard"

    event: Annotated[str, Attr("callcheck.event.name")]
    split: Annotated[bool, Attr("callcheck.emitter.split")]
    """The listener was registered in the same process, on another object."""
    count: Annotated[int, Attr("callcheck.count")]
    heard: Annotated[int, Attr("callcheck.count.heard")]
    """Emits that did find one."""
    spent: Annotated[bool, Attr("callcheck.listener.spent")]
    """All that found one came before the first that did not."""
    awaited: Annotated[bool, Attr("callcheck.listener.awaited")] = False
    """The same process said before that it waits for it."""

    def says(self) -> str:
        return f"nobody listens when this is emitted, {times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class WorkMisplaced(Fact):
    """Work is handed to one object of a process, where it fails, while another one of its kind is the one that runs."""

    kind: ClassVar[str] = "work.misplaced"

    subject: Annotated[str, Attr("callcheck.subject")]
    """What kind of object it is, as the lines call it."""
    count: Annotated[int, Attr("callcheck.count")]

    def says(self) -> str:
        return f"handed to another {self.subject} than the one that runs, {times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class EventStopped(Fact):
    """A kind of line that came regularly ends at a restart, a reconnect, a release or an exception that ends a thread, while the others go on."""

    kind: ClassVar[str] = "event.stopped"

    subject: Annotated[str, Attr("callcheck.subject")]
    after: Annotated[str, Attr("callcheck.stopped.after")]
    """version (another version was started), reconnect, restart, exception (it ended the thread), collection (of the task that wrote it), expiry (of the subscription),
    stream (what the thread reads from failed, and no handler), idle (the process was stopped, since nobody asked it for anything), leadership (it leads no more, and no other process took over), nothing (that any line tells: what it answers goes out as before, and others are answered)."""
    before: Annotated[int, Attr("callcheck.count")]
    warned: Annotated[bool, Attr("callcheck.deprecation")]
    """A deprecation warning for the same name stands before."""
    payload_shaped: Annotated[bool, Attr("callcheck.error.payload_shaped")] = False
    """The exception is about the shape of what a handler was handed."""

    def says(self) -> str:
        before = "" if self.after == "nothing" else f" before the {self.after}"
        return f"came {times(self.before)}{before}, and never after"


@dataclass(frozen=True, slots=True, repr=False)
class EventPaused(Fact):
    """A kind of line that comes regularly stays away for many turns, while other work holds its thread or its process is stopped as idle, and comes again."""

    kind: ClassVar[str] = "event.paused"

    subject: Annotated[str, Attr("callcheck.subject")]
    how: Annotated[str, Attr("callcheck.paused.how")]
    """held (all that is regular on the thread stays away from the first line of other work to its last one) or idle (the process is stopped)."""
    by: Annotated[str, Attr("callcheck.paused.by")]
    """The first words of what holds the thread; "" of a stop."""
    thread: Annotated[str, Attr("callcheck.thread")]
    """"" of a stop, and where lines name none."""
    seconds: Annotated[int, Attr("callcheck.pause.duration", "s")]
    missed: Annotated[int, Attr("callcheck.count")]
    """About so many lines were due meanwhile."""

    def says(self) -> str:
        minutes = f"{self.seconds / 60:.0f} min" if self.seconds >= 120 else f"{self.seconds} s"
        why = f"{self.thread or 'the process'} is held" if self.how == "held" else "the process is stopped as idle"
        return f"{why} for {minutes}, in which about {self.missed} of these lines were due and none came"


@dataclass(frozen=True, slots=True, repr=False)
class RunsWithoutEvents(Fact):
    """Runs end well although their subscribers were sent nothing."""

    kind: ClassVar[str] = "run.without_events"

    count: Annotated[int, Attr("callcheck.count")]
    library: Annotated[str, Attr("callcheck.library")]
    streaming: Annotated[bool, Attr("callcheck.streaming")]
    """A line shows that some run did stream."""
    part: Annotated[str, Attr("callcheck.run.part")] = ""
    """How the lines call the run inside another one of which alone nothing came (`inner`, `sub-agent`); "" for whole runs."""
    unasked: Annotated[bool, Attr("callcheck.stream.unasked")] = False
    """The requests to the model say themselves that no stream is wanted."""
    kind_of: Annotated[str, Attr("callcheck.run.kind")] = ""
    """The model, agent or other value that all of these runs name, while those of other values do send events; "" if they have nothing in common."""

    def says(self) -> str:
        if self.kind_of:
            return f"a run of {self.kind_of} ends without one event, {times(self.count)}"
        if self.part:
            return f"the run ends, and none of its {self.part} events came, {times(self.count)}"
        return f"the run ends, the stream closes without one event, {times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class SequenceGap(Fact):
    """Numbers of a stream are missing where it is heard, though nearly all others are there."""

    kind: ClassVar[str] = "sequence.gap"

    subject: Annotated[str, Attr("callcheck.subject")]
    """The stream as its lines name it (`channel=quotes`), or the fields that tell several apart; "" if nothing does."""
    lost: Annotated[int, Attr("callcheck.count")]
    of: Annotated[int, Attr("callcheck.count.of")]
    """Numbers between the first and the last that were heard."""
    sent: Annotated[bool, Attr("callcheck.sequence.sent")]
    """Lines of the sender show that the missing ones were sent."""

    def says(self) -> str:
        return f"{'sent, and never heard' if self.sent else 'a number before this one is missing'}: {self.lost} of {self.of}"
