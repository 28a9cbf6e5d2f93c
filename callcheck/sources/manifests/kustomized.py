"""What does a kustomization come to, built by `kustomize` or `kubectl kustomize` in a copy, and which line of which file says what?

    kind: Deployment
    metadata:
      annotations:
        config.kubernetes.io/origin: |
          path: ../t/base/deployment.yaml

Nothing is fetched: a kustomization that names anything beside the target's own files is left to our own reading.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean
from callcheck.sources import documents
from callcheck.sources.documents import Rows, Table, line_at, tables
from callcheck.sources.documents.shapes import texts_in
from callcheck.sources.files import File
from callcheck.sources.manifests.manifest import Manifest, name_of
from callcheck.sources.manifests.relined import Layer, Places, relined

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_BUILT_UPON = ("resources", "bases", "components")
_ORIGIN = "config.kubernetes.io/origin"
_MOST_FILES = 400
Known = Mapping[str, tuple[File, Table]]
"""Folder -> its kustomization."""


@dataclass(slots=True)
class Closure:
    """A kustomization and all files that it is made of; the folders from the outermost on."""

    root: str
    folders: list[str] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    refused: str = ""
    """Why it is not to be built, "" if it may be."""


def closure(eyes: Eyes, root: str, known: Known) -> Closure:
    """Everything that a kustomization names, and what that names in turn."""
    found = Closure(root)
    todo = [root]
    while todo:
        folder = todo.pop(0)
        if folder in found.folders:
            continue
        found.folders.append(folder)
        file, document = known[folder]
        found.files[file.name] = file
        if any(key in document for key in ("helmCharts", "helmChartInflationGenerator")):
            found.refused = "it takes in Helm charts"
        for key in _BUILT_UPON:
            for entry in document.get(key) or ():
                there = posixpath.normpath(posixpath.join(folder, str(entry)))
                if there not in known and eyes.tree.get(there) is None:
                    found.refused = found.refused or f"{clean(str(entry), 120)} is not among the files, and nothing is fetched"
        for text in texts_in(document):
            for each in {text, text.partition("=")[2]} - {""}:
                there = posixpath.normpath(posixpath.join(folder, each)) if len(each) < 300 and "\n" not in each else ""
                if there in known:
                    todo.append(there)
                elif there and (held := eyes.tree.get(there)) is not None:
                    found.files[there] = held
    if len(found.files) > _MOST_FILES:
        found.refused = found.refused or f"it is made of {len(found.files)} files"
    return found


def outermost(known: Known) -> list[str]:
    """The folders whose kustomization no other one builds upon; components are no kustomization by themselves."""
    used = set()
    for folder, (_, document) in known.items():
        for key in _BUILT_UPON:
            used |= {posixpath.normpath(posixpath.join(folder, str(entry))) for entry in document.get(key) or ()}
    return [folder for folder, (_, document) in known.items() if folder not in used and document.get("kind") != "Component"]


def objects(eyes: Eyes, text: str, made_of: Closure, known: Known) -> Iterator[Manifest]:
    """The objects of a build, with the lines of the files that they are made of. Raises Malformed for what is no YAML."""
    layers = [layer for folder in made_of.folders for layer in _layers(eyes, *known[folder])]
    for body in documents.load_all(text, "built.yaml"):
        if not isinstance(body, Table) or not isinstance(body.get("kind"), str):
            continue
        name = name_of(body)
        file, source = _origin(eyes, body, name, made_of, known)
        places = Places(file)
        fitting = [layer for layer in layers if layer.fits(body["kind"], name)]
        yield Manifest(body["kind"], name, relined(body, source, fitting, places), file, places.others, made_of.root or ".")


def _origin(eyes: Eyes, body: Table, name: str, made_of: Closure, known: Known) -> tuple[File, Table | None]:
    """The file that an object comes from and the object in it; of one that is generated, the kustomization alone."""
    top = known[made_of.root][0]
    annotations = body["metadata"].get("annotations") if isinstance(body.get("metadata"), Table) else None
    told = annotations.pop(_ORIGIN, "") if isinstance(annotations, Table) else ""
    origin = documents.load(str(told), "origin.yaml")
    if not isinstance(origin, Table):
        return top, None
    named = str(origin.get("path") or origin.get("configuredIn") or "").removeprefix("../t/")
    file = made_of.files.get(named)
    if file is None or "path" not in origin:
        return file or top, None
    rows = [item for each in eyes.documents(file) for item in (tables(each.get("items")) if isinstance(each, Table) and each.get("kind") == "List" else [each])]
    fitting = [item for item in rows if isinstance(item, Table) and item.get("kind") == body["kind"] and name_of(item) in name]
    return file, max(fitting, key=lambda item: len(name_of(item)), default=None)


def _layers(eyes: Eyes, file: File, document: Table) -> Iterator[Layer]:
    """What one kustomization changes or makes."""
    for item in tables(document.get("replicas")):
        if "count" in item:
            yield Layer("", str(item.get("name", "")), ("spec", "replicas"), item["count"], file, item.lines["count"])
    for kind in ("ConfigMap", "Secret"):
        for item in tables(document.get(f"{kind[0].lower()}{kind[1:]}Generator")):
            yield Layer(kind, str(item.get("name", "")), ("data",), _literals(item), file, item.line)
            for named, line in _listed(item, "envs", "env"):
                yield from _env_file(eyes, kind, item, posixpath.join(posixpath.dirname(file.name), named), file, line)
    for key in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        rows = document.get(key)
        for index, entry in enumerate(rows if isinstance(rows, list) else ()):
            yield from _patch(eyes, file, entry, line_at(document, key, index))


def _literals(item: Table) -> Table:
    made = Table(item.line)
    rows = item.get("literals")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        key, _, value = str(row).partition("=")
        made.put(key, value.strip("\"'"), line_at(item, "literals", index))
    return made


def _listed(item: Table, *keys: str) -> Iterator[tuple[str, int]]:
    for key in keys:
        held = item.get(key)
        rows = held if isinstance(held, list) else [held] if held else []
        yield from ((str(row), line_at(item, key, index)) for index, row in enumerate(rows))


def _env_file(eyes: Eyes, kind: str, item: Table, path: str, by: File, line: int) -> Iterator[Layer]:
    held = eyes.tree.get(posixpath.normpath(path))
    if held is None:
        return
    made = Table(1)
    for number, row in enumerate(eyes.text(held).splitlines(), 1):
        key, sign, value = row.strip().partition("=")
        if sign and not key.startswith("#"):
            made.put(key.strip(), value, number)
    yield Layer(kind, str(item.get("name", "")), ("data",), made, held, 1)


def _patch(eyes: Eyes, file: File, entry: Any, line: int) -> Iterator[Layer]:
    target = entry.get("target") if isinstance(entry, Table) else None
    kind, name = (str(target.get("kind", "")), str(target.get("name", ""))) if isinstance(target, Table) else ("", "")
    text = entry.get("patch") if isinstance(entry, Table) else entry if isinstance(entry, str) and "\n" in entry else None
    held, above = file, 0
    if isinstance(text, str):
        bodies, above = documents.load_all(text, "patch.yaml"), entry.lines["patch"] if isinstance(entry, Table) else line
    else:
        path = entry.get("path") if isinstance(entry, Table) else entry
        there = eyes.tree.get(posixpath.normpath(posixpath.join(posixpath.dirname(file.name), str(path))))
        if there is None:
            return
        bodies, held = eyes.documents(there), there
    for body in bodies:
        if isinstance(body, Table):
            yield Layer(kind or str(body.get("kind", "")), name or name_of(body), (), body, held, 1, above)
        for operation in tables(body) if isinstance(body, Rows) else ():
            steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in str(operation.get("path", "")).split("/")[1:])
            if "value" in operation:
                yield Layer(kind, name, steps, operation["value"], held, operation.lines["value"], above)


def unreadable(eyes: Eyes, file: File, document: Table) -> bool:
    """Whether our own reading, which takes counts, generators and the replicas of patches, would miss something of it."""
    if any(key in document for key in ("components", "helmCharts", "replacements", "vars", "transformers", "generators")):
        return True
    changes = (layer for layer in _layers(eyes, file, document) if layer.kind not in ("ConfigMap", "Secret"))
    return any(_more_than_a_count(layer) for layer in changes)


def _more_than_a_count(layer: Layer) -> bool:
    if layer.path:
        return layer.path != ("spec", "replicas")
    spec = layer.value.get("spec") if isinstance(layer.value, Table) else None
    return not isinstance(spec, Table) or set(spec) != {"replicas"}
