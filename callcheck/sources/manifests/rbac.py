"""What may the pods of the target do at the API of Kubernetes, by the roles that are bound to their accounts?

    kind: ClusterRole, rules: [{apiGroups: [shop.example], resources: [carts], verbs: [list, watch]}]
    kind: RoleBinding, metadata: {namespace: shop}, roleRef: {kind: ClusterRole, name: carts}, subjects: [{kind: ServiceAccount, name: sweeper}]

A RoleBinding gives what it gives in its own namespace alone, also of a ClusterRole. Source: kubernetes.io/docs/reference/access-authn-authz/rbac.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.noun import dataclass, field
from callcheck.sources.documents import each_of
from callcheck.sources.manifests import UNITS, Manifest, Manifests
from callcheck.sources.manifests.pods import whole

if TYPE_CHECKING:
    from callcheck.sources import Eyes

BINDINGS = ("ClusterRoleBinding", "RoleBinding")
ROLES = ("ClusterRole", "Role")
_PODS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*UNITS, "Job", "Service"), ("spec", "template", "spec")),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Pod": ("spec",),
}
"""Where each kind has the settings of its pods; a Service of Knative has them, too."""
_ACCOUNTS = ("serviceAccountName", "serviceAccount")


@dataclass(frozen=True, slots=True)
class Right:
    """One rule of a role, as one binding gives it."""

    groups: frozenset[str]
    resources: frozenset[str]
    verbs: frozenset[str]
    everywhere: bool
    namespace: str
    """Of a RoleBinding; "" where it is not written."""
    binding: Manifest
    role: Manifest
    index: int

    def about(self, group: str | None, resource: str) -> bool:
        """Whether it is about a resource at all; of no group it is not known which it is of."""
        return (group is None or not self.groups.isdisjoint((group, "*"))) and any(each in self.resources for each in (resource, "*", f"*/{resource.partition('/')[2]}"))

    def gives(self, verb: str) -> bool:
        return not self.verbs.isdisjoint((verb, "*"))


@dataclass(slots=True)
class Rights:
    """Of the accounts that pods here run under; `open`: they may do what is not to be seen. `loose` are pods that run under no account to which anything is bound, though something is bound to others."""

    given: list[Right] = field(default_factory=list)
    open: bool = False
    loose: list[tuple[Manifest, tuple[str, ...]]] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    """The names to which something is bound."""


def rights(eyes: Eyes, found: Manifests) -> Rights:
    """All that is given to any of these accounts; to all that are bound here, where no pods are."""
    bound = [(binding, account, space) for binding in found.of(*BINDINGS) for account, space in _subjects(binding)]
    pods = list(_pods(found))
    used = {(name, space) for name, space, _, _ in pods}
    held = Rights(accounts=list(dict.fromkeys(account for _, account, _ in bound)))
    held.open = any(row.get("kind") != "ServiceAccount" for binding in found.of(*BINDINGS) for _, row in each_of(binding.get("subjects")))
    mine = [each for each in bound if not used or any(each[1] == name and _same(each[2], space) for name, space in used)]
    for binding in {id(each[0]): each[0] for each in mine}.values():
        role = _role(found, binding)
        if role is None or role.get("aggregationRule") is not None or not whole(eyes, binding) or not whole(eyes, role):
            held.open = True
        else:
            held.given += _given(binding, role)
    held.loose = [(unit, path) for name, space, unit, path in pods if not any(account == name and _same(to, space) for _, account, to in bound)] if bound else []
    return held


def _pods(found: Manifests) -> Iterator[tuple[str, str, Manifest, tuple[str, ...]]]:
    """The account, the namespace, the unit and the path to the settings of its pods."""
    for unit in found.of(*_PODS):
        told = unit.get(*_PODS[unit.kind])
        if isinstance(told, dict) and told.get("containers"):
            name = next((str(told[key]) for key in _ACCOUNTS if told.get(key)), "default")
            yield name, _space(unit), unit, _PODS[unit.kind]


def _subjects(binding: Manifest) -> Iterator[tuple[str, str]]:
    for _, row in each_of(binding.get("subjects")):
        if row.get("kind") == "ServiceAccount":
            yield str(row.get("name")), str(row.get("namespace") or _space(binding))


def _role(found: Manifests, binding: Manifest) -> Manifest | None:
    kind, name = binding.get("roleRef", "kind"), binding.get("roleRef", "name")
    return next((each for each in found.of(*ROLES) if (each.kind, each.name) == (kind, name) and (kind == "ClusterRole" or _same(_space(each), _space(binding)))), None)


def _given(binding: Manifest, role: Manifest) -> Iterator[Right]:
    for index, rule in each_of(role.get("rules")):
        groups, resources, verbs = (_texts(rule.get(key)) for key in ("apiGroups", "resources", "verbs"))
        yield Right(groups, resources, verbs, binding.kind == "ClusterRoleBinding", _space(binding), binding, role, index)


def _texts(value: Any) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _space(manifest: Manifest) -> str:
    return str(manifest.get("metadata", "namespace") or "")


def _same(one: str, other: str) -> bool:
    """Whether two namespaces may be one; what is not written is not known."""
    return not one or not other or one == other
