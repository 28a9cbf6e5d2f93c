"""A path for a provider is known from one that a browser comes back to."""

from __future__ import annotations

import pytest

from callcheck.sources.code.hook_paths import hooked, named


@pytest.mark.parametrize("path", ["/webhooks/stripe", "/api/v1/Webhooks/GitHub/", "/stripe/webhook", "/slack/events", "/twilio/status", "/payments/ipn", "/hooks/sms", "/discord/interactions"])
def test_its_sender_is_named(path: str) -> None:
    assert named(path)
    assert hooked(path)


@pytest.mark.parametrize("path", ["/hooks/done", "/webhook", "/api/callbacks/ready/", "/web-hooks/x"])
def test_it_is_called_a_hook(path: str) -> None:
    assert not named(path)
    assert hooked(path)


@pytest.mark.parametrize("path", ["/auth/github/callback", "/oauth2/callback", "/login/callback", "/api/auth/callback/stripe", "/sso/saml/callback", "/orders", "/hooksmith/x", "/events", "/"])
def test_it_is_none(path: str) -> None:
    assert not named(path)
    assert not hooked(path)
