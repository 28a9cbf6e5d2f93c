"""Records with a bigint that are written as JSON."""

from __future__ import annotations

import pytest

from callcheck.probes.bigint_texts import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

SCHEMA = "model Coin {\n  id Int @id\n  weight BigInt?\n  owner String\n}\nmodel Owner {\n  id Int @id\n}\n"
TYPED = "import type { Coin, Owner } from '@prisma/client';\nimport { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nbus.on('struck', async (coin: KIND) => { BODY });\n"
ASKED = "import { PrismaClient } from '@prisma/client';\nconst db = new PrismaClient();\nexport const handler = async (event) => { const coins = await db.ASKED; return JSON.stringify(WRITTEN); };\n"


@pytest.mark.parametrize(
    ("kind", "body", "count"),
    [
        ("Coin", "post(JSON.stringify(coin));", 1),
        ("Coin[]", "post(JSON.stringify({ coins: coin }, null, 2));", 1),
        ("Coin", "const { owner, ...rest } = coin; post(JSON.stringify({ at: 1, ...rest }));", 1),
        ("Coin", "post(JSON.stringify([coin.weight]));", 1),
        ("Owner", "post(JSON.stringify(coin));", 0),
        ("Coin", "const { weight, ...rest } = coin; post(JSON.stringify({ ...rest, weight: String(weight) }));", 0),
        ("Coin", "post(JSON.stringify({ ...coin, weight: Number(coin.weight) }));", 0),
        ("Coin", "post(JSON.stringify(coin, (key, value) => typeof value === 'bigint' ? String(value) : value));", 0),
        ("Coin", "post(JSON.stringify({ owner: coin.owner }));", 0),
        ("Coin", "BigInt.prototype.toJSON = function () { return String(this); }; post(JSON.stringify(coin));", 0),
    ],
)
def test_what_a_listener_is_given(tmp_path, kind: str, body: str, count: int) -> None:
    found = list(look(tmp_path, {"schema.prisma": SCHEMA, "a.ts": TYPED.replace("KIND", kind).replace("BODY", body)}))
    assert [item.fact.effect for item in found] == ["handler-exception"] * count
    assert [item.because[0].where.line for item in found] == [3] * count


@pytest.mark.parametrize(
    ("asked", "written", "count"),
    [
        ("coin.findMany()", "coins", 1),
        ("coin.findMany({ select: { id: true } })", "coins", 0),
        ("owner.findMany()", "coins", 0),
        ("coin.count()", "coins", 0),
    ],
)
def test_what_the_client_is_asked_for(tmp_path, asked: str, written: str, count: int) -> None:
    found = list(look(tmp_path, {"schema.prisma": SCHEMA, "a.ts": ASKED.replace("ASKED", asked).replace("WRITTEN", written)}))
    assert len(found) == count


def test_a_type_of_the_same_name_that_is_not_prismas(tmp_path) -> None:
    code = TYPED.replace("'@prisma/client'", "'./types'").replace("KIND", "Coin").replace("BODY", "post(JSON.stringify(coin));")
    assert not list(look(tmp_path, {"schema.prisma": SCHEMA, "a.ts": code}))
