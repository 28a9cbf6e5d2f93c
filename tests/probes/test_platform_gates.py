"""A login that a platform asks for before the app is told where a provider is to call, unless its path is spared."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.platform_gates import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = {"package.json": '{"dependencies": {"express": "4.19.0"}}', "app.js": 'const app = require("express")();\napp.post("/webhooks/stripe", (req, res) => res.sendStatus(200));\n'}
AZURE = 'resource "azurerm_linux_web_app" "shop" {\n  auth_settings_v2 {\n    auth_enabled = true\n    require_authentication = true\n%s  }\n}\n'
BICEP = "properties: {\n  globalValidation: {\n    requireAuthentication: true\n    unauthenticatedClientAction: '%s'\n%s  }\n}\n"
ACCESS = 'resource "cloudflare_zero_trust_access_application" "%s" {\n  domain = "%s"\n%s}\n'
RUN = "#!/bin/sh\ngcloud run deploy shop --image x %s\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.where} {item.fact.route} {item.because[0].where}" for item in look(tmp_path, {**APP, **files})]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"main.tf": AZURE % ""}, "main.tf:4"),
        ({"main.tf": AZURE % '    excluded_paths = ["/health"]\n'}, "main.tf:4"),
        ({"app.bicep": BICEP % ("RedirectToLoginPage", "")}, "app.bicep:3"),
        ({"main.tf": ACCESS % ("shop", "shop.example.com", "")}, "main.tf:2"),
        ({"deploy.sh": RUN % "--no-allow-unauthenticated"}, "deploy.sh:2"),
    ],
    ids=["Azure", "Azure, another path is spared", "Bicep", "Cloudflare Access", "Cloud Run"],
)
def test_the_provider_is_turned_away(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert said(tmp_path, files) == [f"{place} /webhooks/stripe app.js:2"]


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": AZURE % '    excluded_paths = ["/webhooks/stripe"]\n'},
        {"main.tf": AZURE % '    excluded_paths = ["/webhooks/*"]\n'},
        {"main.tf": AZURE % '    unauthenticated_action = "AllowAnonymous"\n'},
        {"app.bicep": BICEP % ("AllowAnonymous", "")},
        {"app.bicep": BICEP % ("RedirectToLoginPage", "    excludedPaths: ['/webhooks/stripe']\n")},
        {"main.tf": ACCESS % ("shop", "shop.example.com", "") + ACCESS % ("hooks", "shop.example.com/webhooks", '  policies = [{ decision = "bypass" }]\n')},
        {"deploy.sh": RUN % "--allow-unauthenticated"},
        {"deploy.sh": RUN % "--no-allow-unauthenticated", "front.sh": "gcloud run deploy front --allow-unauthenticated\n"},
        {"deploy.sh": RUN % "--no-allow-unauthenticated" + "gcloud api-gateway gateways create front\n"},
    ],
    ids=["this path", "all below", "anybody passes", "Bicep, anybody", "Bicep, this path", "Access lets it pass", "open", "which of two is not known", "a gateway is in front"],
)
def test_the_provider_comes_through_or_it_cannot_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
