"""What may each user of a broker read, by the broker's own list of rights?

    kind: KafkaUser, spec: {authorization: {acls: [{resource: {type: topic, name: orders}, operations: [Read]}]}}      # Strimzi

Mosquitto's is read by `mosquitto`, as it says something of everybody. Source: strimzi.io, AclRule (literal or prefix, `operation` before v1beta2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.broker_rights.held import KAFKA_GROUP, KAFKA_TOPIC, MQTT, NATS, RABBIT, REDIS, Rights
from callcheck.sources.broker_rights.mosquitto import Listed, mosquitto
from callcheck.sources.broker_rights.user_lists import listed
from callcheck.sources.documents import each_of, value_at
from callcheck.sources.manifests import Manifest, collect

if TYPE_CHECKING:
    from callcheck.sources import Eyes

__all__ = ["KAFKA_GROUP", "KAFKA_TOPIC", "MQTT", "NATS", "RABBIT", "REDIS", "Listed", "Rights", "mosquitto", "rights"]

_READS = frozenset({"read", "all"})


def rights(eyes: Eyes) -> Iterator[Rights]:
    """One for each user and kind."""
    for user in collect(eyes).of("KafkaUser"):
        if user.get("spec", "authorization", "type") == "simple":
            yield from _strimzi(user)
    yield from listed(eyes)


def _strimzi(user: Manifest) -> Iterator[Rights]:
    found = {kind: Rights(user.name, kind, [], user.where("spec", "authorization", "acls")) for kind in (KAFKA_TOPIC, KAFKA_GROUP)}
    for number, rule in each_of(user.get("spec", "authorization", "acls")):
        kind, name = {"topic": KAFKA_TOPIC, "group": KAFKA_GROUP}.get(str(value_at(rule, "resource", "type"))), value_at(rule, "resource", "name")
        operations = rule.get("operations") if isinstance(rule.get("operations"), list) else [rule.get("operation") or "All"]
        if kind and isinstance(name, str) and _READS & {str(each).lower() for each in operations or ()}:
            mine = found[kind]
            mine.where = mine.where if mine.reads else user.where("spec", "authorization", "acls", number, "resource")
            mine.reads.append(name + ("*" if value_at(rule, "resource", "patternType") == "prefix" and name != "*" else ""))
    yield from found.values()
