"""A name that is required is what the module has under it, however the module puts together what it gives away."""

from __future__ import annotations

import pytest

WHOLES = {
    "a literal": "module.exports = { PAID: 'paid' };\n",
    "a frozen one": "module.exports = Object.freeze({ PAID: 'paid' });\n",
    "a constant": "const names = { PAID: 'paid' };\nmodule.exports = names;\n",
    "a frozen constant": "const names = Object.freeze({ PAID: 'paid' });\nmodule.exports = names;\n",
    "a spread": "const base = { PAID: 'paid' };\nmodule.exports = { ...base, SENT: 'sent' };\n",
}


@pytest.mark.parametrize("whole", WHOLES.values(), ids=list(WHOLES))
def test_the_text_under_the_name_is_known(code_of, whole: str) -> None:
    code = code_of({"names.js": whole, "main.js": "const bus = new (require('events'))();\nconst { PAID } = require('./names');\nbus.on(PAID, f);\n"})
    assert [event for use in code.idioms.of("register") for event in code.idioms.events(use)] == ["paid"]


def test_a_name_that_the_module_does_not_have_is_not_made_up(code_of) -> None:
    code = code_of({"names.js": WHOLES["a frozen one"], "main.js": "const bus = new (require('events'))();\nconst { SOLD } = require('./names');\nbus.on(SOLD, f);\n"})
    assert "paid" not in [event for use in code.idioms.of("register") for event in code.idioms.events(use)]


def test_a_method_that_is_taken_off_an_object_of_the_project_is_the_object_s(code_of) -> None:
    code = code_of({"desk.js": "class Desk { open() {} }\nmodule.exports = new Desk();\n", "main.js": "const { open } = require('./desk');\nopen();\n"})
    call = next(code.project.calls("open"))
    assert code.origins.of(call.callee).node.name == "open"
