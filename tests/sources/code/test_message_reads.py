"""The fields that a handler takes from its message, here and in the function that it hands the message to."""

from __future__ import annotations

import pytest

from callcheck.sources.code.message_reads import reads
from callcheck.sources.code.tree import Function
from tests.sources.code.conftest import CodeOf


@pytest.mark.parametrize(
    ("handler", "place", "names"),
    [
        ("(job) => f(job.data.to)", "0.data", ["to"]),
        ("({ data }) => f(data.to)", "0.data", ["to"]),
        ("({ to, at = 1 }) => f(to, at)", "0", ["to"]),
        ("(text) => { const o = JSON.parse(text); f(o.to); }", "parsed", ["to"]),
        ("(job) => take(job.data)", "0.data", ["from"]),
        ("(job) => whole(job)", "0.data", ["back"]),
        ("(job) => twice(job.data)", "0.data", []),
    ],
)
def test_what_is_read_of_a_message(code_of: CodeOf, handler: str, place: str, names: list[str]) -> None:
    text = f"const handler = {handler};\nfunction take(o) {{ f(o.from); }}\nfunction whole(j) {{ f(j.data.back); }}\nfunction twice(o) {{ f(o.more); }}\ntwice(other);\n"
    code = code_of({"a.js": text})
    first = code.project.modules["a.js"].all(Function)[0]
    assert [name for name, _ in reads(code.origins, first, place)] == names
