"""What is read of a call's result is found where it is read, be it behind a function of the project; of what is handed on, in the function that takes it."""

from __future__ import annotations

import pytest

from callcheck.sources.code.read_of import of_result, taking
from callcheck.sources.code.tree import Name
from tests.sources.code.conftest import CodeOf


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("const r = await ask('u');\nshow(r.customer);\n", ["customer"]),
        ("const { customer } = await ask('u');\n", ["customer"]),
        ("show((await ask('u')).customer);\n", ["customer"]),
        ("ask('u').then((r) => show(r.customer));\n", ["customer"]),
        ("const get = (id) => ask(id);\nasync function f() { const r = await get(1); show(r.customer); }\n", ["customer"]),
        ("const r = ask('u');\nshow(r.customer);\n", []),
        ("let r = await ask('u');\nr = r.data;\nshow(r.customer);\n", []),
        ("const r = await ask('u');\nr.customer = 1;\n", []),
    ],
)
def test_what_is_read_of_a_result(code_of: CodeOf, text: str, names: list[str]) -> None:
    code = code_of({"a.js": text})
    assert [name for name, _ in of_result(code.origins, next(iter(code.project.calls("ask"))))] == names


@pytest.mark.parametrize("call", ["told(value)", "table[key](value)"])
def test_who_takes_a_value(code_of: CodeOf, call: str) -> None:
    code = code_of({"a.js": f"const told = (order) => order.id;\nconst table = {{ told }};\n{call};\n"})
    value = next(name for name in code.project.modules["a.js"].all(Name) if name.id == "value")
    assert [param.name for _, param in taking(code.origins, value)] == ["order"]
