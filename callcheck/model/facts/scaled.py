"""Does the app still work when there are several of it?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class ScaleTried(Fact):
    """The same scenario was gone through with several numbers of copies of the app."""

    kind: ClassVar[str] = "scale.tried"

    works: Annotated[int, Attr("callcheck.scale.works", "{instance}")]
    """The most copies with which every run was delivered, however requests were dealt out; 0 if there is no such number."""
    fails: Annotated[int, Attr("callcheck.scale.fails", "{instance}")]
    """The fewest copies with which some were not; 0 if there is no such number."""
    delivered: Annotated[int, Attr("callcheck.count.delivered")]
    """With these."""
    of: Annotated[int, Attr("callcheck.count.of")]
    sticky: Annotated[str, Attr("callcheck.scale.sticky")]
    """Whether all runs are delivered with `fails` copies if the requests of one run stay on one copy: cures, no or untried."""

    def says(self) -> str:
        works = f"with {self.works} every run is delivered" if self.works else "no number of copies delivers every run"
        return f"{works}; with {self.fails}, {self.delivered} of {self.of} are" if self.fails else works
