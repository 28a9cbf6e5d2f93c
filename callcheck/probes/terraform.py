"""How many instances does Terraform ask a platform for?

    resource "aws_ecs_service" "api" {
      desired_count = var.tasks
    }

The most that may run counts, so an autoscaler's maximum has the last word. `var.x` is looked up in `*.tfvars` (production first), then in
its default, `local.x` in `locals`; of `condition ? 3 : 1` the greater counts; anything else that is computed is possible, not known.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import (
    InstancesFactor,
    InstancesPossible,
    ServerlessFunction,
    ServerTrait,
    ServiceRun,
    ServiceStops,
)
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents.read_hcl import Block, read_hcl
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, aside, dockerfile_of, freezes, number, replicas, role_of_name, state_image

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
_SCALE_RULE = pattern(r"(?:custom|azure_queue|http|tcp)_scale_rule$")
_VARIABLE = pattern(r"(?:\$\{)?\(?(var|local)\.(\w{1,100}(?:\.\w{1,100})?)\)?\}?$")
_CHOICE = pattern(r"(?:\$\{)?\(?[^?]{1,300}\?([^?:]{1,100}):([^?:]{1,100}?)\)?\}?$")
_LOOKED_UP = pattern(r"(?:\$\{)?(?:lookup\(\s*)?local\.(\w{1,100})(?:\[|\s*,)")
_DEEPEST = 4
_PRODUCTION = pattern(r"(?:^|[./_-])prod(?:uction)?(?=[./_-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Written:
    """A value with the place that has the last word on it."""

    value: str
    file: File
    line: int


class Terraform:
    """Modules (`module "service" {}`) are not followed: what their arguments mean is not known from here."""

    name = "terraform"
    looks_at = ("*.tf",)
    answers: frozenset[type[Fact]] = frozenset(
        {ServiceRun, InstancesFactor, InstancesPossible, ServerTrait, ServerlessFunction, ServiceStops}
    )

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no Terraform file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        folders: dict[str, list[tuple[File, Block]]] = {}
        for file in _files(eyes):
            try:
                folders.setdefault(posixpath.dirname(file.name), []).append((file, read_hcl(eyes.text(file))))
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
        for folder, found in folders.items():
            yield from _folder(eyes, folder, found)


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named(*Terraform.looks_at) if not aside(eyes, file)]


def _folder(eyes: Eyes, folder: str, found: list[tuple[File, Block]]) -> Iterator[Evidence | Lost]:
    known = _variables(eyes, folder, found)
    resources = [(file, block) for file, root in found for block in root.blocks if block.kind == "resource" and len(block.labels) == 2]
    for file, block in resources:
        kind = block.labels[0]
        if kind in _COUNTS:
            yield from _service(eyes, file, block, known)
            yield from _stops(file, block, known) if kind == _CONTAINER_APP else ()
            yield from _throttled(file, block, known) if kind in _THROTTLES else ()
        elif kind in _SCALERS:
            yield from _scaler(file, block, known, [other for _, other in resources])
        elif kind in _WEB_APPS:
            yield from _unloaded(file, block, known)
        elif kind == _LAMBDA:
            name = clean(block.text("function_name") or block.label, 80)
            where = Location(clean(file.name), block.line)
            yield Evidence(ServerlessFunction("aws-lambda", name), Basis.DECLARED, "terraform", where, service=name)


def _variables(eyes: Eyes, folder: str, found: list[tuple[File, Block]]) -> dict[str, _Written]:
    """Defaults, then what `*.tfvars` at or below the folder set, production last."""
    known: dict[str, _Written] = {}
    for file, root in found:
        for block in root.blocks:
            if block.kind == "variable" and "default" in block.keys:
                known[f"var.{block.label}"] = _Written(block.keys["default"][0], file, block.keys["default"][1])
            elif block.kind == "locals":
                known |= {f"local.{name}": _Written(value, file, line) for name, (value, line) in block.keys.items()}
                tables = [(inner.kind, inner.keys) for inner in block.blocks]
                known |= {f"local.{table}.{name}": _Written(value, file, line) for table, keys in tables for name, (value, line) in keys.items()}
    values = [file for file in eyes.tree.named("*.tfvars") if not folder or file.name.startswith(folder + "/")]
    for file in sorted(values, key=lambda file: bool(_PRODUCTION.search(file.name))):
        try:
            keys = read_hcl(eyes.text(file)).keys
        except SourceError:
            continue
        known |= {f"var.{name}": _Written(value, file, line) for name, (value, line) in keys.items()}
    return known


def _settled(written: tuple[str, int], file: File, known: dict[str, _Written], depth: int = 0) -> _Written:
    """What a value comes to, and where that is written."""
    text = written[0].strip().strip('"').strip()
    name = _VARIABLE.match(text)
    there = known.get(f"{name[1]}.{name[2]}") if name else None
    if depth >= _DEEPEST:
        return _Written(written[0], file, written[1])
    if there is not None:
        return _settled((there.value, there.line), there.file, known, depth + 1)
    choice, table = _CHOICE.match(text), _LOOKED_UP.match(text)
    if choice or table:
        branches = [_settled((branch, written[1]), file, known, depth + 1) for branch in choice.groups()] if choice else []
        branches += [value for key, value in known.items() if table and key.startswith(f"local.{table[1]}.")]
        counts = [(number(branch.value.strip('"')).many, branch) for branch in branches]
        if counts and all(count is not None for count, _ in counts):
            return max(counts, key=lambda counted: counted[0] or 0)[1]
    return _Written(written[0], file, written[1])


def _service(eyes: Eyes, file: File, block: Block, known: dict[str, _Written]) -> Iterator[Evidence | Lost]:
    system, paths, default = _COUNTS[block.labels[0]]
    name = _name(block)
    unit = Unit("terraform", system, name, file, block.line)
    yield from state_image(eyes, unit, dockerfile_of(eyes, "", [name, block.label]))
    for path in paths:
        if written := block.at(*path):
            yield _count(unit, path[-1], written, known)
            return
    if default is not None:
        yield replicas(unit, default, f"no {paths[0][-1]}: up to {default}" if default > 1 else f"no {paths[0][-1]}: 1")


def _stops(file: File, block: Block, known: dict[str, _Written]) -> Iterator[Evidence]:
    """A container app that keeps no replica (the provider's own default) and has no scale rule is started by requests alone."""
    written = block.at("template", "min_replicas")
    least = number(_settled(written, file, known).value.strip('"')).many if written else 0
    if least != 0 or any(_rule_of_scaling(inner) for template in block.find("template") for inner in template.blocks):
        return
    wakes_on = "http" if any(inner.kind == "ingress" or inner.label == "ingress" for inner in block.blocks) else "nothing"
    fact = ServiceStops(clean(_name(block), 80), role_of_name(_name(block)), wakes_on, "azure-container-apps")
    where = Location(clean(file.name), written[1] if written else block.line)
    yield Evidence(fact, Basis.DECLARED, "terraform", where, service=fact.service)


def _unloaded(file: File, block: Block, known: dict[str, _Written]) -> Iterator[Evidence]:
    """A web app that is unloaded after twenty minutes without a request (learn.microsoft.com/azure/app-service/configure-common, Always On)."""
    written = block.at("site_config", "always_on")
    if written and _settled(written, file, known).value.strip('"').lower() == "false":
        fact = ServiceStops(clean(_name(block), 80), "web", "http", "azure-app-service")
        yield Evidence(fact, Basis.DECLARED, "terraform", Location(clean(file.name), written[1]), service=fact.service)


def _throttled(file: File, block: Block, known: dict[str, _Written]) -> Iterator[Evidence]:
    """A service of Cloud Run whose CPU is taken away between requests.

    With `resources` in its container, the second version of the provider's resource does so only if told (registry.terraform.io, cpu_idle).
    """
    path = _THROTTLES[block.labels[0]]
    written = block.at(*path)
    told = _settled(written, file, known).value.strip('"').lower() if written else ""
    second = path[-1] == "cpu_idle"
    silent = "true" if not second or not any(block.find("resources")) else "false"
    if (told or silent) == "true":
        yield freezes(Unit("terraform", "cloud-run", _name(block), file, written[1] if written else block.line))


def _rule_of_scaling(block: Block) -> bool:
    return _SCALE_RULE.match(block.label if block.kind == "dynamic" else block.kind) is not None


def _scaler(file: File, block: Block, known: dict[str, _Written], others: list[Block]) -> Iterator[Evidence]:
    kind, key, path = _SCALERS[block.labels[0]]
    scaled = [other for other in others if other.labels[0] == kind]
    if key:
        scaled = [other for other in scaled if f"{kind}.{other.label}." in block.text(key)] or scaled
    written = block.at(*path)
    if written and len(scaled) == 1:
        system = _COUNTS[kind][0] if kind in _COUNTS else "app-runner"
        yield _count(Unit("terraform", system, _name(scaled[0]), file, block.line), path[-1], written, known)


def _count(unit: Unit, key: str, written: tuple[str, int], known: dict[str, _Written]) -> Evidence:
    said = _settled(written, unit.file, known)
    return replicas(unit, number(said.value.strip('"')).many, f"{key} = {said.value}", said.line, file=said.file)


def _name(block: Block) -> str:
    """The name that the resource gets, its label where that is computed."""
    name = block.text("name") or block.text("service_name") or (block.at("metadata", "name") or ("", 0))[0].strip('"')
    return block.label if not name or "$" in name or "." in name else name


PROBE = Terraform()
