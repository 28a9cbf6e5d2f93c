"""Do deliveries that are given up after the same time show whose limit that is, by whichever line it is counted from?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Deadline, Place
from callcheck.sources.logs.deadlines import met
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit

LIMIT = Deadline(300.0, "caller", "undici's headersTimeout")


def unit(n: int, *lines: tuple[float, str]) -> Unit:
    steps = [Step("", "i", 1000.0 * n + time, n * 10 + k, Place("a.log", n * 10 + k, n * 10 + k), frozenset([f"m{n}"]), text, "", " ".join(text.split()[:3]), "fetch failed" in text) for k, (time, text) in enumerate(lines)]
    return Unit(steps)


@pytest.mark.parametrize(
    "lines",
    [
        [(0.0, "menu asked for"), (300.0, "menu not written: fetch failed")],
        [(0.0, "menu asked for"), (44.0, "prompt built now"), (344.0, "menu not written: fetch failed")],
        [(0.0, "menu asked for"), (44.0, "prompt built now"), (71.0, "menu not written: fetch failed ms=300012")],
        [(0.0, "menu asked for"), (44.0, "prompt built now"), (71.0, "menu not written: fetch failed after 300.1 s")],
    ],
)
def test_a_limit_is_counted_from_the_first_line_or_the_one_before_or_as_the_last_one_tells(lines: list[tuple[float, str]]) -> None:
    ((limit, hits),) = met([unit(n, *lines) for n in range(7)], [LIMIT])
    assert (limit, len(hits)) == (LIMIT, 7)


def test_other_times_are_no_limit() -> None:
    lines = [(0.0, "menu asked for"), (44.0, "prompt built now"), (71.0, "menu not written: fetch failed ms=27000")]
    assert list(met([unit(n, *lines) for n in range(7)], [LIMIT])) == []


@pytest.mark.parametrize("said", ["table held, expires in 300 s", "hold 41 set ttl=300s", "held for 2 guests, due in 5 min"])
def test_what_was_planned_for_then_is_no_limit(said: str) -> None:
    lines = [(0.0, said), (300.0, "table freed: fetch failed")]
    assert list(met([unit(n, *lines) for n in range(7)], [LIMIT])) == []
