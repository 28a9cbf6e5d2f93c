"""What did an earlier run find in the same files?

What files say is kept with the ground it stands on (`sources/ground.py`), for one set of targets, options, rules and callcheck itself. Logs,
processes and standard input are looked at each time; where a run had none of them, its whole report is kept. Where files changed out of which
nothing is joined with others, such as a manifest or a proxy's configuration, the probes that read them look again, and no others.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence, Looked, Placement
from callcheck.model.fact import Fact
from callcheck.model.ignore import Ignore
from callcheck.model.noun import dataclass
from callcheck.model.printable import redact
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.apart import SharedTexts
from callcheck.sources.files import Tree
from callcheck.sources.kept import Keeper, load, trusted, write

if TYPE_CHECKING:
    from callcheck.model.left_out import LeftOut
    from callcheck.model.statement import Statement
    from callcheck.sources.ground import Ground
    from callcheck.sources.noted import Notes

PASSING = (Sight.LOGS, Sight.PROCESSES, Sight.RECORDINGS, Sight.ONLINE, Sight.MEASURED)
"""What a probe looks at that is another thing in the next run."""
NAME = "run"
STATES = 4
"""Runs that are kept of the same targets."""
MOST_RUNS = 40
MOST_BYTES = 100_000_000
"""All runs that are kept, together."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one probe said, and the files that it read itself (`Eyes.asked`)."""

    evidence: tuple[Evidence, ...]
    look: Looked
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the probes of files found, by their names, and what else the run took from files."""

    told: dict[str, Told]
    placement: Placement | None
    """Which unit loads which file; None if a process that ran had a say in it."""
    ignores: tuple[Ignore, ...]
    logs: tuple[Path, ...]
    """The logs of the tree."""
    shared: SharedTexts
    left_out: tuple[LeftOut, ...]
    statements: tuple[Statement, ...] | None = None
    """Those that write into logs, if a log asked for them."""

    def runs(self) -> list[Fact]:
        """What the placement goes by, the sources apart."""
        return [item.fact for each in self.told.values() for item in each.evidence if item.fact.kind == "service.run"]


class Past:
    """An earlier run on the same ground, but for some files."""

    def __init__(self, file: Path, ground: Ground, changed: frozenset[str], report: Report | None, found: Found | None) -> None:
        self.report = report
        """Of a run that met nothing passing, as this one does not, where no file changed."""
        self.found = found
        """Without such a report."""
        self.changed = changed
        self.file = file
        self.files = bool(ground.names)
        self.ground = ground

    def told(self, name: str) -> Told | None:
        """What a probe said that would say the same now."""
        told = self.found.told.get(name) if self.found else None
        return told if told and told.asked.isdisjoint(self.changed) else None

    def tree(self, evidence: Iterable[Evidence]) -> Tree:
        """The target's files that the evidence names, for excerpts."""
        return self.ground.tree(item.where.path for each in evidence for item in each.flat() if item.where)


class Memory:
    """Where the runs with one set of targets and options are kept: the last few, since edits are undone, and branches left and entered again."""

    def __init__(self, target: Target, options: tuple[tuple[str, ...], ...], keeper: Keeper) -> None:
        paths = [*map(repr, (str(target.base), [*map(str, target.folders)], [*map(str, target.files)], options))]
        self.passing = bool(target.beside_files or target.measured or target.scaled)
        self._keeper = keeper
        # What other machines answer, at what time and to whose key, is nobody else's business: a run that asked them is not kept.
        slots = range(STATES if target.on_disk and not target.online else 0)
        self._files = [file for slot in slots if (file := keeper.file(NAME, *paths, str(slot)))]

    @property
    def used(self) -> bool:
        """Whether anything is kept of such runs."""
        return bool(self._files)

    def past(self) -> Past | None:
        """The run that was kept of files as they are now, or else of such as differ little."""
        near, stamps = None, dict[str, Any]()
        for file in self._by_age():
            past = self._read(file, stamps)
            if past and not past.changed:
                return past
            near = near or past
        return near

    def _by_age(self) -> list[Path]:
        """The files in which a run is kept, the newest first."""
        ages = []
        for file in self._files:
            with contextlib.suppress(OSError):
                ages.append((file.stat().st_mtime_ns, file))
        return [file for _, file in sorted(ages, reverse=True)]

    def _read(self, file: Path, stamps: dict[str, Any]) -> Past | None:
        """What is kept in a file, if it is of use. Any trouble with it means that it is not."""
        try:
            with trusted(file) as stream:
                return self._unpacked(file, stream, stamps)
        except Exception:  # noqa: BLE001  (absent, cut short, of another version: the run is made anew)
            return None

    def _unpacked(self, file: Path, stream: BinaryIO, stamps: dict[str, Any]) -> Past | None:
        if load(stream) != self._keeper.stamp:
            return None
        from callcheck.sources.ground import Ground

        ground = Ground.of_state(load(stream))
        changed = ground.changed(stamps)
        if changed is None:
            return None
        after = stream.tell()
        report = load(stream)
        found = load(stream) if report is None or self.passing or changed else None
        if found and not _apart(changed, found, ground):
            return None
        if ground.renewed and not changed:
            stream.seek(after)
            write(file, self._keeper.stamp, ground.state(), rest=stream.read())
        else:
            os.utime(file)  # so that it is not the first to be thrown away
        return Past(file, ground, changed, None if found else report, found)

    def keep(self, notes: Notes, tree: Tree, report: Report, found: Found) -> None:
        """Keep a run, unless files changed while it read them."""
        if not self._files:
            return
        from callcheck.sources.ground import ground

        if made := ground(notes, tree, report.target.base, found.logs):
            self._write(self._free(), made, report, found)

    def keep_on(self, past: Past, notes: Notes, report: Report, found: Found) -> None:
        """Keep a run of which a part was kept before: what changed since, and the whole report if it has one."""
        if past.found and (past.changed or not (self.passing or found.logs)) and past.ground.extend(notes):
            found.shared.add(past.found.shared)
            self._write(self._free() if past.changed else past.file, past.ground, report, found)

    def _free(self) -> Path:
        """The place of the run to be kept next."""
        used = self._by_age()
        free = [file for file in self._files if file not in used]
        return free[0] if free else used[-1]

    def _write(self, file: Path, ground: Ground, report: Report, found: Found) -> None:
        if not any(redact(text) != text for text in _texts(report.ledger.evidence)):
            write(file, self._keeper.stamp, ground.state(), None if self.passing or found.logs else report, found)
            _throw_away(file)


def _apart(changed: Iterable[str], found: Found, ground: Ground) -> bool:
    """Whether files may change alone: what is joined out of many stays as it is, and none of them turned into a log or is one no more."""
    from callcheck.sources.logs.recognise import is_log

    files = ground.tree(changed).files
    return found.shared.bear(files) and all(is_log(file) == (str(file.path) in ground.logs) for file in files)


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
