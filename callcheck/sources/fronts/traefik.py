"""What does Traefik know of the containers beside it: its own networks and entry points, and what the labels of each service say?

    traefik: {image: "traefik:v3.1", command: [--providers.docker.exposedByDefault=false], networks: [edge]}      # or in traefik.yml, or by TRAEFIK_…
    payments: {labels: [traefik.enable=true, "traefik.http.routers.payments.rule=Host(`pay.example`)"], networks: [backend, edge]}

A network goes by its name in Docker: Compose puts the project's in front of one that is neither external nor named. Sources: doc.traefik.io, providers/docker (network, exposedByDefault) and
routers (entryPoints); docs.docker.com, compose-file/networks; traefik v3.1, pkg/provider/docker/config.go, getIPAddress().
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, value_at
from callcheck.sources.environment import compose
from callcheck.sources.fronts.services import labels_of
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_IMAGE = pattern(r"(?:^|/)traefik(?::v?(?P<major>\d+))?")
_FLAG = pattern(r"(?i)^-{0,2}(?P<key>[\w.-]+?)(?:=(?P<value>.*))?$", re.DOTALL)
STATIC = ("traefik.y*ml", "traefik.toml", "*/traefik/traefik.y*ml", "*/traefik/traefik.toml")
_ROUTER = pattern(r"(?i)^traefik\.http\.routers\.[\w@-]{1,80}\.(?P<key>rule|entrypoints)$")
_NETWORK = ("traefik.docker.network", "traefik.swarm.network")


@dataclass(slots=True)
class Labelled:
    """A service that Traefik is to find by its labels; `labels` are in lower case, each with its value and line, and `networks` Docker's names of its own."""

    name: str
    file: File
    line: int
    labels: dict[str, tuple[str, int]] = field(default_factory=dict)
    networks: dict[str, int] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    """What the file calls those whose project is not told: it may be given on the command line, or is the folder's name."""

    def is_on(self, network: str) -> bool:
        """Whether one of its networks has, or may have, that name in Docker."""
        return network in self.networks or any(network.endswith(f"_{name}") for name in self.unsure)

    @property
    def routed(self) -> tuple[str, int] | None:
        """The first rule that a router of it has, with its line."""
        return next((held for key, held in self.labels.items() if (found := _ROUTER.match(key)) and found["key"].lower() == "rule"), None)

    @property
    def network(self) -> tuple[str, int] | None:
        """The network that a label names."""
        return next((self.labels[key] for key in _NETWORK if key in self.labels), None)

    def entries(self) -> Iterator[tuple[str, int]]:
        """The entry points that its routers ask for."""
        for key, (value, line) in self.labels.items():
            found = _ROUTER.match(key)
            if found and found["key"].lower() == "entrypoints":
                yield from ((each.strip(), line) for each in value.split(",") if each.strip())


@dataclass(slots=True)
class Traefik:
    """The proxy; `networks` is empty where it reaches all of its machine, and `entries` where its own settings are not here."""

    name: str
    file: File
    line: int
    networks: set[str] = field(default_factory=set)
    network: str = ""
    stacked: bool = False
    """Whether it is told of the services of a Swarm."""
    shy: bool = False
    """Whether it leaves out what is not enabled by a label."""
    entries: set[str] = field(default_factory=set)


def traefik(eyes: Eyes) -> tuple[Traefik, list[Labelled]] | None:
    """The one Traefik of the deployment and what has labels for it; None where there is none, are several, or is one of version 1."""
    found: dict[tuple[str, str], Labelled] = {}
    proxies: dict[tuple[str, str], tuple[Traefik, list[Table]]] = {}
    laid = [*compose.files(eyes)]
    # An override names the service alone, and what it adds to the proxy's is the proxy's.
    images = {
        (posixpath.dirname(file.name), name): image
        for file, services in laid
        for name, told in services.items()
        if isinstance(told, Table) and (image := _IMAGE.search(str(told.get("image") or "")))
    }
    for file, services in laid:
        networks, called = (value_at(eyes.document(file), key) for key in ("networks", "name"))
        project = str(called or posixpath.basename(posixpath.dirname(file.name)) or "project")
        for name, told in services.items():
            if not isinstance(told, Table):
                continue
            key, line = (posixpath.dirname(file.name), name), services.lines.get(name, 1)
            image = images.get(key)
            if image and image["major"] == "1":
                return None
            own = dict(_networks(told, networks, project))
            if image:
                proxy, tables = proxies.setdefault(key, (Traefik(name, file, line), []))
                proxy.networks |= set() if "network_mode" in told else set(own)
                tables.append(told)
                continue
            labelled = found.setdefault(key, Labelled(name, file, line))
            if "network_mode" not in told:
                labelled.networks.update(own)
                labelled.unsure.update(set() if called else (each.removeprefix(f"{project}_") for each in own if each.startswith(f"{project}_")))
            labelled.labels.update(_labels(told))
    if len(proxies) != 1:
        return None
    proxy, tables = next(iter(proxies.values()))
    _settle(eyes, proxy, tables)
    return proxy, [each for each in found.values() if each.routed is not None]


def _networks(told: Table, networks: Any, project: str) -> Iterator[tuple[str, int]]:
    """Docker's name of each network of a service, with its line; "" for one that is filled in later."""
    own = told.get("networks")
    names = {str(each): own.lines.get(each, own.line) if isinstance(own, Table) else told.lines.get("networks", told.line) for each in own} if isinstance(own, (Table, list)) else {}
    for name, line in (names or {"default": told.line}).items():
        made = networks.get(name) if isinstance(networks, Table) else None
        external = made.get("external") if isinstance(made, Table) else None
        given = (made.get("name") if isinstance(made, Table) else None) or (external.get("name") if isinstance(external, Table) else None)
        real = str(given or (name if external else f"{project}_{name}"))
        yield ("" if "$" in real else real), line


def _labels(told: Table) -> Iterator[tuple[str, tuple[str, int]]]:
    for path in (("labels",), ("deploy", "labels")):
        for text, line in labels_of(value_at(told, *path)):
            key, _, value = text.partition("=")
            yield key.strip().lower(), (value.strip(), line)


def _settle(eyes: Eyes, proxy: Traefik, tables: list[Table]) -> None:
    """What its command, its variables and its file say of it."""
    said: dict[str, str] = {}
    for told in tables:
        command = told.get("command")
        for word in command if isinstance(command, list) else str(command or "").split():
            found = _FLAG.match(str(word).strip())
            if found:
                said[found["key"].lower()] = (found["value"] if found["value"] is not None else "true").strip("\"' ")
        held = told.get("environment")
        pairs = held.items() if isinstance(held, Table) else (str(each).partition("=")[::2] for each in held or ())
        said.update({str(key).lower().removeprefix("traefik_").replace("_", "."): str(value) for key, value in pairs if str(key).upper().startswith("TRAEFIK_")})
    # A stack's name comes in front of its networks' too, and is told when it is deployed: what Swarm is to call them cannot be said.
    proxy.network = said.get("providers.docker.network", "")
    proxy.stacked = any(key.startswith("providers.swarm") or key == "providers.docker.swarmmode" for key in said)
    proxy.shy = any(said.get(f"providers.{each}.exposedbydefault", "").lower() == "false" for each in ("docker", "swarm"))
    proxy.entries = {parts[1] for key in said if (parts := key.split("."))[0] == "entrypoints" and len(parts) > 2}
    for file in eyes.tree.named(*STATIC):
        document = None if aside(eyes, file) else eyes.readable_document(file)
        for each in ("docker", "swarm"):
            provider = value_at(document, "providers", each)
            if isinstance(provider, Table):
                held = {key.lower(): value for key, value in provider.items()}
                proxy.network = proxy.network or str(held.get("network") or "")
                proxy.stacked |= each == "swarm"
                proxy.shy = proxy.shy or str(held.get("exposedbydefault")).lower() == "false"
        points = next((value for key, value in document.items() if key.lower() == "entrypoints"), None) if isinstance(document, Table) else None
        proxy.entries |= {str(each).lower() for each in points} if isinstance(points, Table) else set()
