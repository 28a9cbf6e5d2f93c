"""Calls that are made for each row of a query are found, however the rows are held, and those with a bound are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.each_row import asks_for_each_row
from callcheck.sources.code.tree import Function, last_name

HELD = "export async function f(db) {\n  const { rows } = await db.query('select * from a where b = $1');\n  for (const row of rows) await ses.send(row);\n}\n"


def _asked(folder: Path, text: str) -> str:
    (folder / "a.js").write_text(text, encoding="utf-8")
    module = Eyes(Target(base=folder, folders=(folder,)), Knowledge()).code.project.module("a.js")
    assert module is not None
    call = asks_for_each_row(next(iter(module.all(Function))))
    return last_name(call.callee) if call is not None else ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HELD, "send"),
        (HELD.replace("rows)", "await db.query('select 1'))"), "send"),
        (HELD.replace("{ rows }", "rows").replace("db.query", "prisma.member.findMany"), "send"),
        (HELD.replace("where b = $1", "limit 10"), ""),
        (HELD.replace("await ses.send(row)", "list.push(row)"), ""),
        (HELD.replace("await db.query('select * from a where b = $1')", "given"), ""),
    ],
)
def test_a_call_for_each_row_is_found(tmp_path: Path, text: str, name: str) -> None:
    assert _asked(tmp_path, text) == name
