"""Which probes and links are there? Their folders are the registry.

What each probe is called, looks at and says of an empty folder is kept between runs, and which facts each link reads, so that a run
imports only those that have something to look at.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from callcheck.model.evidence import Evidence, Ledger, Lost
from callcheck.model.fact import Fact
from callcheck.model.knowledge import Knowledge
from callcheck.model.noun import dataclass
from callcheck.model.probe import Link, Probe, Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.files import Tree
from callcheck.sources.kept import kept

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Listed:
    """A probe that is imported when there is something for it to look at."""

    module: str
    name: str
    looks_at: Sight | tuple[str, ...] | None
    about: tuple[str, ...]
    marks: tuple[str, ...]
    answers: frozenset[str]
    """The names of the kinds: to know the kinds themselves takes importing most of the vocabulary."""
    signs: tuple[Sign, ...]
    of_nothing: str
    """What its `skip` says where there is neither folder nor file."""
    of_empty: str
    """What its `skip` says of an empty folder."""

    def skip(self, target: Target, eyes: Eyes) -> str:
        """As the probe's own."""
        if self._sees(eyes):
            return self.probe.skip(target, eyes) if self.finds(eyes) else ""
        return self.of_empty if target.on_disk else self.of_nothing

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        """As the probe's own."""
        return self.probe.look(target, eyes) if self._sees(eyes) and self.finds(eyes) else iter(())

    def finds(self, eyes: Eyes) -> bool:
        """Whether there is any of what the probe is about, as far as that is to be told without it."""
        if not self.about and not self.marks:
            return True
        if self.about and not eyes.code.words.isdisjoint(self.about):
            return True
        return bool(self.marks) and (self.looks_at is None or eyes.holds(self.looks_at, self.marks))

    def _sees(self, eyes: Eyes) -> bool:
        return self.looks_at is None or eyes.sees(self.looks_at)

    @property
    def probe(self) -> Probe:
        """The probe itself."""
        made: Probe = importlib.import_module(self.module).PROBE
        return made


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link that is imported when there is something for it to join; kinds are given by their names."""

    module: str
    name: str
    reads: frozenset[str]
    needs: frozenset[str]
    answers: frozenset[str]

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """As the link's own."""
        return self.link.join(ledger) if all(ledger.of(kind) for kind in self.needs) else iter(())

    @property
    def link(self) -> Link:
        """The link itself."""
        made: Link = importlib.import_module(self.module).LINK
        return made


@functools.cache
def probes() -> tuple[Listed, ...]:
    """Every probe, by name."""
    return kept("probes", (), lambda: tuple(sorted(map(_listed, _members("probes")), key=lambda probe: probe.name)))


def _listed(module: Any) -> Listed:
    probe = module.PROBE
    nothing = Target(Path("."))
    empty = Target(Path("."), folders=(Path("."),))
    said = [probe.skip(target, _blank(target)) for target in (nothing, empty)]
    looks_at = getattr(probe, "looks_at", None)
    return Listed(module.__name__, probe.name, looks_at, getattr(probe, "about", ()), getattr(probe, "marks", ()), _named(probe.answers), getattr(probe, "signs", ()), *said)


def _blank(target: Target) -> Eyes:
    eyes = Eyes(target, Knowledge())
    eyes.tree = Tree()
    return eyes


def _named(kinds: Iterable[type[Fact]]) -> frozenset[str]:
    return frozenset(kind.kind for kind in kinds)


def links() -> list[ListedLink]:
    """Every link, each after those whose facts it reads."""
    return kept("links", (), lambda: in_order(map(_listed_link, _members("links"))))


def _listed_link(module: Any) -> ListedLink:
    link = module.LINK
    return ListedLink(module.__name__, link.name, _named(link.reads), _named(getattr(link, "needs", ())), _named(link.answers))


def in_order(links: Iterable[ListedLink]) -> list[ListedLink]:
    """By name, but each after those whose facts it reads."""
    waiting = sorted(links, key=lambda link: link.name)
    ordered: list[ListedLink] = []
    while waiting:
        stated = frozenset().union(*(link.answers for link in waiting))
        ready = [link for link in waiting if not (link.reads - link.answers) & stated] or waiting[:1]
        ordered += ready
        waiting = [link for link in waiting if link not in ready]
    return ordered


@functools.cache
def _members(room: str) -> tuple[Any, ...]:
    files = sorted((_HERE / room).glob("[!_]*.py"))
    modules = (importlib.import_module(f"callcheck.{room}.{file.stem}") for file in files)
    return tuple(m for m in modules if hasattr(m, "PROBE") or hasattr(m, "LINK"))
