"""What is read of one format of deployment files?"""

from __future__ import annotations

from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True)
class Platform:
    """One format, as read from `rules/platforms/<name>.yaml`."""

    name: str
    title: str
    files: tuple[str, ...]
    """Globs or a few words."""
    reads: str
    absent: str
    """What holds where nothing is said."""
    source: str
    sample: dict[str, str]
    """Path -> content of a project that says nothing."""
    gives: frozenset[str]
    """What is found in the sample: the fact's kind, who says so, and a count (`+` for "at least")."""
    origin: str = ""
