"""Who registers, who emits, on which object, and do they meet?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass
from callcheck.model.words import Lifetime


@dataclass(frozen=True, slots=True, repr=False)
class ListenerRegistered(Fact):
    """A handler is attached to an event source."""

    kind: ClassVar[str] = "listener.registered"

    event: Annotated[str, Attr("callcheck.event.name")]
    """As written in the code; "" if it is computed, with `*` for computed parts."""
    emitter: Annotated[str, Attr("callcheck.emitter.id")]
    """Same object, same id, across files: the place of its making; "" if it cannot be told."""
    lifetime: Annotated[Lifetime, Attr("callcheck.lifetime")]
    """How long the object that holds the handler lives."""
    role: Annotated[str, Attr("callcheck.function.role")]
    """In what kind of function it is attached: module, startup, request, job, connection, render, callback, helper."""
    framework: Annotated[str, Attr("callcheck.framework")]
    source: Annotated[str, Attr("callcheck.emitter.kind")]
    """What kind of object it is attached to: emitter, agent, queue, socket ..."""
    language: Annotated[str, Attr("code.language")]
    durable: Annotated[bool, Attr("callcheck.emitter.durable")] = False
    """The kind of object is made to be kept for the life of the process: an agent, a queue, a consumer."""
    once: Annotated[bool, Attr("callcheck.listener.once")] = False
    released: Annotated[bool, Attr("callcheck.listener.released")] = False
    """Something at the registration can take it off: a signal, a `with`, or what the call gives is kept; or it is attached once for its object."""
    handler: Annotated[str, Attr("callcheck.handler.id")] = ""
    """Where the handler is written, as file and place; "" if that cannot be followed."""
    repeated: Annotated[bool, Attr("callcheck.repeated")] = False
    """It is attached in a loop, or by what a loop calls; told only of a listener that hears one event."""

    def says(self) -> str:
        return f"the listener for {self.event or 'an event'} is attached here"


@dataclass(frozen=True, slots=True, repr=False)
class EventEmitted(Fact):
    """An event is sent to whoever listens."""

    kind: ClassVar[str] = "event.emitted"

    event: Annotated[str, Attr("callcheck.event.name")]
    emitter: Annotated[str, Attr("callcheck.emitter.id")]
    lifetime: Annotated[Lifetime, Attr("callcheck.lifetime")]
    role: Annotated[str, Attr("callcheck.function.role")]
    framework: Annotated[str, Attr("callcheck.framework")]
    source: Annotated[str, Attr("callcheck.emitter.kind")]
    language: Annotated[str, Attr("code.language")]
    payload: Annotated[str, Attr("callcheck.payload.fields")] = ""
    """The fields of what is sent, separated by commas; "" if they are not all written at one place."""
    again: Annotated[bool, Attr("callcheck.emitted.again")] = False
    """Whether a timer, or a loop that waits, emits it; looked for where somebody hears an event once only."""

    def says(self) -> str:
        return f"{self.event or 'an event'} is emitted here"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerRemoved(Fact):
    """A handler is taken from an event source; `all` when every handler of the event goes."""

    kind: ClassVar[str] = "listener.removed"

    event: Annotated[str, Attr("callcheck.event.name")]
    emitter: Annotated[str, Attr("callcheck.emitter.id")]
    all: Annotated[bool, Attr("callcheck.removed.all")]
    role: Annotated[str, Attr("callcheck.function.role")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    handler: Annotated[str, Attr("callcheck.handler.id")] = ""
    """As of `ListenerRegistered`; another one than the listener's takes nothing off."""

    def says(self) -> str:
        return f"every listener of {self.event or 'the source'} is removed here" if self.all else "a listener is removed here"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerPerCall(Fact):
    """A handler is attached, anew on each call, to an object that lives only as long as that call, though its kind is made to be kept."""

    kind: ClassVar[str] = "listener.per_call"

    event: Annotated[str, Attr("callcheck.event.name")]
    role: Annotated[str, Attr("callcheck.function.role")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"the listener for {self.event or 'an event'} is attached anew on every {self.role}"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerGrows(Fact):
    """A handler is attached on each call to an object that outlives the call, and nothing takes it off."""

    kind: ClassVar[str] = "listener.grows"

    event: Annotated[str, Attr("callcheck.event.name")]
    role: Annotated[str, Attr("callcheck.function.role")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"one more listener for {self.event or 'an event'} on every {self.role}, none is removed"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerSpent(Fact):
    """A handler for one event only is attached at start, and the event goes out again and again."""

    kind: ClassVar[str] = "listener.spent"

    event: Annotated[str, Attr("callcheck.event.name")]
    role: Annotated[str, Attr("callcheck.function.role")]
    """In what kind of function the event is emitted."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"hears {self.event} once; it is emitted on every {self.role}"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerRemovedEarly(Fact):
    """A listener is taken off while the work that it listens to has only been started: nothing is waited for in between."""

    kind: ClassVar[str] = "listener.removed_early"

    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"the listener for {self.event or 'an event'} is taken off before the work has emitted anything"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerTwice(Fact):
    """One handler is attached twice to the same event of the same object while the program starts."""

    kind: ClassVar[str] = "listener.twice"

    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"attached to {self.event} twice"


@dataclass(frozen=True, slots=True, repr=False)
class EventNeverEmitted(Fact):
    """A name is listened to that the same object never emits, while it emits a name much like it."""

    kind: ClassVar[str] = "event.never_emitted"

    event: Annotated[str, Attr("callcheck.event.name")]
    near: Annotated[str, Attr("callcheck.event.near")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"listens to {self.event}; {self.near} is what goes out"


@dataclass(frozen=True, slots=True, repr=False)
class EventForeign(Fact):
    """A name is listened to that a library's object, in the version that runs here, never emits, and the program does not either."""

    kind: ClassVar[str] = "event.foreign"

    event: Annotated[str, Attr("callcheck.event.name")]
    object: Annotated[str, Attr("callcheck.emitter.kind")]
    """What is listened to: `bullmq.Queue`."""
    form: Annotated[str, Attr("callcheck.event.form")]
    """listener, named (a decorated function's name), methods (of a handler class), options (of a call), hooks (of an object that the library is handed or finds)."""
    hint: Annotated[str, Attr("callcheck.event.hint")]
    """Where the name does exist, or which one is much like it; "" if nothing is known."""
    version: Annotated[str, Attr("callcheck.package.version")]
    """The version that was looked up; "" where none is known, and no version at all emits it."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.object} never emits {self.event}{f': {self.hint}' if self.hint else ''}"


@dataclass(frozen=True, slots=True, repr=False)
class EventTooEarly(Fact):
    """In one straight run of code, the event goes out before its listener is attached."""

    kind: ClassVar[str] = "event.too_early"

    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.event or 'the event'} may have gone out before this listener is attached"


@dataclass(frozen=True, slots=True, repr=False)
class ReceiverWeak(Fact):
    """A receiver is connected by weak reference only, and nothing else holds it."""

    kind: ClassVar[str] = "receiver.weak"

    holder: Annotated[str, Attr("callcheck.receiver.form")]
    """lambda, nested function, partial, temporary."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"only a weak reference holds this {self.holder}"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerStripped(Fact):
    """Removing an event's listeners without naming one takes away those of another file too."""

    kind: ClassVar[str] = "listener.stripped"

    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"removes every listener of {self.event}, also those of others"


@dataclass(frozen=True, slots=True, repr=False)
class TopicUnsubscribed(Fact):
    """A message is published on a topic, or of a type, that no handler in the project subscribes to."""

    kind: ClassVar[str] = "topic.unsubscribed"

    event: Annotated[str, Attr("callcheck.event.name")]
    subscribed: Annotated[str, Attr("callcheck.topic.subscribed")]
    """The topics that are subscribed to, separated by commas."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"published on {self.event}; subscribed are {self.subscribed}"
