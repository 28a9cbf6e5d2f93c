"""What of a target was not looked at, and why?"""

from __future__ import annotations

from typing import Literal

from callcheck.model.noun import dataclass

Reason = Literal["unlisted", "ignored", "vendored", "built", "installed", "machine", "large", "binary", "tests", "callers", "recording"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """All that was left out for one reason."""

    reason: Reason
    why: str
    """In words, and printable, as the names are."""
    files: int = 0
    """Those in folders are not counted."""
    folders: int = 0
    functions: int = 0
    names: tuple[str, ...] = ()
    """A few of them; a folder ends in "/"."""
    expected: bool = False
    """Whether everybody expects it, or the report says it elsewhere: a person need not be told."""
