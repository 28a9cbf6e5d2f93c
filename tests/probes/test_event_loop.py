"""A loop that waits for the clock stops the event loop, one that awaits does not."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.probes.event_loop import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE, knowledge.load([knowledge.shipped()]))

ROUTE = "import express from 'express';\nconst app = express();\napp.post('/x', async (req, res) => { BODY res.end(); });\n"
WAIT = "function sleep(ms) { const end = Date.now() + ms; while (Date.now() < end) {} }\n"


@pytest.mark.parametrize("source", [WAIT + ROUTE.replace("BODY", "sleep(1000);"), ROUTE.replace("BODY", "const t = Date.now(); while (Date.now() - t < 500);")])
def test_a_loop_that_waits_for_the_clock(tmp_path, source) -> None:
    assert [item.fact.kind for item in look(tmp_path, {"a.js": source})] == ["loop.blocked"]


@pytest.mark.parametrize(
    "source",
    [
        ROUTE.replace("BODY", "while (Date.now() < end) { await tick(); }"),
        WAIT + "sleep(10);\n" + ROUTE.replace("BODY", ""),
        ROUTE.replace("BODY", "const t = Date.now(); while (queue.length) queue.pop();"),
    ],
    ids=["it awaits", "at start", "of another end"],
)
def test_silent_where(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})
