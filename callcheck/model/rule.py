"""What is a rule: one cause, when it holds, what speaks for and against it, how to cure it?"""

from __future__ import annotations

from callcheck.model.fact import Fact, Value
from callcheck.model.noun import dataclass
from callcheck.model.precision import UNMEASURED, Precision
from callcheck.model.words import Strength

STAGES = ("registration", "execution", "upstream", "transport", "handling")
"""The stages of a delivery, in order."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison on an attribute: `is`, `in`, `gt`, `lt` or `matches`, and nothing more."""

    attribute: str
    operator: str
    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact kind and what its attributes must be."""

    fact: str
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition that adds to or takes from the confidence, with the reason said to the user."""

    condition: Condition
    strength: Strength
    because: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code before and after the cure, in one language; either may be ""."""

    language: str
    before: str
    after: str
    path: str = ""
    """The user's own file; "" for an example."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the line at which a fact of a kind was found: `find`, a regular expression, becomes `put` (in the rules also `count: 1`, for
    the number of processes that stands there)."""

    at: str
    find: str
    put: str
    within: int = 0
    """How many lines further down it may stand."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One cure. `frameworks` is empty when it fits any, `grounds` when it cures the cause whatever shows it; `check` says how to confirm it."""

    title: str
    snippets: tuple[Snippet, ...] = ()
    frameworks: tuple[str, ...] = ()
    check: str = ""
    grounds: tuple[Condition, ...] = ()
    """Of which one must be among the grounds."""
    edits: tuple[Edit, ...] = ()
    """The first that fits what was found shows the cure in the user's own file."""
    stopgap: bool = False
    """It helps for now, and is named after those that cure."""


@dataclass(frozen=True, slots=True)
class Example:
    """Facts, and the range in which the confidence must lie (0 when the rule is silent)."""

    name: str
    given: tuple[Fact, ...]
    confidence: tuple[float, float]
    basis: str = "declared"


@dataclass(frozen=True, slots=True)
class Way:
    """One set of grounds on which a cause can be named; a rule has one or several."""

    when: tuple[Condition, ...]
    per: tuple[str, ...] = ()
    """Tried once for each value of these attributes; facts without the attribute belong to every value."""
    unless: tuple[Condition, ...] = ()
    prior: Strength = Strength.FAIR
    title: str = ""
    supports: tuple[Clause, ...] = ()
    contradicts: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One cause, as read from `rules/causes/<stage>/<cause>.yaml`."""

    cause: str
    stage: str
    title: str
    ways: tuple[Way, ...]
    yields_to: tuple[str, ...] = ()
    """Narrower causes that explain this one away, wherever they are."""
    explained_by: tuple[str, ...] = ()
    """Causes that say why, where they rest on the very line that this one rests on: one failure is named once."""
    leads: tuple[Way, ...] = ()
    """On what the cause is worth a look where nothing was found at all: what a delivery rests on and source cannot show. `prior` sets their order."""
    explain: str = ""
    confirm: str = ""
    fix: tuple[Fix, ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    origin: str = ""
    precision: Precision = UNMEASURED
    """How far it was right on the cases that it was measured on."""
