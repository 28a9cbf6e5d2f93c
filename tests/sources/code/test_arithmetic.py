"""A number is what its expression comes to, and nothing where a part of it is not known."""

from __future__ import annotations

import pytest

from callcheck.sources.code.arithmetic import number_of


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("a.py", "wait(20 * 60)\n", 1200),
        ("a.py", "HOUR = 60 * 60\nHALF = HOUR / 2\nwait(HALF)\n", 1800),
        ("a.js", "const limits = { slow: 5_000 };\nwait(limits.slow + 1);\n", 5001),
        ("a.py", "wait(1 / 0)\n", None),
        ("a.py", "wait(True)\n", None),
        ("a.py", "wait(given() * 2)\n", None),
        ("a.py", "def f():\n    limit = 5\n    limit += more\n    wait(limit)\n", None),
    ],
    ids=["a product", "names", "a field", "no number", "a switch", "computed", "changed"],
)
def test_a_number(code_of, name: str, text: str, number: float | None) -> None:
    code = code_of({name: text})
    (call,) = (call for module in code.project.modules.values() for call in module.calls("wait"))
    assert number_of(code.origins, call.args[0]) == number
