"""What does a broker in the cloud hand on, and when does it hand it out again?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class SubscriptionBlind(Fact):
    """A subscription to which the broker hands nothing of what the code publishes."""

    kind: ClassVar[str] = "subscription.blind"

    name: Annotated[str, Attr("callcheck.receiver.name")]
    """The function or queue that subscribes."""
    key: Annotated[str, Attr("callcheck.message.field")]
    """What its filter asks for; "" if it has none."""
    why: Annotated[str, Attr("callcheck.blind.why")]
    """not-an-attribute (the filter asks for an attribute, and no message has one of this name), other-value (they have others), not-allowed (the
    queue lets nobody send to it)."""
    system: Annotated[str, Attr("messaging.system")]

    def says(self) -> str:
        whys = {
            "not-an-attribute": f"this filter asks for the attribute {self.key}, which no message has",
            "other-value": f"this filter asks for values of {self.key} that no message has",
            "not-allowed": f"no policy lets {self.system} send to {self.name}",
        }
        return whys.get(self.why, "nothing is handed on to it")


@dataclass(frozen=True, slots=True, repr=False)
class VariableApart(Fact):
    """Who sends and who receives take the place where they meet from one variable, which the deployment sets to another value for each."""

    kind: ClassVar[str] = "variable.apart"

    name: Annotated[str, Attr("callcheck.variable")]
    what: Annotated[str, Attr("callcheck.variable.of")]
    """name (a topic, queue or channel), database (of a Redis that holds the work, or the vhost of a RabbitMQ)."""
    here: Annotated[str, Attr("callcheck.variable.given")]
    """Without credentials."""
    there: Annotated[str, Attr("callcheck.variable.there")]
    service: Annotated[str, Attr("service.name")]
    """The unit that receives; `other` the one that sends."""
    other: Annotated[str, Attr("callcheck.emit.service")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.name} is {self.here} for {self.service}, and {self.there} for {self.other}"


@dataclass(frozen=True, slots=True, repr=False)
class RedeliveredEarly(Fact):
    """A queue hands a message out again while the function that took it may still be at work."""

    kind: ClassVar[str] = "redelivery.early"

    queue: Annotated[str, Attr("callcheck.queue.name")]
    hidden_s: Annotated[int, Attr("callcheck.queue.visibility", "s")]
    works_s: Annotated[int, Attr("callcheck.function.timeout", "s")]
    system: Annotated[str, Attr("messaging.system")]

    def says(self) -> str:
        return f"hidden for {self.hidden_s} s; the function may take {self.works_s} s"
