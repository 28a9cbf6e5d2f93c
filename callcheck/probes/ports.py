"""Which ports do the deployment's units answer on, from inside its network and from outside?

    ports: ["8090:3000", "127.0.0.1:9000:9000"]      # 3000 and 9000 for the other containers, 8090 on the host, and 9000 there for the host itself alone
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.network import PortsOpen
from callcheck.model.listening import listening_at
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

_NUMBER = pattern(r"\d{2,5}")
_OWN = pattern(r"(?:\$\{\w{1,60}:?-)?(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[?::1\]?)\}?(?::|$)")
"""The address at which a port is published, where that is the host's own."""


class Ports:
    """Compose services by their `ports` and `expose`; Kubernetes Services, which let nothing through but the ports they list; hosts of an Ingress."""

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
        for ingress in collect(eyes).of("Ingress"):
            listens, rules = _listens(ingress), ingress.get("spec", "rules")
            for rule in rules if listens and isinstance(rules, list) else ():
                if isinstance(rule, Table) and (host := str(rule.get("host") or "")) and "*" not in host:
                    fact = PortsOpen(clean(host, 200), listens, "", True, "ingress")
                    yield Evidence(fact, Basis.DECLARED, self.name, Location(ingress.where("spec").path, rule.line))


def _listens(ingress: Manifest) -> str:
    """At which ports an Ingress answers: 80 and 443, and those of alb.ingress.kubernetes.io/listen-ports; "" where Traefik's entry points are named, whose ports stand elsewhere."""
    told = ingress.get("metadata", "annotations")
    rows = told if isinstance(told, Table) else {}
    if any("entrypoints" in key for key in rows):
        return ""
    return ",".join(("80", "443", *(port for key, value in rows.items() if "listen-ports" in key for port in _NUMBER.findall(str(value)))))


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
    host_only: list[str] = []
    rows = keys.get("ports")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Table):
            inside.append(str(row.get("target", "")))
            outside.append(str(row.get("published", "")))
            host_only += outside[-1:] if _OWN.match(str(row.get("host_ip") or "")) else []
            continue
        text = re.sub(r"\$\{\w+:?-?(\d*)\}", r"\1", row) if isinstance(row, str) and "$" in row else str(row)
        parts = text.split("/")[0].split(":")
        inside.append(parts[-1])
        outside += parts[-2:-1]
        host_only += parts[-2:-1] if _OWN.match(text) and len(parts) > 2 else []
    exposed = keys.get("expose")
    inside += [str(port) for port in exposed] if isinstance(exposed, list) else []
    command = keys.get("command")
    inside += listening_at(" ".join(map(str, command)) if isinstance(command, list) else str(command or ""))
    kept = [",".join(dict.fromkeys(port for port in ports if port.isdigit())) for ports in (inside, outside, host_only)]
    elsewhere = str(keys.get("network_mode") or "").startswith(("host", "service:", "container:")) or _is_hosts_own(keys.get("extra_hosts"))
    system = "host" if shared or elsewhere else "compose"
    fact = PortsOpen(clean(name, 80), kept[0], kept[1], False, system, kept[2])
    return Evidence(fact, Basis.DECLARED, "ports", Location(clean(file.name), keys.lines.get("ports", line)), service=fact.service)


def _is_hosts_own(extra: object) -> bool:
    """Whether `localhost` is another machine for a container: `extra_hosts: ["localhost:host-gateway"]`."""
    rows = [f"{name}:{to}" for name, to in extra.items()] if isinstance(extra, Table) else extra if isinstance(extra, list) else []
    return any(str(row).startswith(("localhost:", "localhost=")) for row in rows)


PROBE = Ports()
