"""Which addresses products are told to post to, and what they bring."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.fronts.posters import posted

POINT = "contactPoints:\n  - receivers:\n      - type: webhook\n        settings:\n          url: https://a.example.org/alarms\n"


def _told(folder, name: str, text: str) -> list[tuple[str, str, str, int]]:
    (folder / name).write_text(text)
    return [(each.host, each.path, each.brings, each.where.line) for each in posted(Eyes(Target(base=folder, folders=(folder,)), Knowledge()))]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("points.yaml", POINT, ("a.example.org", "/alarms", "", 5)),
        ("points.yaml", POINT + "          authorization_scheme: Bearer\n          authorization_credentials: $T\n", ("a.example.org", "/alarms", "token", 5)),
        ("points.yaml", POINT + "          username: grafana\n", ("a.example.org", "/alarms", "login", 5)),
        ("map.yaml", "data:\n  points.yaml: |\n" + POINT.replace("\n", "\n    "), ("a.example.org", "/alarms", "", 7)),
        ("alertmanager.yml", 'receivers:\n  - name: a\n    webhook_configs: [{url: "http://a.example.org:8080/wake"}]\n', ("a.example.org", "/wake", "", 3)),
        ("config.yaml", "kind: AlertmanagerConfig\nspec:\n  receivers:\n    - webhookConfigs:\n        - url: https://a.example.org/wake\n", ("a.example.org", "/wake", "", 5)),
        ("argo.yaml", "data:\n  service.webhook.a: |\n    url: https://a.example.org/told\n    headers: [{name: X-Key, value: $key}]\n", ("a.example.org", "/told", "token", 3)),
        ("flux.yaml", "kind: Provider\nspec:\n  type: generic\n  address: https://a.example.org/flux\n", ("a.example.org", "/flux", "", 4)),
        ("falco.yaml", "config:\n  webhook:\n    address: https://a.example.org/falco\n", ("a.example.org", "/falco", "", 3)),
        ("main.tf", 'resource "grafana_contact_point" "a" {\n  webhook {\n    url = "https://a.example.org/alarms"\n  }\n}\n', ("a.example.org", "/alarms", "", 3)),
    ],
)
def test_who_is_told(tmp_path, name, text, expected) -> None:
    assert _told(tmp_path, name, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        POINT.replace("a.example.org", "desk"),
        POINT.replace("a.example.org", "desk.ops.svc"),
        POINT.replace("type: webhook", "type: slack"),
        "receivers:\n  - name: webhook\ndocs:\n  url: https://a.example.org/alarms\n",
        POINT.replace("https://a.example.org", "$DESK"),
    ],
)
def test_silent_for_names_of_a_network_and_other_addresses(tmp_path, text) -> None:
    assert _told(tmp_path, "a.yaml", text) == []
