"""Filters of Pub/Sub that no message passes, and those that some may pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.routing import SubscriptionBlind
from callcheck.probes.attribute_filters import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

TERRAFORM = 'resource "google_pubsub_subscription" "paid" {\n  topic  = "orders"\n  filter = %s\n}\n'
IS = r'"attributes.%s = \"%s\""'
SHELL = "gcloud pubsub subscriptions create paid --topic orders \\\n  --message-filter='%s'\n"
PY = "from google.cloud import pubsub_v1\npublisher = pubsub_v1.PublisherClient()\ndef paid(order):\n    publisher.publish(TOPIC, order%s)\n"
NODE = "const { PubSub } = require('@google-cloud/pubsub');\nconst topic = new PubSub().topic('orders');\nexports.paid = (order) => topic.publishMessage({ data: order%s });\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.name} {item.fact.key} {item.fact.why} @{item.where}" for item in look(tmp_path, files) if isinstance(item.fact, SubscriptionBlind)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"main.tf": TERRAFORM % (IS % ("type", "paid")), "a.py": PY % ", event='paid'"}, "paid type not-an-attribute @main.tf:3"),
        ({"main.tf": TERRAFORM % (IS % ("type", "paid")), "a.py": PY % ", type='order.paid'"}, "paid type other-value @main.tf:3"),
        ({"main.tf": TERRAFORM % (IS % ("type", "paid")), "a.py": PY % ""}, "paid type not-an-attribute @main.tf:3"),
        ({"create.sh": SHELL % 'hasPrefix(attributes.type, "order.")', "a.js": NODE % ", attributes: { type: 'paid' }"}, "paid type other-value @create.sh:2"),
        ({"create.sh": SHELL % "attributes:type", "a.js": NODE % ""}, "paid type not-an-attribute @create.sh:2"),
    ],
)
def test_no_message_passes(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": TERRAFORM % (IS % ("type", "paid")), "a.py": PY % ", type='paid'"},
        {"main.tf": TERRAFORM % (IS % ("type", "paid")), "a.py": PY % ", type=order.kind"},
        {"main.tf": TERRAFORM % (IS % ("type", "paid")), "a.py": PY % ", **attributes"},
        {"main.tf": TERRAFORM % (IS % ("type", "paid"))},
        {"create.sh": SHELL % 'NOT attributes.type = "paid"', "a.js": NODE % ", attributes: { type: 'sent' }"},
        {"create.sh": SHELL % 'attributes.type = "paid" OR attributes.type = "sent"', "a.js": NODE % ", attributes: { type: 'sent' }"},
        {"create.sh": SHELL % 'attributes.type = "$TYPE"', "a.js": NODE % ", attributes: { type: 'sent' }"},
        {"create.sh": SHELL % "attributes:type", "a.js": NODE % ", attributes"},
    ],
)
def test_some_message_may_pass(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
