"""What became of each delivery, as it was seen while the app ran?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass

SAID = {
    "other-process": "heard by nobody: the listener sits in another process",
    "other-object": "heard by nobody: the listener sits on another object of this process",
    "late": "heard by nobody: the listener comes later",
    "removed": "heard by nobody: the listener was taken off before",
    "spent": "heard by nobody: the listener was for one event, and is gone",
    "collected": "heard by nobody: the listener was held by a weak reference alone, and collected",
    "unsubscribed": "heard by nobody: what is listened to there has other names",
    "not-running": "waits in a runtime that is never started",
    "left": "waits in a runtime that ended before it was handed out",
    "untyped": "taken by an agent that has no handler for its type",
    "threw": "heard, and the handler threw",
    "swallowed": "heard, and the handler failed; the error went no further",
    "rejected": "heard, and what the handler promised failed",
    "pending": "heard, and the handler is not done",
}
"""Fates in words."""


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryStopped(Fact):
    """Deliveries of one event stop at one point, in a recorded run."""

    kind: ClassVar[str] = "delivery.stopped"

    event: Annotated[str, Attr("callcheck.event.name")]
    """Ids in it folded to `*`."""
    system: Annotated[str, Attr("messaging.system")]
    fate: Annotated[str, Attr("callcheck.delivery.fate")]
    """other-process, other-object, late, removed, spent, collected, unsubscribed, not-running, left, untyped, threw, swallowed, rejected, pending."""
    count: Annotated[int, Attr("callcheck.count")]
    of: Annotated[int, Attr("callcheck.count.of")]
    """Deliveries of this event in all."""
    share: Annotated[int, Attr("callcheck.share.stopped", "%")]
    met: Annotated[int, Attr("callcheck.count.same.of")]
    """Those in which the emission found a listener on its own object."""
    heard: Annotated[int, Attr("callcheck.count.same")]
    """Of these, those that some listener was called for."""
    processes: Annotated[int, Attr("callcheck.instance.count", "{instance}")]
    """Recorded processes of the app that listen to it or emit it."""
    fresh: Annotated[bool, Attr("callcheck.emitter.fresh")]
    """One of the two objects, or the only one, was made in a request."""
    payload_shaped: Annotated[bool, Attr("callcheck.error.payload_shaped")]
    """For a handler that failed: on what it was handed."""
    error: Annotated[str, Attr("error.type")]
    said: Annotated[str, Attr("exception.message")]
    near: Annotated[str, Attr("callcheck.event.near")]
    """For what nobody listens to: the names that are listened to there."""
    language: Annotated[str, Attr("code.language")]
    framework: Annotated[str, Attr("callcheck.framework")]

    def says(self) -> str:
        said = "did not reach the sockets of another process" if (self.system, self.fate) == ("socket.io", "other-process") else SAID.get(self.fate, self.fate)
        return f"{self.event}: {self.count} of {self.of} {said}"
