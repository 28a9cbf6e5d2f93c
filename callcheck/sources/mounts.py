"""Which containers does the deployment have, what is mounted into each, what does it run, and is it given variables at all?

    watcher: { command: python watch.py, volumes: ["inbox:/data/inbox"] }                                             # Compose
    volumeMounts: [{name: inbox, mountPath: /data/inbox}], volumes: [{name: inbox, emptyDir: {}}]                     # Kubernetes
    mountPoints = [{ sourceVolume = "inbox", containerPath = "/data/inbox" }], volume { efs_volume_configuration {} } # ECS in Terraform

An emptyDir lives with its pod, and a volume of a task without a file system with the task (kubernetes.io/docs/concepts/storage/volumes;
docs.aws.amazon.com/AmazonECS, using_data_volumes).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.sources.documents import Rows, Table, each_of, line_at, tables, value_at
from callcheck.sources.environment.owners import programs_of
from callcheck.sources.environment.setting import Setting, command
from callcheck.sources.environment.terraform import TASKS, containers, unit_of
from callcheck.sources.files import File
from callcheck.sources.launch import COMPOSE_FILES, aside
from callcheck.sources.manifests import UNITS, Manifest, collect
from callcheck.sources.manifests.pods import whole
from callcheck.sources.terraform import made

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_OF_COMPOSE, _OF_ECS = ("environment", "env_file", "extends"), ("environment", "secrets", "environmentFiles")
Mounts = tuple[tuple[str, str], ...]
"""Source and target of each; two containers see the same where the sources are alike."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a unit."""

    unit: str
    file: File
    line: int
    mounts: Mounts
    runs: str
    """Its command, "" if the image's own is run."""
    system: str
    given: bool
    """Whether it is, or may be, given variables."""
    image: str = ""
    locked: int = 0
    """The line by which its own file system is read-only; 0 where it is not."""
    scratch: tuple[str, ...] = ()
    """What is mounted for itself alone, without a source."""

    def writable(self, path: str) -> bool:
        """Whether it may write there: anywhere, unless its file system is read-only and nothing is mounted over the path."""
        return not self.locked or any(f"{path}/".startswith(target.rstrip("/") + "/") for target in (*self.scratch, *(target for _, target in self.mounts)))

    def source(self, path: str) -> str:
        """What is mounted over a path; "" for nothing."""
        over = [(len(target), source) for source, target in self.mounts if f"{path}/".startswith(target.rstrip("/") + "/")]
        return max(over)[1] if over else ""


def runs_in(eyes: Eyes, container: Container) -> frozenset[str]:
    """The files of the programs that a container's own command starts, and of what these load; empty where the image decides."""
    programs = programs_of(eyes, Setting(container.unit, "", "", container.file, 0, "", container.runs)) if container.runs else frozenset()
    return frozenset(path for program in programs for path in (program, *eyes.code.programs.loads(program)))


def mounted(eyes: Eyes) -> Iterator[Container]:
    """The containers of Compose, of Kubernetes' units and of ECS."""
    yield from _compose(eyes)
    if eyes.tree.named("*.yaml", "*.yml"):
        for item in collect(eyes).of(*UNITS, "Job", "CronJob"):
            yield from _kubernetes(item, not whole(eyes, item))
    for scope, file, block in made(eyes):
        if block.labels[0] == TASKS:
            kept = {each.text("name"): next(each.find("efs_volume_configuration"), None) for each in block.blocks if each.kind == "volume"}
            for each in containers(eyes, scope, file, block):
                points = [(str(row.get("sourceVolume")), str(row.get("containerPath"))) for row in tables(each.get("mountPoints"))]
                shared = {name: f"efs {volume.text('file_system_id')}" for name, volume in kept.items() if volume is not None}
                mounts = tuple((shared.get(name, f"task {block.label} {name}"), target) for name, target in points)
                locked = each.lines.get("readonlyRootFilesystem", block.line) if each.get("readonlyRootFilesystem") is True else 0
                yield Container(
                    unit_of(scope, file, block), file, block.line, mounts, command(each.get("entryPoint"), each.get("command")), "ecs", any(key in each for key in _OF_ECS), str(each.get("image") or ""), locked
                )  # fmt: skip


def _compose(eyes: Eyes) -> Iterator[Container]:
    for file in eyes.tree.named(*COMPOSE_FILES):
        services = None if aside(eyes, file) else value_at(eyes.readable_document(file), "services")
        if not isinstance(services, Table):
            continue
        for name, keys in services.items():
            runs = command(value_at(keys, "entrypoint"), value_at(keys, "command"))
            volumes = tuple((source, target) for source, target, _ in of_compose(value_at(keys, "volumes")))
            given = any(value_at(keys, key) is not None for key in _OF_COMPOSE)
            locked = line_at(keys, "read_only") or services.lines[name] if value_at(keys, "read_only") is True else 0
            yield Container(name, file, services.lines[name], volumes, runs, "compose", given, str(value_at(keys, "image") or ""), locked, tuple(_scratch(keys)))


def _scratch(keys: object) -> Iterator[str]:
    """Where a service has a file system in memory, or a volume without a name."""
    told = value_at(keys, "tmpfs")
    for each in told if isinstance(told, list) else [told]:
        yield from [str(each).split(":")[0]] if each else []
    volumes = value_at(keys, "volumes")
    yield from (each for each in (volumes if isinstance(volumes, list) else ()) if isinstance(each, str) and ":" not in each)


def of_compose(volumes: object) -> Iterator[tuple[str, str, int]]:
    """Source, target and line of each volume of a service of Compose that has a source."""
    for each, line in zip(volumes, volumes.lines, strict=False) if isinstance(volumes, Rows) else ():
        if isinstance(each, Table) and each.get("target"):
            yield str(each.get("source") or ""), str(each["target"]), line
        elif isinstance(each, str) and ":" in each:
            source, target = each.split(":")[:2]
            yield source, target, line


def _kubernetes(item: Manifest, filled: bool) -> Iterator[Container]:
    pod: tuple[str, ...] = ("spec", "jobTemplate", "spec", "template", "spec") if item.kind == "CronJob" else ("spec", "template", "spec")
    volumes = {str(row.get("name")): row for _, row in each_of(item.get(*pod, "volumes"))}
    for index, container in each_of(item.get(*pod, "containers")):
        rows = tables(container.get("volumeMounts"))
        mounts = tuple((_kept(item, volumes.get(str(row.get("name"))), row), str(row.get("mountPath"))) for row in rows)
        file, line = item.at(*pod, "containers", index, "name")
        shut = ("securityContext", "readOnlyRootFilesystem")
        locked = line_at(container, *shut) or line if value_at(container, *shut) is True else 0
        given = filled or "env" in container or "envFrom" in container
        yield Container(item.name, file, line, mounts, command(container.get("command"), container.get("args")), "kubernetes", given, str(container.get("image") or ""), locked)


def _kept(item: Manifest, volume: Table | None, mount: Table) -> str:
    """Where a volume's files are: with the pod, or in a place that other pods may mount too."""
    below = f"/{mount['subPath']}" if mount.get("subPath") else ""
    if volume is None or "emptyDir" in volume or "ephemeral" in volume:
        return f"pod {item.kind} {item.name} {mount.get('name')}{below}"  # A template of claims makes one for each pod.
    claim = value_at(volume, "persistentVolumeClaim", "claimName")
    if claim:
        return f"claim {item.get('metadata', 'namespace') or ''} {claim}{below}"
    return " ".join(f"{key} {value}" for key, value in volume.items() if key != "name") + below
