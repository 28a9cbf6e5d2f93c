"""What came of the deliveries of an app that a scenario set off just now?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass

_SAID = {
    "unsent": "never sent",
    "untriggered": "trigger not answered as expected",
    "lost": "never delivered",
    "mis-signed": "wrongly signed",
    "mismatched": "not what was expected",
    "rejected": "not taken by the receiver",
    "duplicate": "delivered again though taken",
    "late": "late",
    "retried": "delivered after further attempts",
    "delivered": "delivered",
}


@dataclass(frozen=True, slots=True, repr=False)
class WebhookMeasured(Fact):
    """Some of the deliveries that a scenario set off had one fate, for one reason."""

    kind: ClassVar[str] = "webhook.measured"

    scenario: Annotated[str, Attr("callcheck.scenario")]
    fate: Annotated[str, Attr("callcheck.webhook.fate")]
    """unsent, untriggered, lost, mis-signed, mismatched, rejected, duplicate, late, retried or delivered."""
    why: Annotated[str, Attr("callcheck.webhook.why")]
    """In a few words; "" if the fate says it all."""
    count: Annotated[int, Attr("callcheck.count")]
    of: Annotated[int, Attr("callcheck.count.runs")]
    """Deliveries that the scenario set off, or was to set off."""
    share: Annotated[float, Attr("callcheck.share")]
    """`count` in parts of `of`: 0 to 1."""
    status: Annotated[int, Attr("http.response.status_code")]
    """What the receiver answered or, where nothing came, the app to the trigger; 0 if neither did."""
    latency: Annotated[float, Attr("callcheck.latency", "s")]
    """From a trigger to its first delivery, the median of all that came; 0 if none did."""
    attempts: Annotated[int, Attr("callcheck.count.most")]
    """The most that were made for one delivery of the scenario."""
    arrived: Annotated[bool, Attr("callcheck.webhook.arrived")]
    """Whether anything at all reached the receiver in this scenario, from the app or from anybody."""
    near: Annotated[str, Attr("callcheck.address.instead")]
    """A path that was called in place of the one that was given; "" if there is none."""
    public: Annotated[str, Attr("callcheck.address.public")]
    """What came of asking for the receiver at the public address that was given: ok, or what is wrong; "" without one."""
    noise: Annotated[str, Attr("callcheck.webhook.noise")]
    """What else came to the receiver: tls, malformed, oversized, crowded or "", the most frequent."""
    address: Annotated[str, Attr("server.address")]
    """Where deliveries were to arrive, without the secret path."""

    def says(self) -> str:
        return f"{self.count} of {self.of} {_SAID[self.fate]}{f' ({self.why})' if self.why else ''}"
