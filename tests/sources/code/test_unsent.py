"""The fields that a handler needs, beside those that are sent."""

from __future__ import annotations

from callcheck.sources.code.tree import Function
from callcheck.sources.code.unsent import Sent


def test_each_field_that_no_message_has_is_told_once(code_of) -> None:
    code = code_of({"a.js": "const take = (m) => { f(m.to, m.at, m.at, m.id, m.told); if (m.error) f(m.error); };\n"})
    handler = code.project.modules["a.js"].all(Function)[0]
    told = {"told"}
    found = list(Sent("jobs", {"to"}, []).misread(code.origins, handler, "0", told, ("messages", "bullmq", "javascript")))
    assert [(each.fact.field, each.fact.event) for each in found] == [("at", "jobs")]
    assert told == {"told", "at"}
