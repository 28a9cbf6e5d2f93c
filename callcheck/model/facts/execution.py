"""What is run, how, and what happens to its result and its errors?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class RunWithoutStream(Fact):
    """Somebody listens for streamed events, and only the variant that emits none of them is called."""

    kind: ClassVar[str] = "run.without_stream"

    method: Annotated[str, Attr("code.function.name")]
    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.method}() gives one result and emits no {self.event or 'event'}"


@dataclass(frozen=True, slots=True, repr=False)
class ResultUnused(Fact):
    """A coroutine, generator or stream is made, and nobody awaits, iterates or keeps it."""

    kind: ClassVar[str] = "result.unused"

    form: Annotated[str, Attr("callcheck.result.form")]
    """coroutine, generator, stream, query, observable; promise (of a callback that an array's method calls, as the request ends), promises (needed below),
    judgement (taken for true); rest (of a stream that is left early); work (that goes on as the program ends itself)."""
    method: Annotated[str, Attr("code.function.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.form in ("promise", "promises", "judgement"):
            return f"{self.method}() does not wait for its async callback"
        if self.form == "work":
            return f"what {self.method}() starts is not waited for, and the program ends"
        if self.form == "rest":
            return f"the stream of {self.method} is left before its end"
        return f"the {self.form} that {self.method}() gives is never {'awaited' if self.form == 'coroutine' else 'iterated'}"


@dataclass(frozen=True, slots=True, repr=False)
class RuntimeIdle(Fact):
    """A runtime, worker, consumer or scheduler is made and handed work, and nothing starts it."""

    kind: ClassVar[str] = "runtime.idle"

    name: Annotated[str, Attr("callcheck.runtime.name")]
    start: Annotated[str, Attr("callcheck.runtime.start")]
    """The method that would start it."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.name} is made here; nothing calls {self.start}() on it"


@dataclass(frozen=True, slots=True, repr=False)
class RuntimeStarted(Fact):
    """A runtime that must be started is started here, and in no other file."""

    kind: ClassVar[str] = "runtime.started"

    name: Annotated[str, Attr("callcheck.runtime.name")]
    start: Annotated[str, Attr("callcheck.runtime.start")]
    guarded: Annotated[bool, Attr("callcheck.runtime.main_only")]
    """Only where the file is the main program: `if __name__ == "__main__"`, `require.main === module`."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.start}() is called here only" + (", where the file is the main program" if self.guarded else "")


@dataclass(frozen=True, slots=True, repr=False)
class ErrorDropped(Fact):
    """The errors of a run are caught and dropped: not raised again, not shown where anybody looks."""

    kind: ClassVar[str] = "error.dropped"

    function: Annotated[str, Attr("code.function.name")]
    form: Annotated[str, Attr("callcheck.error.form")]
    """silent (nothing at all), debug (written at a level that is off by default), unread (kept in results that nobody looks at), unread-each (the same
    at the end of each round of a loop, of which nothing is said afterwards), exit (a program's failure, dropped by the script that starts it),
    answered (a webhook's, whose sender is told that all is well)."""
    around: Annotated[str, Attr("callcheck.error.around")]
    """What is called inside: a run, a model call, an emit."""
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"an error of {self.around or 'the call'} ends here unseen"


@dataclass(frozen=True, slots=True, repr=False)
class PayloadMisread(Fact):
    """A handler reads a field that the event's payload does not have."""

    kind: ClassVar[str] = "payload.misread"

    event: Annotated[str, Attr("callcheck.event.name")]
    field: Annotated[str, Attr("callcheck.payload.field")]
    has: Annotated[str, Attr("callcheck.payload.has")]
    """The fields that it has, separated by commas."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"reads {self.field}; the payload has {self.has}"


@dataclass(frozen=True, slots=True, repr=False)
class PayloadMistaken(Fact):
    """A handler takes what it is sent for something else: text for an object, several values for one, or in another order."""

    kind: ClassVar[str] = "payload.mistaken"

    event: Annotated[str, Attr("callcheck.event.name")]
    form: Annotated[str, Attr("callcheck.payload.mistake")]
    """text-for-object, object-for-text, several-for-object, object-for-several, order."""
    handler: Annotated[str, Attr("callcheck.handler")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"takes what {self.event or 'the event'} carries for something else: {self.form.replace('-', ' ')}"


@dataclass(frozen=True, slots=True, repr=False)
class HandlerFaulty(Fact):
    """A handler that must fail when it is called."""

    kind: ClassVar[str] = "handler.faulty"

    handler: Annotated[str, Attr("callcheck.handler")]
    how: Annotated[str, Attr("callcheck.handler.fault")]
    """this-lost (a method handed over without its object), name-unknown (a name that nothing defines), throws (an error that ends the
    emission before other listeners have had their turn), ends-thread (what may fail ends the thread that calls all handlers),
    ends-loop (the same of the loop of a bus written by hand)."""
    name: Annotated[str, Attr("callcheck.handler.uses")]
    """What it uses and is not there, or the line that throws."""
    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.how == "ends-thread":
            return f"{self.handler or 'the handler'} calls {self.name} without a try"
        if self.how == "ends-loop":
            return f"an error of {self.handler or 'a listener'} ends this loop"
        if self.how == "throws":
            return "throws here: no listener after it is called"
        return f"{self.handler or 'the handler'} uses {self.name}, which is not there when it is called"


@dataclass(frozen=True, slots=True, repr=False)
class LoopBlocked(Fact):
    """Synchronous waiting or long computing inside an asynchronous function."""

    kind: ClassVar[str] = "loop.blocked"

    call: Annotated[str, Attr("code.function.name")]
    role: Annotated[str, Attr("callcheck.function.role")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.call} stops the event loop while it waits"


@dataclass(frozen=True, slots=True, repr=False)
class WorkerHeld(Fact):
    """A request keeps the worker that serves it: for as long as its client listens, or until the same server has answered another one."""

    kind: ClassVar[str] = "worker.held"

    function: Annotated[str, Attr("code.function.name")]
    how: Annotated[str, Attr("callcheck.held.how")]
    """stream, own-call."""
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.function} streams without end" if self.how == "stream" else f"{self.function} waits for an answer of its own server"


@dataclass(frozen=True, slots=True, repr=False)
class WorkAfterResponse(Fact):
    """Work is started in a request function and not awaited before the response goes out."""

    kind: ClassVar[str] = "work.after_response"

    call: Annotated[str, Attr("code.function.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.call} goes on after the response"


@dataclass(frozen=True, slots=True, repr=False)
class SchedulerInProcess(Fact):
    """A scheduler runs inside the web application's own process."""

    kind: ClassVar[str] = "scheduler.in_process"

    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    role: Annotated[str, Attr("callcheck.function.role")] = ""
    """In what kind of function it is started: module, startup, helper."""
    imported: Annotated[bool, Attr("callcheck.scheduler.imported")] = False
    """Whether that is while the application is loaded: a server that loads it before it forks (`server.trait` preloaded) has one, in its first process."""

    def says(self) -> str:
        return "every process that loads this starts a scheduler of its own"


@dataclass(frozen=True, slots=True, repr=False)
class SchedulerAlone(Fact):
    """A program of its own is there to run a scheduler, as is right in one process."""

    kind: ClassVar[str] = "scheduler.alone"

    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return "this program runs a scheduler, and is meant to run once"


@dataclass(frozen=True, slots=True, repr=False)
class RealtimeServer(Fact):
    """A realtime layer (Socket.IO, Channels, PubSub) is set up, with or without a backend that spans processes."""

    kind: ClassVar[str] = "realtime.server"

    adapter: Annotated[str, Attr("callcheck.adapter")]
    """shared, "" for the in-memory default, or unseen: the default, unless a secret that is not here says otherwise."""
    polling: Annotated[bool, Attr("callcheck.polling")]
    """Whether its clients may use several requests per session."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return "its rooms and clients are shared between processes" if self.adapter else "its rooms and clients live in this process's memory"


@dataclass(frozen=True, slots=True, repr=False)
class BusShared(Fact):
    """A client of something that carries events between processes."""

    kind: ClassVar[str] = "bus.shared"

    system: Annotated[str, Attr("messaging.system")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.system} carries events between processes"


@dataclass(frozen=True, slots=True, repr=False)
class BroadcastWork(Fact):
    """A handler of a message that every subscribed process is handed does what must be done once."""

    kind: ClassVar[str] = "broadcast.work"

    event: Annotated[str, Attr("callcheck.event.name")]
    call: Annotated[str, Attr("code.function.name")]
    """What reaches a person or another system."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"every process that subscribes to {self.event or 'this'} does it"
