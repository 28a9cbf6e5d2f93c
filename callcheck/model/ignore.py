"""What did somebody ask us, in a comment beside the code, to leave unsaid?"""

from __future__ import annotations

from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Evidence
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment `callcheck: ignore[cause, cause] reason`."""

    path: str
    """As in a location."""
    line: int
    covers: tuple[int, ...]
    """The lines for which it speaks: its own, and the next with code if it stands alone."""
    causes: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    def answers(self, cause: str, evidence: tuple[Evidence, ...]) -> bool:
        """Whether it speaks of a cause on a line that shows it."""
        return cause in self.causes and any(
            item.where is not None and item.where.path == self.path and item.where.line in self.covers
            for root in evidence
            for item in root.flat()
        )


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A diagnosis that was made, and the comment that keeps it out of the ranking."""

    diagnosed: Diagnosed
    ignore: Ignore


def problems(ignores: tuple[Ignore, ...], suppressed: tuple[Suppressed, ...], known: frozenset[str], complete: bool) -> list[tuple[Ignore, str]]:
    """What is wrong with each comment; whether one is used is told only of a `complete` run, in which every probe looked."""
    used = {(s.ignore, s.diagnosed.rule.cause) for s in suppressed}
    found = []
    for ignore in ignores:
        unknown = [cause for cause in ignore.causes if cause not in known]
        idle = [cause for cause in ignore.causes if cause in known and (ignore, cause) not in used]
        if not ignore.causes:
            found.append((ignore, "names no cause, as in `ignore[late-registration] reason`: nothing is ignored"))
        if unknown:
            found.append((ignore, f"no cause is called {', '.join(unknown)}"))
        if idle and complete:
            found.append((ignore, f"{', '.join(idle)} is not found here: the comment can go"))
        if not ignore.reason and len(idle) + len(unknown) < len(ignore.causes):
            found.append((ignore, "gives no reason"))
    return found
