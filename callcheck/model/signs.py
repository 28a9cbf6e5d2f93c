"""By which signs in its raw text does a probe know a file that it wants to see parsed?

Parsing costs most on a big tree, so there a file is parsed only if a call of a library that the project uses, or a sign of a probe, is
in it, or if something in such a file leads to it.
"""

from __future__ import annotations

from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """A file shows it if each part that is given holds."""

    words: tuple[str, ...] = ()
    """Identifiers, of which one stands somewhere in the file, be it in a comment or a string."""
    also: tuple[str, ...] = ()
    """Further ones, of which one must stand there besides."""
    pattern: str = ""
    """A regular expression that matches somewhere; tried only where the words are there."""
    beside: str = ""
    """Another one that matches somewhere too."""
    path: str = ""
    """A regular expression that matches somewhere in the file's name."""
    dropped: tuple[str, ...] = ()
    """A statement is nothing but a call of a function that the file, or one that it imports, declares, and whose call only makes one of these:
    coroutine (async in Python), promise (async in JavaScript), generator."""
    served: bool = False
    """The file serves requests, or is imported, through few others, by one that does."""
    everywhere: bool = False
    """Any file at all."""


EVERY_FILE: tuple[Sign, ...] = (Sign(everywhere=True),)
"""For a probe that must see everything."""
