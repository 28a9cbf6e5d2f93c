"""How many processes does a uwsgi.ini ask for, and do Python threads run in them?

    [uwsgi]
    module = wsgi:application
    processes = 4

Threads are off without `enable-threads` (or `threads`) up to 2.0.26; without `lazy-apps` the app is loaded once, before the fork.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible, ServerTrait
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.launch.configs import uwsgi_workers

_PINNED = pattern(r"(?im)^[ \t]*[\"']?uwsgi\s{0,3}[=~<>]=?\s{0,3}(\d+)\.(\d+)(?:\.(\d+))?")
_THREADS_ON_FROM = (2, 0, 27)


class Uwsgi:
    """States without a service: the unit or command that starts uWSGI has one."""

    name = "uwsgi"
    looks_at = ("*uwsgi*.ini", "*.uwsgi.ini")
    answers: frozenset[type[Fact]] = frozenset({InstancesFactor, InstancesPossible, ServerTrait})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no uwsgi.ini"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                document = eyes.document(file)
                found = uwsgi_workers(eyes, file, {})
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            section = document.get("uwsgi") if isinstance(document, Table) else None
            if not isinstance(section, Table):
                continue
            path = clean(file.name)
            fact: InstancesFactor | InstancesPossible
            fact = InstancesFactor(1, False, "processes", "uwsgi", "", "no processes key: 1")
            line = section.line
            if found is not None:
                line = found.line
                if found.count is None:
                    fact = InstancesPossible("", "uwsgi", "", found.text)
                else:
                    fact = InstancesFactor(max(1, found.count), found.at_least, "processes", "uwsgi", "", found.text)
            yield Evidence(fact, Basis.DECLARED, self.name, Location(path, line))
            for trait in _traits(section, eyes):
                at = section.lines.get(
                    "module", section.lines.get("wsgi-file", section.lines.get("wsgi", section.line))
                )
                yield Evidence(ServerTrait(trait, "uwsgi", ""), Basis.DECLARED, self.name, Location(path, at))


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named(*Uwsgi.looks_at) if not aside(eyes, file)]


def _on(section: Table, key: str) -> bool:
    return key in section and str(section[key]).lower() not in ("false", "0", "off", "no")


def _traits(section: Table, eyes: Eyes) -> Iterator[str]:
    if not (
        _on(section, "enable-threads")
        or _on(section, "threads")
        or _on(section, "gevent")
        or _on(section, "py-call-uwsgi-fork-hooks")
    ):
        version = _version(eyes)
        yield "threads-disabled" if version is None or version < _THREADS_ON_FROM else "threads-unstated"
    if not (_on(section, "lazy-apps") or _on(section, "lazy")) and _on(section, "master"):
        yield "preloaded"


def _version(eyes: Eyes) -> tuple[int, int, int] | None:
    """The uWSGI version that a requirements file pins, or None."""
    for file in eyes.tree.named("requirements*.txt", "*requirements*.in", "Pipfile"):
        try:
            found = _PINNED.search(eyes.text(file))
        except SourceError:
            continue
        if found:
            return int(found[1]), int(found[2]), int(found[3] or 0)
    return None


PROBE = Uwsgi()
