"""What does a range in a manifest ask for, in npm's words and in Python's?

    ^5.1.0   ~1.2   1.x   >=1 <2   1.2 - 1.5   ^3 || ^4        package.json
    ==1.2.*  ~=1.4.2   >=1.2,<2   !=1.3   ^1.2 (Poetry)        requirements.txt, pyproject.toml
"""

from __future__ import annotations

import re

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.versions import contains, key

_ALIAS = pattern(r"(?:npm:(?:@?[^@]+@)?|workspace:|jsr:(?:@?[^@]+@)?)")
_TERM = pattern(r"\s*(\^|~=|~|>=|<=|===|==|!=|>|<|=)?\s*v?(\d[\w.*+!-]*|[*xX](?:\.[*xX])*)\s*(?:,|\s|$)")
_HYPHEN = pattern(r"\s*v?(\d\S*)\s+-\s+v?(\d\S*)\s*$")
_ANY = pattern(r"^[*xX]|\.[*xX](?=\.|$)")


@dataclass(frozen=True, slots=True)
class Asked:
    """The lowest version that a range allows; `exact` if it is the only one; `open_ended` if nothing bounds it above."""

    lowest: str
    exact: bool
    open_ended: bool
    range: str
    """In the words of `model.versions`."""

    def allows(self, version: str) -> bool:
        """Whether a version satisfies the range."""
        return contains(self.range, version)


def read_range(spec: str) -> Asked | None:
    """A range; None for what says nothing of a version: `*`, `latest`, an address, only an upper bound."""
    text = spec.strip()
    while ":" in text and (alias := _ALIAS.match(text)):
        text = text[alias.end() :]
    alternatives = [_expand(part) for part in text.split("||")]
    if not all(alternatives):
        return None
    known = [found for found in alternatives if found]
    lows = [low for low in (_lowest(found) for found in known) if low]
    if len(lows) < len(known):
        return None
    lowest = min(lows, key=lambda low: key(low) or (0, (), 0, ()))
    exact = len(known) == 1 and [op for op, _ in known[0]] == ["=="]
    # Which of several alternatives is installed cannot be told: the newest may be.
    open_ended = len(known) > 1 or not any(op in ("<", "<=", "==") for op, _ in known[0])
    return Asked(lowest, exact, open_ended, " || ".join(", ".join(op + at for op, at in found) for found in known))


def _lowest(found: list[tuple[str, str]]) -> str:
    return next((at for op, at in found if op in (">=", "==", ">")), "")


def _expand(text: str) -> list[tuple[str, str]]:
    """The comparators of one alternative; [] if it is no range of versions."""
    if "-" in text and (hyphen := _HYPHEN.match(text)):
        return [(">=", hyphen[1]), ("<=", hyphen[2])]
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text.rstrip()):
        term = _TERM.match(text, at)
        if term is None:
            return []
        found += _bounds(term[1] or "", term[2])
        at = term.end()
    return found


def _bounds(operator: str, version: str) -> list[tuple[str, str]]:
    any_part = _ANY.search(version)
    base = version[: any_part.start()] if any_part else version
    if not base:
        return []
    known = key(base)
    if known is None:
        return []
    given = [int(part) for part in re.findall(r"\d+", re.match(r"[\d.!]*", base)[0].split("!")[-1])]  # type: ignore[index]
    if operator in (">=", "<=", ">", "<", "!="):
        return [(operator, base)]
    if operator == "~=":
        return [(">=", base), ("<", _next(given, max(0, len(given) - 2)))]
    if operator == "^":
        first = next((i for i, part in enumerate(given) if part), len(given) - 1)
        return [(">=", base), ("<", _next(given, first))]
    if operator == "~":
        return [(">=", base), ("<", _next(given, min(1, len(given) - 1)))]
    if any_part or (operator in ("", "=") and len(given) < 3):
        return [(">=", base), ("<", _next(given, len(given) - 1))]
    return [("==", base)]


def _next(parts: list[int], index: int) -> str:
    """The first version after those that agree up to `index`."""
    return ".".join(str(part) for part in [*parts[:index], parts[index] + 1])
