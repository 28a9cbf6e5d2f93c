"""Does a Service select labels which no pod has?

    selector: {app: vllm, model: gemma-2-9b}        # the pods' labels: {app: vllm, model: gemma-3-12b}
    env: [{name: OPENAI_BASE_URL, value: "http://vllm:8000/v1"}]

Source: kubernetes.io/docs/tasks/debug/debug-application/debug-service: all labels of the selector must fit, else there is no endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import ServiceWithoutPods
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.environment import settings
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.pods import labels_of, picks

_PODS = (*UNITS, "Job", "Pod")
_CALLED_BACK = pattern(r"CALLBACK|WEB_?HOOK|HOOK_|NOTIFY|^ON_")


class EmptyServices:
    """Silent unless the unit that is meant can be told, and for what a template leaves open: pods may come from elsewhere."""

    name = "empty-services"
    looks_at = ("*.yaml", "*.yml")
    marks = ("selector:",)
    answers = frozenset({ServiceWithoutPods})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        for service in found.of("Service"):
            wanted = service.get("spec", "selector")
            if service.get("apiVersion") != "v1" or not isinstance(wanted, Table) or not wanted:
                continue
            unit = _meant(eyes, service, wanted, found)
            if unit is not None:
                yield from self._refused(eyes, found, service, unit)

    def _refused(self, eyes: Eyes, found: Manifests, service: Manifest, unit: Manifest) -> Iterator[Evidence]:
        labels, wanted = labels_of(unit), service.get("spec", "selector")
        wrong = [key for key, value in wanted.items() if labels.get(key) != value]
        said = clean(", ".join(f"{key}={wanted[key]}" for key in wrong), 120)
        # One that nobody here calls is there for those outside.
        through, user = next(_users(eyes, found, service), ("ingress", None))
        fact = ServiceWithoutPods(clean(service.name, 80), said, clean(unit.name, 80), through)
        because = [Evidence(fact, Basis.DECLARED, self.name, unit.where("spec", "template", "metadata", "labels", wrong[0]), label="these are the labels of its pods")]
        if user is not None:
            because.append(Evidence(fact, Basis.DECLARED, self.name, user, label="it is called from here"))
        where = service.where("spec", "selector", wrong[0])
        yield Evidence(fact, Basis.DECLARED, self.name, where, service=fact.service, because=tuple(because))


def _meant(eyes: Eyes, service: Manifest, wanted: Table, found: Manifests) -> Manifest | None:
    """The one unit of that name or with some of the labels; None where a pod has or may have all of them, or no one unit stands out."""
    if any(picks(eyes, service, wanted, unit) is not False for unit in found.of(*_PODS)):
        return None
    near = [unit for unit in found.of(*_PODS) if unit.name == service.name and picks(eyes, service, {}, unit) is not False]
    near = near or [unit for unit in found.of(*_PODS) if any(picks(eyes, service, {key: value}, unit) is not False for key, value in wanted.items())]
    return near[0] if len(near) == 1 and labels_of(near[0]) else None


def _users(eyes: Eyes, found: Manifests, service: Manifest) -> Iterator[tuple[str, Location]]:
    """How and where somebody asks for the Service: variables that hold its name as a host, and ingresses."""
    host = re.compile(rf"(?:^|//|@){re.escape(service.name)}(?:\.[\w-]+(?:\.svc(?:\.[\w.-]+)?)?)?(?::\d+)?(?:/|$)")
    for each in settings(eyes):
        if each.system == "kubernetes" and host.search(each.value):
            yield "callback" if _CALLED_BACK.search(each.name.upper()) else "call", each.where
    for ingress in found.of("Ingress"):
        if any(name == service.name for name in _backends(ingress.get("spec"))):
            yield "ingress", ingress.where("spec")


def _backends(spec: Any) -> Iterator[str]:
    for rule in spec.get("rules") or () if isinstance(spec, dict) else ():
        paths = rule["http"].get("paths") if isinstance(rule, dict) and isinstance(rule.get("http"), dict) else None
        for path in paths if isinstance(paths, list) else ():
            backend = path.get("backend") if isinstance(path, dict) else None
            named = backend.get("service") if isinstance(backend, dict) else None
            if isinstance(named, dict):
                yield str(named.get("name"))


PROBE = EmptyServices()
