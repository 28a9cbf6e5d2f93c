"""Which ways of using a library lead to a delivery that stops?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class LibraryTrap(Fact):
    """A call does, by what its library says, less than it seems to: it never emits, stops early, watches too little ..."""

    kind: ClassVar[str] = "library.trap"

    effect: Annotated[str, Attr("callcheck.trap.effect")]
    """The cause that it leads to."""
    strength: Annotated[str, Attr("callcheck.trap.strength")]
    """fair (it depends on what is wanted), strong (nobody wants it), if-many (it fails where several processes run) or hint (mostly it goes well)."""
    why: Annotated[str, Attr("callcheck.trap.why")]
    """What the library does then, and what to write instead."""
    method: Annotated[str, Attr("code.function.name")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return self.why
