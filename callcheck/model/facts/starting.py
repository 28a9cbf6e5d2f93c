"""What is written down to run, and does not?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass

_HOW = {
    "zero": "is scaled to none",
    "profile": "is in a profile that nothing asks for",
    "only": "is left out by --only",
    "autostart": "is not started with the others",
    "unhealthy": "waits for the health of something that has no health check",
    "uncompleted": "waits for the end of something that does not end",
    "probed": "is restarted again and again: its probe asks for HTTP, which it does not serve",
}


@dataclass(frozen=True, slots=True, repr=False)
class UnitHeld(Fact):
    """A line keeps a unit from being started, or from staying up."""

    kind: ClassVar[str] = "unit.held"

    service: Annotated[str, Attr("service.name")]
    how: Annotated[str, Attr("callcheck.off.how")]
    """profile (of compose), only (of `pm2 start --only`), autostart (of supervisord), unhealthy (`service_healthy` without a health check), uncompleted (`service_completed_successfully` of what goes on), probed
    (a liveness probe over HTTP for what serves none)."""
    system: Annotated[str, Attr("callcheck.instance.system")]

    def says(self) -> str:
        return f"{self.service} {_HOW.get(self.how, 'is not started')}"


@dataclass(frozen=True, slots=True, repr=False)
class ServiceOff(Fact):
    """A unit that is described, and of which nothing runs, or stays up."""

    kind: ClassVar[str] = "service.off"

    service: Annotated[str, Attr("service.name")]
    role: Annotated[str, Attr("callcheck.service.role")]
    how: Annotated[str, Attr("callcheck.off.how")]
    """zero (no replica), or as in `unit.held`."""
    system: Annotated[str, Attr("callcheck.instance.system")]

    def says(self) -> str:
        return f"{self.service} {_HOW.get(self.how, 'is not started')}"


@dataclass(frozen=True, slots=True, repr=False)
class TriggerOff(Fact):
    """A schedule, or the mapping from a queue to a function, that is turned off, or that its platform is not told of."""

    kind: ClassVar[str] = "trigger.off"

    name: Annotated[str, Attr("faas.name")]
    """What it would start."""
    trigger: Annotated[str, Attr("faas.trigger")]
    """timer, pubsub."""
    how: Annotated[str, Attr("callcheck.off.how")]
    """disabled (a line turns it off), untold (the code has a handler for it, and the platform's file no trigger)."""
    system: Annotated[str, Attr("callcheck.instance.system")]

    def says(self) -> str:
        what, name = "schedule" if self.trigger == "timer" else "queue", self.name or "this"
        return f"the {what} of {name} is turned off here" if self.how == "disabled" else f"nothing tells the platform of a {what} for {name}"


@dataclass(frozen=True, slots=True, repr=False)
class SwitchOff(Fact):
    """Code starts something only where a variable has a value, and what the deployment gives it is another."""

    kind: ClassVar[str] = "switch.off"

    name: Annotated[str, Attr("callcheck.variable")]
    wanted: Annotated[str, Attr("callcheck.variable.wanted")]
    given: Annotated[str, Attr("callcheck.variable.given")]
    """As the deployment sets it; "" where it sets it only in a set of variables that nothing asks for."""
    starts: Annotated[str, Attr("callcheck.runtime.name")]
    service: Annotated[str, Attr("service.name")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.starts} wants {self.name} to be {self.wanted}; it is {self.given or 'not set here'}"
