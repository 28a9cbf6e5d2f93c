"""What pods may do is what the bindings of their account give, in the namespaces in which they give it."""

from __future__ import annotations

from pathlib import Path

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.manifests import collect
from callcheck.sources.manifests.rbac import Rights, rights

HEAD = "apiVersion: rbac.authorization.k8s.io/v1\n"
ROLE = HEAD + "kind: %s\nmetadata: {name: %s}\nrules:\n  - {apiGroups: [shop.io], resources: [carts], verbs: [list]}\n---\n"
BINDING = HEAD + "kind: %s\nmetadata: {name: b, namespace: shop}\nroleRef: {kind: %s, name: %s}\nsubjects: [{kind: %s, name: sweeper, namespace: shop}]\n---\n"
UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sweeper, namespace: shop}\nspec: {template: {spec: {serviceAccountName: %s, containers: [{name: a, image: a}]}}}\n"


def held(folder: Path, text: str) -> Rights:
    (folder / "all.yaml").write_text(text, encoding="utf-8")
    eyes = Eyes(Target(base=folder, folders=(folder,)), Knowledge())
    return rights(eyes, collect(eyes))


def test_a_cluster_role_is_given_in_one_namespace_by_a_role_binding(tmp_path: Path) -> None:
    found = held(tmp_path, ROLE % ("ClusterRole", "r") + BINDING % ("RoleBinding", "ClusterRole", "r", "ServiceAccount") + UNIT % "sweeper")
    assert [(each.everywhere, each.namespace, each.about("shop.io", "carts"), each.gives("list"), each.gives("watch")) for each in found.given] == [(False, "shop", True, True, False)]
    assert not found.open
    assert not found.loose


def test_a_role_that_is_not_here_may_give_anything(tmp_path: Path) -> None:
    assert held(tmp_path, BINDING % ("ClusterRoleBinding", "ClusterRole", "cluster-admin", "ServiceAccount") + UNIT % "sweeper").open


def test_a_group_may_hold_the_account(tmp_path: Path) -> None:
    assert held(tmp_path, ROLE % ("ClusterRole", "r") + BINDING % ("ClusterRoleBinding", "ClusterRole", "r", "Group") + UNIT % "sweeper").open


def test_pods_of_another_account_have_nothing(tmp_path: Path) -> None:
    found = held(tmp_path, ROLE % ("ClusterRole", "r") + BINDING % ("RoleBinding", "ClusterRole", "r", "ServiceAccount") + UNIT % "other")
    assert (found.given, found.accounts) == ([], ["sweeper"])
    assert [unit.name for unit, _ in found.loose] == ["sweeper"]
