"""Which variables does Terraform give to the containers and functions that it makes?

    resource "aws_ecs_task_definition" "worker" {
      container_definitions = jsonencode([{ name = "worker", environment = concat(local.common, [{ name = "GROUP", value = "mails" }]) }])
    }
    resource "aws_lambda_function" "hook" { environment { variables = { TOPIC = "orders" } } }
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.sources.documents import Table, tables
from callcheck.sources.documents.hcl_values import table_of
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.environment.setting import OPEN, Setting, command, filled, kept, pairs, winners
from callcheck.sources.files import File
from callcheck.sources.terraform import Scope, made

if TYPE_CHECKING:
    from callcheck.sources import Eyes

TASKS = "aws_ecs_task_definition"
_NAMED = ("family", "name", "function_name", "service_name")
_TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    # Resource: the platform, and the key of the table of variables.
    "aws_lambda_function": ("aws-lambda", ("environment", "variables")),
    "google_cloudfunctions_function": ("cloud-functions", ("environment_variables",)),
    "google_cloudfunctions2_function": ("cloud-functions", ("service_config", "environment_variables")),
    "azurerm_linux_web_app": ("azure-app-service", ("app_settings",)),
    "azurerm_windows_web_app": ("azure-app-service", ("app_settings",)),
    "azurerm_linux_function_app": ("azure-functions", ("app_settings",)),
    "azurerm_windows_function_app": ("azure-functions", ("app_settings",)),
    "heroku_app": ("heroku", ("config_vars",)),
}
_ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    # Resource: the platform, and the blocks in which a block `env` stands for each variable.
    "google_cloud_run_v2_service": ("cloud-run", ("template", "containers")),
    "google_cloud_run_v2_job": ("cloud-run", ("template", "template", "containers")),
    "google_cloud_run_service": ("cloud-run", ("template", "spec", "containers")),
    "azurerm_container_app": ("azure-container-apps", ("template", "container")),
    "kubernetes_deployment": ("kubernetes", ("spec", "template", "spec", "container")),
    "kubernetes_deployment_v1": ("kubernetes", ("spec", "template", "spec", "container")),
    "kubernetes_stateful_set": ("kubernetes", ("spec", "template", "spec", "container")),
    "kubernetes_stateful_set_v1": ("kubernetes", ("spec", "template", "spec", "container")),
}


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables of every resource that runs code, as far as the files say them."""
    for scope, file, block in made(eyes):
        yield from given(eyes, scope, file, block)


def given(eyes: Eyes, scope: Scope, file: File, block: Block) -> Iterator[Setting]:
    """The variables of one resource."""
    kind = block.labels[0]
    if kind == TASKS:
        for container in containers(eyes, scope, file, block):
            yield from _container(unit_of(scope, file, block), container, file)
    elif kind in _TABLES:
        yield from _table(eyes, scope, file, block, *_TABLES[kind])
    elif kind in _ROWS:
        yield from _rows(eyes, scope, file, block, _ROWS[kind][0])


def named(scope: Scope, file: File, block: Block) -> str:
    """The name that a resource gets, its label where that is computed."""
    written = next((block.keys[key][0] for key in _NAMED if key in block.keys), (block.at("metadata", "name") or ("", 0))[0])
    name = scope.text(written, file) if written else ""
    return block.label if not name or "." in name else name


def unit_of(scope: Scope, file: File, task: Block) -> str:
    """The name of the unit that runs a task definition: that of its service, else its family."""
    return next((named(scope, there, each) for there, each in scope.resources() if refers(each, task)), named(scope, file, task))


def refers(service: Block, task: Block) -> bool:
    """Whether an ECS service runs a task definition."""
    return service.labels[0] == "aws_ecs_service" and re.match(rf"{TASKS}\.{re.escape(task.label)}(?:[.\[]|$)", service.text("task_definition")) is not None


def containers(eyes: Eyes, scope: Scope, file: File, block: Block) -> Iterator[Table]:
    """The containers of a task definition, as far as they are written out."""
    found = scope.value(eyes, block.keys["container_definitions"], file) if "container_definitions" in block.keys else None
    yield from tables(found)


def blocks_of(block: Block) -> list[Block]:
    """The containers of a resource in which each is a block; none for other resources."""
    held = [block] if block.labels[0] in _ROWS else []
    for kind in _ROWS[block.labels[0]][1] if held else ():
        held = [inner for each in held for inner in each.blocks if inner.kind == kind]
    return held


def _container(unit: str, container: Table, file: File) -> Iterator[Setting]:
    yield from winners(_of_container(unit, container, file), command(container.get("entryPoint"), container.get("command")))


def _of_container(unit: str, container: Table, file: File) -> Iterator[Setting]:
    for key in ("environment", "secrets"):
        rows = container.get(key)
        if rows is None and key in container or isinstance(rows, list) and None in rows:
            yield Setting(unit, OPEN, "", file, container.lines[key], "ecs")
        yield from (Setting(unit, *_text(name, value), file, line, "ecs", secret=kept(container, key).get(name, "")) for name, value, line in pairs(container, key))
    if container.get("environmentFiles"):
        yield Setting(unit, OPEN, "", file, container.lines["environmentFiles"], "ecs")


def _text(name: str, value: Any) -> tuple[str, str]:
    return name, "" if isinstance(value, (dict, list)) else filled(str(value).lower() if isinstance(value, bool) else value, {})


def _table(eyes: Eyes, scope: Scope, file: File, block: Block, system: str, path: tuple[str, ...]) -> Iterator[Setting]:
    unit = named(scope, file, block)
    inner = [each for each in block.find(path[-1]) if each.kind == path[-1]]
    written = block.at(*path)
    held = scope.value(eyes, written, file) if written else table_of(inner[0], lambda name: scope.value(eyes, (name, 0), file)) if inner else None
    if held is not None or written:
        yield from _from_table(unit, held, file, written[1] if written else inner[0].line, system)


def _from_table(unit: str, held: Any, file: File, line: int, system: str) -> Iterator[Setting]:
    """The names of a table; one that is not known in full says that there may be more."""
    if not isinstance(held, Table):
        held = Table(line)
        held.put(OPEN, None, line)
    for name, value in held.items():
        yield Setting(unit, *_text(name, value), file, held.lines[name], system)


def _rows(eyes: Eyes, scope: Scope, file: File, block: Block, system: str) -> Iterator[Setting]:
    unit = named(scope, file, block)
    for each in blocks_of(block):
        words = [scope.value(eyes, each.keys[key], file) for key in ("command", "args") if key in each.keys]
        yield from winners(_of_block(eyes, scope, file, each, unit, system), command(*words))


def _of_block(eyes: Eyes, scope: Scope, file: File, block: Block, unit: str, system: str) -> Iterator[Setting]:
    for inner in block.blocks:
        if inner.kind == "env" and "name" in inner.keys:
            value = scope.value(eyes, inner.keys["value"], file) if "value" in inner.keys else None
            yield Setting(unit, *_text(inner.text("name"), value), file, inner.line, system)
        elif inner.kind in ("env_from", "dynamic") and inner.label in ("", "env"):
            yield from _dynamic(eyes, scope, file, inner, unit, system)


def _dynamic(eyes: Eyes, scope: Scope, file: File, inner: Block, unit: str, system: str) -> Iterator[Setting]:
    """`dynamic "env" { for_each = local.env ... }`: the names are the keys of what is gone through, where that is a table."""
    over = scope.value(eyes, inner.keys["for_each"], file) if "for_each" in inner.keys else None
    yield from _from_table(unit, over, file, inner.line, system)
