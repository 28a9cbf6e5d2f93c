"""Is a Service called by its bare name from another namespace?

    kind: Service     metadata: {name: api, namespace: web}
    kind: Deployment  metadata: {name: render, namespace: jobs}     CALLBACK_URL: http://api/done      # api.web is the name there

Source: kubernetes.io, DNS for Services and Pods: a name without a namespace is looked for in the pod's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.deployment import AddressUnreachable
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.environment import settings
from callcheck.sources.manifests import UNITS, Manifest, collect

_BARE = pattern(r"^(?:https?|wss?)://([A-Za-z][\w-]{0,80})(?::\d{1,5})?(?:/|$)")


class Namespaces:
    """Silent where a manifest leaves its namespace to whoever applies it."""

    name = "namespaces"
    looks_at = ("*.yaml", "*.yml")
    marks = ("namespace:",)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        services: dict[str, set[str]] = {}
        for service in found.of("Service"):
            services.setdefault(service.name, set()).add(_namespace(service))
        units = {unit.name: _namespace(unit) for unit in found.of(*UNITS)}
        for given in settings(eyes):
            bare = _BARE.match(given.value) if given.system == "kubernetes" and units.get(given.unit) else None
            there = services.get(bare[1], set()) if bare else set()
            if bare and there and "" not in there and units[given.unit] not in there:
                fact = AddressUnreachable(clean(given.name, 100), clean(given.value, 200), "wrong-host", clean(given.unit, 80), clean(f"{bare[1]}.{sorted(there)[0]}", 120))
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(given.file.name), given.line), service=given.unit)


def _namespace(manifest: Manifest) -> str:
    return str(manifest.get("metadata", "namespace") or "")


PROBE = Namespaces()
