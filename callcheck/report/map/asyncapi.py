"""How does a map look as AsyncAPI 3.0, the description of an API of messages? As JSON, which every reader of its YAML takes.

Events, topics and queues become channels, emissions `send` and listeners `receive`. What a library emits by itself and tables of waiters are no
messages, and are left out. Of a payload the fields are told that are written where it is sent; what is not known is not made up, servers included.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from callcheck.model.delivery_map import BROKER, CONNECTION, MEMORY, Channel, DeliveryMap, Site
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.report.map.as_json import breaks, place
from callcheck.report.map.graph import between, left_out

_CARRIERS = (BROKER, CONNECTION, MEMORY)
_NOT_AN_ID = pattern(r"[^A-Za-z0-9_-]+")
_ACTIONS = {"emits": "send", "listens": "receive"}


def render(shown: DeliveryMap, title: str) -> str:
    """The map as one AsyncAPI document in ASCII, ending in a newline."""
    return json.dumps(document(shown, title), indent=2, allow_nan=False) + "\n"


def document(shown: DeliveryMap, title: str) -> dict[str, Any]:
    """The same as plain values."""
    ids = _Ids()
    made: dict[str, Any] = {"asyncapi": "3.0.0", "info": _info(shown, title), "defaultContentType": "application/json", "channels": {}, "operations": {}}
    for channel in shown.channels:
        if channel.carrier not in _CARRIERS:
            continue
        name = ids.new(channel.event or "computed")
        made["channels"][name] = _channel(channel)
        for site in channel.sites:
            action = _ACTIONS[site.does]
            made["operations"][ids.new(f"{action}-{channel.event or 'computed'}")] = {
                "action": action,
                "channel": {"$ref": f"#/channels/{name}"},
                "title": clean(f"{site.event or 'a computed name'} at {site.where}" if site.where else site.event or "work"),
                "messages": [{"$ref": f"#/channels/{name}/messages/message"}],
                "x-callcheck": {**place(site.where), "programs": [clean(each) for each in site.programs], "role": clean(site.role), "breaks": breaks(site.breaks)},
            }
    return made


def _info(shown: DeliveryMap, title: str) -> dict[str, Any]:
    said = "Read out of the code by callcheck: servers, security and whatever is computed are not in it."
    note = left_out(shown)
    return {
        "title": clean(title),
        "version": "0.0.0",
        "description": f"{said} {note[:1].upper()}{note[1:]}." if note else said,
        "x-callcheck": {
            "programs": [{"name": clean(each.name), "role": clean(each.role), "processes": each.processes or None} for each in shown.programs],
            "brokers": [clean(each.system) for each in shown.brokers],
        },
    }


def _channel(channel: Channel) -> dict[str, Any]:
    address, parameters = _address(channel.event)
    found: dict[str, Any] = {
        "address": address,
        "title": clean(channel.event) or "a computed name",
        "summary": between(channel),
        "messages": {"message": _message(channel.emits)},
    }
    if parameters:
        found["parameters"] = parameters
    broken = breaks(channel.broken)
    return {**found, "x-callcheck": {"key": clean(channel.key), "carrier": channel.carrier, "system": clean(channel.system), "state": channel.state, "breaks": broken}}


def _address(event: str) -> tuple[str | None, dict[str, Any]]:
    """The name with an expression for each computed part (`review:{part1}`); None, for unknown, if it is computed or holds braces of its own."""
    shown = clean(event)
    if not shown or set("{}") & set(shown):
        return None, {}
    parts = shown.split("*")
    names = [f"part{number}" for number in range(1, len(parts))]
    address = "".join(text + (f"{{{name}}}" if name else "") for text, name in zip(parts, [*names, ""], strict=True))
    return address, {name: {"description": "A part that is computed."} for name in names}


def _message(emits: Sequence[Site]) -> dict[str, Any]:
    """One message: what all emissions send, a field being required if each of them has it; nothing is said of a payload that is not known."""
    known = [site.fields for site in emits]
    if not known or not all(known):
        return {}
    every = sorted({clean(name) for fields in known for name in fields})
    always = [name for name in every if all(name in map(clean, fields) for fields in known)]
    return {"payload": {"type": "object", "properties": {name: {} for name in every}, **({"required": always} if always else {})}}


class _Ids:
    """Names that may stand in a reference, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, text: str) -> str:
        base = _NOT_AN_ID.sub("-", clean(text, 60)).strip("-") or "channel"
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}-{number}"
        self._taken.add(name)
        return name
