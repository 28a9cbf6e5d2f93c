"""Which services does Render run, how often?

    services:
      - {type: web, name: api, startCommand: npm start, numInstances: 3}

`numInstances` is 1 where it is absent; `scaling.maxInstances` has the last word (render.com/docs/blueprint-spec).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServiceStops
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, tables
from callcheck.sources.environment.setting import pairs
from callcheck.sources.files import File
from callcheck.sources.launch import (
    Unit,
    aside,
    dockerfile_of,
    each_document,
    number,
    replicas,
    run,
    state,
    state_image,
    stops,
)

_ROLES = {"web": "web", "pserv": "", "worker": "worker", "cron": "scheduler", "redis": "broker", "keyvalue": "broker"}


class Render:
    """Blueprints."""

    name = "render"
    looks_at = ("render.yaml", "render.yml")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServiceStops})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no render.yaml"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        return each_document(eyes, self.looks_at, lambda document, file: _services(eyes, document, file))


def _services(eyes: Eyes, document: Table, file: File) -> Iterator[Evidence | Lost]:
    groups = {str(group.get("name")): group for group in tables(document.get("envVarGroups"))}
    for service in tables(document.get("services")):
        shared = (groups.get(str(row.get("fromGroup"))) for row in tables(service.get("envVars")))
        given = [each for group in shared if group is not None for each in pairs(group, "envVars")]
        yield from _service(eyes, service, file, {name: str(value) for name, value, _ in [*given, *pairs(service, "envVars")] if value is not None})


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named(*Render.looks_at) if not aside(eyes, file)]


def _service(eyes: Eyes, service: Table, file: File, env: dict[str, str]) -> Iterator[Evidence | Lost]:
    """`env` are the service's plain variables, which come before those of the groups that it takes in."""
    kind, name = str(service.get("type")), str(service.get("name") or "")
    role = _ROLES.get(kind, "")
    unit = Unit("render", "render", name, file, service.lines.get("name", service.line), env, role)
    if role == "broker" or service.get("runtime") == "static" or service.get("env") == "static":
        yield run(unit) if role == "broker" else run(Unit("render", "render", name, file, unit.line, env, "proxy"))
        return
    command = service.get("startCommand") or service.get("dockerCommand")
    if command:
        key = "startCommand" if "startCommand" in service else "dockerCommand"
        yield from state(eyes, unit, str(command), line=service.lines[key])
    else:
        yield from state_image(eyes, unit, dockerfile_of(eyes, "", [name]))
    if kind == "cron":
        return
    if kind == "web" and service.get("plan") == "free":
        # A free web service is stopped after 15 minutes without a request (render.com/docs/free).
        yield stops(unit, "http", service.lines["plan"], "web")
    scaling = service.get("scaling")
    if isinstance(scaling, Table) and "maxInstances" in scaling:
        text = f"minInstances: {scaling.get('minInstances', 1)}, maxInstances: {scaling['maxInstances']}"
        yield replicas(unit, number(scaling["maxInstances"]).many, text, scaling.lines["maxInstances"])
    elif "numInstances" in service:
        yield replicas(
            unit,
            number(service["numInstances"]).many,
            f"numInstances: {service['numInstances']}",
            service.lines["numInstances"],
        )
    else:
        yield replicas(unit, 1, "no numInstances: 1")


PROBE = Render()
