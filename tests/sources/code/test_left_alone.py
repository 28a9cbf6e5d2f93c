"""What a call makes is left alone where nobody does more with it than look."""

from __future__ import annotations

import pytest

from callcheck.sources.code.left_alone import left_alone
from tests.sources.code.conftest import CodeOf


@pytest.mark.parametrize(
    ("body", "alone"),
    [
        ("send(1)", True),
        ("job = send(1)", True),
        ("jobs = [send(x) for x in rows if x]\n    print(len(jobs))", True),
        ("[send(x) for x in rows]", True),
        ("job = send(1)\n    return job", False),
        ("jobs = [send(x) for x in rows]\n    gather(*jobs)", False),
        ("jobs = [x for x in send(rows)]", False),
        ("self.job = send(1)", False),
        ("global job\n    job = send(1)", False),
    ],
)
def test_what_nobody_takes_up_is_left_alone(code_of: CodeOf, body: str, alone: bool) -> None:
    code = code_of({"a.py": f"def f(self, rows):\n    {body}\n"})
    call = next(iter(code.project.calls("send")))
    assert left_alone(call) is alone
