"""On which ports do units answer, which addresses are they called by, and what keeps a call from arriving?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class PortsOpen(Fact):
    """A unit, or the name that stands before it, answers on these ports."""

    kind: ClassVar[str] = "ports.open"

    service: Annotated[str, Attr("service.name")]
    inside: Annotated[str, Attr("callcheck.ports.inside")]
    """For the other units, separated by commas."""
    outside: Annotated[str, Attr("callcheck.ports.outside")]
    """On the host; in Kubernetes those of the pods behind a Service, which are not asked for by its name."""
    whole: Annotated[bool, Attr("callcheck.ports.whole")]
    """Whether no other port is let through."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    """compose, kubernetes, ingress for the name of a host before the services of a cluster, or host for a unit whose localhost is another's too: the host's, another unit's, or that of a proxy in its pod."""
    host_only: Annotated[str, Attr("callcheck.ports.host_only")] = ""
    """Those of `outside` that the host itself alone reaches: 127.0.0.1:5050:5050."""

    def says(self) -> str:
        where = "in its pods" if self.system == "kubernetes" else "on the host"
        host = f", {self.outside} {where} alone" if self.outside and (self.outside != self.inside or self.host_only) else ""
        return f"{self.service} answers on {self.inside or 'no port that is told'}{host}"


@dataclass(frozen=True, slots=True, repr=False)
class ModelAddress(Fact):
    """The code looks for a model's server at an address of its own machine."""

    kind: ClassVar[str] = "model.address"

    url: Annotated[str, Attr("url.full")]
    name: Annotated[str, Attr("callcheck.variable")]
    """The variable that would replace the address; "" if none does."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.framework} looks for its model at {self.url}" + (f" unless {self.name} is set" if self.name else "")


@dataclass(frozen=True, slots=True, repr=False)
class AddressUnreachable(Fact):
    """An address that a unit is given, or gives away, on which nobody answers whoever is to call it."""

    kind: ClassVar[str] = "address.unreachable"

    name: Annotated[str, Attr("callcheck.variable")]
    """The variable that holds it; "" for one written in the code."""
    url: Annotated[str, Attr("url.full")]
    why: Annotated[str, Attr("callcheck.address.why")]
    """loopback, published-port, wrong-port, wrong-host, private, by-default (a stand-in in the code is, and nothing here sets its variable), wrong-path, upstream-loopback (an API is looked for in the own container), redirected (by a last slash), unset (a stand-in in the code is, and the stage `service` leaves out the variable that the stage `instead` sets), tunnel (a host that goes with its session), no-stage (API Gateway serves below the stage alone), stripped (a proxy changes the path to `instead`, which the app has not), own (what a product gives away as its own address is its own machine), listens-alone (the server in the container `service` listens on the container's own address), shut-port (a public address with a port that is open to nobody outside; `instead` is the proxy's), policy and policy-call (the network policy `instead` of the unit lets others in, and not the caller; for a callback, and for a call), family and family-call (it is taken for ::1, and the service listens at `instead` alone), proxied (the proxy in front calls the app so, and the app gives it away as its own)."""
    service: Annotated[str, Attr("service.name")]
    instead: Annotated[str, Attr("callcheck.address.instead")]
    """What would be right, as far as it can be told."""

    def says(self) -> str:
        whys = {
            "loopback": "is the caller's own container",
            "published-port": f"is the port on the host; {self.instead} is that of the container",
            "wrong-port": f"is no port of that service; {self.instead} is",
            "wrong-host": f"is no service here; {self.instead} is",
            "private": "is known inside this network alone",
            "by-default": "is this machine, and stands in where no variable is set",
            "unset": f"is this machine, and stands in where {self.name} is not set, as for {self.service}",
            "wrong-path": f"is no route here; {self.instead} is",
            "upstream-loopback": "is the caller's own container, where no such API listens",
            "redirected": f"is answered with a redirect to {self.instead}",
            "no-stage": f"lacks the stage, {self.instead}, below which the API is served",
            "stripped": f"comes to the app as {self.instead}, which is no route here",
            "own": f"is what {self.service} gives away as its own address, and is its own machine",
            "listens-alone": "is the container's own address, which nobody outside of it reaches",
            "policy": f"is shut to this caller by {self.instead}",
            "policy-call": f"is shut to this caller by {self.instead}",
            "family": f"is taken for ::1, where nobody listens; {self.instead} is answered",
            "family-call": f"is taken for ::1, where nobody listens; {self.instead} is answered",
            "proxied": "is the app's name for the proxy in front of it alone",
            "shut-port": "has a port that is open to nobody outside" + (f"; {self.instead} is the proxy's" if self.instead else ""),
            "tunnel": "is gone when the tunnel's session ends",
        }
        return f"{self.url} {whys.get(self.why, 'cannot be reached')}"


@dataclass(frozen=True, slots=True, repr=False)
class EgressWithoutNames(Fact):
    """Network policies list where a unit may connect to, and no name server is among it."""

    kind: ClassVar[str] = "egress.without_names"

    policy: Annotated[str, Attr("callcheck.policy")]
    service: Annotated[str, Attr("service.name")]

    def says(self) -> str:
        return f"{self.policy} lets {self.service} out to a list without port 53, so that no name is found"


@dataclass(frozen=True, slots=True, repr=False)
class ServiceWithoutPods(Fact):
    """A Service of Kubernetes selects labels that no pod has, so that whoever calls it is refused."""

    kind: ClassVar[str] = "service.without_pods"

    name: Annotated[str, Attr("server.address")]
    """The Service's name."""
    selects: Annotated[str, Attr("callcheck.selector")]
    """The labels that do not fit: `model=gemma-2-9b`."""
    service: Annotated[str, Attr("service.name")]
    """The unit that it is meant for, as far as names and the other labels tell."""
    through: Annotated[str, Attr("callcheck.address.use")]
    """Who is refused: call (another unit, by a variable of its own), callback (the same, by a variable for callbacks), ingress (or whoever is outside, where nobody here asks)."""

    def says(self) -> str:
        return f"{self.name} selects {self.selects}, which no pod of {self.service} has"
