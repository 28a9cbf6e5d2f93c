"""Which settings do a function app of Azure and its deployment slots get, by Bicep or Terraform?

    resource slot 'Microsoft.Web/sites/slots@2023-12-01' = { ... appSettings: [{ name: 'Bus__fullyQualifiedNamespace', value: 'bus.servicebus.windows.net' }] }
    resource "azurerm_linux_function_app_slot" "staging" { app_settings = { Bus = azurerm_servicebus_namespace.bus.default_primary_connection_string } }

A slot is a host of its own, which runs all the time. Source: learn.microsoft.com, azure-functions/functions-deployment-slots.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LARGEST_BYTES = 300_000
_BEGINS = pattern(
    r"(?m)^resource[ \t]+(?:\w{1,80}[ \t]+'Microsoft\.Web/sites(?P<slot>/slots)?@[^'\n]{1,40}'|\"azurerm_(?:linux|windows)_function_app(?P<twin>_slot)?\"[ \t]+\"[\w-]{1,80}\")[^\n]*\n(?P<body>(?:(?!\})[^\n]*\n){0,400})"
)
_ROW = pattern(r"\bname\s*:\s*'(?P<name>[\w.]{1,120})'\s*,?\s*value\s*:\s*(?P<value>'[^'\n]{0,300}'|[A-Za-z_][\w.]{0,100})|(?m:^)[ \t]*\"?(?P<key>[\w.]{1,120})\"?[ \t]*=[ \t]*(?P<held>\"[^\"\n]{0,300}\"|[A-Za-z_][\w.]{0,150})[ \t]*(?m:$)")


@dataclass(frozen=True, slots=True)
class Host:
    """A function app, or a slot of one: each setting as it is written, with its place. What is written without quotes means the same in one file alone."""

    slot: bool
    text: str
    settings: dict[str, tuple[str, Location]] = field(default_factory=dict)


def hosts(eyes: Eyes) -> Iterator[Host]:
    """All that are described."""
    for file in eyes.tree.named("*.bicep", "*.tf"):
        text = "" if aside(eyes, file) else eyes.readable(file, _LARGEST_BYTES)
        for found in _BEGINS.finditer(text) if "Microsoft.Web/sites" in text or "function_app" in text else ():
            rows: dict[str, tuple[str, Location]] = {}
            for row in _ROW.finditer(found["body"]):
                value = row["value"] or row["held"]
                line = text.count("\n", 0, found.start("body") + row.start()) + 1 + row[0].count("\n", 0, len(row[0]) - len(row[0].lstrip()))
                rows[row["name"] or row["key"]] = (value.strip("'\"") if value[0] in "'\"" and "${" not in value else f"{file.name}: {value}", Location(clean(file.name), line))
            yield Host(bool(found["slot"] or found["twin"]), found["body"], rows)
