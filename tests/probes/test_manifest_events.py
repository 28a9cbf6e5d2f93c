"""The events that a manifest asks for are read, and other YAML files of the name are passed over."""

from __future__ import annotations

from callcheck.probes.manifest_events import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)


def _events(found) -> list[tuple[str, str, str]]:
    return [(item.fact.system, item.fact.events, str(item.where)) for item in found]


def test_a_github_app(tmp_path) -> None:
    text = "name: x\ndefault_events:\n  - issues\n  # - push\n  - release\ndefault_permissions: {contents: read}\n"
    assert _events(look(tmp_path, {"app.yml": text})) == [("github", "issues, release", "app.yml:2")]


def test_a_slack_app(tmp_path) -> None:
    text = "settings:\n  event_subscriptions:\n    bot_events:\n      - app_mention\n"
    assert _events(look(tmp_path, {"slack/manifest.yaml": text})) == [("slack", "app_mention", "slack/manifest.yaml:3")]


def test_another_file_of_the_name(tmp_path) -> None:
    assert not look(tmp_path, {"app.yml": "name: shop\nservices: []\n", "manifest.json": '{"name": "a web app"}'})


def test_what_a_slack_app_turns_on_and_declares(tmp_path) -> None:
    text = (
        "display_information: {name: x}\nfeatures:\n  slash_commands:\n    - command: /deploy\nsettings:\n  interactivity:\n    is_enabled: true\n"
    )
    assert _events(look(tmp_path, {"manifest.yml": text})) == [
        ("slack", "", "manifest.yml:5"),
        ("slack-interactivity", "*", "manifest.yml:6"),
        ("slack-commands", "/deploy", "manifest.yml:2"),
    ]
