"""Kinds of events are known where code compares with them or looks them up, and nowhere else."""

from __future__ import annotations

import pytest

from callcheck.sources.code.hook_kinds import told_apart


def _kinds(code_of, provider: str, name: str, text: str) -> list[str]:
    return [kind for kind, _, _ in told_apart(code_of({name: text}), provider)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.js", "import 'stripe';\nif (event.type === 'invoice.paid') pay();"),
        ("a.js", "import 'stripe';\nswitch (event.type) { case 'invoice.paid': pay(); }"),
        ("a.js", "import 'stripe';\nif (['invoice.paid'].includes(event.type)) pay();"),
        ("a.js", "import 'stripe';\nfunction pay() {}\nconst table = { 'invoice.paid': pay };\ntable[event.type](event);"),
        ("a.py", "import stripe\nif event['type'] in ('invoice.paid',): pay()"),
        ("a.py", "import stripe\nmatch event.type:\n    case 'invoice.paid' | 'other':\n        pay()\n"),
        ("a.py", "import stripe\ndef pay(e): ...\nTABLE = {'invoice.paid': pay}\nTABLE.get(event.type)(event)\n"),
    ],
)
def test_a_kind_is_told_apart(code_of, name: str, text: str) -> None:
    assert _kinds(code_of, "stripe", name, text) == ["invoice.paid"]


@pytest.mark.parametrize(
    ("provider", "text"),
    [
        ("stripe", "import 'stripe';\nstripe.webhookEndpoints.create({ enabled_events: ['invoice.paid'] });\nconst names = { 'invoice.paid': 'Paid' };\nshow(names[kind]);"),
        ("stripe", "if (event.type === 'invoice.paid') pay();"),
        ("github-hook", "const kind = req.get('x-github-event');\nif (payload.action === 'release') go();"),
        ("gitlab-hook", "const kind = req.get('x-gitlab-event');\nif (step === 'deployment') go();"),
    ],
    ids=["a list and labels", "another's events", "an action", "a step"],
)
def test_silent(code_of, provider: str, text: str) -> None:
    assert not _kinds(code_of, provider, "a.js", text)


@pytest.mark.parametrize(
    ("provider", "text", "kinds"),
    [
        ("github-hook", "const event = req.get('X-GitHub-Event');\nif (event === 'issues') go();", ["issues"]),
        ("gitlab-hook", "if (req.headers['x-gitlab-event'] === 'Tag Push Hook') go();", ["tag_push"]),
        ("gitlab-hook", "if (body.object_kind === 'merge_request') go();", ["merge_request"]),
        ("shopify", "shopify.check(req);\nif (topic === 'ORDERS_PAID') go();", ["orders_paid"]),
        ("telegram", "app.post('/telegram', (req) => { if (req.body.callback_query) go(); });", ["callback_query"]),
    ],
)
def test_each_provider(code_of, provider: str, text: str, kinds: list[str]) -> None:
    assert _kinds(code_of, provider, "a.js", text) == kinds
