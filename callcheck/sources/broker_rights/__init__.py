"""What may each user of a broker read, by the broker's own list of rights?

    user ingest                                                         # Mosquitto's acl_file
    topic read sensors/+/temperature
    kind: KafkaUser, spec: {authorization: {acls: [{resource: {type: topic, name: orders}, operations: [Read]}]}}      # Strimzi

Sources: mosquitto.conf(5), acl_file; strimzi.io, AclRule (literal or prefix, `operation` before v1beta2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.broker_rights.held import KAFKA_GROUP, KAFKA_TOPIC, MQTT, NATS, RABBIT, REDIS, Rights
from callcheck.sources.broker_rights.user_lists import listed
from callcheck.sources.documents import each_of, value_at
from callcheck.sources.launch import aside
from callcheck.sources.manifests import Manifest, collect

if TYPE_CHECKING:
    from callcheck.sources import Eyes

__all__ = ["KAFKA_GROUP", "KAFKA_TOPIC", "MQTT", "NATS", "RABBIT", "REDIS", "Rights", "rights"]

_USER, _TOPIC = pattern(r"^user\s+(\S+)\s*$"), pattern(r"^topic\s+(?:(read|write|readwrite|deny)\s+)?(\S.*?)\s*$")
_PATTERN = pattern(r"^pattern\s+")
_READS = frozenset({"read", "all"})


def rights(eyes: Eyes) -> Iterator[Rights]:
    """One for each user and kind; those that a rule for everybody, or a rule to deny, makes hard to tell are left out."""
    for file in eyes.tree.named("acl", "acls", "*acl*.conf", "*.acl", "*acl*file*", "*aclfile*", "*acl*.txt"):
        text = "" if aside(eyes, file) else eyes.readable(file, 100_000)
        yield from _mosquitto(text, clean(file.name))
    for user in collect(eyes).of("KafkaUser"):
        if user.get("spec", "authorization", "type") == "simple":
            yield from _strimzi(user)
    yield from listed(eyes)


def _mosquitto(text: str, name: str) -> Iterator[Rights]:
    found: dict[str, Rights] = {}
    current: Rights | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if user := _USER.match(line):
            current = found.setdefault(user[1], Rights(user[1], MQTT, [], Location(name, number)))
        elif _PATTERN.match(line):
            return
        elif topic := _TOPIC.match(line):
            if current is None or topic[1] == "deny":
                return
            if topic[1] != "write":
                current.where = current.where if current.reads else Location(name, number)
                current.reads.append(topic[2])
    yield from found.values()


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
