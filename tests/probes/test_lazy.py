"""A result that runs only when it is asked for, and is not, is told."""

from __future__ import annotations

import pytest

from callcheck.probes.lazy import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "import { streamText } from 'ai';\n"
            "export async function tell(model) {\n"
            "  streamText({ model, prompt: 'x', onFinish: save });\n"
            "}\n",
            "streamText",
        ),
        (
            "import knex from 'knex';\n"
            "const db = knex({ client: 'pg' });\n"
            "class Box {\n"
            "  constructor(trx) { this.trx = trx; }\n"
            "  add(row) { return this.trx('outbox').insert(row).returning('id'); }\n"
            "}\n"
            "const say = (box, row) => box.add(row);\n"
            "db.transaction(async (trx) => {\n"
            "  say(new Box(trx), { a: 1 });\n"
            "});\n",
            "say",
        ),
    ],
    ids=["a stream", "a query that two functions hand on"],
)
def test_a_result_that_nobody_asks_for(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("code.function.name") for item in look(tmp_path, {"a.js": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "import { streamText } from 'ai';\n"
            "export async function tell(model) {\n"
            "  const r = streamText({ model, prompt: 'x', onFinish: save });\n"
            "  for await (const t of r.textStream) show(t);\n"
            "}\n"
        ),
        (
            "import knex from 'knex';\n"
            "const db = knex({ client: 'pg' });\n"
            "async function add(row) { return db('outbox').insert(row); }\n"
            "add({ a: 1 });\n"
        ),
    ],
    ids=["the stream is read", "an async function settles with the query, which runs it"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})
