"""Which settings do a function app of Azure and its deployment slots get, by Bicep, Terraform, a template of ARM or a script?

    resource slot 'Microsoft.Web/sites/slots@2023-12-01' = { ... appSettings: [{ name: 'Bus__fullyQualifiedNamespace', value: 'bus.servicebus.windows.net' }] }
    var shared = [ { name: 'Bus', value: bus } ]      appSettings: union(shared, [ ... ])                  # also Terraform's merge(local.shared, { ... })
    resource "azurerm_linux_function_app_slot" "staging" { app_settings = { Bus = azurerm_servicebus_namespace.bus.default_primary_connection_string } }
    az functionapp deployment slot create --name orders --slot next --configuration-source orders                   # a copy of what the app has

A slot is a host of its own, which runs all the time. Sources: learn.microsoft.com, azure-functions/functions-deployment-slots; cli/azure/functionapp/deployment/slot;
azure-resource-manager/bicep, union() and concat().
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.bicep_resources import resources_of
from callcheck.sources.documents import tables, value_at
from callcheck.sources.files import File
from callcheck.sources.launch.find import commands, own_texts, scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LARGEST_BYTES = 300_000
_SITE = "Microsoft.Web/sites"
_TYPES = (_SITE, f"{_SITE}/slots", f"{_SITE}/config", f"{_SITE}/slots/config")
_BEGINS = pattern(r"(?m)^resource[ \t]+\"azurerm_(?:(?:linux|windows)_)?function_app(?P<slot>_slot)?\"[ \t]+\"[\w-]{1,80}\"[^\n]*\n(?P<body>(?:(?!\})[^\n]*\n){0,400})")
_PARENT = pattern(r"(?m)^[ \t]*parent[ \t]*:[ \t]*(\w{1,80})")
_KEPT = pattern(r"(?m)^(?P<var>var)[ \t]+(?P<name>\w{1,80})[ \t]*=|^[ \t]+(?P<local>\w{1,80})[ \t]*=[ \t]*(?:\{|merge\()")
"""A list or a table of settings under a name, in Bicep and among Terraform's locals."""
_BRACKET = pattern(r"[\[\]{}()]")
_ROW = pattern(
    r"\bname\s*:\s*'(?P<name>[\w.]{1,120})'\s*,?\s*value\s*:\s*(?P<value>'[^'\n]{0,300}'|[A-Za-z_][\w.]{0,100})"
    r"|(?:(?m:^)|(?<=[{,]))[ \t]*[\"']?(?!(?:name|value)\b)(?P<key>[A-Za-z_][\w.]{0,119})[\"']?[ \t]*[=:][ \t]*(?P<held>\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|[A-Za-z_][\w.\[\]\"-]{0,150})[ \t]*(?=,|\}|(?m:$))"
)
_COPIES = pattern(r"\baz\s+functionapp\s+deployment\s+slot\s+create\b.*--configuration-source\b")
_ARM_SITES = ("microsoft.web/sites", "microsoft.web/sites/slots")
COPY = "*"
"""The one setting of a slot that is given whatever its app has."""


@dataclass(frozen=True, slots=True)
class Host:
    """A function app, or a slot of one: each setting as it is written, with its place. What is written without quotes means the same in one file alone."""

    slot: bool
    text: str
    settings: dict[str, tuple[str, Location]] = field(default_factory=dict)


def hosts(eyes: Eyes) -> Iterator[Host]:
    """All that are described."""
    for file, text in own_texts(eyes, "*.bicep", "*.tf", most=_LARGEST_BYTES):
        if "Microsoft.Web/sites" in text or "function_app" in text:
            yield from _written(eyes, file, text)
    for file, text in own_texts(eyes, "*.json", most=_LARGEST_BYTES):
        if "icrosoft.Web/sites" in text:
            yield from _template(eyes, file, text)
    for file, text in scripts(eyes, "--configuration-source"):
        for line, command in commands(file, text):
            if _COPIES.search(command):
                # What a later command turns off for the slot stands in the same file.
                yield Host(True, text, {COPY: ("", Location(clean(file.name), line))})


def _written(eyes: Eyes, file: File, text: str) -> Iterator[Host]:
    kept = dict(_kept(eyes, file, text))
    if file.suffix == ".tf":
        for at in _BEGINS.finditer(text):
            yield Host(bool(at["slot"]), at["body"], _told(file, at["body"], text.count("\n", 0, at.start("body")) + 1, kept))
        return
    found: dict[str, Host] = {}
    beside: list[tuple[str, Host]] = []
    for each in resources_of(file, text, *_TYPES):
        host = Host("/slots" in each.type, each.body, _told(file, each.body, each.line + 1, kept))
        parent = _PARENT.search(each.body)
        if each.type.endswith("/config"):
            beside.append((parent[1] if parent else "", host))
        else:
            found[each.symbol] = host
    for symbol, host in beside:
        # Settings in a resource of their own; a list of names (slotConfigNames) holds none.
        if symbol in found:
            found[symbol] = Host(found[symbol].slot, found[symbol].text + host.text, found[symbol].settings | host.settings)
    yield from found.values()


def _told(file: File, body: str, line: int, kept: dict[str, dict[str, tuple[str, Location]]]) -> dict[str, tuple[str, Location]]:
    """The settings of a resource: those of each name that it takes them from, and its own."""
    rows: dict[str, tuple[str, Location]] = {}
    for name, held in kept.items():
        if re.search(rf"\blocal\.{name}\b" if file.suffix == ".tf" else rf"(?:\b(?:union|concat|appSettings\s*:|properties\s*:)[^\n]*|\.\.\.)\b{name}\b", body):
            rows |= held
    return rows | dict(_rows(file, body, line))


def _kept(eyes: Eyes, file: File, text: str) -> Iterator[tuple[str, dict[str, tuple[str, Location]]]]:
    """The settings under each name; of Terraform's locals those of all files of the folder."""
    files = [each for each in eyes.tree.named("*.tf") if posixpath.dirname(each.name) == posixpath.dirname(file.name)] if file.suffix == ".tf" else [file]
    for each in files:
        whole = text if each is file else eyes.readable(each, _LARGEST_BYTES)
        for at in _KEPT.finditer(whole):
            if bool(at["var"]) is (file.suffix == ".bicep"):
                yield at["var"] and at["name"] or at["local"], dict(_rows(each, whole[at.end() - 1 : _closes(whole, at.end() - 1)], whole.count("\n", 0, at.end() - 1) + 1))


def _closes(text: str, start: int) -> int:
    """Where the first bracket from a place on is closed; the end of the line where none is opened."""
    depth, end = 0, text.find("\n", start)
    for found in _BRACKET.finditer(text, start):
        if depth == 0 and -1 < end < found.start():
            return end
        depth += 1 if found[0] in "[{(" else -1
        if depth <= 0:
            return found.end()
    return len(text)


def _rows(file: File, text: str, line: int) -> Iterator[tuple[str, tuple[str, Location]]]:
    """Of a piece of a file that begins on a line."""
    for row in _ROW.finditer(text):
        value = row["value"] or row["held"]
        at = line + text.count("\n", 0, row.start("name") if row["name"] else row.start("key"))
        yield row["name"] or row["key"], (value.strip("'\"") if value[0] in "'\"" and "${" not in value else f"{file.name}: {value}", Location(clean(file.name), at))


def _template(eyes: Eyes, file: File, text: str) -> Iterator[Host]:
    document = eyes.readable_document(file)
    for resource in (each for one in tables(value_at(document, "resources")) for each in (one, *tables(one.get("resources")))):
        kind = str(resource.get("type")).lower()
        if kind not in (*_ARM_SITES, "slots"):
            continue
        rows = {}
        for row in tables(value_at(resource, "properties", "siteConfig", "appSettings")):
            value = str(row.get("value"))
            rows[str(row.get("name"))] = (f"{file.name}: {value}" if value.startswith("[") else value, Location(clean(file.name), row.line or 1))
        yield Host(kind.endswith("slots"), str(resource), rows)
