"""What does a cluster say of a workload? Asked through `kubectl get` and `kubectl logs`, each thing once."""

from __future__ import annotations

import io
from typing import Any

from callcheck.model.errors import NotFound, SourceError
from callcheck.model.evidence import Lost
from callcheck.model.printable import clean
from callcheck.sources.live import managed
from callcheck.sources.live.outside import ask

_KINDS = "deployments,statefulsets,daemonsets"
BESIDE = "services,horizontalpodautoscalers,ingresses"
_LINES = "5000"
_BYTES = "2000000"
_PODS = "20"
"""The last lines of each container, the most bytes of it, and the most containers that are asked at once."""

Object = dict[str, Any]


class Told(io.BytesIO):
    """The lines of all pods, each with its pod and time before it; `name` is what facts call the file."""

    def __init__(self, told: bytes, name: str) -> None:
        super().__init__(told)
        self.name = name


class Cluster:
    """The workloads of one run; `what` is `namespace/name` or `namespace/kind/name`."""

    def __init__(self) -> None:
        self._works: dict[str, Object] = {}
        self.lost: list[Lost] = []
        """Logs that could not be had."""

    def work(self, what: str) -> Object:
        """The workload. Raises NotFound if there is none, or SourceError as `ask`."""
        if what not in self._works:
            namespace, *kind, name = what.split("/")
            found = managed.objects(_get(namespace, kind[0] if kind else _KINDS, name, "--ignore-not-found"))
            if not found:
                raise NotFound(f"no workload {clean(name, 60)} in the namespace {clean(namespace, 60)}", f"`kubectl get {_KINDS} -n {clean(namespace, 60)}` lists them")
            self._works[what] = found[0]
        return self._works[what]

    def pods(self, what: str) -> list[managed.Managed]:
        """The workload's pods. Raises as `work`."""
        namespace, *_, name = what.split("/")
        return managed.pods(managed.objects(_get(namespace, "pods", "--selector", self._selector(what))), name)

    def beside(self, what: str) -> list[Object]:
        """The Services, autoscalers and Ingresses of its namespace. Raises SourceError as `ask`."""
        return managed.objects(_get(what.split("/")[0], BESIDE))

    def logs(self, whats: list[str]) -> Told | None:
        """The last lines of all containers of these workloads, one after the other; None if there are none. What fails is in `lost`."""
        told = b""
        for what in whats:
            try:
                words = ["--all-containers", "--prefix", "--timestamps", "--tail", _LINES, "--limit-bytes", _BYTES, "--max-log-requests", _PODS]
                told += ask("kubectl", ["logs", "--namespace", what.split("/")[0], "--selector", self._selector(what), *words]).encode()
            except NotFound:  # as is said of the workload itself
                continue
            except SourceError as error:
                self.lost.append(Lost(f"logs of {clean(what, 80)}", error.message))
        return Told(told, f"kubectl logs {clean(', '.join(whats), 120)}") if told.strip() else None

    def _selector(self, what: str) -> str:
        labels = table(table(table(self.work(what).get("spec")).get("selector")).get("matchLabels"))
        if not labels:
            raise NotFound(f"{clean(what, 80)} selects its pods by expressions alone", "give the pods' own logs and files instead")
        return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def _get(namespace: str, *words: str) -> str:
    return ask("kubectl", ["get", *words, "--namespace", namespace, "--output", "json", "--request-timeout", "15s"])


def table(value: Any) -> Object:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
