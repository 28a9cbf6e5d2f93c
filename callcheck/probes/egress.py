"""Do network policies leave units the way to a name server?

    policyTypes: [Egress]
    egress: [{ports: [{port: 443}]}]        # no port 53: no name is found, and so no API

Source: kubernetes.io/docs/concepts/services-networking/network-policies: what no policy of a pod allows is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.network import EgressWithoutNames
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.manifests import UNITS, Manifest, collect
from callcheck.sources.manifests.pods import picks

_OTHERS = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy")
_NAMES = frozenset({"53", "dns", "dns-tcp", "dns-udp", "5353"})


class Egress:
    """Silent where a policy of another kind may open the way, and for pods that are let out to nothing but addresses within the network."""

    name = "egress"
    looks_at = ("*.yaml", "*.yml")
    marks = ("NetworkPolicy",)
    answers = frozenset({EgressWithoutNames})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        policies = [each for each in found.of("NetworkPolicy") if _closes(each)]
        for unit in found.of(*UNITS) if policies and not found.of(*_OTHERS) else ():
            chosen = [(each, _selects(eyes, each, unit)) for each in policies]
            mine = [each for each, selects in chosen if selects]
            rules = [rule for each in mine for rule in each.get("spec", "egress") or ()]
            open_too = [rule for each, selects in chosen if selects is None for rule in each.get("spec", "egress") or ()]
            # A policy without any rule shuts all in, and what is wanted is opened by others, which may be elsewhere.
            if rules and all(each.get("spec", "egress") for each in mine) and any(map(_outside, rules)) and not any(map(_names, [*rules, *open_too])):
                fact = EgressWithoutNames(clean(mine[0].name, 80), clean(unit.name, 80))
                selected = Evidence(fact, Basis.DECLARED, self.name, unit.where("kind"), label="this is what it selects")
                where = mine[0].where("spec", "egress")
                yield Evidence(fact, Basis.DECLARED, self.name, where, service=fact.service, because=(selected,))


def _closes(policy: Manifest) -> bool:
    types = policy.get("spec", "policyTypes")
    return "Egress" in types if isinstance(types, list) else policy.get("spec", "egress") is not None


def _selects(eyes: Eyes, policy: Manifest, unit: Manifest) -> bool | None:
    """Whether a policy is for the pods of a unit; None if that is open, as with expressions."""
    wanted = policy.get("spec", "podSelector", "matchLabels")
    found = picks(eyes, policy, wanted if isinstance(wanted, dict) else {}, unit)
    return None if found and policy.get("spec", "podSelector", "matchExpressions") else found


def _ports(rule: Any) -> set[str] | None:
    """The ports that a rule opens, None for all; a range counts as all."""
    ports = rule.get("ports") if isinstance(rule, dict) else None
    told = [each for each in ports if isinstance(each, dict)] if isinstance(ports, list) else []
    return None if not told or any("endPort" in each or "port" not in each for each in told) else {str(each["port"]) for each in told}


def _names(rule: Any) -> bool:
    """Whether questions for names may be let out."""
    ports = _ports(rule)
    return bool(ports & _NAMES) if ports is not None else _anywhere(rule) or any("ipBlock" not in each for each in _peers(rule))


def _outside(rule: Any) -> bool:
    """Whether a rule is for something that is looked for by its name: the web, or pods and namespaces."""
    ports = _ports(rule)
    return (_anywhere(rule) and (ports is None or bool(ports & {"443", "https", "80", "http"}))) or any("ipBlock" not in each for each in _peers(rule))


def _anywhere(rule: Any) -> bool:
    peers = _peers(rule)
    return not peers or any(str(each["ipBlock"].get("cidr", "")).endswith("/0") for each in peers if isinstance(each.get("ipBlock"), dict))


def _peers(rule: Any) -> list[Any]:
    told = rule.get("to") if isinstance(rule, dict) else None
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


PROBE = Egress()
