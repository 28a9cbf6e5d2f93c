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
from callcheck.sources.bicep_resources import resources
from callcheck.sources.launch import own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_LARGEST_BYTES = 300_000
_SITE = "Microsoft.Web/sites"
_SLOT = f"{_SITE}/slots"
_BEGINS = pattern(r"(?m)^resource[ \t]+\"azurerm_(?:linux|windows)_function_app(?P<slot>_slot)?\"[ \t]+\"[\w-]{1,80}\"[^\n]*\n(?P<body>(?:(?!\})[^\n]*\n){0,400})")
_ROW = pattern(r"(?m)^[ \t]*\"?(?P<key>[\w.]{1,120})\"?[ \t]*=[ \t]*(?P<held>\"[^\"\n]{0,300}\"|[A-Za-z_][\w.]{0,150})[ \t]*$")


@dataclass(frozen=True, slots=True)
class Host:
    """A function app, or a slot of one: each setting as it is written, with its place. What is written without quotes means the same in one file alone."""

    slot: bool
    text: str
    settings: dict[str, tuple[str, Location]] = field(default_factory=dict)


def hosts(eyes: Eyes) -> Iterator[Host]:
    """All that are described."""
    for app in resources(eyes, _SITE, _SLOT):
        yield Host(app.type == _SLOT, app.body, {name: (_meant(app.file, value), Location(clean(app.file.name), line)) for name, value, line in app.rows() if value})
    for file, text in own_texts(eyes, "*.tf", most=_LARGEST_BYTES):
        for found in _BEGINS.finditer(text) if "function_app" in text else ():
            rows = {row["key"]: (_meant(file, row["held"]), text.count("\n", 0, found.start("body") + row.start()) + 1) for row in _ROW.finditer(found["body"])}
            yield Host(bool(found["slot"]), found["body"], {name: (value, Location(clean(file.name), line)) for name, (value, line) in rows.items()})


def _meant(file: File, written: str) -> str:
    """What is written, without its quotes; a name, or a text with a hole, together with its file."""
    return written.strip("'\"") if written[0] in "'\"" and "${" not in written else f"{file.name}: {written}"
