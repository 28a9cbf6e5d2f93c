"""What keeps a unit's calls from leaving it, or from finding whom they are for?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


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
