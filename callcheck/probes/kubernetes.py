"""Which units does Kubernetes run, how often, and what balances requests over them?

    kind: Deployment
    spec: {replicas: 3}

`replicas` is 1 where it is absent; an autoscaler and an overlay have the last word; a Service has no affinity unless it says ClientIP.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, LoadBalanced, ServiceStops, StickySessions
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.launch import (
    INFRASTRUCTURE,
    Unit,
    dockerfile_of,
    number,
    replicas,
    role_of_image,
    role_of_name,
    state_image,
    stops,
)
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.containers import unit_of

_ONCE = ("CronJob", "Job")
_SCALED: dict[str, tuple[tuple[str, ...], tuple[str, ...], int, int | None]] = {
    "HorizontalPodAutoscaler": (("minReplicas",), ("maxReplicas",), 1, None),
    "ScaledObject": (("minReplicaCount",), ("maxReplicaCount",), 0, 100),
    "HTTPScaledObject": (("replicas", "min"), ("replicas", "max"), 0, 100),
}
"""Where an autoscaler tells its bounds, and which it has where it does not (KEDA 2.17 and its HTTP add-on 0.10)."""
_VARIABLE = pattern(r"(?<!\$)\$\((\w{1,80})\)")


class Kubernetes:
    """Plain manifests, kustomizations, and Helm charts as far as their templates are plain."""

    name = "kubernetes"
    looks_at = ("*.yaml", "*.yml")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, StickySessions, LoadBalanced, ServiceStops})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        for item in found.of(*UNITS, *_ONCE):
            yield from _unit(eyes, item, found)
        if not found.of(*UNITS):
            for overlay in {o.name: found.overlay(o.name) for o in found.overlays}.values():
                if overlay is not None:
                    unit = Unit("kubernetes", "kubernetes", overlay.name, overlay.file, overlay.line)
                    yield replicas(unit, number(overlay.count).many, f"replicas: {overlay.count}")
        yield from _balance(eyes, found)
        yield from found.lost


def _unit(eyes: Eyes, item: Manifest, found: Manifests) -> Iterator[Evidence | Lost]:
    from callcheck.sources.environment.kube import given

    path: tuple[str, ...] = ("spec", "template", "spec", "containers")
    if item.kind == "CronJob":
        path = ("spec", "jobTemplate", *path)
    containers = item.get(*path)
    roles, units = [], [item.name]
    for index, container in enumerate(containers if isinstance(containers, list) else []):
        if not isinstance(container, Table):
            continue
        image = str(container.get("image") or "")
        role = role_of_image(image) or ("scheduler" if item.kind == "CronJob" else "")
        roles.append(role)
        if role in INFRASTRUCTURE and len(containers) > 1:
            continue
        name = unit_of(item, container, containers)
        units += [name] if name not in units else []
        unit = Unit(
            "kubernetes", "kubernetes", name, *item.at(*path, index), given(found, item, (*path, index), container), role, image
        )
        names = [item.name, str(container.get("name") or "")]
        dockerfile = None if role in INFRASTRUCTURE else dockerfile_of(eyes, image, names)
        words = (_words(container, key, unit.env) for key in ("command", "args"))
        yield from state_image(eyes, unit, dockerfile, entrypoint=next(words), command=next(words))
    if item.kind == "CronJob":
        yield stops(Unit("kubernetes", "kubernetes", item.name, *item.at("kind")), "schedule", role="scheduler")
    if item.kind in _ONCE or (roles and all(role in INFRASTRUCTURE for role in roles)):
        return
    for name in units:
        yield _replicas(Unit("kubernetes", "kubernetes", name, *item.at("kind")), item, found)
    yield from _stops(Unit("kubernetes", "kubernetes", item.name, *item.at("kind")), found)


def _words(container: Table, key: str, env: Mapping[str, str]) -> Any:
    """The words with the container's variables in them: `$(WORKERS)`, of which `$$(…)` is none."""
    value = container.get(key)
    if not isinstance(value, list):
        return ""
    return [_VARIABLE.sub(lambda found: env.get(found[1], f"${{{found[1]}}}"), word) if isinstance(word, str) else word for word in value]


def _replicas(unit: Unit, item: Manifest, found: Manifests) -> Evidence:
    for scaler in found.scalers(item.name, *_SCALED):
        low_path, high_path, least, most = _SCALED[scaler.kind]
        low, high = number(scaler.get("spec", *low_path)).many, number(scaler.get("spec", *high_path)).many
        file, line = scaler.at("spec", *(low_path if (low or 0) > 1 else high_path))
        low, high = least if low is None else low, most if high is None else high
        return replicas(unit, high, f"{'.'.join(low_path)}: {low}, {'.'.join(high_path)}: {high}", line, file=file)
    if not item.built and (overlay := found.overlay(item.name)):
        label = f"{overlay.count} replicas, from the overlay" if overlay.file.name != item.file.name else ""
        return replicas(
            unit, number(overlay.count).many, f"replicas: {overlay.count}", overlay.line, file=overlay.file, label=label
        )
    if item.kind == "DaemonSet":
        return replicas(unit, 2, "DaemonSet: one a node", at_least=True)
    told = item.get("spec", "replicas")
    if told is None:
        return replicas(unit, 1, "no replicas key: 1")
    file, line = item.at("spec", "replicas")
    return replicas(unit, number(told).many, f"replicas: {told}", line, file=file)


def _stops(unit: Unit, found: Manifests) -> Iterator[Evidence]:
    """KEDA lets a unit go to zero; it wakes on its triggers alone (minReplicaCount is 0 where it is absent)."""
    for scaler in found.scalers(unit.service, "ScaledObject"):
        if number(scaler.get("spec", "minReplicaCount")).many:
            continue
        triggers = scaler.get("spec", "triggers")
        for index, trigger in enumerate(triggers if isinstance(triggers, list) else []):
            metadata = trigger.get("metadata") if isinstance(trigger, Table) else None
            keys = (
                "listName",
                "queueName",
                "topic",
                "stream",
                "queueURL",
                "subscriptionName",
                "subject",
                "query",
                "start",
            )
            key = next((k for k in keys if isinstance(metadata, Table) and k in metadata), "")
            watched = (
                f"{trigger.get('type')} {metadata[key]}"
                if key and isinstance(metadata, Table)
                else str(trigger.get("type"))
            )
            path = ("spec", "triggers", index, "metadata", key) if key else ("spec", "triggers", index)
            fact = ServiceStops(clean(unit.service, 80), role_of_name(unit.service), clean(watched, 80), "keda")
            yield Evidence(
                fact,
                Basis.DECLARED,
                "kubernetes",
                scaler.where(*path),
                service=fact.service,
            )


def _balance(eyes: Eyes, found: Manifests) -> Iterator[Evidence]:
    sticky = _sticky_backends(found)
    known = {service.name for service in found.of("Service")}
    units = [unit.name for unit in found.of(*UNITS)]
    for backend, (ingress, path, by) in sticky.items():
        # The Service itself is made elsewhere, or by a chart.
        unit_name = backend if backend in units else units[0] if len(units) == 1 else ""
        if backend not in known and unit_name:
            yield Evidence(StickySessions(by, clean(unit_name, 80)), Basis.DECLARED, "kubernetes", ingress.where(*path), service=clean(unit_name, 80))
    for service in found.of("Service"):
        if not str(service.get("apiVersion")).startswith("v1"):
            continue
        if service.get("spec", "type") == "ExternalName" or service.get("spec", "clusterIP") == "None":
            continue
        unit = _selected(eyes, service, found)
        if unit is None:
            continue
        name = clean(unit.name, 80)
        # A controller balances over the pods themselves: what the Service says of clients is never asked.
        through = next((i for i in found.of("Ingress") if service.name in _backends(i.body) and not _to_the_service(i)), None)
        if service.get("spec", "sessionAffinity") == "ClientIP" and through is None:
            where = service.where("spec", "sessionAffinity")
            yield Evidence(StickySessions("ip", name), Basis.DECLARED, "kubernetes", where, service=name)
        elif service.name in sticky:
            ingress, path, by = sticky[service.name]
            where = ingress.where(*path)
            yield Evidence(StickySessions(by, name), Basis.DECLARED, "kubernetes", where, service=name)
        elif service.get("spec", "sessionAffinity") == "ClientIP" and through is not None:
            where = through.where("kind")
            yield Evidence(LoadBalanced("kubernetes-ingress", name), Basis.DECLARED, "kubernetes", where, service=name)
        else:
            where = service.where("kind")
            yield Evidence(LoadBalanced("kubernetes-service", name), Basis.DECLARED, "kubernetes", where, service=name)


def _selected(eyes: Eyes, service: Manifest, found: Manifests) -> Manifest | None:
    """The unit whose pods a Service selects, as far as both tell their labels."""
    selector = service.get("spec", "selector")
    if not isinstance(selector, dict) or not selector:
        return None
    from callcheck.sources.manifests.pods import labels_of, picks

    fitting = (unit for unit in found.of(*UNITS) if picks(eyes, service, selector, unit) is not False)
    return next((unit for unit in fitting if selector.items() <= labels_of(unit).items()), None)


def _sticky_backends(found: Manifests) -> dict[str, tuple[Manifest, tuple[str, ...], str]]:
    """Service name -> the Ingress, the path of the annotation, and by what clients stick."""
    sticky: dict[str, tuple[Manifest, tuple[str, ...], str]] = {}
    for ingress in found.of("Ingress", "HTTPProxy", "IngressRoute", "DestinationRule", "TraefikService", "HTTPRoute", "BackendTrafficPolicy"):
        told = _affinity(ingress)
        for name in _backends(ingress.body) if told else ():
            sticky[name] = (ingress, *told) if told else sticky[name]
    for service in found.of("Service"):
        annotations = service.get("metadata", "annotations")
        for key, value in annotations.items() if isinstance(annotations, Table) else ():
            if "sticky" in key and str(value).lower() == "true":
                sticky[service.name] = (service, ("metadata", "annotations", key), "cookie")
    return sticky


def _to_the_service(ingress: Manifest) -> bool:
    """Whether the controller sends to the Service's own address, which then chooses the pod."""
    annotations = ingress.get("metadata", "annotations")
    return isinstance(annotations, Table) and any(key.endswith("/service-upstream") and str(value).lower() == "true" for key, value in annotations.items())


def _affinity(ingress: Manifest) -> tuple[tuple[str, ...], str] | None:
    annotations = ingress.get("metadata", "annotations")
    for key, value in annotations.items() if isinstance(annotations, Table) else ():
        path = ("metadata", "annotations", key)
        if key.endswith("/affinity") and value == "cookie":
            return path, "cookie"
        if key.endswith("/upstream-hash-by"):
            return path, "ip" if "addr" in str(value) else "header"
        if key.endswith("/target-group-attributes") and "stickiness.enabled=true" in str(value):
            return path, "cookie"
        if (
            key.endswith(("/session-cookie-name", "/cookie-persistence", "/sticky-sessions", "/affinity-mode"))
            and "nginx" not in key
        ):
            return path, "cookie"
    if ingress.get("spec", "trafficPolicy", "loadBalancer", "consistentHash") is not None:
        return ("spec", "trafficPolicy", "loadBalancer", "consistentHash"), "header"
    hashed = str(ingress.get("spec", "loadBalancer", "consistentHash", "type") or "")
    if hashed:
        # gateway.envoyproxy.io, BackendTrafficPolicy: SourceIP, Header, Cookie.
        return ("spec", "loadBalancer"), {"SourceIP": "ip", "Header": "header"}.get(hashed, "cookie")
    if _holds_key(ingress.body.get("spec"), ("sticky", "cookie", "sessionPersistence")):
        return ("spec",), "cookie"
    return None


def _holds_key(value: Any, keys: tuple[str, ...], depth: int = 0) -> bool:
    if depth > 20:
        return False
    if isinstance(value, dict):
        return any(key in value for key in keys) or any(_holds_key(item, keys, depth + 1) for item in value.values())
    return isinstance(value, list) and any(_holds_key(item, keys, depth + 1) for item in value)


def _backends(value: Any, depth: int = 0) -> Iterator[str]:
    """Every service that an Ingress names: `service.name`, the old `serviceName`, Istio's `host`."""
    if depth > 25:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "service" and isinstance(item, dict) and isinstance(item.get("name"), str):
                yield item["name"]
            elif key == "serviceName" and isinstance(item, str):
                yield item
            elif key == "host" and isinstance(item, str) and depth < 3:
                yield item.split(".")[0]
            elif key in ("services", "backendRefs") and isinstance(item, list):
                yield from (str(i["name"]) for i in item if isinstance(i, dict) and "name" in i)
            yield from _backends(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _backends(item, depth + 1)


PROBE = Kubernetes()
