"""What does a YAML, JSON, TOML or INI file say, and on which lines?

Mappings come as `Table`, lists as `Rows`; both are plain dicts and lists that also know their lines. Keys are always strings.
"""

from __future__ import annotations

from typing import Any

from callcheck.model.errors import Malformed
from callcheck.sources.documents.shapes import Rows, Table, each_of, line_at, tables, value_at

__all__ = ["Rows", "Table", "each_of", "line_at", "load", "load_all", "tables", "value_at"]

LARGEST = 1_000_000
"""Characters; nobody writes a longer one by hand."""
_JSON = (".json", ".jsonc", ".json5", ".webmanifest")
_INI = (".ini", ".cfg", ".conf", ".service", ".properties")


def load(text: str, name: str) -> Any:
    """The first document, or None if there is none. Raises Malformed."""
    found = load_all(text, name)
    return found[0] if found else None


def load_all(text: str, name: str) -> list[Any]:
    """Every document; the suffix of `name` says the format, YAML if it has none that is known. Raises Malformed, with the line."""
    if len(text) > LARGEST:
        raise Malformed(f"{len(text):,} characters, more than {LARGEST:,}: left out")
    lower = name.lower()
    if lower.endswith(_JSON):
        from callcheck.sources.documents.read_json import read_json

        return [read_json(text)]
    if lower.endswith(".toml"):
        from callcheck.sources.documents.read_toml import read_toml

        return [read_toml(text)]
    if lower.endswith(_INI):
        from callcheck.sources.documents.read_ini import read_ini

        return [read_ini(text)]
    from callcheck.sources.documents.plain_yaml import read_plain

    plain = read_plain(text)
    if plain is not None:
        return plain
    from callcheck.sources.documents.read_yaml import read_yaml

    return read_yaml(text)
