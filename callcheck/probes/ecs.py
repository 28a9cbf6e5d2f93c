"""How many tasks does an ECS service run?

    {"serviceName": "api", "taskDefinition": "api", "desiredCount": 2}

A task definition alone says what runs, not how often. Also `AWS::ECS::Service` in CloudFormation, the autoscaling of the only service, and the
manifests of AWS Copilot (`copilot/api/manifest.yml`: `count: 3`, or `count: {range: 1-10}`, of which the most counts; what `environments` says of
production goes before).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Rows, Table, value_at
from callcheck.sources.files import File
from callcheck.sources.launch import (
    INFRASTRUCTURE,
    Unit,
    aside,
    dockerfile_of,
    number,
    replicas,
    role_of_image,
    state_image,
)
from callcheck.sources.manifests.manifest import PRODUCTION

_COPILOT = ("Load Balanced Web Service", "Backend Service", "Worker Service")


class Ecs:
    """Files as `aws ecs` takes them, keys in either case."""

    name = "ecs"
    looks_at = ("*.json", "*.yaml", "*.yml")
    marks = ("containerDefinitions", "ContainerDefinitions", "desiredCount", "DesiredCount", "schedulingStrategy", "SchedulingStrategy", *_COPILOT)
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no JSON or YAML file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        services: list[tuple[Table, File]] = []
        tasks: list[tuple[Table, File]] = []
        targets: list[tuple[Table, File]] = []
        for file in eyes.tree.named(*self.looks_at):
            try:
                if aside(eyes, file) or file.size > 300_000 or not any(mark in eyes.text(file) for mark in self.marks):
                    continue
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            if isinstance(document, Table) and document.get("type") in _COPILOT:
                yield from _copilot(eyes, document, file)
                continue
            for table in _objects(document):
                if _has(table, "desiredCount") or _has(table, "schedulingStrategy") or (_has(table, "taskDefinition") and _has(table, "serviceName")):
                    services.append((table, file))
                elif isinstance(_key(table, "containerDefinitions"), list):
                    tasks.append((table, file))
                elif "ecs:service" in str(_key(table, "scalableDimension")):
                    targets.append((table, file))
        for table, file in tasks:
            yield from _task(eyes, table, file, services)
        for table, file in services:
            yield _service(table, file, eyes.document(file))
        for table, file in targets:
            if len(services) == 1 and _has(table, "maxCapacity"):
                key = _name(table, "maxCapacity")
                unit = Unit("ecs", "ecs", _service_name(services[0][0]), file, table.lines[key])
                yield replicas(unit, number(table[key]).many, f"{key}: {table[key]}")


def _copilot(eyes: Eyes, manifest: Table, file: File) -> Iterator[Evidence | Lost]:
    """aws.github.io/copilot-cli/docs/manifest: one task without a count."""
    name, held = str(manifest.get("name") or ""), manifest
    environments = manifest.get("environments")
    for stage, keys in environments.items() if isinstance(environments, Table) else ():
        if PRODUCTION.search(stage) and isinstance(keys, Table) and "count" in keys:
            held = keys
    count = held.get("count", 1)
    most = count.get("range") if isinstance(count, Table) else count
    most = most.get("max") if isinstance(most, Table) else str(most).rsplit("-", 1)[-1]
    unit = Unit("ecs", "ecs", name, file, held.lines.get("count", manifest.lines["type"]))
    started = [next((table[key] for table in (held, manifest) if isinstance(table.get(key), (str, list))), "") for key in ("entrypoint", "command")]
    yield from state_image(eyes, unit, dockerfile_of(eyes, "", [name]), entrypoint=started[0], command=started[1])
    yield replicas(unit, number(most).many, f"count: {most}")


def _objects(document: Any) -> Iterator[Table]:
    """The document itself, what it wraps (`service`, `taskDefinition`), and the properties of CloudFormation's ECS resources."""
    if not isinstance(document, Table):
        return
    yield document
    for key in ("service", "taskDefinition"):
        if isinstance(document.get(key), Table):
            yield document[key]
    resources = document.get("Resources")
    for resource in resources.values() if isinstance(resources, Table) else ():
        if (
            isinstance(resource, Table)
            and str(resource.get("Type", "")).startswith(("AWS::ECS::", "AWS::ApplicationAutoScaling::"))
            and isinstance(resource.get("Properties"), Table)
        ):
            yield resource["Properties"]


def _name(table: Table, key: str) -> str:
    return key if key in table else key[0].upper() + key[1:]


def _key(table: Table, key: str) -> Any:
    return table.get(_name(table, key))


def _has(table: Table, key: str) -> bool:
    return _name(table, key) in table


def _family(value: Any) -> str:
    """`arn:aws:ecs:...:task-definition/api:7` and `api:7` -> api."""
    return str(value or "").rsplit("/", 1)[-1].split(":")[0]


def _task(eyes: Eyes, table: Table, file: File, services: list[tuple[Table, File]]) -> Iterator[Evidence | Lost]:
    family = _family(_key(table, "family"))
    using = [s for s, _ in services if _family(_key(s, "taskDefinition")) == family] or (
        [services[0][0]] if len(services) == 1 else []
    )
    name = str(_key(using[0], "serviceName") or family) if using else family
    containers = _key(table, "containerDefinitions")
    for container in containers if isinstance(containers, Rows) else ():
        if not isinstance(container, Table):
            continue
        image = str(_key(container, "image") or "")
        role = role_of_image(image)
        rows = _key(container, "environment")
        env = (
            {str(_key(e, "name")): str(_key(e, "value")) for e in rows if isinstance(e, Table)}
            if isinstance(rows, list)
            else {}
        )
        unit = Unit(
            "ecs", "ecs", name, file, container.lines.get(_name(container, "name"), container.line), env, role, image
        )
        if role in INFRASTRUCTURE and len(containers) > 1:
            continue
        names = [family, str(_key(container, "name") or "")]
        dockerfile = None if role in INFRASTRUCTURE else dockerfile_of(eyes, image, names)
        yield from state_image(
            eyes, unit, dockerfile, entrypoint=_words(container, "entryPoint"), command=_words(container, "command")
        )


def _words(container: Table, key: str) -> Any:
    value = _key(container, key)
    return list(value) if isinstance(value, list) else ""


def _service_name(table: Table) -> str:
    return str(_key(table, "serviceName") or _family(_key(table, "taskDefinition")))


def _service(table: Table, file: File, document: Any) -> Evidence:
    name = _service_name(table)
    key = _name(table, "desiredCount")
    unit = Unit("ecs", "ecs", name, file, table.lines.get(key, table.line))
    if _key(table, "schedulingStrategy") == "DAEMON":
        return replicas(unit, 2, "schedulingStrategy: DAEMON, one a host", at_least=True)
    if key not in table:
        return replicas(unit, 1, "no desiredCount: 1")
    told = table[key]
    parameter = value_at(document, "Parameters", str(told.get("Ref") if isinstance(told, Table) else told))
    if isinstance(parameter, Table) and "Default" in parameter:
        return replicas(unit, number(parameter["Default"]).many, f"desiredCount: {parameter['Default']}", parameter.lines["Default"])
    return replicas(unit, number(told).many, f"desiredCount: {told}")


PROBE = Ecs()
