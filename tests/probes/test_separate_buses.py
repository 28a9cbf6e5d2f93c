"""Two buses of one process, of which one is listened to and the other sent on, are told."""

from __future__ import annotations

import pytest

from callcheck.probes.separate_buses import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

BUS = "import { PubSub } from 'graphql-subscriptions';\nexport const pubsub = new PubSub();\n"
LISTENS = "import { pubsub } from './bus.js';\nexport const added = { subscribe: () => pubsub.asyncIterableIterator(['ADDED']) };\n"
OWN = "import { PubSub } from 'graphql-subscriptions';\nconst own = new PubSub();\n"
SHARED = "import { pubsub } from './bus.js';\n"


@pytest.mark.parametrize("sends", ["export const add = () => own.publish('ADDED', {});\n", "const NAME = 'ADDED';\nexport class Adder { async add() { await own.publish(NAME, {}); } }\n"])
def test_a_name_that_is_sent_on_another_bus(tmp_path, sends) -> None:
    (found,) = look(tmp_path, {"bus.js": BUS, "a.js": LISTENS, "b.js": OWN + sends})
    assert (found.fact.event, found.where.path, found.because[1].where.path) == ("ADDED", "a.js", "b.js")


@pytest.mark.parametrize(
    "other",
    [
        {"b.js": SHARED + "export const add = () => pubsub.publish('ADDED', {});\n", "c.js": OWN + "own.publish('GONE', {});\n"},
        {"b.js": OWN + "own.publish('ADDED', {});\n", "c.js": SHARED + "export const tell = (name, it) => pubsub.publish(name, it);\n"},
        {"b.js": OWN + "own.publish('ADDED', {});\n", "c.js": "export const relay = (bus, it) => bus.pubsub.publish('ADDED', it);\n" + SHARED + "pubsub.publish('ADDED', {});\n"},
        {"b.js": OWN + "own.publish('ADDED', {});\nown.asyncIterableIterator(['ADDED']);\n"},
        {"b.test.js": OWN + "own.publish('ADDED', {});\n"},
    ],
    ids=["the same bus", "any name on the bus", "both", "a pair of its own", "a test"],
)
def test_a_bus_that_has_its_sender(tmp_path, other) -> None:
    assert not look(tmp_path, {"bus.js": BUS, "a.js": LISTENS, **other})
