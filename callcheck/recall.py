"""What did an earlier run find in the same files?

What files say is kept with the ground it stands on (`sources/ground.py`), for one set of targets, options, rules and callcheck itself. Logs,
processes and standard input are looked at each time; where a run had none of them, its whole report is kept.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence, Looked, Placement
from callcheck.model.ignore import Ignore
from callcheck.model.noun import dataclass
from callcheck.model.printable import redact
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.files import Tree
from callcheck.sources.kept import Keeper, load, trusted, write

if TYPE_CHECKING:
    from callcheck.sources.ground import Ground
    from callcheck.sources.noted import Notes

PASSING = (Sight.LOGS, Sight.PROCESSES)
"""What a probe looks at that is another thing in the next run."""
NAME = "run"
MOST_RUNS = 40
MOST_BYTES = 100_000_000
"""All runs that are kept, together."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the probes of files found, by their names, and what else the run took from files."""

    looked: dict[str, tuple[tuple[Evidence, ...], Looked]]
    placement: Placement | None
    """Which unit loads which file; None if a process that ran had a say in it."""
    ignores: tuple[Ignore, ...]
    logs: tuple[Path, ...]
    """The logs of the tree."""


class Past:
    """An earlier run on the same ground."""

    def __init__(self, ground: Ground, report: Report | None, found: Found | None) -> None:
        self.report = report
        """Of a run that met nothing passing, as this one does not."""
        self.found = found
        """Without such a report."""
        self.files = bool(ground.names)
        self.ground = ground

    def tree(self, evidence: Iterable[Evidence]) -> Tree:
        """The target's files that the evidence names, for excerpts."""
        return self.ground.tree(item.where.path for each in evidence for item in each.flat() if item.where)


class Memory:
    """Where the runs with one set of targets and options are kept."""

    def __init__(self, target: Target, options: tuple[tuple[str, ...], ...], keeper: Keeper) -> None:
        paths = map(repr, (str(target.base), [*map(str, target.folders)], [*map(str, target.files)], options))
        self.passing = bool(target.logs or target.stdin or target.live)
        self._keeper = keeper
        self._file = keeper.file(NAME, *paths) if target.on_disk else None

    def past(self) -> Past | None:
        """The run that was kept, if all is as it was. Any trouble with it means that there is none."""
        if self._file is None:
            return None
        try:
            with trusted(self._file) as stream:
                return self._read(self._file, stream)
        except Exception:  # noqa: BLE001  (absent, cut short, of another version: the run is made anew)
            return None

    def _read(self, file: Path, stream: BinaryIO) -> Past | None:
        if load(stream) != self._keeper.stamp:
            return None
        from callcheck.sources.ground import Ground

        ground = Ground.of_state(load(stream))
        if not ground.holds():
            return None
        after = stream.tell()
        report = load(stream)
        found = load(stream) if report is None or self.passing else None
        if ground.renewed:
            stream.seek(after)
            write(file, self._keeper.stamp, ground.state(), rest=stream.read())
        else:
            os.utime(file)  # so that it is not the first to be thrown away
        return Past(ground, None if found else report, found)

    def keep(self, notes: Notes, tree: Tree, report: Report, found: Found) -> None:
        """Keep a run, unless there is a secret in it, or files changed while it read them."""
        if self._file is None or any(redact(text) != text for text in _texts(report.ledger.evidence)):
            return
        from callcheck.sources.ground import ground

        made = ground(notes, tree, report.target.base, found.logs)
        if made:
            write(self._file, self._keeper.stamp, made.state(), None if self.passing or found.logs else report, found)
            _throw_away(self._file)

    def complete(self, past: Past, report: Report, found: Found) -> None:
        """Keep the whole report of a run of which the part about files was kept before."""
        if self._file is not None and not self.passing and not found.logs:
            write(self._file, self._keeper.stamp, past.ground.state(), report, found)


def _texts(evidence: Iterable[Evidence]) -> Iterator[str]:
    for each in evidence:
        for item in each.flat():
            yield from (item.excerpt, item.label, item.service, item.where.path if item.where else "")
            yield from (value for value in item.fact.attributes().values() if isinstance(value, str))


def _throw_away(newest: Path) -> None:
    """The runs that were not asked for longest, when there are too many or they are too big."""
    kept = []
    for file in newest.parent.glob(f"{NAME}-*"):
        with contextlib.suppress(OSError):
            kept.append((file.stat().st_mtime, file.stat().st_size, file))
    total = 0
    for number, (_, size, file) in enumerate(sorted(kept, reverse=True)):
        total += size
        if number and (number >= MOST_RUNS or total > MOST_BYTES):
            file.unlink(missing_ok=True)
