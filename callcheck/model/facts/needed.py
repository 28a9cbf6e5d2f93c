"""Which further processes does the code rely on?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class WorkerNeeded(Fact):
    """Something that only happens when a certain process runs: a schedule needs `celery beat`."""

    kind: ClassVar[str] = "worker.needed"

    command: Annotated[str, Attr("callcheck.worker.command")]
    beside: Annotated[str, Attr("callcheck.worker.beside")]
    """A pattern of the commands that show how this library is run at all."""
    pattern: Annotated[str, Attr("callcheck.worker.pattern")]
    """A pattern of the commands that would do."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"needs {self.command}"
