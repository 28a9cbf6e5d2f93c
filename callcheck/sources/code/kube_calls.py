"""What does the code ask of the API of Kubernetes?

    core.list_pod_for_all_namespaces()            watch.Watch().stream(core.list_namespaced_pod, "shop")            # Python, kubernetes and kubernetes_asyncio
    custom.list_cluster_custom_object("shop.example", "v1", "carts")
    api.listNamespacedPod({ namespace: "shop" })  watch.watch("/apis/shop.example/v1/carts", …)  makeInformer(config, "/api/v1/pods", list)      # @kubernetes/client-node
    @kopf.on.create("shop.example", "v1", "carts")

Sources: kubernetes 31.0 (client/api), @kubernetes/client-node 0.22 and 1.0 (gen/apis), kopf 1.37 (on.py; each kind is listed and watched, reactor/queueing.py). What a call for another container's shell
or ports needs is left out: it depends on the cluster's version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.every_text import every_text
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import Call, Literal, Member, Module, Node, last_name

EVERYWHERE = "*"
_PACKAGES = ("kubernetes", "kubernetes_asyncio", "@kubernetes/client-node", "kopf")
_VERBS = {"list": "list", "read": "get", "get": "get", "create": "create", "patch": "patch", "replace": "update", "delete": "delete", "deletecollection": "deletecollection"}
_METHOD = pattern(r"^(?P<verb>delete_collection|list|read|create|patch|replace|delete)_(?:(?P<spaced>namespaced_)?(?P<what>[a-z0-9_]+?)(?P<all>_for_all_namespaces)?)$")
_CUSTOM = pattern(r"^(?P<verb>list|get|create|patch|replace|delete)_(?P<where>cluster|namespaced)_custom_object(?P<part>_status|_scale)?$")
_PARTS = pattern(r"_(status|scale|log|eviction|token|binding)$")
_PATH = pattern(r"^/(?:api|apis/(?P<group>[\w.-]+))/v\w+/(?:namespaces/(?P<space>[^/]+)/)?(?P<what>[a-z]+)$")
_STREAMS = frozenset({"stream"})
_INFORMS = ("watch", "makeInformer", "ListWatch")
_HANDLES = frozenset("resume create update delete event field index timer daemon".split())
_GROUPS = {
    **dict.fromkeys("pods services configmaps secrets namespaces nodes persistentvolumeclaims persistentvolumes serviceaccounts endpoints resourcequotas limitranges replicationcontrollers".split(), ""),
    **dict.fromkeys("deployments statefulsets daemonsets replicasets controllerrevisions".split(), "apps"), **dict.fromkeys(("jobs", "cronjobs"), "batch"),
    **dict.fromkeys(("ingresses", "networkpolicies", "ingressclasses"), "networking.k8s.io"), "leases": "coordination.k8s.io", "horizontalpodautoscalers": "autoscaling", "poddisruptionbudgets": "policy",
    "customresourcedefinitions": "apiextensions.k8s.io",
}  # fmt: skip
"""The resources that have one group only; a legacy one of Ingress and Deployment is no longer served."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`group` is None where it is not known; `space` a namespace, EVERYWHERE for all of them, or for what is in none, "" for one that is not known."""

    verb: str
    group: str | None
    resource: str
    space: str
    node: Node
    operator: bool = False
    """Whether kopf asks for it, in the namespaces that it is started for."""


def kube_calls(code: Code) -> Iterator[Asked]:
    """All that is written out of it, outside tests."""
    for module in code.project.naming("kubernetes", "kubernetes_asyncio", "kopf", "client-node"):
        if is_test(module.path) or not any(each in module.text for each in _PACKAGES):
            continue
        yield from _by_methods(code, module)
        yield from _by_paths(code, module)
        yield from _by_kopf(code, module)


def _by_methods(code: Code, module: Module) -> Iterator[Asked]:
    for node in module.all(Member):
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower() if module.language != "python" else node.name
        call = node.parent if isinstance(node.parent, Call) else None
        if call is None or (custom := _CUSTOM.match(name)) is None and (method := _METHOD.match(name)) is None:
            continue
        called = call.callee is node
        streamed = not called and last_name(call.callee) in _STREAMS
        if not called and not streamed:
            continue
        args = call.args if called else call.args[1:]
        found = _of_custom(code, custom, node, call, args) if custom is not None else _of_method(code, method, node, call, args)  # type: ignore[arg-type]
        if found is not None:
            yield found
            if streamed or _is_true(given_as(call, "watch")):
                yield Asked("watch", found.group, found.resource, found.space, node)


def _of_method(code: Code, found: re.Match[str], node: Node, call: Call, args: list[Node]) -> Asked | None:
    part = _PARTS.search(found["what"])
    what = found["what"][: part.start()] if part else found["what"]
    resource = _plural(what.replace("_", ""))
    if not found["spaced"] and not found["all"] and resource not in ("nodes", "namespaces", "persistentvolumes", "customresourcedefinitions"):
        return None
    verb = _VERBS[found["verb"].replace("_", "")]
    if resource == "namespaces" and verb == "get":
        # What may be read in one namespace counts for the namespace itself.
        return None
    at = 0 if verb in ("list", "create", "deletecollection") else 1
    space = _space(code, call, args, at) if found["spaced"] else EVERYWHERE
    return Asked(verb, _GROUPS.get(resource), f"{resource}/{part[1]}" if part else resource, space, node)


def _of_custom(code: Code, found: re.Match[str], node: Node, call: Call, args: list[Node]) -> Asked | None:
    """group, version, namespace, plural; without a namespace for all of them."""
    spaced = found["where"] == "namespaced"
    group, plural = _text(code, given_as(call, "group") or _at(args, 0)), _text(code, given_as(call, "plural") or _at(args, 3 if spaced else 2))
    space = _space(code, call, args, 2) if spaced else EVERYWHERE
    part = (found["part"] or "").replace("_", "/")
    return Asked(_VERBS[found["verb"]], group or None, plural + part, space, node) if plural else None


def _by_paths(code: Code, module: Module) -> Iterator[Asked]:
    for call in module.calls(*_INFORMS) if module.language != "python" else ():
        for arg in call.args[:2]:
            found = _PATH.match(_text(code, arg))
            if found is not None:
                for verb in ("watch",) if last_name(call.callee) == "watch" else ("list", "watch"):
                    yield Asked(verb, found["group"] or "", found["what"], found["space"] or EVERYWHERE, call)


def _by_kopf(code: Code, module: Module) -> Iterator[Asked]:
    for call in module.calls(*_HANDLES):
        if not code.origins.of(call.callee).qualified.startswith("kopf.on."):
            continue
        told = [_text(code, each) for each in call.args[:3]]
        plural = _text(code, call.keyword("plural")) or (told[-1] if told else "")
        group = _text(code, call.keyword("group")) or (told[0].partition("/")[0] if len(told) > 1 else None)
        if len(told) == 1 and "." in plural:
            plural, _, group = plural.partition(".")
        if plural.endswith("s") and plural == plural.lower() and plural.isalpha():  # kopf takes a kind and a singular, too
            held = _GROUPS.get(plural) if group is None else group
            for verb in ("list", "watch") if held is not None else ():
                yield Asked(verb, held, plural, "", call, operator=True)


def _space(code: Code, call: Call, args: list[Node], at: int) -> str:
    return _text(code, given_as(call, "namespace") or _at(args, at))


def _at(args: list[Node], index: int) -> Node | None:
    return args[index] if index < len(args) else None


def _text(code: Code, node: Node | None) -> str:
    """What it surely is; "" if it may be something else."""
    texts = every_text(code, node) or {}
    return next(iter(texts)) if len(texts) == 1 else ""


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Literal) and node.value is True


def _plural(what: str) -> str:
    """`networkpolicies` of `networkpolicy`, as the API names what it has."""
    if what.endswith("s") and what in ("endpoints", "podmetrics"):
        return what
    return f"{what[:-1]}ies" if what.endswith("cy") else f"{what}es" if what.endswith(("s", "x")) else f"{what}s"
