"""How a query begins, in each form that it is written in."""

from __future__ import annotations

import pytest

from callcheck.sources.code.queries import begins


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("'LISTEN jobs'", "LISTEN jobs"),
        ("f'LISTEN {name}'", "LISTEN "),
        ("sql.SQL('LISTEN jobs')", "LISTEN jobs"),
        ("text('LISTEN jobs')", "LISTEN jobs"),
        ("text(f'LISTEN {name}')", "LISTEN "),
        ("made(name)", ""),
    ],
)
def test_a_query_begins_as_it_is_written(code_of, query: str, text: str) -> None:
    code = code_of({"a.py": f"db.execute({query})\n"})
    assert [begins(call.args[0]) for call in code.project.calls("execute")] == [text]
