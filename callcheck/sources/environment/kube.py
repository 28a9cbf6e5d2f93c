"""Which variables do the containers of Kubernetes units, and of Cloud Run services, get?

    env: [{name: API_URL, value: "http://api:8000"}, {name: KEY, valueFrom: {secretKeyRef: {name: keys, key: openai}}}]
    envFrom: [{configMapRef: {name: common}}, {secretRef: {name: keys}}]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.documents import Table
from callcheck.sources.environment.setting import OPEN, Setting, command, filled, kept, pairs, winners
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.containers import unit_of

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_WITH_CONTAINERS = (*UNITS, "Job", "CronJob", "Service")
_HOLDERS = {"configMapRef": "ConfigMap", "secretRef": "Secret"}


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables of every container, as far as ConfigMaps and Secrets of the target say them."""
    if not eyes.tree.named("*.yaml", "*.yml"):
        return
    found = collect(eyes)
    for item in found.of(*_WITH_CONTAINERS):
        path: tuple[str, ...] = ("spec", "template", "spec", "containers")
        if item.kind == "CronJob":
            path = ("spec", "jobTemplate", *path)
        containers = item.get(*path)
        for index, container in enumerate(containers if isinstance(containers, list) else ()):
            if isinstance(container, Table):
                yield from _container(found, item, (*path, index), container)


def _container(found: Manifests, item: Manifest, path: tuple[str | int, ...], container: Table) -> Iterator[Setting]:
    """What `env` says beats what `envFrom` brings, and of the latter the last (kubernetes.io, EnvFromSource)."""
    told = [*_taken(found, item, path, container), *_own(found, item, path, container)]
    yield from winners(told, command(*(container.get(key) for key in ("command", "args"))))


def given(found: Manifests, item: Manifest, path: tuple[str | int, ...], container: Table) -> dict[str, str]:
    """What one container is given, as far as it is written out."""
    return {each.name: each.value for each in _container(found, item, path, container) if each.value and each.name != OPEN}


def _own(found: Manifests, item: Manifest, path: tuple[str | int, ...], container: Table) -> Iterator[Setting]:
    secrets = kept(container, "env")
    for name, value, line in pairs(container, "env"):
        index = next((i for i, row in enumerate(container["env"]) if isinstance(row, Table) and row.get("name") == name), 0)
        reference = item.get(*path, "env", index, "valueFrom", "configMapKeyRef")
        if isinstance(reference, Table):
            value = _held(found, str(reference.get("name")), str(reference.get("key")))
        file, at = item.at(*path, "env", index, "value")
        place = (file, at) if file is not item.place(line)[0] else item.place(line)
        yield Setting(_unit(item, path, container), name, filled(value, {}), *place, "kubernetes", secret=secrets.get(name, ""), empty=value == "" and name not in secrets)


def _taken(found: Manifests, item: Manifest, path: tuple[str | int, ...], container: Table) -> Iterator[Setting]:
    rows = container.get("envFrom")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        key = next((key for key in _HOLDERS if isinstance(row, Table) and isinstance(row.get(key), Table)), "")
        named = str(row[key].get("name", "")) if key else ""
        prefix = str(row.get("prefix") or "") if isinstance(row, Table) else ""
        holder = next((each for each in found.of(_HOLDERS[key]) if each.name == named), None) if key else None
        literals = found.literals(_HOLDERS[key], named) if key else {}
        for name, (value, file, line) in literals.items():
            yield Setting(_unit(item, path, container), prefix + name, filled(value, {}) if key == "configMapRef" else "", file, line, "kubernetes")
        if holder is None:
            if not literals:
                yield Setting(_unit(item, path, container), OPEN, named, *item.at(*path, "envFrom", index), "kubernetes", secret=named if key == "secretRef" else "")
            continue
        for part in ("data", "stringData"):
            for name, value, line in pairs(holder.body, part):
                text = filled(value, {}) if holder.kind == "ConfigMap" else ""
                yield Setting(_unit(item, path, container), prefix + name, text, *holder.place(line), "kubernetes")


def _unit(item: Manifest, path: tuple[str | int, ...], container: Table) -> str:
    return unit_of(item, container, item.get(*path[:-1]))


def _held(found: Manifests, name: str, key: str) -> object:
    holder = next((each for each in found.of("ConfigMap") if each.name == name), None)
    return holder.get("data", key) if holder is not None else found.literals("ConfigMap", name).get(key, (None,))[0]
