"""Which events do Terraform's resources, and the configuration of a Shopify app, ask for?

    resource "gitlab_project_hook" "bot" { merge_requests_events = true }
    [[webhooks.subscriptions]]                                               # shopify.app.toml
    topics = ["orders/paid"]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
from callcheck.sources.documents import Table, tables, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.hooked_up.asking import GITHUB, GITLAB, SHOPIFY, STRIPE, AskedFor, kinds_of, topic
from callcheck.sources.launch.find import aside
from callcheck.sources.terraform import Scope, scopes

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LISTS = {
    # Resource: the provider, and the key of the list.
    "stripe_webhook_endpoint": (STRIPE, "enabled_events"),
    "github_repository_webhook": (GITHUB, "events"),
    "github_organization_webhook": (GITHUB, "events"),
}
_FLAGS = ("gitlab_project_hook", "gitlab_group_hook")
_WORDS = tuple(f'"{kind}"' for kind in (*_LISTS, *_FLAGS))


def read(eyes: Eyes) -> Iterator[AskedFor]:
    """Every such list."""
    if eyes.holds(("*.tf",), _WORDS):
        for scope in scopes(eyes):
            if not isinstance(scope, Lost):
                for file, block in scope.resources():
                    yield from _resource(eyes, scope, file, block)
    for file in eyes.tree.named("shopify.app.toml", "shopify.app.*.toml"):
        yield from _shopify(eyes, file)


def _resource(eyes: Eyes, scope: Scope, file: File, block: Block) -> Iterator[AskedFor]:
    kind = block.labels[0]
    if kind in _LISTS and (written := block.keys.get(_LISTS[kind][1])):
        held = scope.value(eyes, written, file)
        known = isinstance(held, list) and all(isinstance(each, str) for each in held)
        yield AskedFor(_LISTS[kind][0], tuple(held) if known else None, file, written[1])
    elif kind in _FLAGS:
        values = {name: scope.value(eyes, written, file) for name, written in block.keys.items() if name.endswith("_events")}
        known = all(isinstance(value, bool) for value in values.values()) and not any(each.kind == "dynamic" for each in block.blocks)
        line = min((line for name, (_, line) in block.keys.items() if name.endswith("_events")), default=block.line)
        yield AskedFor(GITLAB, kinds_of(values.items()) if known else None, file, line)


def _shopify(eyes: Eyes, file: File) -> Iterator[AskedFor]:
    document = None if aside(eyes, file) else eyes.readable_document(file)
    for each in tables(value_at(document, "webhooks", "subscriptions")) if isinstance(document, Table) else ():
        for key in ("topics", "compliance_topics"):
            listed = each.get(key)
            if isinstance(listed, list):
                yield AskedFor(SHOPIFY, tuple(topic(str(name)) for name in listed), file, each.lines.get(key, each.line))
