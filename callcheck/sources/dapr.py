"""Which apps have a sidecar of Dapr, and what do its files say of topics?

    dapr.io/enabled: "true", dapr.io/app-id: mill-invoices, dapr.io/app-port: "3000"     # of a pod's template
    command: ["./daprd", "--app-id", "invoices", "--app-port", "3000"]                   # Compose
    dapr run --app-id invoices --app-port 3000 -- node server.js                         # a script; dapr.yaml names apps in one file
    configuration: { dapr: { enabled: true, appId: 'ledger' } }                          # Azure Container Apps: Bicep, and azurerm_container_app of Terraform
    kind: Subscription, spec: {pubsubname: events, topic: paid, routes: {default: /paid}}, scopes: [invoices]

Sources: docs.dapr.io, arguments-annotations-overview, resource-specs/subscription-schema and component-schema, multi-app-template; learn.microsoft.com, container-apps/dapr-components (scopes are
the apps' ids of Dapr).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.evidence import Location, Lost
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.braces import closing
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.environment import compose
from callcheck.sources.launch import aside
from callcheck.sources.launch.find import commands, mappings, scripts
from callcheck.sources.manifests import UNITS, Manifest, collect
from callcheck.sources.terraform import made

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_ID = pattern(r"--app-id[=\s]+[\"']?([\w.-]+)|\bdapr\s+run\b[^\n]*?\s-[ai]\s+[\"']?([\w.-]+)")
_PORT = pattern(r"--app-port[=\s]+[\"']?(\d+)|\bdapr\s+run\b[^\n]*?\s-p\s+(\d+)")
_OPEN = pattern(r"\{\{|\$")
_TELLS = "dapr.io/"
_BROKER = "pubsub."
_BICEP_COMPONENT = pattern(r"resource\s+\w+\s+'(?:Microsoft\.App/managedEnvironments/)?daprComponents(?:@[\w-]+)?'\s*=\s*(?:if\s*\([^)\n]*\)\s*)?\{")
_BICEP_APP = pattern(r"resource\s+\w+\s+'Microsoft\.App/containerApps@[\w-]+'\s*=\s*(?:if\s*\([^)\n]*\)\s*)?\{")
_BICEP_NAME = pattern(r"\bname\s*:\s*'([^'$\n]{1,100})'")
_BICEP_ID = pattern(r"\bdapr\s*:\s*\{[^{}]{0,400}?\bappId\s*:\s*'([^'$\n]{1,100})'")
_BICEP_SCOPES = pattern(r"\bscopes\s*:\s*\[([^\]]{1,600})\]")
_QUOTED = pattern(r"'([^'\n]{1,100})'")


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


@dataclass(frozen=True, slots=True)
class Component:
    """A broker as some apps load it."""

    name: str
    scopes: tuple[str, ...]
    where: Location


def sidecars(eyes: Eyes) -> list[Sidecar]:
    return [*_injected(eyes), *_of_compose(eyes), *_of_scripts(eyes), *_of_apps(eyes), *_of_bicep(eyes), *_of_terraform(eyes)]


def brokers(eyes: Eyes) -> list[Component]:
    """The components for topics that only some apps load."""
    found = [Component(each.name, each.scopes, each.manifest.where("scopes", 0)) for each in resources(eyes, "Component") if str(each.manifest.get("spec", "type")).startswith(_BROKER)]
    for file, text in _bicep(eyes, "daprComponents"):
        for start, body in _blocks(text, _BICEP_COMPONENT):
            scopes, named = _BICEP_SCOPES.search(body), _BICEP_NAME.search(body)
            if scopes is not None and f"'{_BROKER}" in body and "$" not in scopes[1]:
                found.append(Component(named[1] if named else "", tuple(_QUOTED.findall(scopes[1])), Location(clean(file.name), text.count("\n", 0, start + scopes.start()) + 1)))
    for scope, file, block in made(eyes):
        if block.labels[0] == "azurerm_container_app_environment_dapr_component" and "scopes" in block.keys and _BROKER in block.text("component_type"):
            told = scope.value(eyes, block.keys["scopes"], file)
            if isinstance(told, list) and all(isinstance(each, str) for each in told):
                found.append(Component(scope.text(block.text("name"), file), tuple(told), Location(clean(file.name), block.keys["scopes"][1])))
    return [each for each in found if each.scopes]


def resources(eyes: Eyes, kind: str) -> list[Resource]:
    """All Subscriptions, or all Components, that are written out."""
    found = [item for item in collect(eyes).of(kind) if str(item.get("apiVersion")).startswith(_TELLS) and not _OPEN.search(f"{item.name} {item.get('scopes')} {item.get('spec', 'pubsubname')}")]
    return [Resource(item, tuple(map(str, scopes)) if isinstance(scopes := item.get("scopes"), list) else ()) for item in found]


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
            if "dapr run" in command and _ID.search(command):
                yield _started(command, frozenset(), Location(clean(file.name), line))


def _of_apps(eyes: Eyes) -> Iterator[Sidecar]:
    for each in mappings(eyes, ("dapr*.yaml", "dapr*.yml")):
        if not isinstance(each, Lost):
            file, document = each
            for _, row in each_of(document.get("apps")):
                names = frozenset(str(row.get("appDirPath") or "").strip("./").split("/"))
                app = str(row.get("appID") or "") or max(names, default="", key=len)
                yield Sidecar(_known(app), str(row.get("appPort") or ""), "", names, Location(clean(file.name), row.lines.get("appID", row.line)), False)


def _of_bicep(eyes: Eyes) -> Iterator[Sidecar]:
    for file, text in _bicep(eyes, "appId"):
        for start, body in _blocks(text, _BICEP_APP):
            named, app = _BICEP_NAME.search(body), _BICEP_ID.search(body)
            if app is not None:
                line = text.count("\n", 0, start + app.start()) + 1
                yield Sidecar(app[1], "", "", frozenset({named[1]} if named else ()), Location(clean(file.name), line), False)


def _of_terraform(eyes: Eyes) -> Iterator[Sidecar]:
    for scope, file, block in made(eyes):
        for told in block.find("dapr") if block.labels[0] == "azurerm_container_app" else ():
            if "app_id" in told.keys:
                app, name = scope.text(told.text("app_id"), file), scope.text(block.text("name"), file)
                yield Sidecar(app, "", "", frozenset({name}), Location(clean(file.name), told.keys["app_id"][1]), False)


def _bicep(eyes: Eyes, word: str) -> Iterator[tuple[File, str]]:
    for file in eyes.tree.named("*.bicep"):
        if not aside(eyes, file) and word in (text := eyes.readable(file)):
            yield file, text


def _blocks(text: str, head: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """What stands between the braces of each resource of a kind, with where that begins."""
    for found in head.finditer(text):
        end = closing(text, found.end())
        if end < len(text):
            yield found.end(), text[found.end() : end]


def _started(command: str, names: frozenset[str], where: Location) -> Sidecar:
    app, port = _ID.search(command), _PORT.search(command)
    return Sidecar(_first(app), _first(port), "", names, where, False)


def _first(found: re.Match[str] | None) -> str:
    return next((each for each in found.groups() if each), "") if found else ""


def _known(said: Any) -> str:
    return "" if said is None or _OPEN.search(str(said)) else str(said)


def _words(said: Any) -> str:
    return " ".join(map(str, said)) if isinstance(said, list) else str(said or "")
