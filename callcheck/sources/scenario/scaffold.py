"""What would a first scenario for this app be? One to be corrected by hand, from the routes of its source or of an OpenAPI document.

A route in which a listener is added and another in which its event is emitted become a pair of `register` and `trigger`; a route whose
handler is given an address to call back, a trigger with a `callback`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.code import Code
    from callcheck.sources.code.tree import Function, Node

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_PARAMETER = pattern(r":(\w+)|\{(?:\w+:)?(\w+)(?::\w+)?\}|<(?:\w+:)?(\w+)>")
_FIELDS = pattern(r"\b(?:req(?:uest)?|ctx\.request)\.body\.(\w+)|\b(?:request\.(?:json|form|get_json\(\))|body|payload|data)\[[\"'](\w+)[\"']\]")
_TAKEN_APART = pattern(r"\{([\w\s,:=]+)\}\s*=\s*(?:await\s+)?(?:req(?:uest)?|ctx\.request|c\.req)\.(?:body|json\(\))")
_WORD = pattern(r"\W")
_BACK = pattern(r"(?i)^(?:callback|notify|webhook|return)_?(?:url|uri|address)$")
_MOST = 8
_FITS: dict[str, object] = {"int": 1, "integer": 1, "float": 1.5, "decimal": 1.5, "number": 1.5, "bool": True, "boolean": True, "list": [], "array": [], "dict": {}, "object": {}}
"""What fits a type that is no text, by its name in lower case."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One route, as a request would speak to it."""

    method: str
    path: str
    fields: tuple[str, ...]
    """Those of its body that the handler reads."""
    registers: frozenset[str]
    """Events that somebody begins to listen to when it is called."""
    emits: frozenset[str]
    values: tuple[tuple[str, object], ...] = ()
    """Fields that are declared to be no text, and something that fits."""


def scaffold(eyes: Eyes, base: str) -> str:
    """A scenario file in YAML, with comments; its requests go to `base`, such as http://127.0.0.1:3000."""
    found = list(_from_openapi(eyes)) or list(_from_code(eyes.code))
    scenarios = list(_pairs(found, base)) or list(_triggers(found, base))
    lines = ["# A first scenario: correct paths and bodies, and say what is expected. `callcheck schema scenario` prints all that may stand here.", "version: 1", "scenarios:"]
    for scenario in scenarios[:_MOST] or [_empty(base)]:
        lines += _yaml(scenario)
    return "\n".join(lines) + "\n"


def _from_code(code: Code) -> Iterator[Spoken]:
    from callcheck.sources.code.routes import routes
    from callcheck.sources.code.tree import Call, Function, last_name

    if not code.present:
        return
    registers = dict(_by_entry(code, "register"))
    emits = dict(_by_entry(code, "emit"))
    for route in routes(code):
        if not isinstance(route.node, Call):
            continue
        handlers = [node for use in code.idioms.at(route.node) for node in code.idioms.handlers(use) if isinstance(node, Function)]
        name = last_name(route.node.callee).lower()
        method = name.upper() if name in _METHODS else "POST"
        fields = tuple(dict.fromkeys(field for handler in handlers for field in _fields(code, handler)))
        keys = [id(handler) for handler in handlers]
        values = tuple(pair for handler in handlers for param in handler.params for pair in _fitting(code, param.annotation))
        yield Spoken(method, clean(route.path, 120), fields, _union(registers, keys), _union(emits, keys), values)


def _by_entry(code: Code, does: str) -> Iterator[tuple[int, frozenset[str]]]:
    """The id of a function that is called from outside -> the events that are registered or emitted on the way."""
    found: dict[int, set[str]] = {}
    for use in code.idioms.of(does):
        entries = code.entries.of(use.function) | ({use.function} if use.function else set())
        for entry in entries:
            found.setdefault(id(entry), set()).update(code.idioms.events(use) or [""])
    yield from ((key, frozenset(events)) for key, events in found.items())


def _union(known: dict[int, frozenset[str]], keys: list[int]) -> frozenset[str]:
    return frozenset().union(*(known.get(key, frozenset()) for key in keys))


def _fields(code: Code, handler: Function) -> Iterator[str]:
    from callcheck.sources.code.scopes import module_of

    node: Node = handler
    text = "\n".join(module_of(node).lines[node.line - 1 : node.end_line])
    for found in _FIELDS.finditer(text):
        yield found[1] or found[2]
    for found in _TAKEN_APART.finditer(text):
        yield from (part.partition(":")[0].partition("=")[0].strip() for part in found[1].split(",") if part.strip())
    for param in handler.params:
        yield from _declared(code, param.annotation)


def _declared(code: Code, name: str) -> Iterator[str]:
    """The fields of a class of the project that a parameter is declared as (FastAPI's body)."""
    yield from (field for field, _ in _annotated(code, name))


def _fitting(code: Code, name: str) -> Iterator[tuple[str, object]]:
    """Those of them that are no text, with a value."""
    yield from ((field, _fit(kind)) for field, kind in _annotated(code, name) if _fit(kind) is not None)


def _fit(kind: str) -> object:
    return _FITS.get(_WORD.split(kind.strip(), 1)[0].lower())


def _annotated(code: Code, name: str) -> Iterator[tuple[str, str]]:
    from callcheck.sources.code.tree import Assign, ClassDef, Name

    for module in code.project.naming(name) if name.isidentifier() else ():
        for cls in module.all(ClassDef):
            if cls.name == name:
                yield from ((target.id, each.annotation) for each in cls.body if isinstance(each, Assign) and each.annotation for target in each.targets if isinstance(target, Name))


def _from_openapi(eyes: Eyes) -> Iterator[Spoken]:

    for file in eyes.tree.named("openapi*.y*ml", "openapi*.json", "swagger*.y*ml", "swagger*.json"):
        document = eyes.readable_document(file)
        paths = document.get("paths") if isinstance(document, dict) else None
        for path, operations in (paths if isinstance(paths, dict) else {}).items():
            for method, operation in (operations if isinstance(operations, dict) else {}).items():
                if method in _METHODS and isinstance(operation, dict):
                    yield Spoken(method.upper(), clean(str(path), 120), tuple(name for name, _ in _properties(operation)), frozenset(), frozenset({"callbacks"} if operation.get("callbacks") else ()), _openapi_values(operation))


def _openapi_values(operation: dict[str, Any]) -> tuple[tuple[str, object], ...]:
    return tuple((name, _fit(kind)) for name, kind in _properties(operation) if _fit(kind) is not None)


def _properties(operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and types."""
    content = (operation.get("requestBody") or {}).get("content") if isinstance(operation.get("requestBody"), dict) else None
    for media in content.values() if isinstance(content, dict) else ():
        schema = media.get("schema") if isinstance(media, dict) else None
        properties = schema.get("properties") if isinstance(schema, dict) else None
        for name, said in (properties if isinstance(properties, dict) else {}).items():
            yield clean(str(name), 60), str(said.get("type") or "") if isinstance(said, dict) else ""


def _pairs(found: list[Spoken], base: str) -> Iterator[dict[str, Any]]:
    for first in found:
        for second in found:
            events = {event for event in first.registers if _alike(event, second.emits)}
            if first is not second and events:
                pair = {"name": f"{min(events) or 'event'}: {first.path} then {second.path}", "register": _call(first, base), "trigger": {**_call(second, base), "repeat": 50}}
                yield {**pair, **_expected(first.fields + second.fields)}


def _alike(event: str, emitted: frozenset[str]) -> bool:
    return event in emitted or (not event and bool(emitted)) or "" in emitted


def _triggers(found: list[Spoken], base: str) -> Iterator[dict[str, Any]]:
    for one in found:
        back = [field for field in one.fields if _BACK.search(field)]
        if one.method == "GET" or not (back or one.emits):
            continue
        scenario: dict[str, Any] = {"name": f"{one.method} {one.path}", "trigger": {**_call(one, base), "repeat": 10}}
        yield {**scenario, **_expected(one.fields)}


def _expected(fields: tuple[str, ...]) -> dict[str, Any]:
    if any(map(_BACK.search, fields)):
        return {"callback": {}, "expect": {"within": "5s", "settle": "2s"}}
    return {"expect": {"settle": "1s"}}


def _empty(base: str) -> dict[str, Any]:
    return {"name": "a request that sets a callback off", "trigger": {"request": f"POST {base}/jobs", "json": {"id": "{{ run.id }}", "callback_url": "{{ callback.url }}"}, "repeat": 10}, "callback": {}}


def _call(spoken: Spoken, base: str) -> dict[str, Any]:
    path = _PARAMETER.sub("{{ run.id }}", spoken.path)
    call: dict[str, Any] = {"request": f"{spoken.method} {base}{path}"}
    values = dict(spoken.values)
    body = {field: "{{ callback.url }}" if _BACK.search(field) else values.get(field, "{{ run.id }}") for field in spoken.fields}
    if spoken.method != "GET" and body:
        call["json"] = body
    return call


def _yaml(scenario: dict[str, Any]) -> Iterator[str]:
    """A scenario as an item of the list; texts are quoted as JSON has them, which YAML reads too."""
    mark = "  - "
    for key, value in scenario.items():
        if isinstance(value, dict) and value:
            yield f"{mark}{key}:"
            yield from (f"      {name}: {_plain(held)}" for name, held in value.items())
        else:
            yield f"{mark}{key}: {_plain(value)}"
        mark = "    "


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
