"""Do network policies let in who calls a unit, and let the caller out to it?

    podSelector: {matchLabels: {app: portal}}
    ingress: [{from: [{podSelector: {matchLabels: {app: gateway}}}]}]       # CALLBACK_URL of render: http://portal:8080/done
    egress: [{to: [{podSelector: {matchLabels: {app: store}}}]}]            # of render, to which portal gave its own address
    ingress: [{from: [...], ports: [{port: 80}]}]                           # the Service's port; the pods listen on its targetPort, 8080

Source: kubernetes.io/docs/concepts/services-networking/network-policies: a pod that a policy selects takes what a policy of it allows, and nothing else. Ports are the pods'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import each_of
from callcheck.sources.environment import Setting, settings
from callcheck.sources.launch import INFRASTRUCTURE, role_of_image
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.egress import let_out, peers
from callcheck.sources.manifests.pods import labels_of, picks, port_behind, whole
from callcheck.sources.manifests.policies import OTHERS, closes_in, selects

_AT = pattern(r"\w+://[^/?#]*:(\d+)(?:[/?#]|$)")
_CALLED_BACK = ("CALLBACK", "WEBHOOK", "HOOK", "NOTIFY")


@dataclass(frozen=True, slots=True)
class _Call:
    """An address that a unit is given: its own, or that of a unit which it calls; `ports` are those of the pods there, by number and name."""

    given: Setting
    caller: Manifest
    called: Manifest
    ports: frozenset[str]

    @property
    def own(self) -> bool:
        return self.caller is self.called

    @property
    def named_back(self) -> bool:
        """Whether its name says that others are to call there."""
        return any(word in self.given.name.upper() for word in _CALLED_BACK)


class LetIn:
    """Silent where the selectors of a rule are expressions or reach over namespaces, and for callers whose labels are not told; who calls a unit back is one of those that it calls."""

    name = "let-in"
    looks_at = ("*.yaml", "*.yml")
    marks = ("NetworkPolicy",)
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        closed = [] if found.of(*OTHERS) else found.of("NetworkPolicy")
        units = {unit.name: unit for unit in found.of(*UNITS)}
        calls = [call for given in settings(eyes) if given.system == "kubernetes" and (call := _call(eyes, found, given, units)) is not None] if closed else []
        policies = [each for each in closed if closes_in(each)]
        given_away = {call.called.name for call in calls if call.own and call.named_back}
        for call in calls:
            partners = [call.caller] if not call.own else _partners(calls, call.caller) if call.named_back else []
            by = self._shut_out(eyes, policies, call, partners) or self._shut_in(eyes, found, call, partners)
            if by is not None:
                yield self._told(call, call.named_back or call.called.name in given_away, *by)

    def _shut_out(self, eyes: Eyes, policies: list[Manifest], call: _Call, partners: list[Manifest]) -> tuple[Manifest, Location, str] | None:
        """By which policy of whoever is called, where, and how."""
        chosen = [(each, selects(eyes, each, call.called)) for each in policies]
        if any(for_it is None for _, for_it in chosen):
            return None
        rules = [(each, at, rule) for each, for_it in chosen if for_it for at, rule in each_of(each.get("spec", "ingress"))]
        callers = [labels for each in partners if (labels := labels_of(each))]
        if call.own:
            # Its own address, which it gives away: whoever calls there is told by the policies, or is one of those that it calls.
            slipped = [each for each in rules if call.named_back and _slips(each[2], call) and not any(_lets(other, call.ports) and _shares(other, each[2]) for _, _, other in rules)]
        else:
            slipped = [each for each in rules if any(_may_pass(each[2], labels) for labels in callers)]
        let_in = not rules or not callers or any(_may_pass(rule, labels) and _lets(rule, call.ports) for _, _, rule in rules for labels in callers)
        if let_in and not (slipped and call.own):
            return None
        policy, at, _ = (slipped or rules)[0]
        where = policy.where("spec", "ingress", at, *(("ports", 0, "port") if slipped else ("from",)))
        return policy, where, f"the pods listen on {' or '.join(sorted(call.ports))}" if slipped else "none of these is the caller"

    def _shut_in(self, eyes: Eyes, found: Manifests, call: _Call, partners: list[Manifest]) -> tuple[Manifest, Location, str] | None:
        """The same by those of whoever calls."""
        wanted = labels_of(call.called)
        for each in partners if wanted else ():
            out = let_out(eyes, found, each)
            if out.ruled and all(whole(eyes, policy) for policy in out.policies) and not any(_may_reach(rule, wanted) and _lets(rule, call.ports) for rule in (*out.rules, *out.maybe)):
                return out.policies[0], out.policies[0].where("spec", "egress"), f"nothing here lets {clean(each.name, 40)} out to {clean(call.called.name, 40)}"
        return None

    def _told(self, call: _Call, back: bool, policy: Manifest, where: Location, label: str) -> Evidence:
        given = call.given
        fact = AddressUnreachable(clean(given.name, 80), clean(given.value, 200), "policy" if back else "policy-call", clean(call.called.name, 80), clean(policy.name, 80))
        own = "it is given away here" if call.own else "it is called from here"
        asked = Evidence(fact, Basis.DECLARED, self.name, given.where, service=clean(call.caller.name, 80), label=own)
        return Evidence(fact, Basis.DECLARED, self.name, where, service=fact.service, because=(asked,), label=label)


def _call(eyes: Eyes, found: Manifests, given: Setting, units: dict[str, Manifest]) -> _Call | None:
    caller = units.get(given.unit)
    called, ports = _called(eyes, found, given) if caller is not None else (None, frozenset())
    return _Call(given, caller, called, ports) if caller is not None and called is not None else None


def _partners(calls: list[_Call], unit: Manifest) -> list[Manifest]:
    """The units that one calls, of which any may call it back; no broker or database does."""
    called = {each.called.name: each.called for each in calls if each.caller is unit and each.called is not unit}
    return [each for each in called.values() if not any(role_of_image(str(row.get("image") or "")) in INFRASTRUCTURE for _, row in each_of(each.get("spec", "template", "spec", "containers")))]


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


def _slips(rule: Any, call: _Call) -> bool:
    """Whether a rule names the Service's port in the place of the pods'."""
    return not _lets(rule, call.ports) and any(str(row["port"]) == _port(call.given.value) for _, row in each_of(rule.get("ports")))


def _shares(rule: Any, other: Any) -> bool:
    """Whether a rule lets in some of those of another, or may."""
    mine, others = rule.get("from"), other.get("from")
    return not mine or not others or any(peer in others or {} in peer.values() for _, peer in each_of(mine))


def _may_pass(rule: Any, labels: dict[str, Any]) -> bool:
    told = rule.get("from")
    if not isinstance(told, list) or not told:
        return True
    return any(_may_be(peer, labels) for peer in told)


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


def _may_reach(rule: Any, labels: dict[str, Any]) -> bool:
    """The same for a rule of those who call; addresses may be those of pods."""
    return not peers(rule) or any("ipBlock" in peer or _may_be(peer, labels) for peer in peers(rule))


PROBE = LetIn()
