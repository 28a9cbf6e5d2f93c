"""Which variables do Azure's Container Apps and App Service get, by Bicep, ARM templates or YAML?

    env: [{ name: 'WEB_CONCURRENCY', value: '3' }]                       # a container of Microsoft.App/containerApps
    siteConfig: { appSettings: [{ name: 'API_URL', value: '...' }] }     # Microsoft.Web/sites

Settings that are made by a resource of their own, a module or a command are not seen, so what is found is never all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, tables, value_at
from callcheck.sources.environment.setting import OPEN, Setting, filled, pairs
from callcheck.sources.files import File
from callcheck.sources.launch.find import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LARGEST = 300_000
_SYSTEMS = {"Microsoft.App/containerApps": "azure-container-apps", "Microsoft.Web/sites": "azure-app-service"}
_RESOURCE = pattern(r"(?m)^resource[ \t]+\w{1,80}[ \t]+'(Microsoft\.(?:App/containerApps|Web/sites))@[^'\n]{1,40}'[^\n]*\n((?:(?!\})[^\n]*\n){0,400})")
_NAME = pattern(r"(?m)^[ \t]*name[ \t]*:[ \t]*'([\w-]{1,80})'")
_ROW = pattern(r"\{\s*name\s*:\s*'([A-Za-z_]\w{0,99})'\s*,?\s*(?:value\s*:\s*(?:'([^'\n]{0,300})')?)?")


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables of each app, and that it may have more."""
    for file in eyes.tree.named("*.bicep", "*.y*ml", "*.json"):
        text = "" if aside(eyes, file) else eyes.readable(file, _LARGEST)
        if not any(kind in text for kind in _SYSTEMS):
            continue
        if file.suffix == ".bicep":
            yield from _bicep(text, file)
            continue
        try:
            document = eyes.document(file)
        except SourceError:
            continue
        for resource in [document, *tables(value_at(document, "resources"))]:
            yield from _resource(resource, file) if isinstance(resource, Table) else ()


def _bicep(text: str, file: File) -> Iterator[Setting]:
    for resource in _RESOURCE.finditer(text):
        system, begins = _SYSTEMS[resource[1]], resource.start(2)
        named = _NAME.search(resource[2])
        unit = named[1] if named else ""
        for row in _ROW.finditer(resource[2]):
            value = row[2] if row[2] and "${" not in row[2] else ""
            yield Setting(unit, row[1], value, file, text.count("\n", 0, begins + row.start(1)) + 1, system)
        yield Setting(unit, OPEN, "", file, text.count("\n", 0, resource.start()) + 1, system)


def _resource(resource: Table, file: File) -> Iterator[Setting]:
    system = _SYSTEMS.get(str(resource.get("type")))
    name = str(resource.get("name") or "")
    unit = "" if "[" in name else name
    if system is None:
        return
    settings = pairs(resource, "properties", "siteConfig", "appSettings")
    containers = (pairs(each, "env") for each in tables(value_at(resource, "properties", "template", "containers")))
    for found in (settings, *containers):
        for variable, value, line in found:
            yield Setting(unit, variable, "" if str(value).startswith("[") else filled(value, {}), file, line, system)
    yield Setting(unit, OPEN, "", file, resource.line or 1, system)
