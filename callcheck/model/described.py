"""What does a noun say of its own fields, as JSON Schema? Read off its declaration, so that the two cannot come apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from callcheck.model.noun import fields

Schema = dict[str, Any]
TEXT: Schema = {"type": ["string", "integer"]}
TEXTS: Schema = {"type": ["string", "array"], "items": {"type": ["string", "integer", "boolean"]}}
_TYPES: Mapping[str, Schema] = {"str": {"type": "string"}, "bool": {"type": "boolean"}, "bool | None": {"type": "boolean"}, "float": {"type": "number"}, "int": {"type": "integer"}}


def properties(noun: type, without: Collection[str] = (), also: Mapping[str, Schema] = {}) -> dict[str, Schema]:
    """Field name -> its schema with what the declaration says of it; of tuples of texts a single text will do too. `also` adds fields, or says more
    of one."""
    said = _docstrings(noun)
    found = {}
    for field in fields(noun):
        if field.name not in without:
            text = said.get(field.name, "")
            found[field.name] = {**_shape(str(field.type)), **({"description": text} if text else {}), **also.get(field.name, {})}
    return {**found, **{name: schema for name, schema in also.items() if name not in found}}


def closed(known: dict[str, Schema], required: Collection[str] = (), **more: Any) -> Schema:
    """A mapping with these keys and no other."""
    return {"type": "object", "properties": known, "additionalProperties": False, **({"required": sorted(required)} if required else {}), **more}


def listed(items: Schema) -> Schema:
    """A list of such."""
    return {"type": "array", "items": items}


def _shape(annotation: str) -> Schema:
    if annotation.startswith("tuple[str, ...]"):
        return TEXTS
    if annotation.startswith(("tuple", "list", "frozenset")):
        return {"type": "array"}
    if annotation.startswith("dict"):
        return {"type": "object"}
    return _TYPES.get(annotation, {})


def _docstrings(noun: type) -> dict[str, str]:
    import ast
    import inspect
    import textwrap

    body = ast.parse(textwrap.dedent(inspect.getsource(noun))).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[before.target.id] = " ".join(str(after.value.value).split())
    return found
