"""Which ports do the deployment's units answer on, from inside its network and from outside?

    ports: ["8090:3000"]          # 3000 for the other containers, 8090 on the host alone
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.network import PortsOpen
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.environment import compose
from callcheck.sources.files import File
from callcheck.sources.launch.roles import role_of_image
from callcheck.sources.manifests import Manifest, collect

_LISTENS = pattern(r"(?:--port[ =]|--bind[ =]\S*:|-b \S*:|runserver \S*:)(\d{2,5})\b")
"""The port in a server's command line."""


class Ports:
    """Compose services by their `ports` and `expose`; Kubernetes Services, which let nothing through but the ports they list."""

    name = "ports"
    looks_at = ("*.yaml", "*.yml")
    answers: frozenset[type[Fact]] = frozenset({PortsOpen})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named("*.yaml", "*.yml") else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file, services in compose.files(eyes):
            joined = {mode.removeprefix("service:") for keys in services.values() if isinstance(keys, Table) and (mode := str(keys.get("network_mode") or "")).startswith("service:")}
            for name, keys in services.items():
                if isinstance(keys, Table):
                    yield _service(file, name, keys, services.lines[name], shared=name in joined)
        for workload in collect(eyes).of("Deployment", "StatefulSet", "DaemonSet"):
            key = _shares(workload)
            if key:
                fact = PortsOpen(clean(workload.name, 80), "", "", False, "host")
                yield Evidence(fact, Basis.DECLARED, self.name, workload.where("spec", "template", "spec", key), service=fact.service)
        for service in collect(eyes).of("Service"):
            rows = service.get("spec", "ports")
            if str(service.get("apiVersion")) != "v1" or not isinstance(rows, list):
                continue
            inside = ",".join(str(row["port"]) for row in rows if isinstance(row, Table) and "port" in row)
            # What the pods behind it listen on, which is nobody's to call but their own.
            behind = ",".join(str(row["targetPort"]) for row in rows if isinstance(row, Table) and str(row.get("targetPort", "")).isdigit() and row["targetPort"] != row.get("port"))
            fact = PortsOpen(clean(service.name, 80), inside, behind, True, "kubernetes")
            where = service.where("spec", "ports")
            yield Evidence(fact, Basis.DECLARED, self.name, where, service=fact.service)


def _shares(workload: Manifest) -> str:
    """The key by which a pod's containers share their localhost with the host, or with a proxy beside them; "" if none does."""
    if workload.get("spec", "template", "spec", "hostNetwork") is True:
        return "hostNetwork"
    containers = workload.get("spec", "template", "spec", "containers")
    beside = containers if isinstance(containers, list) and len(containers) > 1 else []
    return "containers" if any(role_of_image(str(each.get("image") or "")) == "proxy" for each in beside if isinstance(each, Table)) else ""


def _service(file: File, name: str, keys: Table, line: int, *, shared: bool) -> Evidence:
    inside: list[str] = []
    outside: list[str] = []
    rows = keys.get("ports")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Table):
            inside.append(str(row.get("target", "")))
            outside.append(str(row.get("published", "")))
            continue
        text = re.sub(r"\$\{\w+:?-?(\d*)\}", r"\1", row) if isinstance(row, str) and "$" in row else str(row)
        parts = text.split("/")[0].split(":")
        inside.append(parts[-1])
        outside += parts[-2:-1]
    exposed = keys.get("expose")
    inside += [str(port) for port in exposed] if isinstance(exposed, list) else []
    command = keys.get("command")
    inside += _LISTENS.findall(" ".join(map(str, command)) if isinstance(command, list) else str(command or ""))
    kept = [",".join(port for port in ports if port.isdigit()) for ports in (inside, outside)]
    fact = PortsOpen(clean(name, 80), kept[0], kept[1], False, "host" if shared or str(keys.get("network_mode") or "").startswith(("host", "service:", "container:")) else "compose")
    return Evidence(fact, Basis.DECLARED, "ports", Location(clean(file.name), keys.lines.get("ports", line)), service=fact.service)


PROBE = Ports()
