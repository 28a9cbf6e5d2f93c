"""A connection ends with its block, or by a call that is always made; and what runs before that is told."""

from __future__ import annotations

import pytest

from callcheck.sources.code.connection_ends import before_end, ending_block, ending_calls
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Call, last_name

CLOSES = frozenset({"close"})


@pytest.mark.parametrize(
    ("body", "end"),
    [
        ("async with conn:\n        conn.listen()\n        work()", "block"),
        ("async with pool.get() as conn:\n        conn.listen()", "block"),
        ("conn.listen()\n    work()\n    conn.close()", "close"),
        ("conn.listen()\n    pool.close(conn)", ""),
        ("conn.listen()\n    if idle:\n        conn.close()", ""),
        ("conn.close()\n    conn.listen()", ""),
        ("async with other:\n        conn.listen()", ""),
    ],
    ids=["its block", "a block that makes it", "close", "given to what closes", "a branch", "before", "another's block"],
)
def test_the_end(code_of, body: str, end: str) -> None:
    code = code_of({"a.py": f"async def f(conn, pool):\n    {body}\n"})
    (call,) = (call for module in code.project.modules.values() for call in module.calls("listen"))
    function = function_of(call)
    assert function is not None
    block = ending_block(call, function, {"conn"}, lambda block, made: True)
    found = "block" if block is not None else next((last_name(each.callee) for each in ending_calls(call, function, {"conn"}, CLOSES)), "")
    assert found == end


def test_what_is_handed_to_the_call_ends_too_and_what_runs_before_is_told(code_of) -> None:
    code = code_of({"a.py": "async def f(conn, pool):\n    conn.listen()\n    work()\n    pool.close(conn)\n    rest()\n"})
    (call,) = (call for module in code.project.modules.values() for call in module.calls("listen"))
    function = function_of(call)
    assert function is not None
    (end,) = ending_calls(call, function, {"conn"}, CLOSES, handed=True)
    assert [last_name(each.callee) for each in before_end(call, function, end) if isinstance(each, Call)] == ["work"]
