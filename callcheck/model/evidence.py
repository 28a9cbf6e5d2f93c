"""What was seen, where, and who looked?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from callcheck.model.fact import Fact
from callcheck.model.noun import dataclass, field
from callcheck.model.words import Basis, Outcome

FactT = TypeVar("FactT", bound=Fact)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file; `path` is relative to where the command runs, `line` and `column` count from 1."""

    path: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact, seen at one place. A fact that joins others carries theirs in `because`."""

    fact: Fact
    basis: Basis
    probe: str
    where: Location | None = None
    """None for what has no file: a live process."""
    excerpt: str = ""
    """The text at the place, cut short, printable and without secrets; "" lets the report read the file."""
    service: str = ""
    """The deployment unit (compose service, Deployment, process type) it belongs to, if known."""
    label: str = ""
    """Overrides `fact.says()` beside the line."""
    because: tuple[Evidence, ...] = ()
    printed: Location | None = None
    """For a line of a log: the statement in the source that wrote it."""

    def says(self) -> str:
        """The short label beside the line."""
        return self.label or self.fact.says()

    def flat(self) -> Iterator[Evidence]:
        """This and everything it rests on, depth first."""
        yield self
        for item in self.because:
            yield from item.flat()


@dataclass(frozen=True, slots=True)
class Lost:
    """A part that a probe could not read, and why; `what` is printable."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody looked: every probe and every link leaves one."""

    probe: str
    kinds: frozenset[str]
    """The fact kinds that it was for, by their names."""
    outcome: Outcome
    why: str = ""
    lost: tuple[Lost, ...] = ()
    joins: bool = False
    """A link's look: it laid facts side by side and looked at nothing outside."""

    @property
    def examined(self) -> bool:
        """Whether there was something to look at, and it was seen, be it in part."""
        return self.outcome in (Outcome.DONE, Outcome.PART)


@dataclass(frozen=True, slots=True)
class Placement:
    """Which deployment units load which source file; the fields are those of the ledger."""

    loaded: dict[str, frozenset[str]] = field(default_factory=dict)
    apps: frozenset[str] = frozenset()
    closed: bool = False
    reached: frozenset[str] = frozenset()
    mains: frozenset[str] = frozenset()


@dataclass(slots=True)
class Ledger:
    """All evidence of a run, and all looks."""

    evidence: list[Evidence] = field(default_factory=list)
    looks: list[Looked] = field(default_factory=list)
    loaded: dict[str, frozenset[str]] = field(default_factory=dict)
    """Path of a source file -> the deployment units whose processes load it, where that is known."""
    apps: frozenset[str] = frozenset()
    """The deployment units whose code is in the target, where it is known what they load."""
    closed: bool = False
    """Whether it is known of every unit what it loads, so that a file which none of them loads runs nowhere."""
    reached: frozenset[str] = frozenset()
    """The source files that any unit loads."""
    mains: frozenset[str] = frozenset()
    """Those that a unit runs as its main program (`python run.py`), and does not import (`gunicorn app:app`)."""
    homes: frozenset[str] = frozenset()
    """The folders of a repository that are apps of their own, each started in its own way; none where nothing is said that holds for one app alone (`Fact.of_one_app`)."""
    _outcomes: dict[str, set[Outcome]] = field(default_factory=dict)
    """How the first `_read` looks ended, by fact kind."""
    _read: int = 0
    _kept: dict[type[Fact], tuple[list[Evidence], int, list[Evidence]]] = field(default_factory=dict)
    """By kind of fact: a list of evidence, how much of it has been looked through, and what of that is of the kind. Evidence is only ever added."""

    def of(self, kind: type[FactT] | str) -> list[Evidence]:
        """The evidence of one kind, in the order it was found."""
        if isinstance(kind, str):
            return [e for e in self.evidence if e.fact.kind == kind]
        whole, till, found = self._kept.get(kind, (self.evidence, 0, []))
        if whole is not self.evidence:
            till, found = 0, []
        if till < len(self.evidence):
            found += [e for e in self.evidence[till:] if isinstance(e.fact, kind)]
        self._kept[kind] = self.evidence, len(self.evidence), found
        return list(found)

    def settled(self, kind: type[Fact] | str) -> bool:
        """Whether somebody looked for this kind in full and nobody was kept from it."""
        for look in self.looks[self._read :]:
            for each in look.kinds:
                self._outcomes.setdefault(each, set()).add(look.outcome)
        self._read = len(self.looks)
        outcomes = self._outcomes.get(kind if isinstance(kind, str) else kind.kind, ())
        return Outcome.DONE in outcomes and Outcome.BLOCKED not in outcomes and Outcome.PART not in outcomes

    def units(self, item: Evidence) -> frozenset[str]:
        """The deployment units in whose processes this is so; empty if that is not known."""
        if item.where and item.where.path in self.loaded:
            loaded = self.loaded[item.where.path]
            return frozenset({item.service}) if item.service in loaded else loaded
        return frozenset({item.service}) & self.apps

    def home(self, item: Evidence) -> str:
        """The app of the repository in whose folder this stands; "" for what lies in none, and may be of each."""
        path = item.where.path if item.where and self.homes else ""
        above = (path[:at] for at in range(len(path) - 1, 0, -1) if path[at] == "/")
        return next((folder for folder in above if folder in self.homes), "")

    def add(self, evidence: Iterable[Evidence], look: Looked) -> None:
        """Keep what one look brought."""
        self.evidence.extend(evidence)
        self.looks.append(look)

    def place(self, placement: Placement) -> None:
        """Take in where each source file runs."""
        self.loaded, self.apps, self.closed = placement.loaded, placement.apps, placement.closed
        self.reached, self.mains = placement.reached, placement.mains
