"""How far has a cause been right so far, where it was named?"""

from __future__ import annotations

import math

from callcheck.model.noun import dataclass

_Z = 1.28
"""Of the normal distribution: the true share lies above the bound in nine of ten."""
_LEVELS = ((0.9, "very-high"), (0.75, "high"), (0.5, "medium"))
_FEWEST = 5
"""Fewer diagnoses than that say nothing."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Counts over a set of cases: `named` diagnoses at or above 0.5, `right` of them, on sick and on healthy projects together."""

    named: int = 0
    right: int = 0

    @property
    def at_least(self) -> float:
        """The share of right ones, 0 to 1, that nine of ten such counts stand for at least (Wilson's lower bound): 3 of 3 prove less than 30 of 30."""
        if not self.named:
            return 0.0
        share, squared = self.right / self.named, _Z * _Z
        middle = share + squared / (2 * self.named)
        spread = _Z * math.sqrt((share * (1 - share) + squared / (4 * self.named)) / self.named)
        return max(0.0, (middle - spread) / (1 + squared / self.named))

    @property
    def level(self) -> str:
        """SARIF's word for it, as GitHub orders by: very-high, high, medium or low; medium where too few were named to say."""
        if self.named < _FEWEST:
            return "medium"
        return next((word for bound, word in _LEVELS if self.at_least >= bound), "low")


UNMEASURED = Precision()
