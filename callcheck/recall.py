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
from typing import TYPE_CHECKING, BinaryIO

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
    from callcheck.sources.ground import Ground
    from callcheck.sources.noted import Notes

PASSING = (Sight.LOGS, Sight.PROCESSES)
"""What a probe looks at that is another thing in the next run."""
NAME = "run"
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

    def runs(self) -> list[Fact]:
        """What the placement goes by, the sources apart."""
        return [item.fact for each in self.told.values() for item in each.evidence if item.fact.kind == "service.run"]


class Past:
    """An earlier run on the same ground, but for some files."""

    def __init__(self, ground: Ground, changed: frozenset[str], report: Report | None, found: Found | None) -> None:
        self.report = report
        """Of a run that met nothing passing, as this one does not, where no file changed."""
        self.found = found
        """Without such a report."""
        self.changed = changed
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
        changed = ground.changed()
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
        return Past(ground, changed, None if found else report, found)

    def keep(self, notes: Notes, tree: Tree, report: Report, found: Found) -> None:
        """Keep a run, unless files changed while it read them."""
        if self._file is None:
            return
        from callcheck.sources.ground import ground

        if made := ground(notes, tree, report.target.base, found.logs):
            self._write(made, report, found)

    def keep_on(self, past: Past, notes: Notes, report: Report, found: Found) -> None:
        """Keep a run of which a part was kept before: what changed since, and the whole report if it has one."""
        if past.found and (past.changed or not (self.passing or found.logs)) and past.ground.extend(notes):
            found.shared.add(past.found.shared)
            self._write(past.ground, report, found)

    def _write(self, ground: Ground, report: Report, found: Found) -> None:
        if self._file is not None and not any(redact(text) != text for text in _texts(report.ledger.evidence)):
            write(self._file, self._keeper.stamp, ground.state(), None if self.passing or found.logs else report, found)
            _throw_away(self._file)


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
