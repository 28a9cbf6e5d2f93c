"""Do network policies let in who calls a unit?

    podSelector: {matchLabels: {app: portal}}
    ingress: [{from: [{podSelector: {matchLabels: {app: gateway}}}]}]       # CALLBACK_URL of render: http://portal:8080/done
    ingress: [{from: [...], ports: [{port: 80}]}]                           # the Service's port; the pods listen on its targetPort, 8080

Source: kubernetes.io/docs/concepts/services-networking/network-policies: a pod that a policy selects takes what a policy of it allows, and nothing else. Ports are the pods'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import each_of
from callcheck.sources.environment import Setting, settings
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.pods import labels_of, picks, port_behind
from callcheck.sources.manifests.policies import OTHERS, closes_in, selects

_AT = pattern(r"\w+://[^/?#]*:(\d+)(?:[/?#]|$)")
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
        policies = [] if found.of(*OTHERS) else [each for each in found.of("NetworkPolicy") if closes_in(each)]
        units = {unit.name: unit for unit in found.of(*UNITS)}
        for given in settings(eyes) if policies else ():
            caller = units.get(given.unit)
            called, ports = _called(eyes, found, given)
            if given.system == "kubernetes" and caller is not None and called is not None:
                yield from self._shut_out(eyes, policies, given, caller, called, ports)

    def _shut_out(self, eyes: Eyes, policies: list[Manifest], given: Setting, caller: Manifest, called: Manifest, ports: frozenset[str]) -> Iterator[Evidence]:
        chosen = [(each, selects(eyes, each, called)) for each in policies]
        if any(for_it is None for _, for_it in chosen):
            return
        rules = [(each, at, rule) for each, for_it in chosen if for_it for at, rule in each_of(each.get("spec", "ingress"))]
        back = any(word in given.name.upper() for word in _CALLED_BACK)
        if caller is called:
            # Its own address, which it gives away: who calls there is told by the policies alone.
            slipped = [each for each in rules if back and _slips(each[2], ports, given) and not any(_lets(other, ports) and _shares(other, each[2]) for _, _, other in rules)]
        else:
            if not rules or not labels_of(caller) or any(_may_pass(rule, labels_of(caller)) and _lets(rule, ports) for _, _, rule in rules):
                return
            slipped = [each for each in rules if _may_pass(each[2], labels_of(caller))]
        if caller is called and not slipped:
            return
        policy, at, _ = (slipped or rules)[0]
        fact = AddressUnreachable(clean(given.name, 80), clean(given.value, 200), "policy" if back else "policy-call", clean(called.name, 80), clean(policy.name, 80))
        label = "it is given away here" if caller is called else "it is called from here"
        asked = Evidence(fact, Basis.DECLARED, self.name, given.where, service=clean(caller.name, 80), label=label)
        where = policy.where("spec", "ingress", at, *(("ports", 0, "port") if slipped else ("from",)))
        says = f"the pods listen on {' or '.join(sorted(ports))}" if slipped else "none of these is the caller"
        yield Evidence(fact, Basis.DECLARED, self.name, where, service=fact.service, because=(asked,), label=says)


def _called(eyes: Eyes, found: Manifests, given: Setting) -> tuple[Manifest | None, frozenset[str]]:
    """The unit behind the Service whose name a variable holds as a host, and the port there, by number and name; none where that is not told."""
    for service in found.of("Service"):
        host = re.compile(rf"^\w+://(?:[^@/]*@)?{re.escape(service.name)}(?:\.[\w-]+(?:\.svc(?:\.[\w.-]+)?)?)?(?::\d+)?(?:/|$)")
        selector = service.get("spec", "selector")
        if service.name and host.match(given.value) and isinstance(selector, dict) and selector:
            unit = next((unit for unit in found.of(*UNITS) if picks(eyes, service, selector, unit)), None)
            return unit, frozenset() if unit is None else port_behind(service, unit, _port(given.value))
    return None, frozenset()


def _port(address: str) -> str:
    told = _AT.match(address)
    return told[1] if told else "443" if address.startswith("https:") else "80"


def _lets(rule: Any, ports: frozenset[str]) -> bool:
    """Whether a rule lets something in by one of these ports, or may: a range, or a port that nobody told."""
    rows = each_of(rule.get("ports"))
    return not rows or not ports or any("port" not in row or "endPort" in row or str(row["port"]) in ports for _, row in rows)


def _slips(rule: Any, ports: frozenset[str], given: Setting) -> bool:
    """Whether a rule names the Service's port in the place of the pods'."""
    return not _lets(rule, ports) and any(str(row["port"]) == _port(given.value) for _, row in each_of(rule.get("ports")))


def _shares(rule: Any, other: Any) -> bool:
    """Whether a rule lets in some of those of another, or may."""
    peers, others = rule.get("from"), other.get("from")
    return not peers or not others or any(peer in others or {} in peer.values() for _, peer in each_of(peers))


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
