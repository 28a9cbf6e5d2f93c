"""Which errors, signals and late answers do logs show, and of how many processes?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.counted import times
from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


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
    connected: Annotated[bool, Attr("callcheck.peer.connected")] = False
    """Of time-outs: most say that the peer was reached, and did not answer in time."""
    share: Annotated[int, Attr("callcheck.share.stopped", "%")] = 0
    """Of all calls to this peer, in a recorded run; 0 for logs, which seldom tell of those that succeed."""

    def says(self) -> str:
        what = {
            "auth": "is refused (credentials)",
            "rate-limit": "is refused (rate limit or quota)",
            "timeout": "times out",
            "rejected": "is rejected as invalid",
            "unavailable": "finds nobody or is answered with a server error",
        }[self.failure]
        return f"a call {what}, {times(self.count)}"


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
        return f"{self.handler or 'a handler'} raises {self.error or 'an error'}, {times(self.count)}"


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
        return f"{self.signal.replace('-', ' ')}{about}, {times(self.count)}"


@dataclass(frozen=True, slots=True, repr=False)
class LogInstances(Fact):
    """More than one process writes these logs."""

    kind: ClassVar[str] = "log.instances"

    count: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        return f"{self.count} processes write this log"


@dataclass(frozen=True, slots=True, repr=False)
class SessionLost(Fact):
    """A request that carries a session id reached a process that did not issue it."""

    kind: ClassVar[str] = "session.lost"

    protocol: Annotated[str, Attr("callcheck.realtime.layer")]
    """socket.io, mcp, mcp-sse (each answer goes out on a stream that one process holds), signalr or ""."""
    refused: Annotated[int, Attr("callcheck.count")]
    sessions: Annotated[int, Attr("callcheck.count.sessions")]
    """How many different sessions were refused."""
    instances: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    """Processes that are known to answer; 0 if the log does not say."""
    local: Annotated[bool, Attr("callcheck.instance.local")]
    """They are workers of one server, behind one socket, where no balancer can pin a client."""

    def says(self) -> str:
        return f"a request with a session id is refused, {times(self.refused)}"


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
        return f"the sender repeats a request that was not acknowledged in time, {times(self.retries)}"


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
        return f"work goes on under another invocation, {times(self.moved)}" if self.moved else f"the invocation is over before its work is, {times(self.lost)}"


@dataclass(frozen=True, slots=True, repr=False)
class LoopStalled(Fact):
    """A process said nothing for seconds and then everything at once, or measured the stall itself."""

    kind: ClassVar[str] = "loop.stalled"

    seconds: Annotated[float, Attr("callcheck.stall.duration", "s")]
    count: Annotated[int, Attr("callcheck.count")]
    how: Annotated[str, Attr("callcheck.stall.how")]
    """measured (an event-loop delay in the log) or silence (nothing served during a call that waits)."""

    def says(self) -> str:
        return f"the loop stands still for {self.seconds:.0f} s, {times(self.count)}"
