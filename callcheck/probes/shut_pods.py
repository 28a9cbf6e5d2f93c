"""Do network policies let a unit's pods out to the hosts of the internet that its code calls?

    egress: [{ports: [{port: 53}]}, {to: [{podSelector: {matchLabels: {app: db}}}]}]      # names, and the database
    await anthropic.messages.create({...})                                                # nothing for port 443: hangs until its limit

Source: kubernetes.io/docs/concepts/services-networking/network-policies: what no policy of a pod allows is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.reached import ELSEWHERE, reached
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import each_of
from callcheck.sources.environment import settings
from callcheck.sources.environment.setting import command
from callcheck.sources.launch.command import read_command
from callcheck.sources.manifests import UNITS, Manifest, collect
from callcheck.sources.manifests.egress import LetOut, let_out, peers, ports
from callcheck.sources.manifests.pods import whole
from callcheck.sources.manifests.policies import OTHERS

_CONTAINERS = ("spec", "template", "spec", "containers")
_OFFICIAL = pattern(r"^[a-z0-9-]+(?::[\w.-]+)?$")
"""An image of Docker's own library, such as `postgres:16`, which runs no code from here."""
_WEB = frozenset({"443", "https"})
_WHY = "no network policy lets these pods out to port 443 of the internet, so calls to {} hang until they time out; add an egress rule for it"


class ShutPods:
    """Silent where a policy of another kind may open the way, where calls may go through a proxy, and where it is not known which unit runs the code."""

    name = "shut-pods"
    looks_at = ("*.yaml", "*.yml")
    marks = ("NetworkPolicy",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        if not found.of("NetworkPolicy") or found.of(*OTHERS):
            return
        units = [unit for unit in found.of(*UNITS) if any(not _OFFICIAL.match(str(each.get("image"))) for _, each in each_of(unit.get(*_CONTAINERS)))]
        closed = [(unit, out) for unit in units if (out := let_out(eyes, found, unit)).ruled and all(whole(eyes, each) for each in out.policies) and not any(map(_lets, [*out.rules, *out.maybe]))]
        if not closed or any(ELSEWHERE.search(each.name) for each in settings(eyes)):
            return
        outside = list(reached(eyes.code))
        for unit, out in closed if outside else ():
            loaded = _loaded(eyes, unit)
            call = next((each for each in outside if (module_of(each.call).path in loaded if loaded else len(units) == 1)), None)
            if call is not None:
                yield self._told(out, unit, call.host, seen(_fact(call.host, module_of(call.call).language), call.call, self.name, label=f"this calls {clean(call.host, 60)}"))

    def _told(self, out: LetOut, unit: Manifest, host: str, call: Evidence) -> Evidence:
        selected = Evidence(call.fact, Basis.DECLARED, self.name, unit.where("kind"), label="this is what it selects")
        return Evidence(call.fact, Basis.DECLARED, self.name, out.policies[0].where("spec", "egress"), service=clean(unit.name, 80), because=(call, selected))


def _fact(host: str, language: str) -> LibraryTrap:
    return LibraryTrap("upstream-timeout", "strong", _WHY.format(clean(host, 60)), clean(host, 60), "kubernetes", language)


def _lets(rule: Any) -> bool:
    """Whether a rule is for the web's port and for addresses of the internet."""
    opened = ports(rule)
    told = peers(rule)
    return (opened is None or bool(opened & _WEB)) and (not told or any(_public(each["ipBlock"]) for each in told if isinstance(each.get("ipBlock"), dict)))


def _public(block: Any) -> bool:
    try:
        return not ip_network(str(block.get("cidr", "")), strict=False).is_private
    except ValueError:
        return True


def _loaded(eyes: Eyes, unit: Manifest) -> frozenset[str]:
    """The files that the commands of a unit's containers load; none where these are those of their images."""
    found: frozenset[str] = frozenset()
    for _, each in each_of(unit.get(*_CONTAINERS)):
        for started in read_command(command(each.get("command"), each.get("args"))):
            path = eyes.code.reach.entry(started.entry) if started.entry else None
            found |= eyes.code.programs.loads(path) if path else frozenset()
    return found


PROBE = ShutPods()
