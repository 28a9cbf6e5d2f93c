"""Which programs does supervisord keep running, how often?

[program:web]
command=gunicorn --workers=5 desk:app
numprocs=4
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, InstancesFactor, InstancesPossible
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, number, own_texts, state

_SECTIONS = ("program:", "fcgi-program:")


class Supervisor:
    """`[program:x]` and `[fcgi-program:x]`; numprocs is 1 where it is absent (supervisor configuration.rst)."""

    name = "supervisor"
    looks_at = ("supervisor*.conf", "supervisor*.ini", "*.conf", "*.ini")
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no supervisord configuration"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for section, keys in document.items():
                if section.startswith(_SECTIONS) and isinstance(keys, Table) and keys.get("command"):
                    yield from _program(eyes, file, section.split(":", 1)[1], keys)


def _files(eyes: Eyes) -> list[File]:
    return [file for file, text in own_texts(eyes, *Supervisor.looks_at, most=200_001) if "program:" in text]


def _program(eyes: Eyes, file: File, name: str, keys: Table) -> Iterator[Evidence | Lost]:
    env = {}
    for pair in str(keys.get("environment", "")).split(","):
        key, mark, value = pair.partition("=")
        if mark:
            env[key.strip()] = value.strip().strip("\"'")
    unit = Unit("supervisor", "supervisor", name, file, keys.line, env)
    yield from state(eyes, unit, keys["command"], line=keys.lines["command"])
    service = clean(name, 80)
    told = keys.get("numprocs")
    found = number(told, env)
    count = 1 if told is None else found.many
    text = clean(f"numprocs={told}" if told is not None else "no numprocs key: 1", 80)
    fact: InstancesFactor | InstancesPossible
    if count is None:
        fact = InstancesPossible("", "supervisor", service, text)
    else:
        fact = InstancesFactor(max(0, count), found.at_least, "processes", "supervisor", service, text)
    where = Location(clean(file.name), keys.lines.get("numprocs", keys.line))
    yield Evidence(fact, Basis.DECLARED, "supervisor", where, service=service)


PROBE = Supervisor()
