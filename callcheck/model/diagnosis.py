"""What is the answer, and what does it stand on?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.noun import dataclass, field
from callcheck.model.rule import Clause, Condition, Fix, Rule
from callcheck.model.target import Target

if TYPE_CHECKING:
    from callcheck.model.ignore import Ignore, Suppressed
    from callcheck.model.left_out import LeftOut


@dataclass(frozen=True, slots=True)
class Weighed:
    """A clause that was answered yes, and the evidence that answered it."""

    clause: Clause
    because: str
    evidence: tuple[Evidence, ...]
    bits: float


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """One cause, how sure, and why. `confidence` is 0 to 1."""

    rule: Rule
    confidence: float
    title: str
    grounds: tuple[Evidence, ...]
    supports: tuple[Weighed, ...] = ()
    contradicts: tuple[Weighed, ...] = ()
    open_questions: tuple[Condition, ...] = ()
    others: tuple[Evidence, ...] = ()
    """Grounds of the same cause at further places."""
    fixes: tuple[Fix, ...] = ()
    """The rule's cures, those in the user's own idiom first."""
    lead: bool = False
    """Nothing shows it: it is only worth a look, since nothing else was found."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything that shows the cause, strongest ground first, each place once."""
        seen: set[tuple[str, object]] = set()
        kept = []
        roots = [*self.grounds, *(e for w in self.supports for e in w.evidence), *self.others]
        for root in roots:
            for item in root.flat():
                key = (item.fact.kind + item.says(), item.where)
                if key not in seen:
                    seen.add(key)
                    kept.append(item)
        return tuple(kept)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a renderer may know."""

    diagnoses: tuple[Diagnosed, ...]
    ledger: Ledger
    target: Target
    version: str
    took_s: float
    languages: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = field(default=())
    suppressed: tuple[Suppressed, ...] = ()
    """Diagnoses that comments in the code keep out of the ranking."""
    ignore_problems: tuple[tuple[Ignore, str], ...] = ()
    """Such comments that are not in order, and why."""
    left_out: tuple[LeftOut, ...] = ()
    """Files, and uses of functions, that no probe was shown."""
    known: tuple[Diagnosed, ...] = ()
    """Diagnoses, a place each, that a baseline or an older revision has too, and that were left out for it."""
