"""What stands in a capture: the archive that `callcheck capture` writes and `callcheck diagnose x.ccb` reads?

    x.ccb                a ZIP archive, its members in this order, with times, owners and settings that are always the same
    ├── callcheck-capture    `1`: the version of this layout, stored, so that the first bytes of the file tell what it is
    ├── manifest.json        by which callcheck, of which targets, how much of what, what was left out, and the digest of each further member
    ├── evidence.jsonl       a line each: a fact with its basis, place and excerpt; `because` counts lines from 0
    ├── looks.json           what each probe and link looked at, and with which outcome
    ├── lines.jsonl          a line each: the lines of source and configuration that reports show
    └── context.json         comments that ask to ignore a cause, files that no probe was shown, and which unit loads which file

`callcheck schema capture` prints the JSON Schema of all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.evidence import Ledger
from callcheck.model.noun import dataclass

if TYPE_CHECKING:
    from callcheck.model.ignore import Ignore
    from callcheck.model.left_out import LeftOut

SCHEMA = "callcheck-capture/1"
MARK = "callcheck-capture"
VERSION = "1"
MANIFEST, EVIDENCE, LOOKS, LINES, CONTEXT = "manifest.json", "evidence.jsonl", "looks.json", "lines.jsonl", "context.json"
MEMBERS = (MARK, MANIFEST, EVIDENCE, LOOKS, LINES, CONTEXT)
SUFFIX = ".ccb"
MOST_FILE_BYTES = 64_000_000
"""A larger file is not opened."""
MOST_BYTES = 128_000_000
"""All members together, unpacked."""
MOST_ITEMS = 200_000
"""Evidence, and lines."""
MOST_LINE_BYTES = 100_000
"""One line of a member that has an object on each."""
MOST_TEXT = 1_200
"""Characters of one text."""
MOST_DEPTH = 40
"""Of facts that rest on facts."""
MOST_SPREAD = 100_000
"""Facts that one rests on, each counted as often as it is named."""
MOST_SPREADS = 5_000_000
"""All of these."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture, as it was read; every text in it is printable."""

    version: str
    """Of the callcheck that wrote it."""
    given: tuple[str, ...]
    """The words on the command line then."""
    ledger: Ledger
    lines: dict[tuple[str, int], str]
    """Lines of files by the file's name and their number."""
    ignores: tuple[Ignore, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    complete: bool = True
    """Whether every probe was to look."""
    dropped: int = 0
    """Facts that were left out to keep the archive small, or that this callcheck does not know."""
