"""A handler is read with the functions that it calls."""

from __future__ import annotations

from callcheck.sources.code.said import handler_texts
from callcheck.sources.code.tree import Function


def test_a_handler_is_read_with_the_functions_that_it_calls(code_of) -> None:
    code = code_of({"a.js": "import { take } from './b.js';\nexport function receive(req) { return take(req.body); }\n", "b.js": "export function take(form) {\n  return form.MessageSid;\n}\n"})
    receive = next(each for module in code.project.modules.values() for each in module.all(Function) if each.name == "receive")
    assert [("MessageSid" in text) for text in handler_texts(code, receive)] == [False, True]
