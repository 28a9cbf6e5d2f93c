"""Which shape does a file below `causes/` have, as JSON Schema? For editors; the loader has the last word."""

from __future__ import annotations

from callcheck.engine import load
from callcheck.model.described import TEXTS, Schema, closed, listed
from callcheck.model.fact import kinds, names, types
from callcheck.model.words import Strength

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def rule() -> Schema:
    """One cause."""
    text: Schema = {"type": "string"}
    conditions = listed({"$ref": "#/$defs/condition"})
    clause = closed({"fact": {"$ref": "#/$defs/condition"}, "strength": _strength(), "because": text}, ("fact",))
    way = {
        "title": text,
        "per": {**TEXTS, "description": "Tried once for each value of these attributes."},
        "when": {**conditions, "description": "All must be answered yes, or nothing is said."},
        "unless": {**conditions, "description": "All must be answered no."},
        "prior": _strength(),
        "supports": listed(clause),
        "contradicts": listed(clause),
    }
    snippet = closed({"before": text, "after": text})
    edit = closed({"at": {"enum": sorted(kinds())}, "find": text, "put": text, "within": {"type": "integer"}, "count": {}}, ("at",))
    fix = {"title": text, "check": text, "frameworks": TEXTS, "for": conditions, "edit": listed(edit), "stopgap": {"type": "boolean"}}
    example = {"name": text, "given": listed({"$ref": "#/$defs/fact"}), "confidence": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}, "basis": text}
    known = {
        **way,
        "cause": {**text, "description": "As the file is named."},
        "title": {**text, "description": "Attributes of the facts in braces."},
        "any": {**listed(closed(way, ("when",))), "description": "Several ways in which the cause shows, instead of `when`."},
        "leads": {**listed(closed({key: way[key] for key in ("title", "per", "when", "unless", "prior")}, ("when", "title"))), "description": "Worth a look where nothing was found at all."},
        "yields_to": TEXTS,
        "explained_by": {**TEXTS, "description": "Causes that say why, where they rest on the same line."},
        "explain": text,
        "confirm": text,
        "fix": listed(closed({**fix, **dict.fromkeys(sorted(load.LANGUAGES), snippet)}, ("title",))),
        "references": TEXTS,
        "examples": listed(closed(example, ("name", "given", "confidence"))),
    }
    whole = closed(known, ("cause", "title", "explain"), oneOf=[{"required": ["when"]}, {"required": ["any"]}])
    compared = {f"{named}-compared": _compared(named) for named in _TYPES.values()}
    return {**whole, "$defs": {"condition": _facts(conditions=True), "fact": _facts(conditions=False), **compared}}


def _strength() -> Schema:
    return {"enum": [str(word) for word in Strength]}


def _facts(conditions: bool) -> Schema:
    """One fact kind with its attributes, each compared or given."""
    found = {}
    for kind, noun in sorted(kinds().items()):
        attributes = {name: _attribute(types(noun)[name], conditions) for name in names(noun).values()}
        said = (noun.__doc__ or "").strip().partition("\n")[0]
        found[kind] = {**closed(attributes), "type": ["object", "null"], **({"description": said} if conditions else {})}
    return closed(found, minProperties=1, maxProperties=1)


def _attribute(noun: type, condition: bool) -> Schema:
    named = _TYPES.get(noun, "string")
    return {"$ref": f"#/$defs/{named}-compared"} if condition else {"type": named} if noun in _TYPES else {}


def _compared(named: str) -> Schema:
    """A bare value, or one of the comparisons."""
    plain: Schema = {"type": named}
    number: Schema = {"type": "number"}
    compared = closed({"is": plain, "in": {"type": "array"}, "gt": number, "lt": number, "matches": {"type": "string", "format": "regex"}}, minProperties=1)
    return {"anyOf": [plain, compared]}
