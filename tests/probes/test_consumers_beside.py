"""Which consumers of kept messages run beside requests?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.consumers_beside import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

KAFKA = "import { Kafka } from 'kafkajs';\nconst consumer = new Kafka({ brokers: ['k'] }).consumer({ groupId: 'labels' });\nconsumer.run({ eachMessage: print });\n"
ROUTES = "import express from 'express';\n%sconst app = express();\napp.get('/', (req, res) => res.send('ok'));\n"
PUBSUB = "import { createClient } from 'redis';\nconst sub = createClient();\nsub.subscribe('told', (text) => print(text));\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"app.js": KAFKA + ROUTES % ""}, ["the consumer of labels app.js:2"]),
        ({"labels.js": KAFKA, "app.js": ROUTES % "import './labels.js';\n"}, ["the consumer of labels labels.js:2"]),
        ({"labels.js": KAFKA, "app.js": ROUTES % ""}, []),
        ({"app.js": PUBSUB + ROUTES % ""}, []),
    ],
    ids=["in the server's file", "in a file of the server", "a program of its own", "what is published is kept by nobody"],
)  # fmt: skip
def test_a_consumer_beside_the_routes(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.fact.work} {item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
