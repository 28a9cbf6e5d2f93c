"""How many instances does Terraform ask a platform for?

    resource "aws_ecs_service" "api" {
      desired_count = var.tasks
    }

The most that may run counts, so an autoscaler's maximum has the last word. What a value comes to is told by `sources/terraform.py`; a count that
is computed otherwise is possible, not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, LoadBalanced, ServerlessFunction, ServiceStops
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import tables
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.environment.terraform import TASKS, blocks_of, containers, given, named, refers
from callcheck.sources.files import File
from callcheck.sources.launch import (
    BY_REQUESTS,
    INFRASTRUCTURE,
    Unit,
    dockerfile_of,
    freezes,
    number,
    replicas,
    role_of_app,
    role_of_image,
    state_image,
)
from callcheck.sources.terraform import Scope, scopes

_PLAIN = ("spec", "replicas")
_SCALER = ("spec", "max_replicas")
_COUNTS: dict[str, tuple[str, tuple[tuple[str, ...], ...], int | None]] = {
    # Resource: the platform, where the count stands (the most first), and the platform's own default where it is absent.
    "aws_ecs_service": ("ecs", (("desired_count",),), None),
    "google_cloud_run_v2_service": ("cloud-run", (("template", "scaling", "max_instance_count"), ("scaling", "max_instance_count")), 100),
    "google_cloud_run_service": ("cloud-run", (("template", "metadata", "annotations", "autoscaling.knative.dev/maxScale"),), 100),
    "azurerm_container_app": ("azure-container-apps", (("template", "max_replicas"),), 10),
    "azurerm_service_plan": ("azure-app-service", (("worker_count",),), 1),
    "kubernetes_deployment": ("kubernetes", (_PLAIN,), 1),
    "kubernetes_deployment_v1": ("kubernetes", (_PLAIN,), 1),
    "kubernetes_stateful_set": ("kubernetes", (_PLAIN,), 1),
    "kubernetes_stateful_set_v1": ("kubernetes", (_PLAIN,), 1),
    "heroku_formation": ("heroku", (("quantity",),), 1),
    "digitalocean_app": ("digitalocean", (("spec", "service", "instance_count"),), 1),
}  # fmt: skip
_SCALERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # Resource: what it scales, the key that refers to it, and where the most stands.
    "aws_appautoscaling_target": ("aws_ecs_service", "resource_id", ("max_capacity",)),
    "aws_apprunner_auto_scaling_configuration_version": ("aws_apprunner_service", "", ("max_size",)),
    "kubernetes_horizontal_pod_autoscaler": ("kubernetes_deployment", "", _SCALER),
    "kubernetes_horizontal_pod_autoscaler_v2": ("kubernetes_deployment_v1", "", _SCALER),
}
_LAMBDA = "aws_lambda_function"
_CONTAINER_APP = "azurerm_container_app"
_WEB_APPS = frozenset({"azurerm_linux_web_app", "azurerm_windows_web_app", "azurerm_app_service"})
_THROTTLES = {
    "google_cloud_run_v2_service": ("template", "containers", "resources", "cpu_idle"),
    "google_cloud_run_service": ("template", "metadata", "annotations", "run.googleapis.com/cpu-throttling"),
}
"""Where these say whether their CPU is theirs during requests alone."""
_SCALE_RULE = pattern(r"(custom|azure_queue|http|tcp)_scale_rule$")


class Terraform:
    """Modules from elsewhere (`source = "terraform-aws-modules/ecs/aws"`) are not followed; of their arguments those are read that bear a platform's own name for a count."""

    name = "terraform"
    looks_at = ("*.tf",)
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServerlessFunction, ServiceStops, LoadBalanced})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Terraform file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for scope in scopes(eyes):
            if isinstance(scope, Lost):
                yield scope
            else:
                yield from _folder(eyes, scope)


def _folder(eyes: Eyes, scope: Scope) -> Iterator[Evidence | Lost]:
    resources = scope.resources()
    yield from _foreign(scope)
    for file, block in resources:
        kind = block.labels[0]
        if kind in _COUNTS:
            yield from _service(eyes, scope, file, block)
            yield from _stops(scope, file, block) if kind == _CONTAINER_APP else ()
            yield from _throttled(scope, file, block) if kind in _THROTTLES else ()
        elif kind == TASKS and not any(refers(other, block) for _, other in resources):
            yield from _tasks(eyes, Unit("terraform", "ecs", named(scope, file, block), file, block.line), scope, [(file, block)])
        elif kind in _SCALERS:
            yield from _scaler(scope, file, block)
        elif kind in _WEB_APPS:
            yield from _unloaded(scope, file, block)
            yield from _spread(scope, file, block)
        elif kind == _LAMBDA:
            name = clean(block.text("function_name") or block.label, 80)
            where = Location(clean(file.name), block.line)
            yield Evidence(ServerlessFunction("aws-lambda", name), Basis.DECLARED, "terraform", where, service=name)


def _foreign(scope: Scope) -> Iterator[Evidence]:
    """A module from elsewhere that is told how many tasks ECS is to run: `desired_count`, or the most that its autoscaling may want."""
    for file, root in scope.found:
        for block in root.blocks:
            if block.kind != "module" or block.text("source").startswith("."):
                continue
            scaled = block.text("enable_autoscaling").lower() != "false"
            keys = (*(("autoscaling_max_capacity",) if scaled else ()), "desired_count")
            found = next(((key, written) for key in keys if (written := block.at(key))), None)
            if found is not None:
                yield _count(Unit("terraform", "ecs", clean(block.text("name") or block.label, 80), file, block.line), *found, scope)


def _service(eyes: Eyes, scope: Scope, file: File, block: Block) -> Iterator[Evidence | Lost]:
    system, paths, default = _COUNTS[block.labels[0]]
    name = named(scope, file, block)
    unit = Unit("terraform", system, name, file, block.line)
    yield from _started(eyes, scope, unit, block)
    daemon = block.at("scheduling_strategy") if system == "ecs" else None
    if daemon and scope.settled(daemon, file).value.strip('"') == "DAEMON":
        yield replicas(replace(unit, line=daemon[1]), 2, "scheduling_strategy: DAEMON, one a host", at_least=True)
        return
    for path in paths:
        if written := block.at(*path):
            yield _count(unit, path[-1], written, scope)
            return
    if default is not None:
        yield replicas(unit, default, f"no {paths[0][-1]}: up to {default}" if default > 1 else f"no {paths[0][-1]}: 1")


def _started(eyes: Eyes, scope: Scope, unit: Unit, block: Block) -> Iterator[Evidence | Lost]:
    """What the unit runs: the command of its containers, where the files say one, else that of its image."""
    some = False
    for item in _tasks(eyes, unit, scope, [(file, task) for file, task in scope.resources() if task.labels[0] == TASKS and refers(block, task)]):
        some = True
        yield item
    env = {each.name: each.value for each in given(eyes, scope, unit.file, block) if each.value}
    for container in blocks_of(block):
        some = True
        told = {key: scope.value(eyes, container.keys[key], unit.file) if key in container.keys else "" for key in ("command", "args", "image")}
        yield from _image(eyes, replace(unit, env=env, image=str(told["image"] or "")), block.label, told["command"], told["args"])
    if not some:
        yield from _image(eyes, unit, block.label, "", "")


def _tasks(eyes: Eyes, unit: Unit, scope: Scope, tasks: list[tuple[File, Block]]) -> Iterator[Evidence | Lost]:
    for file, task in tasks:
        for container in containers(eyes, scope, file, task):
            image = str(container.get("image") or "")
            env = {str(row["name"]): str(row["value"]) for row in tables(container.get("environment")) if row.get("name") and row.get("value") is not None}
            at = replace(unit, file=file, line=container.lines.get("name", container.line), env=env, image=image)
            if role_of_image(image) not in INFRASTRUCTURE:
                yield from _image(eyes, at, task.label, container.get("entryPoint"), container.get("command"))


def _image(eyes: Eyes, unit: Unit, label: str, entrypoint: Any, command: Any) -> Iterator[Evidence | Lost]:
    words = [[str(word) for word in each] if isinstance(each, list) else "" for each in (entrypoint, command)]
    yield from state_image(eyes, unit, dockerfile_of(eyes, unit.image, [unit.service, label]), entrypoint=words[0], command=words[1])


def _stops(scope: Scope, file: File, block: Block) -> Iterator[Evidence]:
    """A container app that keeps no replica (the provider's own default) and has no scale rule, or rules of requests alone, is started by requests alone."""
    written = block.at("template", "min_replicas")
    least = number(scope.settled(written, file).value.strip('"')).many if written else 0
    rules = [found[1] for template in block.find("template") for inner in template.blocks if (found := _rule_of_scaling(inner))]
    served = any(inner.kind == "ingress" or inner.label == "ingress" for inner in block.blocks)
    if least != 0 or (rules and not (served and BY_REQUESTS.issuperset(rules))):
        return
    wakes_on = "http" if served else "nothing"
    fact = ServiceStops(clean(named(scope, file, block), 80), role_of_app(named(scope, file, block), ruled=bool(rules)), wakes_on, "azure-container-apps")
    where = Location(clean(file.name), written[1] if written else block.line)
    yield Evidence(fact, Basis.DECLARED, "terraform", where, service=fact.service)


def _unloaded(scope: Scope, file: File, block: Block) -> Iterator[Evidence]:
    """A web app that is unloaded after twenty minutes without a request (learn.microsoft.com/azure/app-service/configure-common, Always On)."""
    written = block.at("site_config", "always_on")
    if written and scope.settled(written, file).value.strip('"').lower() == "false":
        fact = ServiceStops(clean(named(scope, file, block), 80), "web", "http", "azure-app-service")
        yield Evidence(fact, Basis.DECLARED, "terraform", Location(clean(file.name), written[1]), service=fact.service)


def _spread(scope: Scope, file: File, block: Block) -> Iterator[Evidence]:
    """A web app whose balancer is told to keep no client on an instance; where it is told to, the probe `balancers` says so."""
    written = block.at("client_affinity_enabled")
    if written and scope.settled(written, file).value.strip('"').lower() == "false":
        yield Evidence(LoadBalanced("azure-app-service", ""), Basis.DECLARED, "terraform", Location(clean(file.name), written[1]))


def _throttled(scope: Scope, file: File, block: Block) -> Iterator[Evidence]:
    """A service of Cloud Run whose CPU is taken away between requests.

    With `resources` in its container, the second version of the provider's resource does so only if told (registry.terraform.io, cpu_idle).
    """
    path = _THROTTLES[block.labels[0]]
    written = block.at(*path)
    told = scope.settled(written, file).value.strip('"').lower() if written else ""
    second = path[-1] == "cpu_idle"
    silent = "true" if not second or not any(block.find("resources")) else "false"
    if (told or silent) == "true":
        yield freezes(Unit("terraform", "cloud-run", named(scope, file, block), file, written[1] if written else block.line))


def _rule_of_scaling(block: Block) -> re.Match[str] | None:
    return _SCALE_RULE.match(block.label if block.kind == "dynamic" else block.kind)


def _scaler(scope: Scope, file: File, block: Block) -> Iterator[Evidence]:
    kind, key, path = _SCALERS[block.labels[0]]
    scaled = [other for _, other in scope.resources() if other.labels[0] == kind]
    if key:
        scaled = [other for other in scaled if f"{kind}.{other.label}." in block.text(key)] or scaled
    written = block.at(*path)
    if written and len(scaled) == 1:
        system = _COUNTS[kind][0] if kind in _COUNTS else "app-runner"
        yield _count(Unit("terraform", system, named(scope, file, scaled[0]), file, block.line), path[-1], written, scope)


def _count(unit: Unit, key: str, written: tuple[str, int], scope: Scope) -> Evidence:
    said = scope.settled(written, unit.file)
    return replicas(unit, number(said.value.strip('"')).many, f"{key} = {said.value}", said.line, file=said.file)


PROBE = Terraform()
