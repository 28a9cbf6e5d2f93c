"""What a provider is asked to send is read from resources, configuration, scripts and programs."""

from __future__ import annotations

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.hooked_up import asked_for
from tests.tools.shipped import shipped_knowledge

HOOK = 'resource "gitlab_project_hook" "a" {{\n  url = "u"\n  {}\n}}\n'
API = "https://api.telegram.org/bot$TOKEN/setWebhook"


@pytest.mark.parametrize(
    ("name", "text", "provider", "events"),
    [
        ("a.tf", 'resource "stripe_webhook_endpoint" "a" {\n  enabled_events = ["charge.failed", "*"]\n}\n', "stripe", ("charge.failed", "*")),
        ("a.tf", 'resource "stripe_webhook_endpoint" "a" {\n  enabled_events = data.http.events.list\n}\n', "stripe", None),
        ("a.tf", HOOK.format("job_events = true"), "gitlab-hook", ("push", "job")),
        ("a.tf", HOOK.format("push_events = false"), "gitlab-hook", ()),
        ("a.tf", HOOK.format("note_events = var.notes"), "gitlab-hook", None),
        ("shopify.app.toml", '[[webhooks.subscriptions]]\ntopics = ["app/uninstalled"]\n', "shopify", ("app_uninstalled",)),
        ("a.sh", "stripe webhook_endpoints create --url u --enabled-events charge.failed,charge.refunded\n", "stripe", ("charge.failed", "charge.refunded")),
        ("a.sh", 'curl https://api.stripe.com/v1/webhook_endpoints -u k: -d "enabled_events[0]"=charge.failed\n', "stripe", ("charge.failed",)),
        ("a.sh", f"curl '{API}?url=u&allowed_updates=%5B%22message%22%5D'\n", "telegram", ("message",)),
        ("a.sh", f"curl {API} -H 'content-type: application/json' -d '{{\"url\": \"u\", \"allowed_updates\": [\"message\", \"poll\"]}}'\n", "telegram", ("message", "poll")),
        ("a.sh", f'curl {API} -d "{{\\"url\\": \\"u\\", \\"allowed_updates\\": [\\"message\\"]}}"\n', "telegram", ("message",)),
        ("a.sh", f"curl {API} -d url=u -d allowed_updates=$KINDS\n", "telegram", None),
        ("a.js", "fetch(`${API}/setWebhook`, { method: 'POST', body: JSON.stringify({ url, allowed_updates: ['message', ...more] }) });\n", "telegram", None),
        ("a.js", "const body = { url, allowed_updates: ['message'] };\nfetch(`${API}/setWebhook`, { method: 'POST', body: JSON.stringify(body) });\n", "telegram", ("message",)),
        ("a.js", "const body = { url, allowed_updates: kinds };\nfetch(`${API}/setWebhook`, { method: 'POST', body: JSON.stringify(body) });\n", "telegram", None),
        ("a.js", "await octokit.rest.repos.createWebhook({ owner, repo, config, events: ['issues', 'push'] });\n", "github-hook", ("issues", "push")),
        ("a.py", 'repo.create_hook("web", config, events=["release"], active=True)\n', "github-hook", ("release",)),
        ("a.py", 'project.hooks.create({"url": URL, "push_events": 0, "merge_requests_events": 1})\n', "gitlab-hook", ("merge_request",)),
    ],
)
def test_a_list(tmp_path, name: str, text: str, provider: str, events: tuple[str, ...] | None) -> None:
    (tmp_path / name).write_text(text)
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [(each.provider, each.events) for each in asked_for(eyes)] == [(provider, events)]


def test_telegram_without_a_list_sends_all_but_three_kinds(tmp_path) -> None:
    (tmp_path / "a.sh").write_text(f"curl {API} -d url=u\n")
    (asked,) = asked_for(Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge()))
    assert asked.sends("callback_query")
    assert not asked.sends("chat_member")


def test_a_test_asks_for_nothing(tmp_path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_hook.py").write_text('project.hooks.create({"url": URL, "job_events": 1})\n')
    assert not [*asked_for(Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge()))]
