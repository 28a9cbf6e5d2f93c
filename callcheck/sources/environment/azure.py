"""Which variables do Azure's Container Apps and App Service get, by Bicep, ARM templates or YAML?

    env: [{ name: 'WEB_CONCURRENCY', value: '3' }]                       # a container of Microsoft.App/containerApps
    siteConfig: { appSettings: [{ name: 'API_URL', value: '...' }] }     # Microsoft.Web/sites

Settings that are made by a resource of their own, a module or a command are not seen, so what is found is never all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.bicep_resources import resources, text_of
from callcheck.sources.documents import Table, tables, value_at
from callcheck.sources.environment.setting import OPEN, Setting, filled, pairs
from callcheck.sources.files import File
from callcheck.sources.launch.find import own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LARGEST = 300_000
_SYSTEMS = {"Microsoft.App/containerApps": "azure-container-apps", "Microsoft.Web/sites": "azure-app-service"}
_VARIABLE = pattern(r"[A-Za-z_]\w{0,99}$")


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables of each app, and that it may have more."""
    for declared in resources(eyes, *_SYSTEMS):
        system, unit = _SYSTEMS[declared.type], declared.name
        yield from (Setting(unit, name, text_of(value), declared.file, line, system) for name, value, line in declared.rows() if _VARIABLE.match(name))
        yield Setting(unit, OPEN, "", declared.file, declared.line, system)
    for file, text in own_texts(eyes, "*.y*ml", "*.json", most=_LARGEST):
        if not any(kind in text for kind in _SYSTEMS):
            continue
        document = eyes.readable_document(file)
        for resource in [document, *tables(value_at(document, "resources"))]:
            yield from _resource(resource, file) if isinstance(resource, Table) else ()


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
