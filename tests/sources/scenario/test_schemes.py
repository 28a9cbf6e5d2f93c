"""Each scheme accepts what its sender really sends, and nothing else.

The signatures were made by the senders' own libraries (stripe 16.1.0, standardwebhooks 1.1.0) or stand as examples in their documents
(GitHub's "Validating webhook deliveries", Slack's "Verifying requests from Slack").
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from callcheck.model.noun import replace
from callcheck.sources.scenario.schemes import SCHEMES, signature
from callcheck.sources.webhook.signatures import OK, verify

EVENT = b'{"id": "evt_1", "object": "event"}'
SLACK = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
    b"&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
    b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SHOPIFY = base64.b64encode(hmac.new(b"hush", EVENT, hashlib.sha256).digest()).decode()
SENT: dict[str, tuple[str, dict[str, str], bytes, float]] = {
    "stripe": ("whsec_test_secret", {"stripe-signature": "t=1700000000,v1=86d195bdf7fa8d2a41b621d0367baa5f34b0c4861d35227c2012edbaf25cf1a2"}, EVENT, 1700000100),
    "github": ("It's a Secret to Everybody", {"x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}, b"Hello, World!", 0),
    "slack": (
        "8f742231b10e8888abcd99yyyzzz85a5",
        {"x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", "x-slack-request-timestamp": "1531420618"},
        SLACK, 1531420700,
    ),
    "shopify": ("hush", {"x-shopify-hmac-sha256": SHOPIFY}, EVENT, 0),
    "standard-webhooks": (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        {"webhook-id": "msg_1", "webhook-timestamp": "1700000000", "webhook-signature": "v1,AAAA v1a,BBBB v1,zRoFHX2n8cbO6EbUoB6bBVb+8VUg+TuLifvFtuyuby8="},
        EVENT, 1700000299,
    ),
}  # fmt: skip


def test_every_scheme_has_its_example() -> None:
    assert set(SENT) == set(SCHEMES)


@pytest.mark.parametrize("name", SENT)
def test_what_was_really_sent_is_accepted_and_what_was_changed_is_not(name: str) -> None:
    secret, headers, body, now = SENT[name]
    scheme = signature({"scheme": name, "secret_env": "S"}, 300)
    assert verify(scheme, secret, headers, body, now) == OK
    assert verify(scheme, secret, headers, body + b" ", now) == "the signature does not fit body and secret"
    assert verify(scheme, secret + "A", headers, body, now) != OK
    assert verify(scheme, secret, {}, body, now) == f"no {scheme.header} header"
    for header in headers:
        assert verify(scheme, secret, {**headers, header: "\xffcaf\xe9 ,=,"}, body, now) != OK
    if "{timestamp}" in scheme.signed:
        assert verify(scheme, secret, headers, body, now + 1000) == "the timestamp is more than 300 s from now"
        assert verify(replace(scheme, tolerance_s=2000), secret, headers, body, now + 1000) == OK


@pytest.mark.parametrize(("algorithm", "encoding"), [("sha1", "hex"), ("sha512", "base64")])
def test_a_scheme_of_ones_own(algorithm: str, encoding: str) -> None:
    said: dict[str, Any] = {"scheme": f"hmac-{algorithm}", "encoding": encoding, "header": "X-Mine", "prefix": "p:", "secret_env": "S", "signed": "{id}/{body}", "id_header": "X-Id"}
    digest = hmac.new(b"key", b"7/" + EVENT, algorithm)
    written = digest.hexdigest() if encoding == "hex" else base64.b64encode(digest.digest()).decode()
    scheme = signature(said, 300)
    assert verify(scheme, "key", {"x-mine": f"p:{written}", "x-id": "7"}, EVENT) == OK
    assert verify(scheme, "key", {"x-mine": written, "x-id": "7"}, EVENT) == "no signature in x-mine"
    assert verify(scheme, "key", {"x-mine": f"p:{written}"}, EVENT) == "no x-id header"
