"""Is what a scenario measured said in words?"""

from __future__ import annotations

import pytest

from callcheck.model.evidence import Location
from callcheck.model.measured import Measured, Spread
from callcheck.model.noun import replace
from callcheck.report.measured import more

BARE = Measured("jobs", Location("s.yml", 3), "POST http://127.0.0.1:8000/jobs", "https://a.test", 4, (), 2.0, Spread(), 0, Spread(), (), 0, 0, "", (), "sequential", "fresh")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"answers": (("timeout", 3), ("500", 1)), "unfit": 4}, ["the triggers' answers: no answer in time (3), 500 (1); 4 of them not as expected"]),
        ({"answers": (("dropped", 4),), "unfit": 4}, ["the triggers' answers: the connection was closed without an answer (4); 4 of them not as expected"]),
        ({"public": "ok"}, []),
        ({"public": "nobody listens there"}, ["https://a.test: nobody listens there"]),
        ({"public": "its name is not found from here"}, ["https://a.test: its name is not found from here; nor is a name that only a container knows"]),
    ],
)
def test_what_else_there_is_to_say(changed: dict[str, object], said: list[str]) -> None:
    assert more(replace(BARE, **changed)) == said
