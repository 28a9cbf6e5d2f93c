"""What do network policies let the pods of a unit out to?

    policyTypes: [Egress]
    egress: [{ports: [{port: 53}]}, {to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]

Source: kubernetes.io/docs/concepts/services-networking/network-policies: what no policy of a pod allows is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callcheck.model.noun import dataclass
from callcheck.sources.manifests.manifest import Manifest, Manifests
from callcheck.sources.manifests.policies import closes_out, selects

if TYPE_CHECKING:
    from callcheck.sources import Eyes


@dataclass(frozen=True, slots=True)
class LetOut:
    """The policies that close the way out of a unit's pods, the rules of these, and the rules of those that may be for it, too."""

    policies: tuple[Manifest, ...]
    rules: tuple[Any, ...]
    maybe: tuple[Any, ...]

    @property
    def ruled(self) -> bool:
        """Whether each has rules: one without any shuts all in, and what is wanted is opened by others, which may be elsewhere."""
        return bool(self.rules) and all(each.get("spec", "egress") for each in self.policies)


def let_out(eyes: Eyes, found: Manifests, unit: Manifest) -> LetOut:
    chosen = [(each, selects(eyes, each, unit)) for each in found.of("NetworkPolicy") if closes_out(each)]
    mine = tuple(each for each, for_it in chosen if for_it)
    rules = tuple(rule for each in mine for rule in each.get("spec", "egress") or ())
    return LetOut(mine, rules, tuple(rule for each, for_it in chosen if for_it is None for rule in each.get("spec", "egress") or ()))


def ports(rule: Any) -> set[str] | None:
    """The ports that a rule opens, None for all; a range counts as all."""
    given = rule.get("ports") if isinstance(rule, dict) else None
    told = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    return None if not told or any("endPort" in each or "port" not in each for each in told) else {str(each["port"]) for each in told}


def anywhere(rule: Any) -> bool:
    """Whether a rule is for every address."""
    told = peers(rule)
    return not told or any(str(each["ipBlock"].get("cidr", "")).endswith("/0") for each in told if isinstance(each.get("ipBlock"), dict))


def peers(rule: Any) -> list[Any]:
    told = rule.get("to") if isinstance(rule, dict) else None
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
