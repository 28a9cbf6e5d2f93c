"""What of a target was not looked at, and why?"""

from __future__ import annotations

from typing import Literal

from callcheck.model.noun import dataclass

Reason = Literal["ignored", "vendored", "built", "machine", "large", "binary", "tests", "callers"]
"""Ignored by git; other people's code; build output; minified or generated; over 1 MB; no text; tests of a big tree; callers that are too many."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was left out for one reason."""

    reason: Reason
    why: str
    """In words, and printable, as the names are."""
    files: int = 0
    """Those in folders are not counted."""
    folders: int = 0
    functions: int = 0
    names: tuple[str, ...] = ()
    """A few of them; a folder ends in "/"."""
    told: bool = False
    """Whether the report says so elsewhere, or everybody expects it: a person need not be told again."""
