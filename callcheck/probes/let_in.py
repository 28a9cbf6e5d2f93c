"""Do network policies let in who calls a unit?

    podSelector: {matchLabels: {app: portal}}
    ingress: [{from: [{podSelector: {matchLabels: {app: gateway}}}]}]       # CALLBACK_URL of render: http://portal:8080/done

Source: kubernetes.io/docs/concepts/services-networking/network-policies: a pod that a policy selects takes what a policy of it allows, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.deployment import AddressUnreachable
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import each_of
from callcheck.sources.environment import Setting, settings
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.pods import labels_of, picks

_OTHERS = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy")
_CALLED_BACK = ("CALLBACK", "WEBHOOK", "HOOK", "NOTIFY")


class LetIn:
    """Silent where the selectors of a rule are expressions or reach over namespaces, and for callers whose labels are not told."""

    name = "let-in"
    looks_at = ("*.yaml", "*.yml")
    marks = ("NetworkPolicy",)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        policies = [] if found.of(*_OTHERS) else [each for each in found.of("NetworkPolicy") if _closes(each)]
        units = {unit.name: unit for unit in found.of(*UNITS)}
        for given in settings(eyes) if policies else ():
            caller = units.get(given.unit)
            called = _called(eyes, found, given)
            if given.system == "kubernetes" and caller is not None and called is not None and called is not caller:
                yield from self._shut_out(eyes, policies, given, caller, called)

    def _shut_out(self, eyes: Eyes, policies: list[Manifest], given: Setting, caller: Manifest, called: Manifest) -> Iterator[Evidence]:
        chosen = [(each, _selects(eyes, each, called)) for each in policies]
        if any(selects is None for _, selects in chosen):
            return
        mine = [each for each, selects in chosen if selects]
        rules = [rule for each in mine for _, rule in each_of(each.get("spec", "ingress"))]
        if not mine or not rules or not labels_of(caller) or any(_may_pass(rule, labels_of(caller)) for rule in rules):
            return
        back = any(word in given.name.upper() for word in _CALLED_BACK)
        fact = AddressUnreachable(clean(given.name, 80), clean(given.value, 200), "policy" if back else "policy-call", clean(called.name, 80), clean(mine[0].name, 80))
        asked = Evidence(fact, Basis.DECLARED, self.name, Location(clean(given.file.name), given.line or 1), service=clean(caller.name, 80), label="it is called from here")
        where = mine[0].where("spec", "ingress", 0, "from")
        yield Evidence(fact, Basis.DECLARED, self.name, where, service=fact.service, because=(asked,), label="none of these is the caller")


def _closes(policy: Manifest) -> bool:
    types = policy.get("spec", "policyTypes")
    return "Ingress" in types if isinstance(types, list) else True


def _selects(eyes: Eyes, policy: Manifest, unit: Manifest) -> bool | None:
    wanted = policy.get("spec", "podSelector", "matchLabels")
    found = picks(eyes, policy, wanted if isinstance(wanted, dict) else {}, unit)
    return None if found and policy.get("spec", "podSelector", "matchExpressions") else found


def _called(eyes: Eyes, found: Manifests, given: Setting) -> Manifest | None:
    """The unit behind the Service whose name a variable holds as a host."""
    for service in found.of("Service"):
        host = re.compile(rf"^\w+://(?:[^@/]*@)?{re.escape(service.name)}(?:\.[\w-]+(?:\.svc(?:\.[\w.-]+)?)?)?(?::\d+)?(?:/|$)")
        selector = service.get("spec", "selector")
        if service.name and host.match(given.value) and isinstance(selector, dict) and selector:
            return next((unit for unit in found.of(*UNITS) if picks(eyes, service, selector, unit)), None)
    return None


def _may_pass(rule: Any, labels: dict[str, Any]) -> bool:
    peers = rule.get("from")
    if not isinstance(peers, list) or not peers:
        return True
    return any(_may_be(peer, labels) for peer in peers)


def _may_be(peer: Any, labels: dict[str, Any]) -> bool:
    """Whether a peer is the caller, or may be; a peer of other namespaces may."""
    if not isinstance(peer, dict) or "namespaceSelector" in peer:
        return True
    if "ipBlock" in peer:
        return False
    selector = peer.get("podSelector")
    if not isinstance(selector, dict) or selector.get("matchExpressions"):
        return True
    wanted = selector.get("matchLabels")
    return not isinstance(wanted, dict) or all(labels.get(key) == value for key, value in wanted.items())


PROBE = LetIn()
