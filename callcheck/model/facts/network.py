"""What keeps a unit's calls from leaving it?"""

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
