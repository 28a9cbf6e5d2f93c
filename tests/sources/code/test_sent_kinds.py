"""The names under which a project sends, medium by medium, and whether there may be others."""

from __future__ import annotations

import pytest

from callcheck.sources.code.sent_kinds import sent
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge().frameworks


@pytest.mark.parametrize(
    ("medium", "path", "text", "names"),
    [
        ("dapr", "a.py", "client.publish_event('broker', 'paid', data)\n", {("paid", "broker")}),
        ("dapr", "a.js", "import { DaprClient } from '@dapr/dapr';\nnew DaprClient().pubsub.publish('broker', 'paid', {});\n", {("paid", "broker")}),
        ("cloudevents", "a.py", "e = CloudEvent({'type': 'shop.paid', 'source': '/s'}, {})\n", {("shop.paid", "")}),
        ("cloudevents", "a.js", "fetch(url, { method: 'POST', headers: { 'ce-type': 'shop.paid', 'ce-id': id } });\n", {("shop.paid", "")}),
        ("eventgrid", "a.py", "e = EventGridEvent(event_type='Paid', subject='s', data={}, data_version='1')\n", {("Paid", "")}),
        ("servicebus", "a.js", "sender.sendMessages({ body: order, subject: 'paid' });\n", {("paid", "")}),
    ],
)
def test_what_is_written_out_is_known(code_of, medium: str, path: str, text: str, names: set[tuple[str, str]]) -> None:
    found = sent(code_of({path: text}, KNOWN), medium)
    assert (set(found.names), found.open) == (names, False)


def test_a_name_that_is_computed_may_be_any(code_of) -> None:
    assert sent(code_of({"a.py": "client.publish_event('broker', topic(), data)\n"}, KNOWN), "dapr").open


def test_a_scope_takes_its_own_names_and_those_of_none(code_of) -> None:
    found = sent(code_of({"a.py": "client.publish_event('one', 'a', 1)\nclient.publish_event('two', 'b', 1)\nclient.publish_event(which(), 'c', 1)\n"}, KNOWN), "dapr")
    assert set(found.within("one")) == {"a", "c"}
