"""A coroutine is read as if it were its answer where every place that names it takes a field of it or iterates it."""

from __future__ import annotations

import pytest

from callcheck.sources.code.read_as_answer import read_as_answer
from tests.sources.code.conftest import CodeOf


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("answer = send(1)\n    return answer.text", True),
        ("return send(1).text", True),
        ("answer = send(1)\n    return answer['text']", True),
        ("stream = send(1)\n    async for part in stream:\n        show(part)", True),
        ("for part in send(1):\n        show(part)", True),
        ("answer = await send(1)\n    return answer.text", False),
        ("answer = send(1)\n    answer = await answer\n    return answer.text", False),
        ("job = send(1)\n    show(job.text)\n    return job", False),
        ("job = send(1)\n    job.add_done_callback(show)", False),
        ("job = send(1)", False),
        ("jobs = [send(x) for x in rows]\n    return jobs", False),
    ],
)
def test_where_a_coroutine_is_taken_for_its_answer(code_of: CodeOf, body: str, read: bool) -> None:
    code = code_of({"a.py": f"async def f(rows):\n    {body}\n"})
    call = next(iter(code.project.calls("send")))
    assert (read_as_answer(call) is not None) is read


def test_a_promise_of_javascript_is_no_coroutine(code_of: CodeOf) -> None:
    code = code_of({"a.js": "export async function f() {\n  const answer = send(1);\n  return answer.text;\n}\n"})
    assert read_as_answer(next(iter(code.project.calls("send")))) is None
