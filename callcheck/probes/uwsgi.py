"""How many processes does a uwsgi.ini ask for, and do Python threads run in them?

    [uwsgi]
    module = wsgi:application
    processes = 4
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible, ServerTrait
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.launch.configs import uwsgi_workers
from callcheck.sources.launch.uwsgi import threads_by_command, traits

_LARGEST = 50_000


class Uwsgi:
    """States without a service: the unit or command that starts uWSGI has one."""

    name = "uwsgi"
    looks_at = ("*.ini",)
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
            for trait in traits(eyes, lambda option, section=section: _on(section, option)):  # type: ignore[misc]
                if trait.startswith("threads") and threads_by_command(eyes):
                    continue
                at = section.lines.get(
                    "module", section.lines.get("wsgi-file", section.lines.get("wsgi", section.line))
                )
                yield Evidence(ServerTrait(trait, "uwsgi", ""), Basis.DECLARED, self.name, Location(path, at))


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named(*Uwsgi.looks_at) if not aside(eyes, file) and ("uwsgi" in file.base or file.size < _LARGEST and _says(eyes, file))]


def _says(eyes: Eyes, file: File) -> bool:
    """Whether a file of another name, as an emperor's vassals have, holds uWSGI's section."""
    return "[uwsgi]" in eyes.readable(file)


def _on(section: Table, key: str) -> bool:
    return key in section and str(section[key]).lower() not in ("false", "0", "off", "no")


PROBE = Uwsgi()
