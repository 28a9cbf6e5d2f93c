"""What calls ask of Kubernetes' API is read off the methods, paths and decorators of its clients."""

from __future__ import annotations

import pytest

from callcheck.sources.code.kube_calls import EVERYWHERE, kube_calls

PY = "from kubernetes import client, watch\ncore = client.CoreV1Api()\n%s\n"
JS = "import * as k8s from '@kubernetes/client-node';\n%s\n"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.py", PY % "core.list_pod_for_all_namespaces()", [("list", "", "pods", EVERYWHERE)]),
        ("a.py", PY % "core.read_namespaced_pod_log('a', 'shop')", [("get", "", "pods/log", "shop")]),
        ("a.py", PY % "watch.Watch().stream(core.list_namespaced_config_map, namespace='shop')", [("list", "", "configmaps", "shop"), ("watch", "", "configmaps", "shop")]),
        ("a.py", PY % "client.NetworkingV1Api().delete_collection_namespaced_network_policy(space)", [("deletecollection", "networking.k8s.io", "networkpolicies", "")]),
        ("a.py", PY % "client.CustomObjectsApi().patch_namespaced_custom_object_status('shop.io', 'v1', 'a', 'carts', 'x', {})", [("patch", "shop.io", "carts/status", "a")]),
        ("a.py", PY % "core.list_node()", [("list", "", "nodes", EVERYWHERE)]),
        ("a.py", PY % "core.list_things()", []),
        ("a.py", PY % "core.read_namespace('shop')", []),
        ("a.js", JS % "api.listNamespacedJob({ namespace: 'shop' });", [("list", "batch", "jobs", "shop")]),
        ("a.js", JS % "api.listClusterCustomObject('shop.io', 'v1', 'carts');", [("list", "shop.io", "carts", EVERYWHERE)]),
        ("a.js", JS % "watch.watch('/api/v1/namespaces/shop/pods', {}, f, g);", [("watch", "", "pods", "shop")]),
        ("a.js", JS % "k8s.makeInformer(config, '/apis/shop.io/v1/carts', list);", [("list", "shop.io", "carts", EVERYWHERE), ("watch", "shop.io", "carts", EVERYWHERE)]),
        ("a.py", "import kopf\n@kopf.on.event('shop.io', 'v1', 'carts')\ndef f(**_): pass\n", [("list", "shop.io", "carts", ""), ("watch", "shop.io", "carts", "")]),
        ("a.py", "import kopf\n@kopf.on.event('carts.shop.io')\ndef f(**_): pass\n", [("list", "shop.io", "carts", ""), ("watch", "shop.io", "carts", "")]),
        ("a.py", "import kopf\n@kopf.on.startup()\ndef f(**_): pass\n", []),
    ],
)
def test_what_is_asked(code_of, name: str, text: str, told: list[tuple[str, str | None, str, str]]) -> None:
    assert [(each.verb, each.group, each.resource, each.space) for each in kube_calls(code_of({name: text}))] == told
