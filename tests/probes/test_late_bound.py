"""Handlers that a loop makes are late bound if they read its variable when they run, and are kept beyond it."""

from __future__ import annotations

import pytest

from callcheck.probes.late_bound import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

LOOP = "for name in names:\n"


@pytest.mark.parametrize(
    "body",
    [
        "    bus.on(name, lambda m: show(name, m))\n",
        "    button.when_pressed = lambda: show(name)\n",
        "    Button(text=name, command=lambda: show(name))\n",
        "    room = rooms[name]\n    bus.on(name, lambda m: room.show(m))\n",
        "    def told(m):\n        show(name, m)\n    bus.on(name, told)\n",
        "    @app.route('/' + name)\n    def told():\n        return show(name)\n",
    ],
)
def test_a_handler_that_reads_the_loops_variable_is_late_bound(tmp_path, body: str) -> None:
    assert [fact.effect for fact in _facts(tmp_path, LOOP + body)] == ["payload-mismatch"]


@pytest.mark.parametrize(
    "text",
    [
        LOOP + "    bus.on(name, lambda m, name=name: show(name, m))\n",
        LOOP + "    bus.on(name, lambda m: show(m))\n",
        LOOP + "    bus.on(name, make(name))\ndef make(name):\n    return lambda m: show(name, m)\n",
        LOOP + "    def make(name):\n        return lambda m: show(name, m)\n    bus.on(name, make(name))\n",
        LOOP + "    print(sorted(rows, key=lambda row: row[name]))\n",
        LOOP + "    bus.on(name, lambda m: show(name, m))\n    break\n",
        "for message in bus.listen():\n    bus.on('x', lambda m: show(message, m))\n",
        "def f():\n  for name in names:\n    if name:\n      return bus.on(name, lambda m: show(name, m))\n",
        "async def f():\n  for name in names:\n    bus.on(name, lambda m: show(name, m))\n    await bus.next()\n",
    ],
)
def test_one_that_binds_it_in_time_or_is_called_at_once_is_not(tmp_path, text: str) -> None:
    assert _facts(tmp_path, text) == []


def _facts(tmp_path, text: str) -> list:
    return [item.fact for item in look(tmp_path, {"a.py": text})]
