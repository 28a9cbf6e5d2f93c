"""Which versions of packages and runtimes does the project run with?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class DependencyResolved(Fact):
    """A package that callcheck knows, or a runtime (`python`, `node`), has this version here."""

    kind: ClassVar[str] = "dependency.resolved"

    package: Annotated[str, Attr("callcheck.package.name")]
    """As the registry spells it; Python distributions in lower case with hyphens."""
    version: Annotated[str, Attr("callcheck.package.version")]
    major: Annotated[int, Attr("callcheck.package.major")]
    minor: Annotated[int, Attr("callcheck.package.minor")]
    how: Annotated[str, Attr("callcheck.package.how")]
    """installed, locked, pinned; `declared` for the lowest version of a range."""
    folder: Annotated[str, Attr("callcheck.package.folder")]
    """The folder of the project, relative to where the command runs, for which it holds; "" for the top."""
    open_ended: Annotated[bool, Attr("callcheck.package.open_ended")] = False
    """Declared without an upper bound, so that any newer version may be what runs."""

    def says(self) -> str:
        return f"{self.package} {self.version}{', or newer' if self.open_ended else ''}"
