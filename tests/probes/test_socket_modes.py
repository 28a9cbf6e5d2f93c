"""An app's manifest and its code agree on Socket Mode, or it is said that they do not."""

from __future__ import annotations

import pytest

from callcheck.probes.socket_modes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
MANIFEST = "display_information: {{name: a}}\nsettings:\n  event_subscriptions: {{bot_events: [app_mention]{}}}\n  socket_mode_enabled: {}\n"
HTTP = "const { App } = require('@slack/bolt');\nconst app = new App({ token, signingSecret: process.env.S });\napp.event('app_mention', f);\n"
SOCKET = "const { App } = require('@slack/bolt');\nconst app = new App({ token, appToken: process.env.A, socketMode: true });\napp.event('app_mention', f);\n"


@pytest.mark.parametrize(
    ("manifest", "code", "cause"),
    [
        (MANIFEST.format("", "true"), HTTP, "missing-subscription"),
        (MANIFEST.format("", "false"), SOCKET, "runtime-not-started"),
        (MANIFEST.format(", request_url: 'https://a.example.com/slack/events'", "false"), SOCKET, "unreachable-callback-url"),
    ],
)
def test_the_two_disagree(tmp_path, manifest: str, code: str, cause: str) -> None:
    (found,) = look(tmp_path, {"manifest.yml": manifest, "app.js": code})
    assert (found.fact.effect, found.where.line, found.because[0].where.path) == (cause, 4, "app.js")


@pytest.mark.parametrize(
    "files",
    [
        {"manifest.yml": MANIFEST.format("", "true"), "app.js": SOCKET},
        {"manifest.yml": MANIFEST.format("", "false"), "app.js": HTTP},
        {"manifest.dev.yml": MANIFEST.format("", "true"), "manifest.prod.yml": MANIFEST.format("", "false"), "app.js": HTTP},
        {"manifest.yml": MANIFEST.format("", "true"), "app.js": HTTP, "dev.js": SOCKET},
        {"manifest.yml": "settings: {socket_mode_enabled: true}\n", "app.js": HTTP},
    ],
    ids=["both by connection", "both by requests", "a manifest for each stage", "both ways in code", "no manifest of Slack"],
)
def test_silent(tmp_path, files) -> None:
    assert not look(tmp_path, files)
