"""Does a document have the shape that its schema asks for, and if not, where is it wrong?

The keywords of JSON Schema that `schema_v1.json` uses, no more. `title` is how a value is called in a message.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from callcheck.model.noun import dataclass
from callcheck.model.printable import clean

Steps = tuple["str | int", ...]
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,),
}  # fmt: skip
_CALLED = {
    "object": "a mapping", "array": "a list", "string": "a text (quote it)", "integer": "a whole number", "number": "a number", "boolean": "true or false",
}  # fmt: skip


def schema_text() -> str:
    """The JSON Schema of a scenario file."""
    return Path(__file__).with_name("schema_v1.json").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at `path`; `of_key` if it is the key itself."""

    path: Steps
    message: str
    hint: str = ""
    of_key: bool = False


def problem(document: Any) -> Problem | None:
    """The first thing that is wrong with a scenario file's document, or None."""
    schema = json.loads(schema_text())
    return _Check(schema["$defs"]).value(document, schema, ())


class _Check:
    def __init__(self, shared: dict[str, Any]) -> None:
        self.shared = shared

    def value(self, node: Any, schema: dict[str, Any], path: Steps) -> Problem | None:
        """What is wrong with one value, or with what is in it."""
        schema = self._whole(schema)
        if "anyOf" in schema:
            return self._any(node, schema, path)
        if "const" in schema and (node != schema["const"] or not _is(node, "integer")):
            return Problem(path, f"`{_name(path)}` is {schema['const']}, not {_shown(node)}")
        if "enum" in schema and node not in schema["enum"]:
            return self._choice(node, schema["enum"], path)
        wanted = schema.get("type", ())
        kinds = [wanted] if isinstance(wanted, str) else list(wanted)
        if kinds and not any(_is(node, kind) for kind in kinds):
            return self._unfit(node, schema, path, " or ".join(_CALLED[kind] for kind in kinds))
        if isinstance(node, dict) and "object" in kinds:
            return self._mapping(node, schema, path)
        if isinstance(node, list) and "array" in kinds:
            return self._list(node, schema, path)
        return self._bounds(node, schema, path)

    def _whole(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = {**self.shared[schema["$ref"].rpartition("/")[2]], **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema

    def _any(self, node: Any, schema: dict[str, Any], path: Steps) -> Problem | None:
        ways = [self._whole(way) for way in schema["anyOf"]]
        found = [self.value(node, way, path) for way in ways]
        if None in found:
            return None
        if isinstance(node, list):
            return next((each for each, way in zip(found, ways, strict=True) if way.get("type") == "array"), found[0])
        called = [way["title"] for way in ways if "title" in way]
        return self._unfit(node, schema, path, called[0] if called else "something else")

    def _choice(self, node: Any, choices: list[Any], path: Steps) -> Problem:
        near = _near(str(node), [str(each) for each in choices])
        listed = " or ".join(map(str, choices)) if len(choices) < 4 else ", ".join(map(str, choices))
        return Problem(path, f"`{_name(path)}` is one of {listed}, not {_shown(node)}", f"did you mean {near}?" if near else "")

    def _mapping(self, node: dict[str, Any], schema: dict[str, Any], path: Steps) -> Problem | None:
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for key in node:
            if key not in known and others is False:
                near = _near(key, list(known))
                hint = f"did you mean {near}?" if near else f"known here: {', '.join(known)}"
                return Problem((*path, key), f"unknown key `{clean(key, 60)}`", hint, of_key=True)
            if not re.search(schema.get("propertyNames", {}).get("pattern", ""), key):
                return Problem((*path, key), f"`{clean(key, 60)}` is no name for one of the `{_name(path)}`", of_key=True)
        for key in schema.get("required", ()):
            if key not in node:
                return Problem(path, f"`{key}` is missing{f' in `{_name(path)}`' if path else ''}", _described(known.get(key, {})))
        if len(node) < schema.get("minProperties", 0):
            return Problem(path, f"`{_name(path)}` is empty", f"known here: {', '.join(known)}")
        for key, value in node.items():
            inner = known.get(key, others)
            found = self.value(value, inner, (*path, key)) if isinstance(inner, dict) else None
            if found:
                return found
        return None

    def _list(self, node: list[Any], schema: dict[str, Any], path: Steps) -> Problem | None:
        least, most = schema.get("minItems", 0), schema.get("maxItems", len(node))
        if not least <= len(node) <= most:
            return Problem(path, f"`{_name(path)}` has {len(node)} items; {f'at least {least}' if len(node) < least else f'at most {most}'} can be there")
        return next((found for n, item in enumerate(node) if (found := self.value(item, schema.get("items", {}), (*path, n)))), None)

    def _bounds(self, node: Any, schema: dict[str, Any], path: Steps) -> Problem | None:
        if isinstance(node, str):
            most, least = schema.get("maxLength", len(node)), schema.get("minLength", 0)
            if not least <= len(node) <= most:
                return self._unfit(node, schema, path, f"a text of {least} to {most} characters")
            if not re.search(schema.get("pattern", ""), node):
                return self._unfit(node, schema, path, f"a text like {schema['pattern']}")
        elif isinstance(node, (int, float)) and not schema.get("minimum", node) <= node <= schema.get("maximum", node):
            return self._unfit(node, schema, path, f"a number from {schema['minimum']} to {schema['maximum']}")
        return None

    def _unfit(self, node: Any, schema: dict[str, Any], path: Steps, wanted: str) -> Problem:
        if not path:
            return Problem(path, f"a scenario file is a mapping with `version` and `scenarios`, not {_shown(node)}")
        return Problem(path, f"`{_name(path)}` is {schema.get('title', wanted)}, not {_shown(node)}")


def _is(node: Any, kind: str) -> bool:
    return isinstance(node, _TYPES[kind]) and (kind == "boolean" or not isinstance(node, bool))


def _name(path: Steps) -> str:
    """`status`, or `status[1]` for an item of a list."""
    names = [step for step in path if isinstance(step, str)]
    index = f"[{path[-1]}]" if path and isinstance(path[-1], int) else ""
    return clean(f"{names[-1] if names else 'scenarios'}{index}", 80)


def _shown(node: Any) -> str:
    if isinstance(node, (dict, list)):
        return "a mapping" if isinstance(node, dict) else "a list"
    return "nothing" if node is None else f"`{clean(str(node), 60)}`"


def _described(schema: dict[str, Any]) -> str:
    return str(schema.get("description", ""))


def _near(word: str, known: list[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(word, known, 1, 0.6)), "")
