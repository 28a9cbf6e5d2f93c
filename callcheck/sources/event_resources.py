"""Which names of events do the resources of a deployment ask for: subscriptions, triggers, bindings and rules, each in its own words?

    kind: Subscription, spec: {pubsubname: broker, topic: order-paid}                         # Dapr
    kind: Trigger, spec: {filter: {attributes: {type: shop.order.paid}}}                      # Knative
    kind: Binding, spec: {source: shop, destination: mails, routingKey: order.paid}           # RabbitMQ's topology operator; rabbitmq_binding of Terraform
    rabbitmqadmin declare binding source=shop destination=mails routing_key=order.paid
    {"bindings": [{"source": "shop", "destination": "mails", "routing_key": "order.paid"}]}        # definitions that RabbitMQ loads
    resource "azurerm_eventgrid_event_subscription" "scan" { included_event_types = ["Docs.Uploaded"] }
    resource "azurerm_servicebus_subscription_rule" "paid" { correlation_filter { label = "order.paid" } }

Sources: docs.dapr.io, subscription spec v1alpha1 and v2alpha1; knative.dev, Trigger filters; rabbitmq.com, topology operator; registry.terraform.io.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table, each_of, tables, value_at
from callcheck.sources.launch import aside, own_texts
from callcheck.sources.launch.find import SCRIPTS, commands, scripts
from callcheck.sources.manifests import Manifest, collect
from callcheck.sources.terraform import Scope, made

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.documents.read_hcl import Block
    from callcheck.sources.files import File

FILES = ("*.yaml", "*.yml", "*.tf", "*.bicep", "*definitions*.json", "*rabbitmq*.json", *SCRIPTS)
DAPR, CLOUDEVENTS, RABBITMQ, EVENT_GRID, SERVICE_BUS = "dapr", "cloudevents", "rabbitmq", "eventgrid", "servicebus"
_SQL = pattern(r"^\s*(?:sys\.)?label\s*=\s*'([^']+)'\s*$")
_BICEP = {
    # A list of types, and the label of a rule, as Bicep writes them.
    EVENT_GRID: pattern(r"\bincludedEventTypes\s*:\s*\[([^\]]{1,600})\]"),
    SERVICE_BUS: pattern(r"\bcorrelationFilter\s*:\s*\{[^}]{0,200}?\blabel\s*:\s*('[^'\n]{1,200}')"),
}
_DECLARES = pattern(r"\brabbitmqadmin\b.{0,300}?\bdeclare\s+binding\b")
_OPTION = pattern(r"(?:^|\s)(?:--)?[\"']?(source|destination|destination[_-]type|routing[_-]key)[= ][\"']?([^\s\"']{1,200})")
_QUOTED = pattern(r"'([^'\n$]{1,200})'")
_OWN_TYPES = "Microsoft."
"""What Azure itself sends of its resources begins so."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The names that one resource asks for, of which any will do; in `scope`, the broker, exchange or component that they belong to ("" for any)."""

    medium: str
    names: tuple[str, ...]
    where: Location
    scope: str = ""
    wildcard: str = ""


def asked(eyes: Eyes) -> Iterator[Asked]:
    """Of every resource whose names are written out."""
    for item in collect(eyes).objects:
        yield from _of_cluster(item)
    for scope, file, block in made(eyes):
        yield from _of_terraform(eyes, scope, file, block)
    for file in eyes.tree.named("*definitions*.json", "*rabbitmq*.json"):
        yield from _of_definitions(eyes, file)
    for file, text in own_texts(eyes, "*.yaml", "*.yml", most=300_000):
        if '"bindings"' in text and '"routing_key"' in text:
            yield from _of_embedded(file, text)
    for file, text in scripts(eyes, "binding"):
        for line, command in commands(file, text):
            said = {found[1].replace("-", "_"): found[2] for found in _OPTION.finditer(command)} if _DECLARES.search(command) else {}
            if said.get("destination_type", "queue") == "queue" and said.get("source"):
                yield from _told(RABBITMQ, (said.get("routing_key"),), Location(clean(file.name), line), said["source"], ". * #")
    for file, text in own_texts(eyes, "*.bicep", most=300_000):
        for medium, written in _BICEP.items():
            for found in written.finditer(text):
                names = tuple(_QUOTED.findall(found[1]))
                if names and "$" not in found[1]:
                    yield from _told(medium, names, Location(clean(file.name), text.count("\n", 0, found.start(1)) + 1))


def _told(medium: str, names: tuple[Any, ...], where: Location, scope: str = "", wildcard: str = "") -> Iterator[Asked]:
    told = tuple(each for each in names if isinstance(each, str) and each)
    if told and len(told) == len(names) and not any(mark in each for each in told for mark in ("{{", "${")) and not all(each.startswith(_OWN_TYPES) for each in told):
        yield Asked(medium, told, where, scope, wildcard)


def _of_cluster(item: Manifest) -> Iterator[Asked]:
    group = str(item.get("apiVersion") or "").partition("/")[0]
    if group == "dapr.io" and item.kind == "Subscription":
        yield from _told(DAPR, (item.get("spec", "topic"),), item.where("spec", "topic"), str(item.get("spec", "pubsubname") or ""))
    elif group == "eventing.knative.dev" and item.kind == "Trigger":
        yield from _told(CLOUDEVENTS, (item.get("spec", "filter", "attributes", "type"),), item.where("spec", "filter", "attributes", "type"))
        for number, each in each_of(item.get("spec", "filters")):
            yield from _told(CLOUDEVENTS, (value_at(each, "exact", "type"),), item.where("spec", "filters", number, "exact", "type"))
    elif group == "rabbitmq.com" and item.kind == "Binding" and item.get("spec", "routingKey"):
        yield from _told(RABBITMQ, (item.get("spec", "routingKey"),), item.where("spec", "routingKey"), str(item.get("spec", "source") or ""), ". * #")


def _of_definitions(eyes: Eyes, file: File) -> Iterator[Asked]:
    """The bindings of a broker's definitions; a queue or exchange that nobody bound is another matter."""
    document = None if aside(eyes, file) else eyes.readable_document(file)
    held = document.get("bindings") if isinstance(document, Table) and "queues" in document else None
    for each in tables(held):
        if each.get("source") and each.get("destination_type", "queue") == "queue":
            yield from _told(RABBITMQ, (each.get("routing_key"),), Location(clean(file.name), each.lines.get("routing_key", each.line)), str(each["source"]), ". * #")


def _of_embedded(file: File, text: str) -> Iterator[Asked]:
    """The same in a ConfigMap, a Secret or the values of a chart."""
    begins = text.index('"bindings"')
    try:
        rows, _ = json.JSONDecoder().raw_decode(text, text.index("[", begins))
    except ValueError:
        return
    place = begins
    for each in rows if isinstance(rows, list) else ():
        key = each.get("routing_key") if isinstance(each, dict) else None
        place = text.find('"routing_key"', place + 1) if key is not None else place
        if key and each.get("source") and each.get("destination_type", "queue") == "queue":
            yield from _told(RABBITMQ, (key,), Location(clean(file.name), text.count("\n", 0, place) + 1), str(each["source"]), ". * #")


def _of_terraform(eyes: Eyes, scope: Scope, file: File, block: Block) -> Iterator[Asked]:
    kind = block.labels[0]
    if kind == "rabbitmq_binding" and "routing_key" in block.keys:
        source = scope.text(block.keys["source"][0], file) if "source" in block.keys else ""
        yield from _at(eyes, scope, file, block, "routing_key", RABBITMQ, source, ". * #")
    elif kind in ("azurerm_eventgrid_event_subscription", "azurerm_eventgrid_system_topic_event_subscription") and "included_event_types" in block.keys:
        yield from _at(eyes, scope, file, block, "included_event_types", EVENT_GRID)
    elif kind == "azurerm_servicebus_subscription_rule":
        for each in block.blocks:
            if each.kind == "correlation_filter" and "label" in each.keys and len(each.keys) == 1:
                yield from _at(eyes, scope, file, each, "label", SERVICE_BUS)
        sql = _SQL.match(scope.text(block.keys["sql_filter"][0], file)) if "sql_filter" in block.keys else None
        if sql:
            yield from _told(SERVICE_BUS, (sql[1],), Location(clean(file.name), block.keys["sql_filter"][1]))


def _at(eyes: Eyes, scope: Scope, file: File, block: Block, key: str, medium: str, within: str = "", wildcard: str = "") -> Iterator[Asked]:
    value = scope.value(eyes, block.keys[key], file)
    names = tuple(value) if isinstance(value, list) else (value,)
    yield from _told(medium, () if isinstance(value, Table) else names, Location(clean(file.name), block.keys[key][1]), within, wildcard)
