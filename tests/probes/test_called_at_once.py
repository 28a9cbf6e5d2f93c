"""A handler that is called where it should be given is found, and one that makes the handler is not."""

from __future__ import annotations

import pytest

from callcheck.probes.called_at_once import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "from pyee.base import EventEmitter\nbus = EventEmitter()\n"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("def show(n=0):\n    print(n)\nbus.on('a', show())\n", 1),
        ("async def show(n=0):\n    return n\nbus.on('a', show())\n", 1),
        ("def show(n=0):\n    print(n)\nbus.on('a', show)\n", 0),
        ("def make():\n    def show(n):\n        print(n)\n    return show\nbus.on('a', make())\n", 0),
        ("bus.on('a', make())\n", 0),
        ("def show(n=0):\n    return n * 2\nbus.on('a', show())\n", 1),
        ("def show(n=0):\n    return f'{n} shown'\nbus.on('a', show())\n", 1),
        ("def pick():\n    return first or second\nbus.on('a', pick())\n", 0),
    ],
)
def test_the_result_of_a_call_is_no_handler(tmp_path, text: str, count: int) -> None:
    assert [item.fact.effect for item in look(tmp_path, {"a.py": HEAD + text})] == ["unconsumed-call"] * count
