"""What does a machine get of a map? `callcheck.map/1`, written field by field.

`schema_map_v1.json` beside this file is its JSON Schema; what stands in it may be added to, never changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from callcheck.model.delivery_map import Break, Channel, Counted, DeliveryMap, Site
from callcheck.model.evidence import Location
from callcheck.model.printable import clean
from callcheck.report.map.graph import left_out

SCHEMA = "callcheck.map/1"


def schema() -> str:
    """The JSON Schema, as text."""
    return Path(__file__).with_name("schema_map_v1.json").read_text(encoding="utf-8")


def render(shown: DeliveryMap, title: str) -> str:
    """The map as one JSON document in ASCII, ending in a newline."""
    return json.dumps(document(shown, title), indent=2, allow_nan=False) + "\n"


def document(shown: DeliveryMap, title: str) -> dict[str, Any]:
    """The map as plain values."""
    return {
        "schema": SCHEMA,
        "title": clean(title),
        "programs": [
            {
                "name": clean(program.name),
                "role": clean(program.role),
                "processes": program.processes or None,
                "at_least": program.at_least,
                "command": clean(program.command),
                **place(program.where),
                "breaks": breaks(program.breaks),
            }
            for program in shown.programs
        ],
        "brokers": [{"system": clean(broker.system), **place(broker.where)} for broker in shown.brokers],
        "channels": [channel_document(channel) for channel in shown.channels],
        "elsewhere": breaks(shown.elsewhere),
        "settled": shown.settled,
        "left_out": {"channels": shown.omitted.channels, "sites": shown.omitted.sites, "in_tests": shown.tests, "message": left_out(shown)},
    }


def channel_document(channel: Channel) -> dict[str, Any]:
    """One channel with its ends."""
    return {
        "key": clean(channel.key),
        "event": clean(channel.event),
        "object": clean(channel.object),
        "carrier": channel.carrier,
        "system": clean(channel.system),
        "state": channel.state,
        "crosses": channel.crosses,
        "emits": [_site(site) for site in channel.emits],
        "listens": [_site(site) for site in channel.listens],
        "breaks": breaks(channel.breaks),
        "counted": _counted(channel.counted),
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        "key": clean(site.key),
        "event": clean(site.event),
        **place(site.where),
        "role": clean(site.role),
        "programs": [clean(name) for name in site.programs],
        "framework": clean(site.framework),
        "language": clean(site.language),
        "object": clean(site.object),
        "lifetime": site.lifetime,
        "once": site.once,
        "fields": [clean(name) for name in site.fields],
        "breaks": breaks(site.breaks),
    }


def _counted(counted: Counted | None) -> dict[str, int] | None:
    if counted is None:
        return None
    return {"registered": counted.registered, "emitted": counted.emitted, "handled": counted.handled, "one_in": counted.one_in}


def breaks(found: Iterable[Break]) -> list[dict[str, Any]]:
    """Causes, each with its confidence and its reason in a few words."""
    return [{"cause": each.cause, "confidence": round(each.confidence, 4), "message": clean(each.why), **place(each.where)} for each in found]


def place(where: Location | None) -> dict[str, Any]:
    """File and line, null where there is none."""
    return {"file": clean(where.path) if where else None, "line": where.line if where else None}
