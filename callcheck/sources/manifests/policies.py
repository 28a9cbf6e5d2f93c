"""Which network policies shut in a unit's pods?

    kind: NetworkPolicy
    spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}

Source: kubernetes.io/docs/concepts/services-networking/network-policies: without policyTypes a policy is for what comes in, and for what goes out only if it has rules for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.manifests.manifest import Manifest
from callcheck.sources.manifests.pods import picks

if TYPE_CHECKING:
    from callcheck.sources import Eyes

OTHERS = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy")
"""Policies of other kinds, which may open a way."""


def closes_in(policy: Manifest) -> bool:
    """Whether only what it allows comes in."""
    types = policy.get("spec", "policyTypes")
    return "Ingress" in types if isinstance(types, list) else True


def closes_out(policy: Manifest) -> bool:
    """Whether only what it allows goes out."""
    types = policy.get("spec", "policyTypes")
    return "Egress" in types if isinstance(types, list) else policy.get("spec", "egress") is not None


def selects(eyes: Eyes, policy: Manifest, unit: Manifest) -> bool | None:
    """Whether a policy is for the pods of a unit; None if that is open, as with expressions."""
    wanted = policy.get("spec", "podSelector", "matchLabels")
    found = picks(eyes, policy, wanted if isinstance(wanted, dict) else {}, unit)
    return None if found and policy.get("spec", "podSelector", "matchExpressions") else found
