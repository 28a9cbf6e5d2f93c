"""Is a unit's last process stopped, at each rollout, before the next one is there?

    strategy: {type: Recreate}                                  # Deployment; a StatefulSet of one is replaced in its place, too
    deployment_minimum_healthy_percent = 0                      # aws_ecs_service with deployment_maximum_percent = 100

Sources: kubernetes.io, Deployment (strategy) and StatefulSet (rolling updates); docs.aws.amazon.com/AmazonECS, deployment configuration; docs.docker.com/reference/compose-file/deploy,
update_config.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.deployment import ServiceGap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import templates
from callcheck.sources.documents import line_at, value_at
from callcheck.sources.environment import compose
from callcheck.sources.environment.terraform import named
from callcheck.sources.event_rules import resources
from callcheck.sources.launch import number
from callcheck.sources.manifests import Manifest, Manifests, collect
from callcheck.sources.terraform import made

_NOBODY_MORE = (0, "0", "0%")
_DEPLOYMENTS = ("kubernetes_deployment", "kubernetes_deployment_v1")


class RolloutGaps:
    """Silent where the platform's default leaves a gap and nobody wrote it down, as Compose's does."""

    name = "rollout-gaps"
    looks_at = ("*.yaml", "*.yml", "*.tf", "*.json", "*.template")
    marks = ("Recreate", "maxSurge", "StatefulSet", "minimum_healthy_percent", "MinimumHealthyPercent", "stop-first")
    answers = frozenset({ServiceGap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no deployment files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        for unit in found.of("Deployment", "StatefulSet"):
            path, how = _of_unit(unit, _is_alone(found, unit))
            if how:
                yield _gap(unit.name, how, "kubernetes", unit.where(*path))
        yield from _of_terraform(eyes)
        yield from _of_templates(eyes)
        for file, services in compose.files(eyes):
            for name, keys in services.items():
                if value_at(keys, "deploy", "update_config", "order") == "stop-first" and value_at(keys, "deploy", "replicas") in (None, 1):
                    yield _gap(name, "order: stop-first", "compose", Location(clean(file.name), line_at(keys, "deploy", "update_config", "order") or 1))


def _is_alone(found: Manifests, unit: Manifest) -> bool:
    """Whether one pod is all that there is, by an overlay's word and by what scales the unit, too."""
    overlay = None if unit.built else found.overlay(unit.name)
    least = (number(each.get("spec", key)).many or 0 for each in found.scalers(unit.name, "HorizontalPodAutoscaler", "ScaledObject") for key in ("minReplicas", "minReplicaCount"))
    return (overlay.count if overlay else unit.get("spec", "replicas")) in (None, 1) and all(each < 2 for each in least)


def _of_unit(unit: Manifest, alone: bool) -> tuple[tuple[str, ...], str]:
    """Where a unit of Kubernetes says that it is replaced in place, and how it does."""
    if unit.kind == "StatefulSet":
        return (("spec", "replicas"), "a StatefulSet of one is replaced in its place") if alone else ((), "")
    if unit.get("spec", "strategy", "type") == "Recreate":
        return ("spec", "strategy", "type"), "strategy: Recreate"
    surge = ("spec", "strategy", "rollingUpdate", "maxSurge")
    return (surge, "maxSurge: 0") if alone and unit.get(*surge) in _NOBODY_MORE else ((), "")


def _of_terraform(eyes: Eyes) -> Iterator[Evidence]:
    for scope, file, block in made(eyes):
        if block.labels[0] == "aws_ecs_service":
            least, most = (block.keys.get(f"deployment_{key}_percent") for key in ("minimum_healthy", "maximum"))
            said = [scope.text(each[0], file) for each in (least, most) if each is not None]
            if least is not None and said == ["0", "100"]:
                yield _gap(named(scope, file, block), "no task is left at a rollout", "ecs", Location(clean(file.name), least[1]))
        elif block.labels[0] in _DEPLOYMENTS:
            for strategy in (inner for spec in block.find("spec") for inner in spec.find("strategy")):
                if strategy.text("type").strip('"') == "Recreate":
                    yield _gap(named(scope, file, block), "strategy: Recreate", "kubernetes", Location(clean(file.name), strategy.keys["type"][1]))


def _of_templates(eyes: Eyes) -> Iterator[Evidence]:
    for each in templates(eyes):
        if isinstance(each, Lost):
            continue
        file, document = each
        for name, row in resources(document).items():
            path = ("Properties", "DeploymentConfiguration")
            least, most = (value_at(row, *path, key) for key in ("MinimumHealthyPercent", "MaximumPercent"))
            if row.get("Type") == "AWS::ECS::Service" and least == 0 and most == 100:
                said = value_at(row, "Properties", "ServiceName")
                yield _gap(said if isinstance(said, str) else name, "no task is left at a rollout", "ecs", Location(clean(file.name), line_at(row, *path, "MinimumHealthyPercent") or row.line))


def _gap(service: str, how: str, system: str, where: Location) -> Evidence:
    fact = ServiceGap(clean(service, 80), how, system)
    return Evidence(fact, Basis.DECLARED, "rollout-gaps", where, service=fact.service)


PROBE = RolloutGaps()
