"""The table that an expression names is found by whatever way it is reached, if it lives on from one request to the next."""

from __future__ import annotations

import pytest

from callcheck.sources.code.kept_tables import kept_table
from callcheck.sources.code.tree import Call, Member

REACHED = {
    "the table itself": ("rooms.add(x)", "rooms"),
    "an item": ("rooms[id].add(x)", "rooms"),
    "an item that is made on the way": ("(rooms[id] ||= new Set()).add(x)", "rooms"),
    "an item, or a new one": ("(rooms[id] ?? new Set()).add(x)", "rooms"),
    "another name": ("const all = rooms;\n  all.add(x)", "rooms"),
    "one that is begun anew here": ("const all = rooms;\n  rooms = {};\n  all.add(x)", "rooms"),
    "one of the request": ("const mine = {};\n  mine.add(x)", ""),
    "what is no table": ("other.add(x)", ""),
}


@pytest.mark.parametrize("case", REACHED)
def test_a_table_is_found(code_of, case: str) -> None:
    body, name = REACHED[case]
    code = code_of({"a.js": f"import express from 'express';\nconst app = express();\nlet rooms = {{}};\nconst other = 3;\napp.post('/x', (req, res) => {{\n  const id = req.body.id;\n  {body};\n}});\n"})
    call = next(each for each in code.project.module("a.js").all(Call) if isinstance(each.callee, Member) and each.callee.name == "add")
    found = kept_table(code, call.callee.object)
    assert (found.name if found else "") == name


def test_a_table_of_the_application_is_found_by_a_local_name(code_of) -> None:
    code = code_of({"a.py": "def view(request):\n    waiting = request.app[WAITING]\n    waiting.add(1)\n\ndef make(app):\n    app[WAITING] = set()\n"})
    call = next(each for each in code.project.module("a.py").all(Call) if isinstance(each.callee, Member) and each.callee.name == "add")
    found = kept_table(code, call.callee.object)
    assert found is not None
    assert found.identity == "a.py:6"
