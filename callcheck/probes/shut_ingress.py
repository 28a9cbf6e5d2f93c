"""Do network policies let in who brings requests from outside: the Ingress' controller, the Gateway, the balancer?

    ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]        # pods of the same namespace alone; the controller lives in one of its own
    kind: Ingress, backend: {service: {name: hooks}}                     # whose pods that policy selects: every webhook ends in 504

Source: kubernetes.io/docs/concepts/services-networking/network-policies: a podSelector without a namespaceSelector picks pods of the policy's own namespace.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import each_of, value_at
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.pods import picks, whole
from callcheck.sources.manifests.policies import OTHERS, closes_in, selects

_PROXY = pattern(r"(?i)ingress|nginx|traefik|gateway|kong|istio|envoy|haproxy|contour|caddy|proxy|tunnel|cloudflared|ngrok|balancer")
_WHY = "no network policy lets in what brings requests to {}: only pods of its own namespace, or none, so webhooks end in 504; add its controller's namespace"


class ShutIngress:
    """Silent where any rule reaches over namespaces or to addresses, for a proxy among the pods that are let in, and for policies of other kinds."""

    name = "shut-ingress"
    looks_at = ("*.yaml", "*.yml")
    marks = ("NetworkPolicy",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        policies = [] if found.of(*OTHERS) else [each for each in found.of("NetworkPolicy") if closes_in(each)]
        told: set[str] = set()
        for front, service in _fronted(found) if policies else ():
            selector = service.get("spec", "selector")
            unit = next((unit for unit in found.of(*UNITS) if isinstance(selector, dict) and selector and picks(eyes, service, selector, unit)), None)
            chosen = [(each, selects(eyes, each, unit)) for each in policies] if unit is not None and unit.name not in told else []
            shut = [each for each, for_it in chosen if for_it]
            if unit is None or not shut or any(for_it is None for _, for_it in chosen) or not all(whole(eyes, each) for each in shut):
                continue
            if not any(_may_bring(rule) for each in shut for rule in each.get("spec", "ingress") or ()) and any(each.get("spec", "ingress") for each in shut):
                told.add(unit.name)
                fact = LibraryTrap("unreachable-callback-url", "strong", clean(_WHY.format(clean(unit.name, 30)), 160), clean(unit.name, 60), "kubernetes", "")
                beside = Evidence(fact, Basis.DECLARED, self.name, front.where("kind"), label="this brings them from outside")
                yield Evidence(fact, Basis.DECLARED, self.name, next(each for each in shut if each.get("spec", "ingress")).where("spec", "ingress"), service=clean(unit.name, 80), because=(beside,))


def _fronted(found: Manifests) -> Iterator[tuple[Manifest, Manifest]]:
    """Each Service for those outside, with what brings their requests to it; one that carries another namespace's name is left out."""
    services = {each.name: each for each in found.of("Service")}
    for ingress in found.of("Ingress"):
        for _, rule in each_of(ingress.get("spec", "rules")):
            for _, path in each_of(value_at(rule, "http", "paths")):
                name = value_at(path, "backend", "service", "name")
                if name in services:
                    yield ingress, services[name]
    for route in found.of("HTTPRoute"):
        for _, rule in each_of(route.get("spec", "rules")):
            yield from ((route, services[name]) for _, back in each_of(rule.get("backendRefs")) if (name := str(back.get("name"))) in services)
    yield from ((each, each) for each in services.values() if each.get("spec", "type") == "LoadBalancer")


def _may_bring(rule: Any) -> bool:
    """Whether a rule may let in who is outside of the namespace, or a proxy within it."""
    peers = rule.get("from") if isinstance(rule, dict) else None
    if not isinstance(peers, list) or not peers:
        return True
    return any(not isinstance(peer, dict) or set(peer) != {"podSelector"} or _PROXY.search(str(peer["podSelector"])) is not None or not peer["podSelector"] for peer in peers)


PROBE = ShutIngress()
