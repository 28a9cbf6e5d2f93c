"""Calls of a function that leave the branch turned off in which their callback is called."""

from __future__ import annotations

import pytest

from callcheck.probes.branched import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

EARLY = "def run(goal, on_step=None, *, live=False):\n    if not live:\n        return graph.invoke(goal)\n    for step in graph.stream(goal):\n        on_step(step)\n"
BRANCH = "async def run(goal, stream=False, on_step=None):\n    if stream:\n        async for step in graph.astream(goal):\n            await on_step(step)\n    else:\n        await graph.ainvoke(goal)\n"
BOTH = "def run(goal, on_step=None, live=False):\n    if live:\n        for step in graph.stream(goal):\n            on_step(step)\n    else:\n        on_step(graph.invoke(goal))\n"
PLANNER = "class Planner:\n    def __init__(self, on_step=None, stream=False):\n        self.on_step = on_step\n        self.stream = stream\n    def run(self, goal):\n        if self.stream:\n            for step in graph.stream(goal):\n                self.on_step(step)\n        return graph.invoke(goal)\n"


@pytest.mark.parametrize(
    ("function", "call", "lines"),
    [
        (EARLY, "run('g', show)", [1]),
        (EARLY, "run('g', show, live=True)", []),
        (EARLY, "run('g')", []),
        (EARLY, "run('g', show, live=flag())", []),
        (EARLY, "run('g', show, **options)", []),
        (BRANCH, "run('g', on_step=show)", [1]),
        (BRANCH, "run('g', True, show)", []),
        (BOTH, "run('g', show)", []),
        (PLANNER, "Planner(show).run('g')", [1]),
        (PLANNER, "Planner(show, stream=True).run('g')", []),
        (PLANNER, "Planner().run('g')", []),
    ],
)
def test_a_callback_for_the_branch_that_is_not_taken(tmp_path, function: str, call: str, lines: list[int]) -> None:
    name = "Planner" if "class" in function else "run"
    files = {"lib.py": f"from app import graph\n{function}", "main.py": f"{call}\nfrom lib import {name}\ndef show(step): ...\n"}
    assert [item.where.line for item in look(tmp_path, files)] == lines
