"""Consumers that may not read what they subscribe to, and those that may, or whose user is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.broker_rights import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

ACL = "user ingest\ntopic read %s\n\nuser gauge\ntopic write sensors/#\n"
MQTT = "const mqtt = require('mqtt');\nconst client = mqtt.connect(%s);\nclient.subscribe(%s);\n"
PUBLISHES = "const mqtt = require('mqtt');\nconst client = mqtt.connect('mqtt://b', { username: '%s', password: p });\nclient.publish('sensors/1', 'x');\n"
CONF = "acl_file /mosquitto/config/rights\n"
NAMED = "'mqtt://b', { username: 'ingest', password: p }"
USER = "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaUser\nmetadata: {name: billing}\nspec:\n  authorization:\n    type: simple\n    acls:\n      - resource: {type: topic, name: %s, patternType: %s}\n        operations: [Read]\n      - resource: {type: group, name: %s}\n        operation: Read\n"
KAFKA = "const { Kafka } = require('kafkajs');\nconst kafka = new Kafka({ sasl: { username: 'billing' } });\nconst consumer = kafka.consumer({ groupId: 'billing' });\nconsumer.subscribe({ topic: 'orders.paid' });\n"

ACL_OF_REDIS = "user app on >x ~* %s +@all\n"
REDIS = "const Redis = require('ioredis');\nconst bus = new Redis(process.env.REDIS_URL);\nbus.subscribe('changed');\n"
COMPOSE = "services:\n  app: {build: ., environment: {REDIS_URL: 'redis://%s:x@redis:6379'}}\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.method} @{item.where} {item.because[0].where}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"acl": ACL % "sensors/+/temp", "a.js": MQTT % (NAMED, "'sensors/+/temperature'")}, ["sensors/+/temperature @a.js:3 acl:2"]),
        ({"acl": ACL % "sensors/+", "a.js": MQTT % ("'mqtt://ingest:x@b'", "'$share/g/sensors/1/temp'")}, ["$share/g/sensors/1/temp @a.js:3 acl:2"]),
        ({"acl": "topic read sensors/#\n" + ACL % "a", "a.js": MQTT % (NAMED, "'sensors/+/temperature'")}, ["sensors/+/temperature @a.js:3 acl:3"]),  # for those without a name
        ({"acl": ACL % "sensors/#" + "user ingest\ntopic deny sensors/+/temperature\n", "a.js": MQTT % (NAMED, "'sensors/1/temperature'")}, ["sensors/1/temperature @a.js:3 acl:2"]),
        ({"acl": ACL % "a", "a.js": PUBLISHES % "ingest"}, ["sensors/1 @a.js:3 acl:2"]),
        ({"rights": ACL % "a", "mosquitto.conf": CONF, "a.js": PUBLISHES % "desk"}, ["sensors/1 @a.js:3 rights:1"]),
        ({"users.acl": ACL_OF_REDIS % "&other", "a.js": REDIS, "compose.yaml": COMPOSE % "app"}, ["changed @a.js:3 users.acl:1"]),
        ({"u.yaml": USER % ("orders", "literal", "billing"), "a.js": KAFKA}, ["orders.paid @a.js:4 u.yaml:8"]),
        ({"u.yaml": USER % ("orders.", "prefix", "invoices"), "a.js": KAFKA}, ["billing @a.js:3 u.yaml:10"]),
    ],
)
def test_what_may_not_be_read(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert said(tmp_path, files) == expected


@pytest.mark.parametrize(
    "files",
    [
        {"acl": ACL % "sensors/#", "a.js": MQTT % (NAMED, "'sensors/+/temperature'")},
        {"acl": ACL % "sensors/7/temperature", "a.js": MQTT % (NAMED, "'sensors/#'")},  # some of it
        {"acl": ACL % "sensors/+/temp", "a.js": MQTT % ("'mqtt://b'", "'sensors/+/temperature'")},
        {"acl": ACL % "sensors/+/temp", "a.js": MQTT % (NAMED, "topic()")},
        {"acl": ACL % "a" + "pattern read sensors/%u/#\n", "a.js": MQTT % (NAMED, "'sensors/ingest/temperature'")},
        {"acl": ACL % "sensors/#" + "user ingest\ntopic deny sensors/7/#\n", "a.js": MQTT % (NAMED, "'sensors/+/temperature'")},  # all but one
        {"acl": ACL % "a", "a.js": PUBLISHES % "gauge"},
        {"acl": ACL % "a", "a.js": PUBLISHES % "desk"},  # nothing says that this file is in force
        {"rights": ACL % "a" + "pattern write sensors/#\n", "mosquitto.conf": CONF, "a.js": PUBLISHES % "desk"},
        {"rights": ACL % "a", "other": ACL % "a", "mosquitto.conf": CONF + "acl_file /etc/other\n", "a.js": PUBLISHES % "ingest"},  # one a listener
        {"users.acl": ACL_OF_REDIS % "&chang*", "a.js": REDIS, "compose.yaml": COMPOSE % "app"},
        {"users.acl": ACL_OF_REDIS % "&other", "a.js": REDIS, "compose.yaml": COMPOSE % "default"},
        {"u.yaml": USER % ("orders.", "prefix", "billing"), "a.js": KAFKA},
        {"u.yaml": USER % ("*", "literal", '"*"'), "a.js": KAFKA},
    ],
)
def test_what_may_be_read_for_all_that_is_known(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
