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
    """The function, queue or topic that subscribes."""
    key: Annotated[str, Attr("callcheck.message.field")]
    """What its filter asks for; "" if it has none."""
    why: Annotated[str, Attr("callcheck.blind.why")]
    """not-an-attribute (the filter asks for an attribute, and no message has one of this name), other-value (they have others), not-allowed (the
    policy of the queue or topic does not let the service send to it), not-permitted (no permission lets it call the function)."""
    system: Annotated[str, Attr("messaging.system")]

    def says(self) -> str:
        whys = {
            "not-an-attribute": f"this filter asks for the attribute {self.key}, which no message has",
            "other-value": f"this filter asks for values of {self.key} that no message has",
            "not-allowed": f"no policy lets {self.system} send to {self.name}",
            "not-permitted": f"no permission lets {self.system} call {self.name}",
        }
        return whys.get(self.why, "nothing is handed on to it")


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
