"""Which apps have a sidecar of Dapr, and what do its files say of topics?

    dapr.io/enabled: "true", dapr.io/app-id: mill-invoices, dapr.io/app-port: "3000"     # of a pod's template
    command: ["./daprd", "--app-id", "invoices", "--app-port", "3000"]                   # Compose
    dapr run --app-id invoices --app-port 3000 -- node server.js                         # a script; dapr.yaml names apps in one file
    kind: Subscription, spec: {pubsubname: events, topic: paid, routes: {default: /paid}}, scopes: [invoices]

Sources: docs.dapr.io, arguments-annotations-overview, resource-specs/subscription-schema and component-schema, multi-app-template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.evidence import Location, Lost
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.environment import compose
from callcheck.sources.launch.find import commands, mappings, scripts
from callcheck.sources.manifests import UNITS, Manifest, collect

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_ID = pattern(r"--app-id[=\s]+[\"']?([\w.-]+)|\bdapr\s+run\b[^\n]*?\s-[ai]\s+[\"']?([\w.-]+)")
_PORT = pattern(r"--app-port[=\s]+[\"']?(\d+)|\bdapr\s+run\b[^\n]*?\s-p\s+(\d+)")
_OPEN = pattern(r"\{\{|\$")
_TELLS = "dapr.io/"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What runs beside an app; `app` and `port` are "" where nobody says them, and `names` what the app is called otherwise."""

    app: str
    port: str
    space: str
    names: frozenset[str]
    where: Location
    injected: bool
    """By annotations, on Kubernetes: without a port the sidecar calls no app."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A Subscription or a Component of Dapr: `name` is its own, `scopes` are the apps that load it, all where there are none."""

    manifest: Manifest
    scopes: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def space(self) -> str:
        return str(self.manifest.get("metadata", "namespace") or "")

    @property
    def broker(self) -> str:
        """The component that a subscription goes through."""
        return str(self.manifest.get("spec", "pubsubname") or "")

    def paths(self) -> list[str]:
        """The routes to which a subscription has its messages posted."""
        told = [self.manifest.get("spec", "route"), self.manifest.get("spec", "routes", "default"), *(row.get("path") for _, row in each_of(self.manifest.get("spec", "routes", "rules")))]
        return [each if each.startswith("/") else f"/{each}" for each in told if isinstance(each, str)]


def sidecars(eyes: Eyes) -> list[Sidecar]:
    return [*_injected(eyes), *_of_compose(eyes), *_of_scripts(eyes), *_of_apps(eyes)]


def resources(eyes: Eyes, kind: str) -> list[Resource]:
    """All Subscriptions, or all Components, that are written out."""
    found = [item for item in collect(eyes).of(kind) if str(item.get("apiVersion")).startswith(_TELLS) and not _OPEN.search(f"{item.name} {item.get('scopes')} {item.get('spec', 'pubsubname')}")]
    return [Resource(item, tuple(str(each) for each in item.get("scopes") or ())) for item in found]


def _injected(eyes: Eyes) -> Iterator[Sidecar]:
    for unit in collect(eyes).of(*UNITS):
        path = ("spec", "template", "metadata", "annotations")
        told = unit.get(*path)
        if isinstance(told, Table) and str(told.get("dapr.io/enabled")).lower() == "true":
            boxes = [str(box.get("name")) for _, box in each_of(unit.get("spec", "template", "spec", "containers"))]
            labels = unit.get("spec", "template", "metadata", "labels")
            names = frozenset({unit.name, *boxes, *(map(str, labels.values()) if isinstance(labels, Table) else ())})
            key = "dapr.io/app-id" if "dapr.io/app-id" in told else "dapr.io/enabled"
            yield Sidecar(_known(told.get("dapr.io/app-id")), str(told.get("dapr.io/app-port") or ""), str(unit.get("metadata", "namespace") or ""), names, unit.where(*path, key), True)


def _of_compose(eyes: Eyes) -> Iterator[Sidecar]:
    for file, services in compose.files(eyes):
        for name, keys in services.items():
            said = f"{_words(value_at(keys, 'entrypoint'))} {_words(value_at(keys, 'command'))}"
            if "daprd" in f"{value_at(keys, 'image')} {said}":
                beside = str(value_at(keys, "network_mode") or "").removeprefix("service:")
                yield _started(said, frozenset({name, beside}), Location(clean(file.name), keys.lines.get("command", keys.line)))


def _of_scripts(eyes: Eyes) -> Iterator[Sidecar]:
    for file, text in scripts(eyes, "dapr run"):
        for line, command in commands(file, text):
            if "dapr run" in command and "--app-id" in command:
                yield _started(command, frozenset(), Location(clean(file.name), line))


def _of_apps(eyes: Eyes) -> Iterator[Sidecar]:
    for each in mappings(eyes, ("dapr*.yaml", "dapr*.yml")):
        if not isinstance(each, Lost):
            file, document = each
            for _, row in each_of(document.get("apps")):
                names = frozenset(str(row.get("appDirPath") or "").strip("./").split("/"))
                app = str(row.get("appID") or "") or max(names, default="", key=len)
                yield Sidecar(_known(app), str(row.get("appPort") or ""), "", names, Location(clean(file.name), row.lines.get("appID", row.line)), False)


def _started(command: str, names: frozenset[str], where: Location) -> Sidecar:
    app, port = _ID.search(command), _PORT.search(command)
    return Sidecar(_first(app), _first(port), "", names, where, False)


def _first(found: re.Match[str] | None) -> str:
    return next((each for each in found.groups() if each), "") if found else ""


def _known(said: Any) -> str:
    return "" if said is None or _OPEN.search(str(said)) else str(said)


def _words(said: Any) -> str:
    return " ".join(map(str, said)) if isinstance(said, list) else str(said or "")
