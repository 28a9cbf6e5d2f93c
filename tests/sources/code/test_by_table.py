"""A call reaches the functions of the table that it takes its function out of, however that is written; and none of a table that nobody knows."""

from __future__ import annotations

import pytest

from callcheck.sources.code.by_table import functions_in_table
from callcheck.sources.code.tree import Call
from tests.sources.code.conftest import CodeOf

MADE = "const a = (v) => v;\nfunction b(v) { return v; }\nclass C { c(v) { return v; } }\nconst it = new C();\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("const t = { x: a, y: b };\nt[key](value);", ["a", "b"]),
        ("const t = { x: a };\nt[key]?.(value);", ["a"]),
        ("const t = { x: a };\nt['y'] = b;\nt[key](value);", ["a", "b"]),
        ("const t = { x: it.c.bind(it) };\nt[key](value);", ["c"]),
        ("const t = { x: a };\nconst f = t[key];\nif (f) f(value);", ["a"]),
        ("const t = { x: a };\nconst f = t[key] ?? fallback;\nf(value);", ["a"]),
        ("const t = new Map([['x', a], ['y', b]]);\nt.get(key)(value);", ["a", "b"]),
        ("const t = new Map(Object.entries({ x: a }));\nt.get(key)?.(value);", ["a"]),
        ("const t = new Map();\nt.set('x', a);\nconst f = t.get(key);\nf(value);", ["a"]),
        ("const t = [{ k: 'x', run: a }, { k: 'y', run: b }];\nt.find((r) => r.k === key).run(value);", ["a", "b"]),
        ("const t = [{ k: 'x', run: a }];\nconst row = t.find((r) => r.k === key);\nrow.run(value);", ["a"]),
        ("const t = [{ k: 'x', run: a }];\nconst { run } = t.find((r) => r.k === key);\nrun(value);", ["a"]),
        ("const t = [{ k: 'x', run: a }];\nt.forEach((row) => { if (row.k === key) row.run(value); });", ["a"]),
        ("const t = [{ k: 'x', run: a }];\nt.forEach(({ k, run }) => { if (k === key) run(value); });", ["a"]),
        ("const t = { x: a };\nother[key](value);", []),
        ("const t = { x: a };\nt.get(key)(value);", ["a"]),
        ("function f(t) { t[key](value); }", []),
        ("let f = a;\nf = b;\nf(value);", []),
    ],
)
def test_what_a_call_reaches(code_of: CodeOf, text: str, names: list[str]) -> None:
    code = code_of({"a.js": MADE + text})
    call = next(each for each in code.project.modules["a.js"].all(Call) if any(getattr(arg, "id", "") == "value" for arg in each.args))
    found = functions_in_table(code.origins, call.callee)
    assert [each.name or "a" for each in found] == names


def test_a_table_of_another_file(code_of: CodeOf) -> None:
    code = code_of({"a.js": "import * as t from './b.js';\nt[key](value);", "b.js": "export function one(v) {}\nexport function two(v) {}\n"})
    (call,) = code.project.modules["a.js"].all(Call)
    assert [each.name for each in functions_in_table(code.origins, call.callee)] == ["one", "two"]
