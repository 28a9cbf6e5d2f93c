"""Variables of Azure's apps."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.environment import OPEN, given, settings

BICEP = """\
resource web 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'shop'
  properties: {
    template: {
      containers: [
        {
          name: 'web'
          image: 'shop'
          env: [
            { name: 'WEB_CONCURRENCY', value: '3' }
            { name: 'HOST', value: 'https://${fqdn}' }
            { name: 'KEY', secretRef: 'key' }
          ]
        }
      ]
    }
  }
}
"""
YAML = """\
type: Microsoft.App/containerApps
name: shop
properties: {template: {containers: [{name: web, env: [{name: WEB_CONCURRENCY, value: "3"}]}]}}
"""
ARM = """{"resources": [{"type": "Microsoft.Web/sites", "name": "shop", "properties": {"siteConfig": {"appSettings": [
{"name": "WEB_CONCURRENCY", "value": "3"}, {"name": "HOST", "value": "[parameters('host')]"}]}}}]}
"""


@pytest.mark.parametrize(("name", "text", "system", "line"), [("main.bicep", BICEP, "azure-container-apps", 10), ("app.yaml", YAML, "azure-container-apps", 3), ("site.json", ARM, "azure-app-service", 2)])
def test_what_is_written_is_given_and_more_may_be(tmp_path, name, text, system, line) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    eyes = Eyes(Target(tmp_path, folders=(tmp_path,)), Knowledge())
    assert given(eyes, system, "shop") == {"WEB_CONCURRENCY": "3"}
    assert next(each.line for each in settings(eyes) if each.name == "WEB_CONCURRENCY") == line
    assert any(each.name == OPEN for each in settings(eyes))
