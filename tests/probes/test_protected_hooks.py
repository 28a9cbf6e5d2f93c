"""Is a provider told to call a domain before which Vercel asks for a login?"""

from __future__ import annotations

import pytest

from callcheck.probes.protected_hooks import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
PROJECT = 'resource "vercel_project" "desk" {\n  name = "desk"\n  vercel_authentication = {\n    deployment_type = "%s"\n  }\n}\nresource "vercel_project_domain" "own" {\n  project_id = vercel_project.desk.id\n  domain     = "desk.example.org"\n}\n'
HOOK = 'resource "stripe_webhook_endpoint" "x" {\n  url = "https://%s/hook"\n}\n'
OWN = "${vercel_project_domain.own.domain}"
WHOLE = PROJECT % "all_deployments"
APART = WHOLE.replace('  vercel_authentication = {\n    deployment_type = "all_deployments"\n  }\n', "") + 'resource "vercel_project_deployment_protection" "p" {\n  project_id = vercel_project.desk.id\n  password_protection = { deployment_type = "all_deployments" }\n}\n'


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"main.tf": WHOLE, "hook.tf": HOOK % OWN}, ["main.tf:4"]),
        ({"main.tf": WHOLE, "hook.tf": HOOK % "desk.example.org"}, ["main.tf:4"]),
        ({"main.tf": APART, "hook.tf": HOOK % OWN}, ["main.tf:10"]),
        ({"main.tf": WHOLE, "hook.sh": "curl https://api.telegram.org/bot$T/setWebhook -d url=https://desk.example.org/tg\n"}, ["main.tf:4"]),
        ({"main.tf": PROJECT % "standard_protection", "hook.tf": HOOK % OWN}, []),
        ({"main.tf": PROJECT % "none", "hook.tf": HOOK % OWN}, []),
        ({"main.tf": WHOLE, "hook.tf": HOOK % "hooks.example.org"}, []),
        ({"main.tf": WHOLE, "hook.tf": (HOOK % OWN).replace("/hook", "/hook?x-vercel-protection-bypass=${var.pass}")}, []),
        ({"main.tf": WHOLE.replace("  name", '  trusted_ips = { addresses = [{ value = "3.18.12.63" }], deployment_type = "all_deployments", protection_mode = "trusted_ip_optional" }\n  name'), "hook.tf": HOOK % OWN}, []),
    ],
    ids=["by reference", "by name", "said apart", "by a command", "production is open", "all is open", "another domain", "it may pass", "addresses are let through"],
)  # fmt: skip
def test_a_domain_that_asks_for_a_login(tmp_path, files, told) -> None:
    assert [f"{item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
