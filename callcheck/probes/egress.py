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
from callcheck.sources.manifests import UNITS, collect
from callcheck.sources.manifests.egress import anywhere, let_out, peers, ports
from callcheck.sources.manifests.policies import OTHERS

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
        for unit in found.of(*UNITS) if found.of("NetworkPolicy") and not found.of(*OTHERS) else ():
            out = let_out(eyes, found, unit)
            if out.ruled and any(map(_outside, out.rules)) and not any(map(_names, [*out.rules, *out.maybe])):
                fact = EgressWithoutNames(clean(out.policies[0].name, 80), clean(unit.name, 80))
                selected = Evidence(fact, Basis.DECLARED, self.name, unit.where("kind"), label="this is what it selects")
                where = out.policies[0].where("spec", "egress")
                yield Evidence(fact, Basis.DECLARED, self.name, where, service=fact.service, because=(selected,))


def _names(rule: Any) -> bool:
    """Whether questions for names may be let out."""
    opened = ports(rule)
    return bool(opened & _NAMES) if opened is not None else anywhere(rule) or any("ipBlock" not in each for each in peers(rule))


def _outside(rule: Any) -> bool:
    """Whether a rule is for something that is looked for by its name: the web, or pods and namespaces."""
    opened = ports(rule)
    return (anywhere(rule) and (opened is None or bool(opened & {"443", "https", "80", "http"}))) or any("ipBlock" not in each for each in peers(rule))


PROBE = Egress()
