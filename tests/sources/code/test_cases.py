"""The names that a handler compares its parameter with."""

from __future__ import annotations

import pytest

from callcheck.sources.code.cases import Cases
from callcheck.sources.code.tree import Function


def _names(code, function: str, index: int, field: str) -> list[str]:
    module = code.project.module("a.js")
    found = next(each for each in module.all(Function) if each.name == function)
    return sorted(name for name, _ in Cases(code.idioms).of(found, index, field))


@pytest.mark.parametrize(
    "source",
    [
        "function run(job) { switch (job.name) { case 'a': f(); break; case 'b': g(); } }",
        "function run(job) { const { name, data } = job; if (name === 'a') f(data); else if ('b' === name) g(); }",
        "function run({ name }) { if (name == 'a' || name == 'b') f(); }",
        "const table = { a: f, b: g };\nfunction run(job) { return table[job.name](job); }",
        "function run(job) { return route(job.name); }\nfunction route(which) { return which === 'a' ? f() : which === 'b' ? g() : 0; }",
        "function run(job) { return route(job); }\nfunction route(work) { switch (work.name) { case 'a': case 'b': f(); } }",
    ],
)
def test_a_name_in_whatever_way_it_is_looked_at(code_of, source) -> None:
    assert _names(code_of({"a.js": source}), "run", 0, "name") == ["a", "b"]


def test_another_field_is_not_the_name(code_of) -> None:
    assert _names(code_of({"a.js": "function run(job) { if (job.data === 'a' || other.name === 'b') f(); }"}), "run", 0, "name") == []


def test_a_parameter_by_itself(code_of) -> None:
    assert _names(code_of({"a.js": "function run(channel, text) { if (channel === 'c') f(text); }"}), "run", 0, "") == ["c"]
