"""What is a handler called with, which code is loaded, and what is lost on the way?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class HandlerMisfit(Fact):
    """A handler cannot be called with the arguments that it is given."""

    kind: ClassVar[str] = "handler.misfit"

    handler: Annotated[str, Attr("callcheck.handler")]
    event: Annotated[str, Attr("callcheck.event.name")]
    takes: Annotated[str, Attr("callcheck.handler.takes")]
    """Its own parameters, as names separated by commas."""
    given: Annotated[str, Attr("callcheck.handler.given")]
    """What it is called with, in the same form."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"takes ({self.takes}); it is called with ({self.given})"


@dataclass(frozen=True, slots=True, repr=False)
class CallNoted(Fact):
    """A call of which a framework file notes something that rules may ask for; what it is stands in the trait."""

    kind: ClassVar[str] = "call.noted"

    trait: Annotated[str, Attr("callcheck.call.trait")]
    """A word of the framework files: sent-before-imports, answers-after-work ..."""
    method: Annotated[str, Attr("code.function.name")]
    event: Annotated[str, Attr("callcheck.event.name")]
    role: Annotated[str, Attr("callcheck.function.role")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.method}() is called here"


@dataclass(frozen=True, slots=True, repr=False)
class ModuleUnloaded(Fact):
    """A module attaches handlers when it is imported, and nothing in the process that needs them imports it."""

    kind: ClassVar[str] = "module.unloaded"

    module: Annotated[str, Attr("callcheck.module.name")]
    process: Annotated[str, Attr("callcheck.process.name")]
    """The entry that does not reach it (`celery -A shop`), or "" when nothing at all does."""
    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.process or 'nothing'} never imports {self.module}"


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryAcross(Fact):
    """What is registered or kept in one process is emitted to, or looked up, by code that another process runs."""

    kind: ClassVar[str] = "delivery.across"

    event: Annotated[str, Attr("callcheck.event.name")]
    """The event, or the name of the table."""
    process: Annotated[str, Attr("callcheck.process.name")]
    """What runs the other side: celery, rq, multiprocessing ..."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.event or 'the event'} is used by a process of {self.process}, which has memory of its own"


@dataclass(frozen=True, slots=True, repr=False)
class SubscribedOnce(Fact):
    """A subscription is made once, although the client connects again by itself and the broker forgets it."""

    kind: ClassVar[str] = "subscribed.once"

    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.event or 'the topic'} is subscribed to once, and not at each connection"


@dataclass(frozen=True, slots=True, repr=False)
class WorkerMissing(Fact):
    """Work is handed to a process type that the deployment never starts, while it starts others of the same application."""

    kind: ClassVar[str] = "worker.missing"

    command: Annotated[str, Attr("callcheck.worker.command")]
    """What would have to run: `celery beat`, `rq worker --with-scheduler`."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"this needs {self.command}, which nothing starts"


@dataclass(frozen=True, slots=True, repr=False)
class RegisteredUnreached(Fact):
    """A handler is attached below a call that does not return while the program runs."""

    kind: ClassVar[str] = "registered.unreached"

    event: Annotated[str, Attr("callcheck.event.name")]
    blocker: Annotated[str, Attr("code.function.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"this line is reached when {self.blocker}() ends"


@dataclass(frozen=True, slots=True, repr=False)
class WorkSlow(Fact):
    """A handler waits for something that takes seconds: a model, a subprocess, a sleep."""

    kind: ClassVar[str] = "work.slow"

    call: Annotated[str, Attr("code.function.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.call}() may take seconds"
