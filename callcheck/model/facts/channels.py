"""Who sends and who listens under a name that lives outside the program: a topic, a queue, the name of a message on a socket?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class ChannelEnd(Fact):
    """One end of a channel that is known by its name, over a broker or a connection."""

    kind: ClassVar[str] = "channel.end"

    event: Annotated[str, Attr("callcheck.event.name")]
    """As written; "" if it is computed, with `*` for computed parts."""
    space: Annotated[str, Attr("callcheck.channel.space")]
    """Within which names mean the same: the medium (`kafka`, `socketio-down`), and the exchange or queue where names belong to one."""
    does: Annotated[str, Attr("callcheck.channel.does")]
    """emits, listens."""
    system: Annotated[str, Attr("messaging.system")]
    """The broker; "" for a connection."""
    role: Annotated[str, Attr("callcheck.function.role")]
    """In what kind of function it stands, as of a listener."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    payload: Annotated[str, Attr("callcheck.payload.fields")] = ""
    """As of `event.emitted`."""

    def says(self) -> str:
        name = self.event or "a name that is computed"
        return f"{name} is sent here" if self.does == "emits" else f"{name} is listened to here"
