"""Which process groups does Fly.io run, and are they stopped when idle?

    [processes]
      app = "uvicorn app.main:app"
    [http_service]
      processes = ["app"]
      auto_stop_machines = "stop"

The first deploy makes two machines for a group that has a service, one for any other (superfly/docs); `fly scale count` is in no file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServiceStops
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch import (
    Unit,
    aside,
    dockerfile_of,
    each_document,
    number,
    replicas,
    role_of_name,
    scripts,
    state_image,
)
from callcheck.sources.launch.fly import groups_of, members_of, services_of

_ONE = pattern(r"--ha[= ]false|scale count (?:\S+[= ])?1\b")


class Fly:
    """`min_machines_running = 1` says that one is enough as often as not: then a second machine is possible, not known."""

    name = "fly"
    looks_at = ("fly.toml", "fly.*.toml")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServiceStops})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no fly.toml"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        return each_document(eyes, self.looks_at, lambda document, file: _groups(eyes, document, file))


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named(*Fly.looks_at) if not aside(eyes, file)]


def _groups(eyes: Eyes, document: Table, file: File) -> Iterator[Evidence | Lost]:
    groups = groups_of(document)
    env = document.get("env")
    plain = {key: str(value) for key, value in env.items()} if isinstance(env, Table) else {}
    # A volume belongs to one machine, so a group with one is given a single machine by hand as often as not.
    pinned = "mounts" in document or any(_ONE.search(text) for _, text in scripts(eyes, "fly"))
    for name, (command, line) in groups.items():
        unit = Unit("fly", "fly", name, file, line, plain)
        yield from state_image(eyes, unit, _dockerfile(eyes, document, file), command=command)
        yield from _service(unit, services_of(document), list(groups), pinned)


def _dockerfile(eyes: Eyes, document: Table, file: File) -> File | None:
    """The Dockerfile that is built: the one that `[build]` names, the one beside the file, or else one of the app's name; none for an image that is there already."""
    build = document.get("build")
    build = build if isinstance(build, Table) else Table()
    if "image" in build:
        return None
    folder = posixpath.dirname(file.name)
    named = eyes.tree.get(posixpath.normpath(posixpath.join(folder, str(build.get("dockerfile") or "Dockerfile"))))
    return named or dockerfile_of(eyes, str(document.get("app") or ""))


def _service(unit: Unit, services: list[Table], groups: list[str], pinned: bool) -> Iterator[Evidence]:
    for service in services:
        named = service.get("processes")
        if unit.service not in members_of(service, groups):
            continue
        least = number(service.get("min_machines_running")).many
        stop = service.get("auto_stop_machines")
        if stop not in (None, False, "off", "false") and not least:
            key = "processes" if isinstance(named, list) else "auto_stop_machines"
            fact = ServiceStops(clean(unit.service, 80), role_of_name(unit.service), "http", "fly")
            yield Evidence(
                fact, Basis.DECLARED, "fly", Location(clean(unit.file.name), service.lines[key]), service=fact.service
            )
        if least and least > 1:
            yield replicas(
                unit, least, f"min_machines_running = {least}", service.lines["min_machines_running"], at_least=True
            )
        elif least or pinned:
            yield replicas(unit, None, "two machines by default for a group with a service", service.line)
        else:
            yield replicas(unit, 2, "two machines by default for a group with a service", service.line, at_least=True)
        return
    yield replicas(unit, 1, "a group without a service: one machine")


PROBE = Fly()
