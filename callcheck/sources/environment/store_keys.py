"""By which key of a store of secrets is each stage of a deployment on Kubernetes given a variable?

    charts/desk/values.yaml                      slack: {vaultKey: desk/slack}            # values-staging.yaml says no other one
    charts/desk/templates/externalsecret.yaml    dataFrom: [{extract: {key: "{{ .Values.slack.vaultKey }}"}}]
    charts/desk/templates/deployment.yaml        envFrom: [{secretRef: {name: desk-slack}}]
    k8s/overlays/staging/kustomization.yaml      over k8s/base, with an ExternalSecret that both stages take

Sources: external-secrets.io, api/externalsecret (v1); developer.hashicorp.com, vault-secrets-operator, VaultStaticSecret; developer.1password.com, OnePasswordItem.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources import documents
from callcheck.sources.documents import Table, tables
from callcheck.sources.environment.per_stage import stage_of
from callcheck.sources.files import File
from callcheck.sources.launch.find import aside
from callcheck.sources.manifests import KUSTOMIZATIONS, UNITS, Manifest
from callcheck.sources.manifests.helm import Values, render
from callcheck.sources.manifests.kustomized import closure, outermost
from callcheck.sources.manifests.manifest import PRODUCTION, name_of

if TYPE_CHECKING:
    from callcheck.sources import Eyes

FILES = ("*.yaml", "*.yml")
MARKS = ("ExternalSecret", "VaultStaticSecret", "OnePasswordItem")
"""The kinds that bring a secret from a store, of which one stands in a file."""
_KEYS = ("remoteRef", "dataFrom", "secretStoreRef", "itemPath", "ExternalSecret", "VaultStaticSecret")
_NAMESPACE = pattern(r"(?:(?:^|\s)-n[ =]|--namespace[ =]|\bnamespace[:=]?[ \t]+)[\"']?([a-z0-9][a-z0-9-]{0,62})|\b[a-z0-9-]{1,63}\.([a-z0-9-]{1,63})\.svc\b")
_LARGEST_BYTES = 200_000
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class StoreKey:
    """A secret's key in its store, as one text, and where a person would change it; `global_` if there is one such store for all."""

    secret: str
    variable: str
    """"" for all that the entry holds."""
    key: str
    where: Location
    global_: bool


@dataclass(slots=True)
class Layer:
    """What one stage is made of: its objects, and the namespaces that its own files name."""

    objects: list[Manifest] = field(default_factory=list)
    namespaces: set[str] = field(default_factory=set)

    def key(self, variable: str) -> StoreKey | None:
        """The key by which a container of the stage is given the variable; None if none is, or it may come from several."""
        held = [each for item in self.objects for each in _held(item)]
        found = {each.key: each for item in self.objects if item.kind in UNITS and item.get("spec", "replicas") != 0 for each in _given(item, variable, held)}
        return next(iter(found.values())) if len(found) == 1 else None


def layers(eyes: Eyes) -> dict[str, Layer]:
    """The stages of a deployment that takes secrets from a store."""
    if not eyes.holds(FILES, MARKS):
        return {}
    found: dict[str, Layer] = {}
    for stage, layer in (*_charts(eyes), *_kustomized(eyes), *_folders(eyes)):
        held = found.setdefault(stage, Layer())
        held.objects += layer.objects
        held.namespaces |= layer.namespaces
    return found


def one_store(stage: Layer, key: StoreKey, other: Layer, lesser: bool) -> bool:
    """Whether the key of two stages is surely one entry: of a store for all, of production in a lesser stage, or of one cluster, in which each has a namespace."""
    apart = bool(stage.namespaces - other.namespaces and other.namespaces - stage.namespaces)
    return key.global_ or apart or (lesser and bool(PRODUCTION.search(key.key)))


def _given(unit: Manifest, variable: str, held: list[StoreKey]) -> Iterator[StoreKey]:
    for container in tables(unit.get("spec", "template", "spec", "containers")):
        own = next((row for row in tables(container.get("env")) if row.get("name") == variable), None)
        source = own.get("valueFrom") if own is not None else None
        asked = source.get("secretKeyRef") if isinstance(source, Table) else None
        if isinstance(asked, Table):
            yield from (each for each in held if each.secret == asked.get("name") and each.variable in ("", asked.get("key")))
        elif own is None:
            names = [row["secretRef"].get("name") for row in tables(container.get("envFrom")) if isinstance(row.get("secretRef"), Table)]
            yield from (each for each in held if each.secret in names and (each.variable == variable or (not each.variable and len(names) == 1)))


def _held(item: Manifest) -> Iterator[StoreKey]:
    if item.kind == "OnePasswordItem":
        yield from _key(item, item.name, "", ("spec", "itemPath"), "", True)
    elif item.kind == "VaultStaticSecret":
        secret = item.get("spec", "destination", "name") or item.name
        yield from _key(item, str(secret), "", ("spec", "path"), f"{item.get('spec', 'vaultAuthRef')}/{item.get('spec', 'mount')}/", False)
    elif item.kind in ("ExternalSecret", "ClusterExternalSecret") and item.get("spec", "secretStoreRef", "kind") == "ClusterSecretStore":
        secret = str(item.get("spec", "target", "name") or item.name)
        store = f"{item.get('spec', 'secretStoreRef', 'name')}/"
        for number, row in enumerate(tables(item.get("spec", "data"))):
            reference = row.get("remoteRef")
            part = f"#{reference.get('property')}" if isinstance(reference, Table) else ""
            yield from _key(item, secret, str(row.get("secretKey", "")), ("spec", "data", number, "remoteRef", "key"), store, False, part)
        for number, row in enumerate(tables(item.get("spec", "dataFrom"))):
            if "extract" in row and "rewrite" not in row:
                yield from _key(item, secret, "", ("spec", "dataFrom", number, "extract", "key"), store, False)


def _key(item: Manifest, secret: str, variable: str, path: tuple[str | int, ...], before: str, global_: bool, behind: str = "") -> Iterator[StoreKey]:
    key = item.get(*path)
    if isinstance(key, str) and key and "{" not in key and "$" not in key:
        yield StoreKey(secret, variable, before + key + behind, item.where(*path), global_)


def _charts(eyes: Eyes) -> Iterator[tuple[str, Layer]]:
    """Each chart for each stage that a values file is named after; the plain values are production's where none is named so."""
    folders = [posixpath.dirname(file.name) for file in eyes.tree.named("Chart.yaml")]
    for folder in folders:
        below = folder + "/" if folder else ""
        templates = [file for file in eyes.tree.named(*FILES) if file.name.startswith(f"{below}templates/")][:_MOST_FILES]
        if not any(mark in eyes.readable(file, _LARGEST_BYTES) for file in templates for mark in MARKS):
            continue
        values = [file for file in eyes.tree.named("*values*.y*ml", "*/*.y*ml") if not aside(eyes, file) and _is_values(file, below, len(folders) == 1)]
        plain = [file for file in values if not stage_of(file.name[len(below) :] if file.name.startswith(below) else file.name)]
        staged = {stage_of(file.name[len(below) :] if file.name.startswith(below) else file.name): file for file in values if file not in plain}
        for stage, file in {**({} if "production" in staged or not staged else {"production": None}), **staged}.items():
            own = [file] if file is not None else []
            given = Values([(document, each) for each in (*plain, *own) if isinstance(document := eyes.readable_document(each), Table)])
            yield stage, Layer([item for each in templates for item in _rendered(eyes, each, given, stage)], _namespaces(eyes, own or plain))


def _is_values(file: File, below: str, alone: bool) -> bool:
    inside = file.name.startswith(below) and not file.name.startswith(f"{below}templates/") and "/charts/" not in file.name[len(below) :]
    return "values" in file.base and (inside or (alone and bool(stage_of(file.name))))


def _rendered(eyes: Eyes, file: File, values: Values, stage: str) -> Iterator[Manifest]:
    """Whatever goes by the release's name or namespace is another one in each stage."""
    text = eyes.readable(file, _LARGEST_BYTES)
    for written in ("$.Release.Namespace", ".Release.Namespace"):
        text = text.replace(written, f'"in-{stage}"')
    told = render(text, values, stage, file)
    try:
        bodies = documents.load_all(told.text, file.name)
    except SourceError:
        return
    yield from (Manifest(str(body.get("kind")), name_of(body), body, file, told.sources) for body in tables(bodies))


def _kustomized(eyes: Eyes) -> Iterator[tuple[str, Layer]]:
    """Each overlay that is named after a stage; silent for one that changes by a patch what comes from the store."""
    known = {posixpath.dirname(file.name): (file, document) for file in eyes.tree.named(*KUSTOMIZATIONS) if isinstance(document := eyes.readable_document(file), Table)}
    for root in outermost(known):
        stage = stage_of(root)
        made_of = closure(eyes, root, known) if stage else None
        if made_of is None or any(word in eyes.readable(known[folder][0], _LARGEST_BYTES) for folder in made_of.folders for word in _KEYS):
            continue
        objects = [item for file in made_of.files.values() if file.base not in KUSTOMIZATIONS for item in _plain(eyes, file)]
        kept = [(item.kind, item.name) for item in objects if item.kind in MARKS]
        if len(set(kept)) == len(kept):
            yield stage, Layer(objects, _namespaces(eyes, [known[root][0]]))


def _folders(eyes: Eyes) -> Iterator[tuple[str, Layer]]:
    """Folders and files that are named after a stage, and belong to no chart and no kustomization."""
    if eyes.tree.named(*KUSTOMIZATIONS):
        return
    for file in [file for file in eyes.tree.named(*FILES) if not aside(eyes, file) and stage_of(file.name) and "templates/" not in file.name][:_MOST_FILES]:
        objects = list(_plain(eyes, file))
        if objects:
            yield stage_of(file.name), Layer(objects, _namespaces(eyes, [file]))


def _plain(eyes: Eyes, file: File) -> Iterator[Manifest]:
    bodies = eyes.readable_documents(file) if "apiVersion" in eyes.readable(file, _LARGEST_BYTES) else []
    yield from (Manifest(str(body.get("kind")), name_of(body), body, file) for body in tables(bodies))


def _namespaces(eyes: Eyes, files: Iterable[File]) -> set[str]:
    found = (each for file in files for each in _NAMESPACE.findall(eyes.readable(file, _LARGEST_BYTES)))
    return {one or other for one, other in found}
