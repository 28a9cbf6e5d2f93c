"""A resource of Bicep is read to its closing brace, with the rows that it lists."""

from __future__ import annotations

from pathlib import Path

from callcheck.sources.bicep_resources import resources_of, text_of
from callcheck.sources.files import File

TEXT = """\
param plan string
resource web 'Microsoft.Web/sites@2023-12-01' = {
  name: 'shop'
  properties: { siteConfig: { appSettings: [
    { name: 'URL', value: 'https://a.example' }
    { name: 'HOST', value: 'https://${fqdn}' }
    {
      name: 'BUS'
      value: bus.properties.key
    }
    { name: 'KEY', secretRef: 'key' }
  ] } }
}
resource slot 'Microsoft.Web/sites/slots@2023-12-01' = {
  name: '${web.name}/staging'
}
"""


def test_types_are_told_apart_and_lines_are_those_of_the_file() -> None:
    file = File(Path("main.bicep"), "main.bicep", len(TEXT))
    web, slot = resources_of(file, TEXT, "Microsoft.Web/sites", "Microsoft.Web/sites/slots")
    assert (web.name, web.line, slot.name, slot.line) == ("shop", 2, "", 14)
    assert [*web.rows()] == [("URL", "'https://a.example'", 5), ("HOST", "'https://${fqdn}'", 6), ("BUS", "bus.properties.key", 8), ("KEY", "", 11)]
    assert [text_of(value) for _, value, _ in web.rows()] == ["https://a.example", "", "", ""]
    assert [each.line for each in resources_of(file, TEXT, "Microsoft.Web/sites")] == [2]
    assert not [*resources_of(file, TEXT, "Microsoft.App/containerApps")]
