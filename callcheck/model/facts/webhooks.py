"""What stands between a provider's webhook and the code that is to receive it?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class WebhookGuarded(Fact):
    """A route that receives a provider's requests lies behind a check which only a signed-in user or a page of the site passes."""

    kind: ClassVar[str] = "webhook.guarded"

    route: Annotated[str, Attr("http.route")]
    guard: Annotated[str, Attr("callcheck.guard")]
    """session, csrf, proxy (the ingress asks for a login, or for an address of its own), balancer (an AWS load balancer asks for a login),
    front (what stands in front of the app does not send the path on), refused (it does not let the request pass),
    host (the app answers to other host names than the one by which it is called), host-name (it takes that for none), gateway (an API gateway asks for a token)."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.guard in ("front", "refused"):
            return f"{self.route} is {'not handed to the app' if self.guard == 'front' else 'turned away'} by what stands in front of it"
        if self.guard in ("host", "host-name"):
            return f"{self.route} is called by a host name to which the app does not answer"
        guards = {"csrf": "CSRF check", "proxy": "check of the ingress", "balancer": "login of the load balancer", "gateway": "authorizer of the API gateway"}
        return f"{self.route} lies behind this {guards.get(self.guard, 'session check')}"


@dataclass(frozen=True, slots=True, repr=False)
class ManifestEvents(Fact):
    """A manifest by which an app tells a provider which events to send it."""

    kind: ClassVar[str] = "manifest.events"

    system: Annotated[str, Attr("callcheck.provider")]
    """github, slack; slack-interactivity and slack-commands for what is turned on, or declared, apart from events."""
    events: Annotated[str, Attr("callcheck.manifest.events")]
    """The events that it asks for, separated by commas."""

    def says(self) -> str:
        return f"asks {self.system} for {self.events or 'no events'}"


@dataclass(frozen=True, slots=True, repr=False)
class EventNotRequested(Fact):
    """A handler waits for an event of a provider that the app's manifest, or a list in its code, does not ask for."""

    kind: ClassVar[str] = "event.not_requested"

    event: Annotated[str, Attr("callcheck.event.name")]
    system: Annotated[str, Attr("callcheck.provider")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"waits for {self.event}, which {self.system} is not asked to send"
