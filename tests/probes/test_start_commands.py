"""Is the command read that a platform's own settings start an app with?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.start_commands import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)
START = "gunicorn --workers=4 --threads=8 shop.web:app"
SITE = "resource site 'Microsoft.Web/sites@2023-12-01' = {\n  name: 'shop'\n  properties: {\n    siteConfig: {\n      appCommandLine: %s\n    }\n  }\n}\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("main.bicep", SITE % f"'{START}'", "shop 4 @main.bicep:5"),
        ("main.bicep", f"param start string = '{START}'\n" + SITE % "start", "shop 4 @main.bicep:1"),
        ("main.bicep", f"module web 'site.bicep' = {{\n  params: {{\n    name: 'shop'\n    appCommandLine: '{START}'\n  }}\n}}\n", "shop 4 @main.bicep:4"),
        ("site.json", f'{{"resources": [{{"type": "Microsoft.Web/sites",\n "name": "shop",\n "properties": {{"siteConfig": {{"appCommandLine": "{START}"}}}}}}]}}\n', "shop 4 @site.json:3"),
        ("main.tf", f'resource "azurerm_linux_web_app" "w" {{\n  name = "shop"\n  site_config {{\n    app_command_line = "{START}"\n  }}\n}}\n', "shop 4 @main.tf:4"),
        ("main.tf", f'variable "start" {{\n  default = "{START}"\n}}\nresource "azurerm_linux_web_app" "w" {{\n  site_config {{\n    app_command_line = var.start\n  }}\n}}\n', "4 @main.tf:2"),
        ("deploy.sh", f'az webapp config set -g shops --name shop \\\n  --startup-file "{START}"\n', "shop 4 @deploy.sh:2"),
        (".github/workflows/deploy.yml", f"steps:\n  - uses: azure/webapps-deploy@v3\n    with:\n      app-name: shop\n      startup-command: {START}\n", "shop 4 @.github/workflows/deploy.yml:5"),
        ("azure-pipelines.yml", f"steps:\n  - task: AzureWebApp@1\n    inputs:\n      appName: shop\n      startUpCommand: '{START}'\n", "shop 4 @azure-pipelines.yml:5"),
        ("nixpacks.toml", f'[phases.setup]\nnixPkgs = ["python3"]\n\n[start]\ncmd = "{START}"\n', "4 @nixpacks.toml:5"),
        (".platform.app.yaml", f"name: shop\nweb:\n  commands:\n    start: {START}\n", "shop 4 @.platform.app.yaml:4"),
    ],
)
def test_a_command(tmp_path: Path, name: str, text: str, said: str) -> None:
    assert [line for line in told(look(tmp_path, {name: text})) if line.startswith("instances.")] == [f"instances.factor {said}"]


@pytest.mark.parametrize("written", ["''", "startup", "'worker'", "'node -e x'"])
def test_what_starts_nothing_that_is_known_is_no_unit(tmp_path: Path, written: str) -> None:
    assert [line for line in told(look(tmp_path, {"main.bicep": SITE % written})) if "instances.factor" in line and " 1 " not in line] == []
