"""A right that the code needs and no binding gives is told where it is missing; nothing where the pods may have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.kube_rights import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

RBAC = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [%s]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: %s
metadata: {name: b, namespace: shop}
roleRef: {kind: ClusterRole, name: r}
subjects: [{kind: ServiceAccount, name: bell, namespace: shop}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: bell, namespace: shop}
spec: {template: {spec: {%scontainers: [{name: a, image: a}]}}}
"""
BELL = "serviceAccountName: bell, "
CODE = "from kubernetes import client, config, watch\nconfig.load_incluster_config()\ncore = client.CoreV1Api()\nfor event in watch.Watch().stream(%s):\n    print(event)\n"
ALL, ONE = CODE % "core.list_pod_for_all_namespaces", CODE % "core.list_namespaced_pod, 'shop'"
KOPF = "import kopf\n@kopf.on.event('pods')\ndef f(**_): pass\n"


def places(folder: Path, rbac: str, code: str, run: str = "") -> list[str]:
    return [str(each.where) for each in look(folder, {"k.yaml": rbac, "bell.py": code, "run.sh": run}) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("rbac", "code", "run", "place"),
    [
        (RBAC % ("list, watch", "RoleBinding", BELL), ALL, "", "k.yaml:8"),
        (RBAC % ("list", "ClusterRoleBinding", BELL), ALL, "", "k.yaml:5"),
        (RBAC % ("get", "RoleBinding", BELL), ONE, "", "k.yaml:5"),
        (RBAC % ("list, watch", "ClusterRoleBinding", ""), ALL, "", "k.yaml:16"),
        (RBAC % ("list, watch", "RoleBinding", BELL), ONE.replace("'shop'", "'till'"), "", "k.yaml:8"),
        (RBAC % ("list, watch", "RoleBinding", BELL), CODE % "core.list_namespaced_secret, 'shop'", "", "k.yaml:4"),
        (RBAC % ("list, watch", "RoleBinding", BELL), KOPF, "kopf run bell.py\n", "k.yaml:8"),
    ],
)
def test_a_right_is_missing(tmp_path: Path, rbac: str, code: str, run: str, place: str) -> None:
    assert places(tmp_path, rbac, code, run) == [place]


@pytest.mark.parametrize(
    ("rbac", "code", "run"),
    [
        (RBAC % ("list, watch", "ClusterRoleBinding", BELL), ALL, ""),
        (RBAC % ('"*"', "RoleBinding", BELL), ONE, ""),
        (RBAC % ("list, watch", "RoleBinding", BELL), KOPF, "kopf run -n shop bell.py\n"),
        (RBAC % ("list, watch", "RoleBinding", BELL), KOPF, ""),
        ((RBAC % ("list", "RoleBinding", BELL)).replace("roleRef: {kind: ClusterRole, name: r}", "roleRef: {kind: ClusterRole, name: view}"), ALL, ""),
        (RBAC % ("list", "RoleBinding", BELL), ALL.replace("load_incluster_config", "load_kube_config"), ""),
        (RBAC % ("list", "RoleBinding", BELL), ALL + "# a 403 is expected\nif error.status == 403: pass\n", ""),
    ],
)
def test_the_right_is_there_or_nobody_knows(tmp_path: Path, rbac: str, code: str, run: str) -> None:
    assert places(tmp_path, rbac, code, run) == []
