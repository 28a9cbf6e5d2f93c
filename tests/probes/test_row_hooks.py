"""Writes that go past a client's hooks on rows are told, those that meet them are not."""

from __future__ import annotations

import pytest

from callcheck.probes.row_hooks import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

EXTENDED = (
    "import { PrismaClient } from '@prisma/client';\nexport const base = new PrismaClient();\n"
    "export const db = base.$extends({ query: { order: { async update({ args, query }) { return query(args); } } } });\n"
)
MIDDLEWARE = (
    "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n"
    "db.$use(async (params, next) => { const r = await next(params); if (params.model === 'Order' && params.action === 'update') tell(r); return r; });\n"
)
USE = "import { base, db } from './db';\nexport const f = (id) => "
ENTITY = "import { AfterUpdate, Entity } from 'typeorm';\n@Entity('users')\nexport class User { @AfterUpdate() tell() {} }\n"
SOURCE = "import { DataSource } from 'typeorm';\nexport const ds = new DataSource({});\nexport const f = (id) => ds.query('%s');\n"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"db.ts": EXTENDED, "a.ts": USE + "base.order.update({});\n"}, ("emitters.apart", "order.update")),
        ({"db.ts": EXTENDED, "a.ts": USE + "db.order.updateMany({});\n"}, ("operation.silent", "order.update")),
        ({"db.ts": MIDDLEWARE, "a.ts": USE + "db.$executeRaw`UPDATE \"Order\" SET a = 1`;\n"}, ("operation.silent", "order.update")),
        ({"user.ts": ENTITY, "a.ts": SOURCE % "UPDATE users SET a = 1"}, ("operation.silent", "User.update")),
    ],
)
def test_a_write_goes_past_the_hook(tmp_path, files, says) -> None:
    assert [(item.fact.kind, item.fact.event) for item in look(tmp_path, files)] == [says]


@pytest.mark.parametrize(
    "files",
    [
        {"db.ts": EXTENDED, "a.ts": USE + "db.order.update({});\n"},
        {"db.ts": EXTENDED, "a.ts": USE + "base.user.update({});\n"},
        {"db.ts": EXTENDED, "a.ts": USE + "base.order.findMany({});\n"},
        {"db.ts": MIDDLEWARE, "a.ts": USE + "db.$queryRaw`SELECT 1`;\n"},
        {"db.ts": MIDDLEWARE.replace(" && params.action === 'update'", ""), "a.ts": USE + "db.order.updateMany({});\n"},
        {"user.ts": ENTITY, "a.ts": SOURCE % "UPDATE visits SET a = 1"},
        {"user.ts": ENTITY, "a.ts": SOURCE % "DELETE FROM users"},
    ],
)
def test_silent_where_the_hook_is_met_or_is_for_something_else(tmp_path, files) -> None:
    assert not look(tmp_path, files)
