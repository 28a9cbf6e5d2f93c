"""Which events and waiters do not leave the memory of one process, or one object in it?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryInMemory(Fact):
    """An event is registered for in one request, connection or process start and emitted in another, over one object in memory."""

    kind: ClassVar[str] = "delivery.in_memory"

    event: Annotated[str, Attr("callcheck.event.name")]
    emitter: Annotated[str, Attr("callcheck.emitter.id")]
    register_role: Annotated[str, Attr("callcheck.register.role")]
    emit_role: Annotated[str, Attr("callcheck.emit.role")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.event or 'an event'} reaches only listeners in the memory of this process"


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryApart(Fact):
    """A listener on an object in memory runs in the processes of one deployment unit, every emission in those of others."""

    kind: ClassVar[str] = "delivery.apart"

    event: Annotated[str, Attr("callcheck.event.name")]
    listens: Annotated[str, Attr("callcheck.register.service")]
    """The unit that listens."""
    emits: Annotated[str, Attr("callcheck.emit.service")]
    """The unit that emits."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.event or 'an event'} is listened to in {self.listens} and emitted in {self.emits}"


@dataclass(frozen=True, slots=True, repr=False)
class StateInMemory(Fact):
    """A waiter (future, resolver, connection, queue) is parked in a table in memory by one request and looked up by another."""

    kind: ClassVar[str] = "state.in_memory"

    name: Annotated[str, Attr("callcheck.state.name")]
    emitter: Annotated[str, Attr("callcheck.emitter.id")]
    holds: Annotated[str, Attr("callcheck.state.holds")]
    """future, resolver, connection, queue, transport; task for what another request may end; subscriber for an entry of a table that is named so; record for what one request begins and another asks for."""
    language: Annotated[str, Attr("code.language")]
    register_role: Annotated[str, Attr("callcheck.register.role")] = ""
    """In what kind of function it is parked."""
    emit_role: Annotated[str, Attr("callcheck.emit.role")] = ""
    """In what kind of function it is looked for."""
    client: Annotated[str, Attr("callcheck.state.client")] = ""
    """The call that makes a client which comes back without the cookies it was given, as far as one is here."""

    def says(self) -> str:
        return f"{self.name} keeps each {self.holds} in the memory of one process"


@dataclass(frozen=True, slots=True, repr=False)
class EmittersApart(Fact):
    """The listener sits on one object, the event goes out on another of the same kind."""

    kind: ClassVar[str] = "emitters.apart"

    event: Annotated[str, Attr("callcheck.event.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.event} goes out on another object than the one that is listened to"
