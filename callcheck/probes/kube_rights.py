"""May the pods ask of the API of Kubernetes what the code asks of it?

    kopf run --all-namespaces handlers.py                 # lists and watches in all namespaces
    kind: RoleBinding                                     # of the ClusterRole that allows it: in one namespace alone, so the API answers 403

Source: kubernetes.io/docs/reference/access-authn-authz/rbac: what no binding allows is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.kube_calls import EVERYWHERE, Asked, kube_calls
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.kopf_scope import Scope, kopf_scope
from callcheck.sources.manifests import collect
from callcheck.sources.manifests.rbac import Right, Rights, rights

_INSIDE = pattern(r"load_incluster_config|load_config\b|loadFromCluster|loadFromDefault|\bimport kopf\b|\bfrom kopf\b")
"""What has a program ask by the account of its pod."""
_FORGIVEN = pattern(r"\b403\b|(?i:forbidden)")
_BY_HAND = pattern(r"(?:^|/)(?:scripts?|tools?|bin|examples?|docs?|e2e|hack)/")
_ANSWERS = "so the API answers 403 and nothing comes"


class KubeRights:
    """One evidence a right that is missing. Silent where the pods have rights that cannot be seen, where the code expects to be refused, and on what another program of the project asks for, whose account may be another."""

    name = "kube-rights"
    looks_at = ("*.yaml", "*.yml")
    marks = ("RoleBinding",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        if not found.of("RoleBinding", "ClusterRoleBinding"):
            return
        held = rights(eyes, found)
        asked = [each for each in kube_calls(eyes.code) if not _BY_HAND.search(module_of(each.node).path)]
        if held.open or not any(_INSIDE.search(module.text) for module in {id(each.node.top): module_of(each.node) for each in asked}.values()):
            return
        scope = kopf_scope(eyes) if any(each.operator for each in asked) else None
        asked = [one for each in asked for one in _in_each(each, scope)]
        mine = {_part(each) for each in asked if any(_covers(right, each) for right in held.given)} or {_part(each) for each in asked}
        told: set[str] = set()
        for each in asked:
            if each.resource in told or _FORGIVEN.search(module_of(each.node).text) or any(_covers(right, each) for right in held.given):
                continue
            if any(right.about(each.group, each.resource) for right in held.given) or mine == {_part(each)}:
                evidence = self._missing(held, each, scope if each.operator else None)
                if evidence is not None:
                    told.add(each.resource)
                    yield evidence

    def _missing(self, held: Rights, asked: Asked, scope: Scope | None) -> Evidence | None:
        about = [right for right in held.given if right.about(asked.group, asked.resource)]
        narrow = next((right for right in about if right.gives(asked.verb)), None)
        what = clean(asked.resource, 60)
        if not held.given:
            if not held.loose or len(held.accounts) != 1:
                return None
            unit, path = held.loose[0]
            where, why = unit.where(*path), f"the pods run under an account to which nothing is bound, {_ANSWERS}: set serviceAccountName to {clean(held.accounts[0], 60)}"
        elif narrow is not None:
            space = clean(narrow.namespace, 60) or "its own"
            wanted = "all namespaces" if asked.space == EVERYWHERE else f"the namespace {clean(asked.space, 60)}"
            where, why = narrow.binding.where("kind"), f"this RoleBinding lets the account {asked.verb} {what} in the namespace {space} alone, and the code asks for {wanted}, {_ANSWERS}: bind it there, or by a ClusterRoleBinding"
        elif about:
            verbs = clean(", ".join(sorted(frozenset().union(*(right.verbs for right in about)))), 60)
            where, why = about[0].role.where("rules", about[0].index, "verbs"), f"the role allows {verbs} of {what} and not {asked.verb}, {_ANSWERS}; add the verb"
        else:
            where, why = held.given[0].role.where("rules"), f"no role of this account allows to {asked.verb} {what}{f' of {clean(asked.group, 60)}' if asked.group else ''}, {_ANSWERS}; add a rule"
        fact = LibraryTrap("upstream-auth", "strong", why, what, "kubernetes", module_of(asked.node).language)
        because = [seen(fact, asked.node, self.name, label=f"this asks to {asked.verb} {what}")]
        if scope is not None:
            because.append(Evidence(fact, Basis.DECLARED, self.name, scope.where, label="this says in which namespaces"))
        return Evidence(fact, Basis.DECLARED, self.name, where, because=tuple(because))


def _in_each(asked: Asked, scope: Scope | None) -> list[Asked]:
    """What kopf asks for in each namespace that it listens in; anything else as it is."""
    if not asked.operator or scope is None:
        return [asked]
    return [replace(asked, space=space) for space in sorted(scope.spaces) or [EVERYWHERE]]


def _part(asked: Asked) -> str:
    """The folder of the top that a call stands in: of several programs in one project each may have an account of its own."""
    return module_of(asked.node).path.rpartition("/")[0].partition("/")[0]


def _covers(right: Right, asked: Asked) -> bool:
    reaches = right.everywhere or (asked.space != EVERYWHERE and (not asked.space or not right.namespace or asked.space == right.namespace))
    return reaches and right.about(asked.group, asked.resource) and right.gives(asked.verb)


PROBE = KubeRights()
