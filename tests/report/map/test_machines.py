"""Do machines get what the schemas of the map and of AsyncAPI promise?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from callcheck.model.delivery_map import DeliveryMap
from callcheck.report.map import as_json, asyncapi
from tests.report.map.hostile import NAMES, SECRET, full_of  # type: ignore[import-not-found]

ASYNCAPI = json.loads((Path(__file__).parents[1] / "schemas" / "asyncapi-3.0.0.json").read_text(encoding="utf-8"))
"""Of the package @asyncapi/specs 6.11.1, Apache-2.0."""


def fits(document: Any) -> None:
    schema = json.loads(as_json.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def is_asyncapi(document: Any) -> None:
    jsonschema.Draft7Validator(ASYNCAPI).validate(document)
    for operation in document["operations"].values():
        for reference in (operation["channel"], *operation["messages"]):
            held: Any = document
            for part in reference["$ref"].removeprefix("#/").split("/"):
                held = held[part]


@pytest.mark.parametrize("name", [*NAMES, SECRET], ids=ascii)
def test_hostile_names_fit_and_reach_no_terminal_raw(name: str) -> None:
    found = full_of(name)
    for text, check in ((as_json.render(found, name), fits), (asyncapi.render(found, name), is_asyncapi)):
        check(json.loads(text))
        assert text.isascii() and "\x1b" not in text and "hunter2" not in text


def test_the_schema_refuses_a_carrier_that_it_does_not_know(shop: DeliveryMap) -> None:
    document = as_json.document(shop, "x")
    fits(document)
    document["channels"][0]["carrier"] = "pigeon"
    with pytest.raises(jsonschema.ValidationError):
        fits(document)


def test_a_map_as_json_tells_both_ends_and_their_programs(shop: DeliveryMap) -> None:
    orders = next(each for each in as_json.document(shop, "x")["channels"] if each["event"] == "orders")
    assert (orders["system"], orders["crosses"]) == ("redis", True)
    assert [(site["file"], site["line"], site["programs"]) for site in orders["emits"] + orders["listens"]] == [("src/web.js", 10, ["web"]), ("src/worker.js", 4, ["worker"])]


def test_emissions_send_and_listeners_receive(shop: DeliveryMap) -> None:
    document = asyncapi.document(shop, "The shop")
    is_asyncapi(document)
    actions = {(each["action"], each["channel"]["$ref"]) for each in document["operations"].values()}
    assert {("send", "#/channels/orders"), ("receive", "#/channels/orders")} <= actions
    assert "connection" not in document["channels"], "the library emits it, it is no message"
    assert "servers" not in document, "where they are is not known"


def test_a_computed_part_is_a_parameter_of_the_address() -> None:
    channel = asyncapi.document(full_of("review:*:done"), "x")["channels"]["review-done"]
    assert channel["address"] == "review:{part1}:done"
    assert list(channel["parameters"]) == ["part1"]


def test_fields_are_told_where_each_emission_writes_them(shop: DeliveryMap) -> None:
    messages = {name: channel["messages"]["message"]["payload"] for name, channel in asyncapi.document(shop, "x")["channels"].items() if channel["messages"]["message"]}
    assert messages["shipped"] == {"type": "object", "properties": {"at": {}, "id": {}, "to": {}}, "required": ["id"]}
    assert "orders" not in messages, "what is sent there is not written out"
