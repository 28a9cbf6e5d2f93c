"""Which Kubernetes objects are there, and which number of replicas does the last word give?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.printable import clean
from callcheck.sources import documents
from callcheck.sources.documents import Table, line_at, tables
from callcheck.sources.documents.ansible import tasks
from callcheck.sources.files import File
from callcheck.sources.launch.find import aside
from callcheck.sources.manifests import KUSTOMIZATIONS
from callcheck.sources.manifests.helm import Rendered, Values, render
from callcheck.sources.manifests.helm_sets import set_by_commands, set_by_controllers, set_by_releases
from callcheck.sources.manifests.manifest import LESSER, PRODUCTION, Generated, Manifest, Manifests, Overlay, name_of

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_IN_EACH = frozenset({"Role", "RoleBinding", "ServiceAccount"})


def read(eyes: Eyes) -> Manifests:
    """Read every YAML file that looks like a manifest."""
    found = Manifests()
    charts = _charts(eyes, found)
    patches: set[str] = set()
    kustomizations = [file for file in eyes.tree.named(*KUSTOMIZATIONS) if not aside(eyes, file)]
    covered = _built(eyes, kustomizations, charts, found) if kustomizations or charts else set()
    for file in kustomizations:
        if file.name not in covered:
            patches |= set(_kustomization(eyes, file, found))
    for file in eyes.tree.named("*.yaml", "*.yml", "*.json"):
        if (
            aside(eyes, file)
            or file in kustomizations
            or file.name in covered
            or file.base in ("package.json", "package-lock.json", "tsconfig.json")
        ):
            continue
        text = eyes.readable(file)
        if "apiVersion" not in text or "kind" not in text:
            continue
        chart = next(
            (folder for folder in charts if file.name.startswith(posixpath.join(folder, "templates") + "/")), None
        )
        for item in _read(eyes, file, text, charts.get(chart) if chart is not None else None, chart or "", found):
            if file.name in patches:
                _patch(item, file, found)
            else:
                found.objects.append(item)
    _choose(found)
    return found


def _built(eyes: Eyes, kustomizations: list[File], charts: dict[str, Values], found: Manifests) -> set[str]:
    """Take what the tools that are installed build of kustomizations and charts; gives the names of the files that this covers."""
    known = {posixpath.dirname(file.name): (file, document) for file in kustomizations if isinstance(document := _document(eyes, file, found), Table)}
    built = [eyes.builds.kustomizations(known)] if known else []
    outer = [folder for folder in charts if not any("/charts/" in f"/{folder[len(other) :]}" for other in charts if other != folder and folder.startswith(other))]
    built += [eyes.builds.chart(folder, charts[folder]) for folder in outer]
    for each in built:
        found.objects += each.objects
        found.lost += each.lost
    return {name for each in built for name in each.covers}


def _document(eyes: Eyes, file: File, found: Manifests) -> object:
    try:
        return eyes.document(file)
    except SourceError as error:
        found.lost.append(Lost(clean(file.name), error.message))
        return None


def _choose(found: Manifests) -> None:
    """Of several objects with one name (an environment a folder), keep the production one or the one that is not plainly lesser; of accounts, roles and their bindings one in each namespace."""
    best: dict[tuple[str, str, str], Manifest] = {}
    for item in found.objects:
        key = _key(item)
        if key not in best or _rank(item) > _rank(best[key]):
            best[key] = item
    found.objects = [item for item in found.objects if best[_key(item)] is item]


def _key(item: Manifest) -> tuple[str, str, str]:
    return item.kind, item.name, str(item.get("metadata", "namespace") or "") if item.kind in _IN_EACH else ""


def _rank(item: Manifest) -> tuple[bool, bool, int]:
    count = item.get("spec", "replicas")
    name = item.built or item.file.name
    return (
        bool(PRODUCTION.search(name)),
        not LESSER.search(name),
        count if isinstance(count, int) else 0,
    )


def _read(eyes: Eyes, file: File, text: str, values: Values | None, chart: str, found: Manifests) -> Iterator[Manifest]:
    rendered = Rendered(text, {}, 0)
    if values is not None:
        rendered = render(text, values, chart.rsplit("/", 1)[-1] or "release", file)
    try:
        bodies = documents.load_all(rendered.text, file.name)
    except SourceError as error:
        found.lost.append(Lost(clean(file.name), error.message))
        return
    if (
        rendered.left_out
        and values is not None
        and re.search(r"^kind:\s*(?:Deployment|StatefulSet)", rendered.text, re.MULTILINE)
    ):
        found.lost.append(
            Lost(
                clean(file.name),
                f"{rendered.left_out} template lines could not be filled in; `helm template` would show them",
            )
        )
    for body in bodies:
        items = body.get("items") if isinstance(body, Table) and body.get("kind") == "List" else _applied(body) if isinstance(body, list) else [body]
        for item in items if isinstance(items, list) else []:
            if isinstance(item, Table) and isinstance(item.get("kind"), str) and "apiVersion" in item:
                yield Manifest(item["kind"], name_of(item), item, file, rendered.sources)


def _applied(document: list[object]) -> list[object]:
    """What the tasks of Ansible apply: `kubernetes.core.k8s: {definition: {kind: Deployment}}`."""
    found: list[object] = []
    for task in tasks(document, {}):
        module = task.module("k8s")
        given = (module.get("definition") or module.get("resource_definition")) if module is not None and module.get("state") != "absent" else None
        found += given if isinstance(given, list) else [given]
    return found


def _charts(eyes: Eyes, found: Manifests) -> dict[str, Values]:
    """Chart folder -> its values: the plain file, then the production ones."""
    charts: dict[str, Values] = {}
    # A chart is also known by its templates: Chart.yaml may have been left out of what we were given.
    folders = {posixpath.dirname(file.name) for file in eyes.tree.named("Chart.yaml", "Chart.yml", "values.yaml")}
    for folder in sorted(folders):
        if not eyes.tree.any_below(posixpath.join(folder, "templates") + "/"):
            continue
        files = [
            file
            for file in eyes.tree.named("values*.yaml", "values*.yml", "*values.yaml")
            if file.name.startswith(folder + "/" if folder else "")
        ]
        files = [
            file
            for file in files
            if not aside(eyes, file) and not (LESSER.search(file.base) and not PRODUCTION.search(file.base))
        ]
        files.sort(
            key=lambda file: (bool(PRODUCTION.search(file.name)), file.base not in ("values.yaml", "values.yml"))
        )
        values = Values()
        for file in files:
            try:
                document = eyes.document(file)
            except SourceError as error:
                found.lost.append(Lost(clean(file.name), error.message))
                continue
            if isinstance(document, Table):
                values.layers.append((document, file))
        values.layers += [*set_by_commands(eyes, folder), *set_by_releases(eyes, folder), *set_by_controllers(eyes, folder)]
        charts[folder] = values
    return charts


def _kustomization(eyes: Eyes, file: File, found: Manifests) -> Iterator[str]:
    """Note `replicas:` and inline patches; give the names of the patch files."""
    document = _document(eyes, file, found)
    if not isinstance(document, Table):
        return
    folder = posixpath.dirname(file.name)
    for item in tables(document.get("replicas")):
        found.overlays.append(
            Overlay(str(item.get("name", "")), item.get("count"), file, item.lines.get("count", item.line))
        )
    for kind in ("ConfigMap", "Secret"):
        for item in tables(document.get(f"{kind[0].lower()}{kind[1:]}Generator")):
            rows = item.get("literals")
            pairs = [(*row.partition("=")[::2], line_at(item, "literals", at)) for at, row in enumerate(rows if isinstance(rows, list) else ()) if isinstance(row, str)]
            found.generated.append(Generated(kind, str(item.get("name", "")), tuple(pairs), file))
    for key in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        rows = document.get(key)
        for entry in rows if isinstance(rows, list) else []:
            path = entry if isinstance(entry, str) else entry.get("path") if isinstance(entry, Table) else None
            text = (
                entry.get("patch")
                if isinstance(entry, Table)
                else entry
                if isinstance(entry, str) and "\n" in entry
                else None
            )
            target = entry.get("target") if isinstance(entry, Table) else None
            name = str(target.get("name", "")) if isinstance(target, Table) else ""
            if isinstance(text, str):
                _patch_text(
                    eyes,
                    text,
                    name,
                    file,
                    entry.lines.get("patch", entry.line) if isinstance(entry, Table) else 0,
                    found,
                )
            elif isinstance(path, str) and len(path) < 300:
                there = posixpath.normpath(posixpath.join(folder, path))
                patch = eyes.tree.get(there)
                if patch is not None:
                    yield there
                    if name:
                        try:
                            _patch_text(eyes, eyes.text(patch), name, patch, 0, found)
                        except SourceError as error:
                            found.lost.append(Lost(clean(there), error.message))


def _patch_text(eyes: Eyes, text: str, name: str, file: File, line: int, found: Manifests) -> None:
    """A patch as text: JSON 6902 operations, or a part of the object."""
    try:
        bodies = documents.load_all(text, "patch.yaml")
    except SourceError as error:
        found.lost.append(Lost(clean(file.name), error.message))
        return
    for body in bodies:
        for operation in tables(body):
            if operation.get("path") == "/spec/replicas" and name:
                found.overlays.append(
                    Overlay(name, operation.get("value"), file, line + operation.lines.get("value", operation.line))
                )
        spec = body.get("spec") if isinstance(body, Table) else None
        if isinstance(spec, Table) and "replicas" in spec:
            found.overlays.append(Overlay(name or name_of(body), spec["replicas"], file, line + spec.lines["replicas"]))


def _patch(item: Manifest, file: File, found: Manifests) -> None:
    count = item.get("spec", "replicas")
    if count is not None and not any(o.file is file and o.name == item.name for o in found.overlays):
        found.overlays.append(Overlay(item.name, count, file, item.line("spec", "replicas")))
