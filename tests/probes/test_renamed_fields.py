"""Are fields read that the version of Stripe's API no longer has?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.renamed_fields import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

TF = 'resource "stripe_webhook_endpoint" "a" {\n  url         = "https://a.example.org/stripe"\n  api_version = "%s"\n}\n'
MAIN = "import stripe\n\nimport billing\n\nHANDLERS = {'invoice.paid': billing.paid}\n\n\ndef hook(body, header):\n    event = stripe.Webhook.construct_event(body, header, S)\n    HANDLERS[event['type']](event['data']['object'])\n"
PAID = "def paid(%s):\n    subscription = %s\n    return subscription\n"
NODE = "import Stripe from 'stripe';\nconst stripe = new Stripe(K, { apiVersion: '%s' });\nexport function hook(b, s) {\n  const event = stripe.webhooks.constructEvent(b, s, W);\n  if (event.type === 'customer.subscription.updated') {\n    const subscription = event.data.object;\n    save(subscription.%s);\n  }\n}\n"
NEW, OLD = "2025-03-31.basil", "2024-06-20"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.tf": TF % NEW, "main.py": MAIN, "billing.py": PAID % ("invoice", "invoice.get('subscription')")}, ["subscription billing.py:2"]),
        ({"a.tf": TF % NEW, "main.py": MAIN, "billing.py": PAID % ("bill", "bill['subscription']")}, ["subscription billing.py:2"]),
        ({"a.tf": TF % OLD, "main.py": MAIN, "billing.py": PAID % ("invoice", "invoice.get('subscription')")}, []),
        ({"main.py": MAIN, "billing.py": PAID % ("invoice", "invoice.get('subscription')")}, []),
        ({"a.tf": TF % NEW, "main.py": MAIN, "billing.py": PAID % ("invoice", "invoice['parent']['subscription_details']['subscription']")}, []),
        ({"a.tf": TF % NEW, "main.py": MAIN, "billing.py": "def paid(bill):\n    return bill['id']\n\n\ndef own(invoice):\n    return invoice.subscription\n"}, []),
        ({"a.mjs": NODE % (NEW, "current_period_end")}, ["current_period_end a.mjs:7"]),
        ({"a.mjs": NODE % (OLD, "current_period_end")}, []),
        ({"a.mjs": NODE % (NEW, "items.data[0].current_period_end")}, []),
    ],
    ids=["by Terraform", "by a handler's place alone", "an older version", "no version", "where it is now", "an invoice of one's own", "by the client", "an older client", "of the item"],
)  # fmt: skip
def test_a_field_that_is_gone(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.fact.field} {item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
