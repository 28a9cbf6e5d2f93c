"""What is a probe, and what is a link?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from callcheck.model.evidence import Evidence, Ledger, Lost
from callcheck.model.fact import Fact
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Word

if TYPE_CHECKING:
    Eyes = Any  # callcheck.sources.Eyes; the model knows no other room


class Sight(Word):
    """What a probe may look at besides files of certain names."""

    SOURCE = "source"
    """Files in a language that we read."""
    LOGS = "logs"
    PROCESSES = "processes"
    RECORDINGS = "recordings"
    """What `callcheck observe` wrote."""
    ONLINE = "online"
    """Other machines, which are asked only if the user says so."""
    MEASURED = "measured"
    """What came of requests that were sent to the running app."""


class Probe(Protocol):
    """Asks the target one question and states facts, never a verdict."""

    name: str
    """What it looks at: "pm2", "kube", "registrations"."""
    looks_at: Sight | tuple[str, ...]
    """Globs of files, or a sight. Where there is none of it the probe is not imported, and taken to say what it says of an empty folder.
    It may be left out by a probe that finds something to look at everywhere."""
    signs: tuple[Sign, ...]
    """By which it knows the source files that it wants to see, besides those that call a known library. It may be left out by a probe that
    asks for the uses of idioms alone."""
    about: tuple[str, ...]
    """For a probe that looks at source: words of uses (see `Code.words`). Where the project has no use of any of them, nor a file with one
    of `marks`, the probe is not imported, and taken to find nothing. It may be left out."""
    marks: tuple[str, ...]
    """The same for pieces of text, of which one must stand in a file that it looks at, or in the file's name."""
    answers: frozenset[type[Fact]]
    """The kinds it settles when it is done."""

    def skip(self, target: Target, eyes: Eyes) -> str:
        """Why there is nothing to look at, or ""."""

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        """State what is there; a `Lost` for each part that could not be read; raise SourceError if nothing could."""


class Link(Protocol):
    """States the facts that show only when two facts are laid side by side."""

    name: str
    reads: frozenset[type[Fact]]
    needs: frozenset[type[Fact]]
    """Those of which it must have some, each: where there is none of one of them the link is not imported, and taken to state nothing. It
    may be left out."""
    answers: frozenset[type[Fact]]

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """State what follows from the evidence so far. Links run in order of what they read."""
