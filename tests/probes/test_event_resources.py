"""Names that a resource asks for and nobody sends, those that somebody may send, and those that somebody does."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.probes.event_resources import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

DAPR = "apiVersion: dapr.io/v2alpha1\nkind: Subscription\nmetadata: {name: a}\nspec:\n  pubsubname: broker\n  topic: %s\n  routes: {default: /a}\n"
KNATIVE = "apiVersion: eventing.knative.dev/v1\nkind: Trigger\nmetadata: {name: a}\nspec:\n  broker: default\n  filter:\n    attributes:\n      type: %s\n"
BINDING = "apiVersion: rabbitmq.com/v1beta1\nkind: Binding\nmetadata: {name: a}\nspec:\n  source: %s\n  destination: mails\n  routingKey: %s\n"
BINDING_TF = 'resource "rabbitmq_binding" "a" {\n  source = "%s"\n  routing_key = "%s"\n}\n'
DEFINITIONS = '{"queues": [],\n "bindings": [{"source": "shop", "destination": "mails", "destination_type": "queue", "routing_key": "%s"}]}\n'
GRID = 'resource "azurerm_eventgrid_event_subscription" "a" {\n  included_event_types = ["%s"]\n}\n'
BICEP = "resource rule 'rules' = {\n  properties: {\n    correlationFilter: { label: '%s' }\n  }\n}\n"
SQL = 'resource "azurerm_servicebus_subscription_rule" "a" {\n  filter_type = "SqlFilter"\n  sql_filter = "%s"\n}\n'
PUBLISH = "from dapr.clients import DaprClient\ndef f():\n    with DaprClient() as c:\n        c.publish_event(pubsub_name='broker', topic_name=%s, data='1')\n"
EVENT = "const { CloudEvent } = require('cloudevents');\nexports.f = (o) => send(new CloudEvent({ type: '%s', source: '/s', data: o }));\n"
PIKA = "import pika\ndef f(channel):\n    channel.basic_publish(exchange='shop', routing_key='%s', body=b'1')\n"
SENT = "from azure.servicebus import ServiceBusMessage\ndef f(s):\n    s.send_messages(ServiceBusMessage('1', subject='%s'))\n"
GRID_JS = "exports.f = (c) => c.send([{ eventType: '%s', subject: 's', dataVersion: '1', data: {} }]);\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.event} {item.fact.near} @{item.where}" for item in look(tmp_path, files) if isinstance(item.fact, EventNeverEmitted)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"s.yaml": DAPR % "order-paid", "a.py": PUBLISH % "'orders-paid'"}, "order-paid orders-paid @s.yaml:6"),
        ({"t.yaml": KNATIVE % "shop.order.payed", "a.js": EVENT % "shop.order.paid"}, "shop.order.payed shop.order.paid @t.yaml:8"),
        ({"b.yaml": BINDING % ("shop", "orders.*"), "a.py": PIKA % "order.paid"}, "orders.* order.paid @b.yaml:7"),
        ({"b.tf": BINDING_TF % ("shop", "order.payed"), "a.py": PIKA % "order.paid"}, "order.payed order.paid @b.tf:3"),
        ({"definitions.json": DEFINITIONS % "orders.paid", "a.py": PIKA % "order.paid"}, "orders.paid order.paid @definitions.json:2"),
        ({"g.tf": GRID % "Docs.Upload", "a.js": GRID_JS % "Docs.Uploaded"}, "Docs.Upload Docs.Uploaded @g.tf:2"),
        ({"r.bicep": BICEP % "order-paid", "a.py": SENT % "order.paid"}, "order-paid order.paid @r.bicep:3"),
        ({"r.tf": SQL % "sys.label = 'order-paid'", "a.py": SENT % "order.paid"}, "order-paid order.paid @r.tf:3"),
    ],
)
def test_nobody_sends_what_is_asked_for(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"s.yaml": DAPR % "order-paid", "a.py": PUBLISH % "'order-paid'"},
        {"s.yaml": DAPR % "order-paid", "a.py": PUBLISH % "name"},  # computed
        {"s.yaml": DAPR % "order-paid", "a.py": PUBLISH % "'orders-paid'", "main.go": "package main\n"},
        {"s.yaml": DAPR % "order-paid", "a.py": PUBLISH % "'orders-paid'", "b.js": "fetch(`http://localhost:3500/v1.0/publish/broker/${topic}`);\n"},
        {"s.yaml": DAPR % "order-refunded", "a.py": PUBLISH % "'order-paid'"},  # another's, for all that is known
        {"t.yaml": KNATIVE % "dev.knative.sources.ping", "a.js": EVENT % "shop.order.paid"},
        {"b.yaml": BINDING % ("other", "order.payed"), "a.py": PIKA % "order.paid"},  # of another exchange
        {"b.yaml": BINDING % ("shop", "order.#"), "a.py": PIKA % "order.paid"},
        {"definitions.json": DEFINITIONS % "order.*", "a.py": PIKA % "order.paid"},
        {"g.tf": GRID % "Microsoft.Storage.BlobCreated", "a.js": GRID_JS % "Microsoft.Storage.BlobCreate"},
        {"r.tf": SQL % "sys.label = 'order-paid' OR kind = 'x'", "a.py": SENT % "order.paid"},
    ],
)
def test_somebody_may_send_it(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
