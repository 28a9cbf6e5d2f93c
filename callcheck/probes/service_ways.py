"""Does the way to a unit's pods hold: from the Ingress to a Service, and from the Service to a container's port?

    ports: [{port: 80, targetPort: 3000}]               # of a Service whose pods listen on 8000
    backend: {service: {name: hooks, port: {number: 80}}}   # of an Ingress, to a Service with port 8080

Whether a Service selects any pods is told by `empty_services`. Sources: kubernetes.io, services (a named targetPort is looked up in the pod) and ingress
(503 for a backend that is not there).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.listening import listening_at
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import each_of
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.pods import picks, whole

_ASIDE = pattern(r"metric|prom|health|admin|debug|probe")
_BETWEEN = pattern(r"metric|prom|health|epmd|erl|dist|cluster|gossip|raft|peer|jgroups")
"""Ports, by their names, that pods seldom declare: those of one another, and of who measures them."""


class ServiceWays:
    """Silent where a template fills something in, and for a Service whose pods are not here."""

    name = "service-ways"
    looks_at = ("*.yaml", "*.yml")
    marks = ("targetPort", "kind: Ingress", "kind: Service")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        services = [each for each in found.of("Service") if str(each.get("apiVersion")) == "v1" and whole(eyes, each)]
        for service in services:
            yield from self._leads(eyes, service, found)
        for ingress in found.of("Ingress"):
            if whole(eyes, ingress):
                yield from self._backs(ingress, services)

    def _leads(self, eyes: Eyes, service: Manifest, found: Manifests) -> Iterator[Evidence]:
        wanted = service.get("spec", "selector")
        units = found.of(*UNITS)
        if not isinstance(wanted, dict) or not wanted or not units or service.get("spec", "clusterIP") == "None":
            return  # a headless Service gives the pods' own addresses, where any port that is open will do
        picked = [unit for unit in units if picks(eyes, service, wanted, unit)]
        for number, row in each_of(service.get("spec", "ports")) if picked else ():
            target = row.get("targetPort", row.get("port"))
            open_at = [_opens(unit) for unit in picked]
            if not _BETWEEN.search(str(row.get("name", ""))) and all(ports and str(target) not in ports for ports, _ in open_at):
                why = f"the Service {service.name} leads to port {target}, but the container listens on {' or '.join(sorted(open_at[0][0]))}; name that as targetPort"
                yield self._fact(why, service, ("spec", "ports", number, "targetPort"), (picked[0], ("spec", "template", "spec", "containers")), "strong" if open_at[0][1] or not str(target).isdigit() else "fair")

    def _backs(self, ingress: Manifest, services: list[Manifest]) -> Iterator[Evidence]:
        for rule_at, rule in each_of(ingress.get("spec", "rules")):
            for path_at, path in each_of(rule.get("http", {}).get("paths") if isinstance(rule.get("http"), dict) else None):
                backend = path.get("backend")
                named = backend.get("service") if isinstance(backend, dict) else None
                if not isinstance(named, dict) or not isinstance(named.get("port"), dict):
                    continue
                service = next((each for each in services if each.name == named.get("name")), None)
                rows = [row for _, row in each_of(service.get("spec", "ports"))] if service is not None else []
                port = named["port"].get("number", named["port"].get("name"))
                if service is not None and rows and port is not None and not any(port in (row.get("port"), row.get("name")) for row in rows):
                    why = f"the Ingress sends to port {port} of the Service {service.name}, which has {' and '.join(str(row.get('port')) for row in rows)}, so it answers 503; name the Service's port"
                    yield self._fact(why, ingress, ("spec", "rules", rule_at, "http", "paths", path_at, "backend", "service", "port"), (service, ("spec", "ports")))

    def _fact(self, why: str, at: Manifest, path: tuple[str | int, ...], other: tuple[Manifest, tuple[str | int, ...]], strength: str = "strong") -> Evidence:
        fact = LibraryTrap("unreachable-callback-url", strength, clean(why, 160), clean(at.name, 60), "kubernetes", "")
        there = Evidence(fact, Basis.DECLARED, self.name, other[0].where(*other[1]))
        return Evidence(fact, Basis.DECLARED, self.name, at.where(*path), because=(there,))


def _opens(unit: Manifest) -> tuple[set[str], bool]:
    """The ports on which a unit's containers listen, with the names that they have, and whether a command or PORT tells one.

    What is declared only is a note to the reader: a port for metrics alone says nothing of the others. Empty if open.
    """
    pod = () if unit.kind == "Pod" else ("spec", "template")
    ports: set[str] = set()
    sure = False
    for _, container in each_of(unit.get(*pod, "spec", "containers")):
        declared = [row for _, row in each_of(container.get("ports"))]
        words = " ".join(str(word) for key in ("command", "args") for word in _list(container.get(key)))
        told = set(listening_at(words)) | {str(each.get("value")) for _, each in each_of(container.get("env")) if each.get("name") == "PORT"}
        if not told and all(_ASIDE.search(str(row.get("name", ""))) for row in declared):
            return set(), False
        sure |= bool(told)
        ports |= told | {str(row.get("containerPort")) for row in declared} | {str(row["name"]) for row in declared if "name" in row}
    return ports, sure


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


PROBE = ServiceWays()
