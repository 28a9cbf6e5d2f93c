"""Which kinds of events is a provider asked to send, by what a project keeps beside its handlers?

    resource "stripe_webhook_endpoint" "billing" { enabled_events = ["invoice.paid"] }         # Terraform
    curl "https://api.telegram.org/bot$TOKEN/setWebhook" -d 'allowed_updates=["message"]'      # a script
    project.hooks.create({"url": URL, "push_events": True})                                    # a program that is run once

Names are those by which handlers tell the events apart; GitLab's and Shopify's are brought to one form (`merge_request`, `orders_paid`).
Sources: docs.stripe.com/api/webhook_endpoints (`*` is all), core.telegram.org/bots/api#setwebhook, docs.github.com/rest/repos/webhooks (without a list:
push), docs.gitlab.com/api/project_webhooks (pushes unless turned off), shopify.dev/docs/apps/build/webhooks/subscribe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.hooked_up.asking import AskedFor as AskedFor

if TYPE_CHECKING:
    from callcheck.sources import Eyes

__all__ = ["AskedFor", "asked_for"]


def asked_for(eyes: Eyes) -> Iterator[AskedFor]:
    """Every place at which a provider is asked; files of tests and examples left out, and those that cannot be read."""
    from callcheck.sources.hooked_up import by_calls, by_files

    yield from by_files.read(eyes)
    yield from by_calls.read(eyes)
