"""What a call acts on has just been made where the line that makes it stands before the call in the same block, or before each call that leads there."""

from __future__ import annotations

import pytest

from callcheck.sources.code.just_made import just_made

HEAD = "from pyee import EventEmitter\nbuses = {}\nbus = None\n"
ON = "bus.on('a', print)\n"


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("def f():\n    bus = EventEmitter()\n    " + ON, True),
        ("def f():\n    global bus\n    if bus is None:\n        bus = EventEmitter()\n        " + ON, True),
        ("def f():\n    global bus\n    if bus is None:\n        bus = EventEmitter()\n    " + ON, False),
        ("def f(key):\n    if key in buses:\n        return buses[key]\n    bus = buses[key] = EventEmitter()\n    if key:\n        " + ON, True),
        ("def f(key):\n    bus = buses.setdefault(key, EventEmitter())\n    " + ON, False),
        ("def f():\n    global bus\n    bus = EventEmitter()\n    g()\ndef g():\n    " + ON, True),
        ("def f():\n    global bus\n    bus = EventEmitter()\n    g()\ndef g():\n    " + ON + "def h():\n    g()\n", False),
        ("bus = EventEmitter()\ndef f():\n    " + ON, False),
        ("def f():\n    bus = EventEmitter()\n    return bus\ndef g():\n    bus = f()\n    " + ON, False),
    ],
    ids=["made", "made if missing", "behind the branch", "behind an early return", "one that may be there", "by a helper", "by another one too", "of the module", "by a function"],
)
def test_what_was_made_right_before(code_of, text: str, so: bool) -> None:
    code = code_of({"a.py": HEAD + text})
    (use,) = (use for use in code.idioms.of("register"))
    assert just_made(code, use.call, use.receiver) is so
