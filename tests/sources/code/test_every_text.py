"""The texts of an expression are those of both ways of a choice and of all calls that give it, or it is said that there may be others."""

from __future__ import annotations

import pytest

from callcheck.sources.code.every_text import every_text


@pytest.mark.parametrize(
    ("files", "texts"),
    [
        ({"a.py": "f('paid')\n"}, {"paid"}),
        ({"a.py": "def send(late):\n    f('late' if late else 'paid')\n"}, {"late", "paid"}),
        ({"a.py": "def send(late):\n    kind = 'late' if late else 'paid'\n    f(kind)\n"}, {"late", "paid"}),
        ({"a.py": "def send(late):\n    kind = 'paid'\n    if late:\n        kind = 'late'\n    f(kind)\n"}, {"late", "paid"}),
        ({"a.py": "def send(late):\n    kind = 'paid'\n    if late:\n        kind = other()\n    f(kind)\n"}, None),
        ({"bus.py": "def send(kind):\n    f(kind)\n", "a.py": "import bus\nPAID = 'paid'\nbus.send(PAID)\nbus.send(kind='sent')\n"}, {"paid", "sent"}),
        ({"bus.js": "export class Bus { send(kind) { f(kind); } }\n", "a.js": "import { Bus } from './bus.js';\nconst bus = new Bus();\nbus.send('paid');\n"}, {"paid"}),
        ({"a.js": "function send(event) { f(event.type); }\nsend({ type: 'paid' });\nsend({ type: 'sent' });\n"}, {"paid", "sent"}),
        ({"a.js": "function send({ type, body }) { f(type); }\nsend({ type: 'paid', body: 1 });\n"}, {"paid"}),
        ({"a.py": "class Paid:\n    kind = 'paid'\ndef send(event):\n    f(event.kind)\nsend(Paid())\n"}, {"paid"}),
        ({"a.py": "def send(kind):\n    f(kind)\nsend('paid')\nsend(other())\n"}, None),
        ({"a.py": "def send(kind):\n    f(kind)\n"}, None),
        ({"a.js": "f(TYPE);\n"}, None),
        ({"a.js": "f(`order.${name}`);\n"}, None),
    ],
)
def test_every_text_of_an_expression(code_of, files: dict[str, str], texts: set[str] | None) -> None:
    code = code_of(files)
    call = next(code.project.calls("f"))
    found = every_text(code, call.args[0])
    assert (None if found is None else set(found)) == texts
