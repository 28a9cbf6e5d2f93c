"""Does the control plane of a private cluster reach the port at which an admission webhook listens?

    private_cluster_config { enable_private_nodes = true, master_ipv4_cidr_block = "172.16.8.0/28" }
    clientConfig: {service: {name: label, port: 443}}         # targetPort 8443, for which no firewall rule lets the masters in

Source: cloud.google.com/kubernetes-engine/docs/how-to/private-clusters#add_firewall_rules (the control plane of a private cluster reaches nodes at 443 and 10250 alone, and pods at their own port);
terraform-google-modules/kubernetes-engine 33, private-cluster (firewall_inbound_ports: 8443, 9443, 15017).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import each_of, value_at
from callcheck.sources.documents.read_hcl import Block, words
from callcheck.sources.files import File
from callcheck.sources.manifests import UNITS, Manifest, Manifests, collect
from callcheck.sources.manifests.pods import picks, port_behind
from callcheck.sources.terraform import Scope, made

_HOOKS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_OPEN = frozenset({"443", "10250"})
_OTHERWISE = pattern(r"firewall-rules\s+(?:create|update)|google_compute_network_firewall_policy|google_compute_firewall_policy|master_authorized_networks_ports|firewall_inbound_ports|add_master_webhook_firewall_rules")
"""What may let the control plane in, and is not followed."""
_WHY = "the control plane of this private cluster reaches nodes at 443 and 10250 alone, and no rule lets it in at {}, so each call of the webhook times out"


class AdmissionPorts:
    """Silent where a port is not written out, and where the rules may be made elsewhere: by a module, a script, for another network."""

    name = "admission-ports"
    looks_at = ("*.tf",)
    marks = ("enable_private_nodes",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Terraform file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        blocks = list(made(eyes))
        cluster = next(((scope, file, block) for scope, file, block in blocks if block.labels[0] == "google_container_cluster" and _private(scope, file, block)), None)
        if cluster is None or any(_OTHERWISE.search(eyes.readable(file, 300_000)) for file in eyes.tree.named("*.tf", "*.sh", "*.yaml", "*.yml", "Makefile")):
            return
        masters = _text(*cluster, "private_cluster_config", "master_ipv4_cidr_block")
        rules = [each for each in blocks if each[2].labels[0] == "google_compute_firewall"]
        let_in = [_ports(*each) for each in rules if _from(*each, masters) is not False]
        if None in let_in:
            return
        opened = _OPEN.union(*(ports for ports in let_in if ports is not None))
        found = collect(eyes)
        for item, service in _services(found):
            unit = next((each for each in found.of(*UNITS) if picks(eyes, service, service.get("spec", "selector") or {}, each)), None)
            ports = port_behind(service, unit, _asked(item)) if unit is not None else frozenset()
            number = _number(unit, ports) if unit is not None else ""
            if unit is not None and number and not _holds(opened, number):
                rule = next((each for each in rules if _from(*each, masters)), None)
                yield self._told(cluster[1], cluster[2], rule, item, unit, number)
                return

    def _told(self, file: File, cluster: Block, rule: tuple[Scope, File, Block] | None, item: Manifest, unit: Manifest, port: str) -> Evidence:
        fact = LibraryTrap("unreachable-callback-url", "strong", _WHY.format(port), clean(item.name, 60), "kubernetes", "")
        private = cluster.at("private_cluster_config", "enable_private_nodes")
        there = Location(clean(file.name), private[1] if private else cluster.line)
        because = [Evidence(fact, Basis.DECLARED, self.name, there, label="the control plane is outside of the network of the nodes")] if rule is not None else []
        because += [Evidence(fact, Basis.DECLARED, self.name, item.where("webhooks"), label="this is to be called"), Evidence(fact, Basis.DECLARED, self.name, _declared(unit, port), label=f"it listens at {port}")]
        place = Location(clean(rule[1].name), _line_of_ports(rule[2])) if rule is not None else there
        return Evidence(fact, Basis.DECLARED, self.name, place, because=tuple(because))


def _private(scope: Scope, file: File, block: Block) -> bool:
    return _text(scope, file, block, "private_cluster_config", "enable_private_nodes") == "true"


def _text(scope: Scope, file: File, block: Block, *path: str) -> str:
    written = block.at(*path)
    return scope.text(written[0], file) if written is not None else ""


def _from(scope: Scope, file: File, block: Block, masters: str) -> bool | None:
    """Whether a rule is for what comes from the control plane; None where that cannot be told."""
    if block.text("direction") == "EGRESS" or (_text(scope, file, block, "disabled") or "false") == "true":
        return False
    written = block.keys.get("source_ranges")
    if written is None:
        return False if "source_tags" in block.keys or "source_service_accounts" in block.keys else None
    ranges = [scope.text(each, file) for each in _items(written[0])]
    if not masters or not ranges or not all(ranges):
        return None
    try:
        inner = ipaddress.ip_network(masters, strict=False)
        return any(inner.version == outer.version and inner.subnet_of(outer) for outer in (ipaddress.ip_network(each, strict=False) for each in ranges))  # type: ignore[arg-type]
    except ValueError:
        return None


def _items(written: str) -> list[str]:
    """The items of a list: texts and references."""
    return [each.strip().strip('"') for each in written.strip().strip("[]").split(",") if each.strip()]


def _ports(scope: Scope, file: File, block: Block) -> frozenset[str] | None:
    """The ports that a rule opens for TCP; None for all, or for what is not written out."""
    opened: set[str] = set()
    for allow in block.find("allow"):
        protocol = allow.text("protocol").lower()
        if protocol not in ("tcp", "all", "6"):
            continue
        listed = words(allow.keys["ports"][0]) if "ports" in allow.keys else []
        if not listed or protocol == "all" or any("$" in each for each in listed) or "var." in allow.keys["ports"][0]:
            return None
        opened |= set(listed)
    return None if any(inner.kind == "dynamic" for inner in block.blocks) else frozenset(opened)


def _holds(opened: frozenset[str], number: str) -> bool:
    for each in opened:
        first, _, last = each.partition("-")
        if first.isdigit() and int(first) <= int(number) <= int(last if last.isdigit() else first):
            return True
    return False


def _services(found: Manifests) -> Iterator[tuple[Manifest, Manifest]]:
    """Each webhook that is called by a Service of the cluster, with that Service."""
    for item in found.of(*_HOOKS):
        for _, hook in each_of(item.get("webhooks")):
            called = value_at(hook, "clientConfig", "service")
            for service in found.of("Service"):
                if called and service.name == value_at(called, "name") and service.get("metadata", "namespace") in (None, value_at(called, "namespace")):
                    yield item, service


def _asked(item: Manifest) -> str:
    """The port of the Service that the webhook is called at."""
    told = next((value_at(hook, "clientConfig", "service", "port") for _, hook in each_of(item.get("webhooks"))), None)
    return str(told or 443)


def _number(unit: Manifest, ports: frozenset[str]) -> str:
    told = next((each for each in ports if each.isdigit()), "")
    if told or not ports:
        return told
    rows = (row for _, container in each_of(unit.get("spec", "template", "spec", "containers")) for _, row in each_of(container.get("ports")))
    return next((str(row.get("containerPort")) for row in rows if row.get("name") in ports), "")


def _declared(unit: Manifest, port: str) -> Location:
    """Where the pods say at which port they listen."""
    for index, container in each_of(unit.get("spec", "template", "spec", "containers")):
        for at, row in each_of(container.get("ports")):
            if str(row.get("containerPort")) == port:
                return unit.where("spec", "template", "spec", "containers", index, "ports", at, "containerPort")
    return unit.where("spec")


def _line_of_ports(rule: Block) -> int:
    return next((allow.keys["ports"][1] for allow in rule.find("allow") if "ports" in allow.keys), rule.line)


PROBE = AdmissionPorts()
