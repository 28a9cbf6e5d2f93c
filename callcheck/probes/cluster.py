"""What does Kubernetes run of one workload at this moment, behind which Service, and how often was it restarted?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, LoadBalanced, ServiceRun, StickySessions
from callcheck.model.facts.live import ProcessesRun
from callcheck.model.noun import replace
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.live.kube import BESIDE, table
from callcheck.sources.live.managed import Managed
from callcheck.sources.live.stated import Manager, stated

_READ = frozenset({"WEB_CONCURRENCY", "GUNICORN_CMD_ARGS", "GRANIAN_WORKERS", "UWSGI_PROCESSES"})
"""The variables that say how many workers a server starts; no other is looked at."""
_KUBERNETES = Manager("cluster", "kubernetes", "replicas", "replica")


class Cluster:
    """Asks kubectl, with the context that it has; the logs of the pods are read with all others."""

    name = "cluster"
    looks_at = Sight.PROCESSES
    answers: frozenset[type[Fact]] = frozenset({ProcessesRun, InstancesFactor, ServiceRun, StickySessions, LoadBalanced})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if any(system == "k8s" for system, _ in target.managers) else "no k8s:NAMESPACE/NAME given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        failed: list[tuple[str, SourceError]] = []
        some = False
        for system, what in target.managers:
            if system == "k8s":
                try:
                    yield from _workload(what, target, eyes)
                    some = True
                except SourceError as error:
                    failed.append((f"k8s:{what}", error))
        if failed and not some:
            raise failed[0][1]
        for what, why in failed:
            yield Lost(clean(what, 80), why.message)
        eyes.sees(Sight.LOGS)  # asks for the pods' logs
        yield from eyes.cluster.lost


def _workload(what: str, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
    name = what.split("/")[-1]
    spec = table(eyes.cluster.work(what).get("spec"))
    listed = eyes.cluster.pods(what) or [Managed(name, name, False, "no pod")]
    command, image, env = _container(spec)
    wanted = spec.get("replicas")
    yield from stated(_KUBERNETES, name, [replace(item, command=command, image=image) for item in listed], target.base, env)
    if isinstance(wanted, int) and wanted != sum(item.up for item in listed):
        told = InstancesFactor(wanted, False, "replicas", "kubernetes", name, f"spec.replicas: {wanted}")
        yield Evidence(told, Basis.DECLARED, "cluster", service=name, label=f"{wanted} replicas are asked for")
    try:
        yield from _beside(eyes.cluster.beside(what), eyes.cluster.work(what), name)
    except SourceError as error:
        yield Lost(f"{BESIDE} beside {clean(what, 80)}", error.message)


def _container(spec: dict[str, Any]) -> tuple[str, str, dict[str, str]]:
    """The command, image and worker variables of the first container."""
    containers = table(table(spec.get("template")).get("spec")).get("containers")
    first = table(containers[0]) if isinstance(containers, list) and containers else {}
    words = [*(first.get("command") or []), *(first.get("args") or [])]
    rows = [table(row) for row in first.get("env") or []]
    env = {str(row["name"]): str(row["value"]) for row in rows if row.get("name") in _READ and "value" in row}
    return clean(" ".join(map(str, words))), clean(str(first.get("image", "")), 120), env


def _beside(found: list[dict[str, Any]], work: dict[str, Any], name: str) -> Iterator[Evidence]:
    labels = table(table(table(table(work.get("spec")).get("template")).get("metadata")).get("labels"))
    for scaler in (item for item in found if item.get("kind") == "HorizontalPodAutoscaler"):
        spec = table(scaler.get("spec"))
        most = spec.get("maxReplicas")
        if table(spec.get("scaleTargetRef")).get("name") == name and isinstance(most, int):
            text = f"minReplicas: {spec.get('minReplicas', 1)}, maxReplicas: {most}"
            yield Evidence(InstancesFactor(most, False, "replicas", "kubernetes", name, text), Basis.OBSERVED, "cluster", service=name, label=f"an autoscaler may run {most}")
    sticky = {backend for item in found if item.get("kind") == "Ingress" and _by_cookie(item) for backend in _backends(item.get("spec"))}
    for service in (item for item in found if item.get("kind") == "Service"):
        spec, called = table(service.get("spec")), str(table(service.get("metadata")).get("name", ""))
        selector = table(spec.get("selector"))
        if not selector or any(labels.get(key) != value for key, value in selector.items()) or spec.get("clusterIP") == "None":
            continue
        by = "ip" if spec.get("sessionAffinity") == "ClientIP" else "cookie" if called in sticky else ""
        fact = StickySessions(by, name) if by else LoadBalanced("kubernetes-service", name)
        yield Evidence(fact, Basis.OBSERVED, "cluster", service=name, label=f"the Service {clean(called, 60)} {'keeps sessions by ' + by if by else 'spreads requests, whoever comes'}")


def _by_cookie(ingress: dict[str, Any]) -> bool:
    notes = table(table(ingress.get("metadata")).get("annotations"))
    return any(key.endswith("/affinity") and value == "cookie" for key, value in notes.items())


def _backends(value: Any, depth: int = 0) -> Iterator[str]:
    """The Services that an Ingress names."""
    if isinstance(value, dict) and depth < 12:
        for key, item in value.items():
            if key == "service" and isinstance(item, dict) and isinstance(item.get("name"), str):
                yield item["name"]
            yield from _backends(item, depth + 1)
    elif isinstance(value, list) and depth < 12:
        for item in value:
            yield from _backends(item, depth + 1)


PROBE = Cluster()
