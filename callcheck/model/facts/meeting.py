"""Why does an event not meet its listener, though both are there?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class ListenerDeaf(Fact):
    """The object that is listened to never emits this event, by what its library does."""

    kind: ClassVar[str] = "listener.deaf"

    event: Annotated[str, Attr("callcheck.event.name")]
    reason: Annotated[str, Attr("callcheck.deaf.reason")]
    """other-object, not-inherited (a part's callbacks hear of its own runs), other-process, renamed, never (by no version), unsupported, no-stream, bypassed."""
    instead: Annotated[str, Attr("callcheck.deaf.instead")]
    """Where it comes, in a few words."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.event} never comes here: {self.instead}"


@dataclass(frozen=True, slots=True, repr=False)
class ProgramsApart(Fact):
    """A listener is attached only by programs that do not emit, and the event is emitted only by programs that do not listen."""

    kind: ClassVar[str] = "programs.apart"

    event: Annotated[str, Attr("callcheck.event.name")]
    here: Annotated[str, Attr("callcheck.program.listening")]
    """The entry file of a program that listens."""
    there: Annotated[str, Attr("callcheck.program.emitting")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"only {self.here} listens; {self.there} is another process"


@dataclass(frozen=True, slots=True, repr=False)
class ReceiverMissing(Fact):
    """The code that would register a handler is never run: not imported, not listed, or matched by no pattern."""

    kind: ClassVar[str] = "receiver.missing"

    name: Annotated[str, Attr("callcheck.receiver.name")]
    """The class, module or pattern."""
    how: Annotated[str, Attr("callcheck.receiver.how")]
    """not-imported, erased (imported for its types only), not-listed, pattern (matches nothing where it runs), left-out-of-image (a
    folder that is listed at run time), not-mounted (made, and given to nobody), not-called (a function that attaches them),
    not-chosen (by the variable that names what is loaded).
    """
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        how = {"not-imported": "is imported by nothing that runs", "erased": "is imported for its types only", "not-listed": "is listed nowhere", "not-called": "is called nowhere", "not-mounted": "is given to nothing that would call it", "left-out-of-image": "is left out of the image by this line", "not-chosen": "is not among what the variable names"}
        return f"{self.name} {how.get(self.how, 'matches no file where it runs')}"


@dataclass(frozen=True, slots=True, repr=False)
class ListenerNotRestored(Fact):
    """An object is made anew after its connection was lost, and a listener was attached to the first one only."""

    kind: ClassVar[str] = "listener.not_restored"

    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"attached once; the object is made anew after a lost connection, without {self.event or 'it'}"


@dataclass(frozen=True, slots=True, repr=False)
class SubscriptionEnds(Fact):
    """The first error, or the first event, ends a subscription that is meant to stay."""

    kind: ClassVar[str] = "subscription.ends"

    event: Annotated[str, Attr("callcheck.event.name")]
    after: Annotated[str, Attr("callcheck.subscription.after")]
    """error, first."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return "the first error ends this subscription" if self.after == "error" else "only the first event is heard"


@dataclass(frozen=True, slots=True, repr=False)
class SubscribedLate(Fact):
    """Somebody subscribes on demand to one message that may have been published before, over a transport that keeps nothing."""

    kind: ClassVar[str] = "subscribed.late"

    event: Annotated[str, Attr("callcheck.event.name")]
    role: Annotated[str, Attr("callcheck.function.role")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"subscribes to {self.event or 'a channel'} on demand; what was published before is gone"


@dataclass(frozen=True, slots=True, repr=False)
class SubscriptionVolatile(Fact):
    """A subscription for which the transport keeps nothing while it is away."""

    kind: ClassVar[str] = "subscription.volatile"

    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    stores: Annotated[bool, Attr("callcheck.subscription.stores")] = False
    """What comes is stored, or sent on, so that what never comes is missed for good."""

    def says(self) -> str:
        return f"nothing is kept for {self.event or 'this subscription'} while nobody is connected"


@dataclass(frozen=True, slots=True, repr=False)
class SubscriberAsleep(Fact):
    """The unit that subscribes to what nobody keeps is stopped at times."""

    kind: ClassVar[str] = "subscriber.asleep"

    event: Annotated[str, Attr("callcheck.event.name")]
    service: Annotated[str, Attr("service.name")]
    wakes_on: Annotated[str, Attr("callcheck.service.wakes_on")]
    """As of `service.stops`; rollout where it is stopped for the next one to be started."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.wakes_on == "rollout":
            return f"nobody runs {self.service} for a while at each rollout; what is published meanwhile is lost"
        return f"{self.service} is stopped at times and wakes on {self.wakes_on}; what is published meanwhile is lost"


@dataclass(frozen=True, slots=True, repr=False)
class ConsumersCompete(Fact):
    """Two programs take from one queue or group, each with handlers for other messages, or connect under one name."""

    kind: ClassVar[str] = "consumers.compete"

    name: Annotated[str, Attr("callcheck.group.name")]
    """The queue, group or token that they share."""
    here: Annotated[str, Attr("callcheck.program.listening")]
    there: Annotated[str, Attr("callcheck.program.other")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    alone: Annotated[bool, Attr("callcheck.group.alone")] = False
    """Under the name one connection lives, and a later one ends it: an MQTT client's id."""

    def says(self) -> str:
        return f"{self.here} and {self.there} share {self.name}"


@dataclass(frozen=True, slots=True, repr=False)
class UpdatesPolled(Fact):
    """A file asks for the updates of a bot as soon as it is loaded, so each program that loads it does."""

    kind: ClassVar[str] = "updates.polled"

    token: Annotated[str, Attr("callcheck.group.name")]
    """The variable that holds the bot's token."""
    apart: Annotated[bool, Attr("callcheck.token.apart")]
    """Whether the deployment gives the variable more than one value, or takes it from more than one place."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"asks for the updates of {self.token} when it is loaded"


@dataclass(frozen=True, slots=True, repr=False)
class OperationSilent(Fact):
    """A hook waits for one operation of a model, and the code uses another one that does not call it."""

    kind: ClassVar[str] = "operation.silent"

    event: Annotated[str, Attr("callcheck.event.name")]
    operation: Annotated[str, Attr("code.function.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    only: Annotated[bool, Attr("callcheck.operation.only")] = True
    """Nothing in the project calls the operation that the hook is for."""

    def says(self) -> str:
        return f"{self.operation} does not call the hook for {self.event}"


@dataclass(frozen=True, slots=True, repr=False)
class BodyParsedFirst(Fact):
    """A webhook's signature is checked on a body that was parsed and written out again, not on the bytes that were signed."""

    kind: ClassVar[str] = "body.parsed_first"

    verifier: Annotated[str, Attr("code.function.name")]
    own: Annotated[bool, Attr("callcheck.signature.own")]
    """The signature is computed by hand: the sender may be of the same house, and write its JSON in the same way."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.verifier} is given the parsed body"


@dataclass(frozen=True, slots=True, repr=False)
class BodyEncoded(Fact):
    """A webhook's signature is checked on the Base64 that a gateway makes of the body, not on the bytes that were signed."""

    kind: ClassVar[str] = "body.encoded"

    verifier: Annotated[str, Attr("code.function.name")]
    what: Annotated[str, Attr("callcheck.body.encoded")]
    """Which bodies the gateway takes for binary: all of them, or forms."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.verifier} is given the body as the gateway hands it over, {self.what} in Base64"


@dataclass(frozen=True, slots=True, repr=False)
class AckLate(Fact):
    """A delivery is acknowledged only after slow work, while its sender waits a few seconds."""

    kind: ClassVar[str] = "ack.late"

    work: Annotated[str, Attr("code.function.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"acknowledged only after {self.work}"


@dataclass(frozen=True, slots=True, repr=False)
class ErrorUnheard(Fact):
    """`error` is emitted on an object that nobody listens to for errors: the emitting call throws."""

    kind: ClassVar[str] = "error.unheard"

    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return "throws: no listener for error"


@dataclass(frozen=True, slots=True, repr=False)
class ContextDropped(Fact):
    """A run inside another run is not handed the outer one's callbacks or context."""

    kind: ClassVar[str] = "context.dropped"

    method: Annotated[str, Attr("code.function.name")]
    how: Annotated[str, Attr("callcheck.context.how")]
    """config (not handed on), storage (an async store is read where it was never entered), thread (a context variable is read in one), block (the library's is
    set around what a thread is given)."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.how == "block":
            return f"what {self.method} sets does not come along into this thread"
        return f"{self.method} is not handed the callbacks of the run around it" if self.how == "config" else f"{self.method} reads a context that was never entered here"
