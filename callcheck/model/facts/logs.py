"""What do logs show?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


def _of(one_in: int) -> str:
    return f", as one in {one_in:,} lines tells it" if one_in > 1 else ""


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


@dataclass(frozen=True, slots=True, repr=False)
class LogSample(Fact):
    """A further line of a log that shows the fact it belongs to."""

    kind: ClassVar[str] = "log.sample"

    shows: Annotated[str, Attr("callcheck.log.shows")]

    def says(self) -> str:
        return self.shows


@dataclass(frozen=True, slots=True, repr=False)
class RaisedAt(Fact):
    """The line of the app's own in which a traceback or a stack of the logs ends, found in the target's source."""

    kind: ClassVar[str] = "error.raised"

    function: Annotated[str, Attr("code.function.name")]

    def says(self) -> str:
        return f"raised here, in {self.function}" if self.function else "raised here"


@dataclass(frozen=True, slots=True, repr=False)
class UpstreamFailure(Fact):
    """Calls to somebody else failed, and were not made good by a later attempt."""

    kind: ClassVar[str] = "upstream.failure"

    failure: Annotated[str, Attr("callcheck.failure.class")]
    """auth, rate-limit, timeout, rejected or unavailable."""
    peer: Annotated[str, Attr("callcheck.peer")]
    """model (an LLM or AI service), callback (the receiver of a callback), infrastructure (Redis, database ...) or service."""
    status: Annotated[int, Attr("http.response.status_code")]
    """0 if no line says."""
    error: Annotated[str, Attr("error.type")]
    address: Annotated[str, Attr("server.address")]
    """Host and port as written, "" if no line says."""
    loopback: Annotated[bool, Attr("callcheck.peer.loopback")]
    """The address is the caller's own machine or container."""
    count: Annotated[int, Attr("callcheck.count")]
    """Failures that stayed failures."""
    cured: Annotated[int, Attr("callcheck.count.cured")]
    """Failures after which the same unit of work succeeded."""
    to_the_end: Annotated[bool, Attr("callcheck.log.to_the_end")]
    """Nothing says that the peer answered after the last failure."""
    rare: Annotated[bool, Attr("callcheck.log.rare")]
    """Once among hundreds of other entries."""
    instances: Annotated[int, Attr("callcheck.instance.count", "{instance}")]

    def says(self) -> str:
        what = {
            "auth": "is refused (credentials)",
            "rate-limit": "is refused (rate limit or quota)",
            "timeout": "times out",
            "rejected": "is rejected as invalid",
            "unavailable": "finds nobody or is answered with a server error",
        }[self.failure]
        return f"a call {what}, {_times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class HandlerError(Fact):
    """A handler, listener or callback raised."""

    kind: ClassVar[str] = "handler.error"

    error: Annotated[str, Attr("error.type")]
    handler: Annotated[str, Attr("callcheck.handler")]
    """As the line names it, or ""."""
    payload_shaped: Annotated[bool, Attr("callcheck.error.payload_shaped")]
    """It failed on what it was handed: a missing key or attribute, a wrong number of arguments."""
    named: Annotated[bool, Attr("callcheck.error.named")]
    """A framework's own line says that a handler raised; otherwise it is a bare traceback or unhandled rejection."""
    library: Annotated[str, Attr("callcheck.library")]
    count: Annotated[int, Attr("callcheck.count")]
    rare: Annotated[bool, Attr("callcheck.log.rare")]
    """Once among hundreds of other entries."""
    instances: Annotated[int, Attr("callcheck.instance.count", "{instance}")]

    def says(self) -> str:
        return f"{self.handler or 'a handler'} raises {self.error or 'an error'}, {_times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class LogSignal(Fact):
    """A library reported something by a line that is known to it."""

    kind: ClassVar[str] = "log.signal"

    signal: Annotated[str, Attr("callcheck.signal")]
    """A neutral name, as in `rules/logs/signatures`."""
    subject: Annotated[str, Attr("callcheck.subject")]
    """The event, task, topic or class it is about, or ""."""
    library: Annotated[str, Attr("callcheck.library")]
    error: Annotated[str, Attr("error.type")]
    count: Annotated[int, Attr("callcheck.count")]
    instances: Annotated[int, Attr("callcheck.instance.count", "{instance}")]

    def says(self) -> str:
        about = f" ({self.subject})" if self.subject else ""
        return f"{self.signal.replace('-', ' ')}{about}, {_times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class LogInstances(Fact):
    """More than one process writes these logs."""

    kind: ClassVar[str] = "log.instances"

    count: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        return f"{self.count} processes write this log"


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
    """emitted (no handling line follows), unknown (the other instance says that it does not know the id) or contrast (what
    arrives has two of its lines in one process, what does not has them in two)."""
    instances: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    one_in: Annotated[int, Attr("callcheck.sample.one_in")] = 1
    """The counts are told from one in so many lines; 1 where all were laid side by side."""

    def says(self) -> str:
        if self.how == "unknown":
            return f"an id that another process registered is not known here, {_times(self.lost)}{_of(self.one_in)}"
        ratio = f"same instance {self.same} of {self.of_same}, other instance {self.arrived} of {self.lost + self.arrived}"
        return (
            f"emitted in a process that is not the listener's, and not handled, {_times(self.lost)} (handled: {ratio}){_of(self.one_in)}"
        )


@dataclass(frozen=True, slots=True, repr=False)
class SessionLost(Fact):
    """A request that carries a session id reached a process that did not issue it."""

    kind: ClassVar[str] = "session.lost"

    protocol: Annotated[str, Attr("callcheck.realtime.layer")]
    """socket.io, mcp, signalr or ""."""
    refused: Annotated[int, Attr("callcheck.count")]
    sessions: Annotated[int, Attr("callcheck.count.sessions")]
    """How many different sessions were refused."""
    instances: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    """Processes that are known to answer; 0 if the log does not say."""
    local: Annotated[bool, Attr("callcheck.instance.local")]
    """They are workers of one server, behind one socket, where no balancer can pin a client."""

    def says(self) -> str:
        return f"a request with a session id is refused, {_times(self.refused)}"


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
class LateAck(Fact):
    """The answer to a sender leaves after its deadline, and the sender tries again."""

    kind: ClassVar[str] = "delivery.late"

    retries: Annotated[int, Attr("callcheck.count")]
    """Requests that the sender marked as retries after a timeout."""
    slow: Annotated[int, Attr("callcheck.count.slow")]
    """Requests whose handling took longer than 3 s."""
    repeated_work: Annotated[bool, Attr("callcheck.repeated_work")]
    """The work was done again for most of the retries."""

    def says(self) -> str:
        return f"the sender repeats a request that was not acknowledged in time, {_times(self.retries)}"


@dataclass(frozen=True, slots=True, repr=False)
class WorkAfterEnd(Fact):
    """Work begun in one invocation goes on in a later one, or never."""

    kind: ClassVar[str] = "work.after_end"

    platform: Annotated[str, Attr("faas.platform")]
    moved: Annotated[int, Attr("callcheck.count")]
    """Units whose next line stands under a later invocation."""
    lost: Annotated[int, Attr("callcheck.count.lost")]
    """Units that end without one."""

    def says(self) -> str:
        return f"work goes on under another invocation, {_times(self.moved)}"


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
        return f"attached after the event it waits for, {_times(self.late)}{_of(self.one_in)}"


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

    def says(self) -> str:
        return f"nobody listens when this is emitted, {_times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class LoopStalled(Fact):
    """A process said nothing for seconds and then everything at once, or measured the stall itself."""

    kind: ClassVar[str] = "loop.stalled"

    seconds: Annotated[float, Attr("callcheck.stall.duration", "s")]
    count: Annotated[int, Attr("callcheck.count")]
    how: Annotated[str, Attr("callcheck.stall.how")]
    """measured (an event-loop delay in the log) or silence (nothing served during a call that waits)."""

    def says(self) -> str:
        return f"the loop stands still for {self.seconds:.0f} s, {_times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class EventStopped(Fact):
    """A kind of line that came regularly ends at a restart, a reconnect or a release, while the others go on."""

    kind: ClassVar[str] = "event.stopped"

    subject: Annotated[str, Attr("callcheck.subject")]
    after: Annotated[str, Attr("callcheck.stopped.after")]
    """version (another version was started), reconnect, restart."""
    before: Annotated[int, Attr("callcheck.count")]
    warned: Annotated[bool, Attr("callcheck.deprecation")]
    """A deprecation warning for the same name stands before."""

    def says(self) -> str:
        return f"came {_times(self.before)} before the {self.after}, and never after"


@dataclass(frozen=True, slots=True, repr=False)
class RunsWithoutEvents(Fact):
    """Runs end well although their subscribers were sent nothing."""

    kind: ClassVar[str] = "run.without_events"

    count: Annotated[int, Attr("callcheck.count")]
    library: Annotated[str, Attr("callcheck.library")]
    streaming: Annotated[bool, Attr("callcheck.streaming")]
    """A line shows that some run did stream."""

    def says(self) -> str:
        return f"the run ends, the stream closes without one event, {_times(self.count)}"


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
