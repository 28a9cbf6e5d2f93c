"""What a value is given to is followed by the names of the objects that hold it, each once, and no further than these names reach."""

from __future__ import annotations

import pytest

from callcheck.sources.code.call_forms import given_to
from callcheck.sources.code.tree import Literal, last_name


def _calls(code_of, text: str) -> list[str]:
    module = code_of({"a.js": text}).project.module("a.js")
    (told,) = (each for each in module.all(Literal) if each.value == "told")
    return [last_name(call.callee) for call in given_to(told)]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("create({ config: { url: 'told' } });", ["create"]),
        ("const hook = { url: 'told' }; create({ config: hook });", ["create"]),
        ("const hook = () => ({ url: 'told' }); create({ config: hook() });", ["create"]),
        ("function a() { const opts = { url: 'told' }; log(opts); }\nfunction b(opts) { send({ more: opts }); }", ["log"]),
        ("const opts = { url: 'told' };\nfunction b() { send({ more: opts }); }", ["send"]),
    ],
    ids=["in place", "by a name", "by a function", "a name of a function's own", "a name of the module"],
)
def test_what_a_value_is_given_to(code_of, text: str, calls: list[str]) -> None:
    assert _calls(code_of, text) == calls


def test_many_ways_to_one_name_are_gone_once(code_of) -> None:
    steps = "".join(f"const a{n + 1} = {{ x: a{n}, y: a{n}, z: [a{n}, a{n}] }};\n" for n in range(40))
    assert _calls(code_of, f"const a0 = {{ url: 'told' }};\n{steps}create(a40);") == ["create"]
