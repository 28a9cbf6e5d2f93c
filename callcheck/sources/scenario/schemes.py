"""How does each well-known sender sign its requests?

Compared with what the senders' own libraries accept and produce (stripe 16.1, slack_sdk 3.48, standardwebhooks 1.1) and with the examples in
GitHub's and Slack's documents; tests/sources/scenario/test_schemes.py holds those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callcheck.model.scenario import Signature

SCHEMES: Mapping[str, Mapping[str, Any]] = {
    # https://docs.stripe.com/webhooks#verify-manually
    "stripe": {"header": "stripe-signature", "form": "pairs", "signed": "{timestamp}.{body}"},
    # https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    "github": {"header": "x-hub-signature-256", "prefix": "sha256="},
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    "slack": {"header": "x-slack-signature", "prefix": "v0=", "signed": "v0:{timestamp}:{body}", "timestamp_header": "x-slack-request-timestamp"},
    # https://shopify.dev/docs/apps/build/webhooks/subscribe/https
    "shopify": {"header": "x-shopify-hmac-sha256", "base64": True},
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    "standard-webhooks": {
        "header": "webhook-signature", "form": "versions", "base64": True, "signed": "{id}.{timestamp}.{body}", "timestamp_header": "webhook-timestamp",
        "id_header": "webhook-id", "secret_prefix": "whsec_",
    },
}  # fmt: skip


def signature(said: Mapping[str, Any], tolerance_s: int) -> Signature:
    """What a scenario's `signature`, which has the right shape, asks for."""
    name = said["scheme"]
    known = SCHEMES.get(name) or {
        "header": said["header"].lower(),
        "algorithm": name.partition("-")[2],
        "base64": said.get("encoding") == "base64",
        "prefix": said.get("prefix", ""),
        "signed": said.get("signed", "{body}"),
        "timestamp_header": said.get("timestamp_header", "").lower(),
        "id_header": said.get("id_header", "").lower(),
    }
    return Signature(name, secret_env=said["secret_env"], tolerance_s=tolerance_s, **known)
