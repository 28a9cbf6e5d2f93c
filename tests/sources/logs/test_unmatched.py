"""Is a subscription found that nothing matches since it is spelt otherwise than what comes, and none that waits for something else?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.brokers import Said
from callcheck.sources.logs.unmatched import Unmatched, unmatched


def found(filters: list[str], topics: list[str], handed: list[str] = []) -> list[Unmatched]:  # noqa: B006  (it is only read)
    lines = [("sub", each) for each in filters] + [("in", each) for each in topics] + [("out", each) for each in handed]
    return list(unmatched([Said(float(n), n, what, "board", about, Place("broker.log", n, n), about) for n, (what, about) in enumerate(lines, 1)]))


@pytest.mark.parametrize("filter", ["Farm/+/weight", "/farm/+/weight", "farm/+/weight/", "farm/+/weights", "FARM/#"])
def test_a_filter_that_is_spelt_otherwise_than_the_topics_is_named_with_what_it_misses(filter: str) -> None:
    (one,) = found([filter, "door/+"], ["farm/4/weight", "door/front", "farm/5/weight"], ["door/front"])
    assert (one.sub.about, [each.about for each in one.sent], one.handed) == (filter, ["farm/4/weight", "farm/5/weight"], 1)


def test_a_filter_that_takes_anything_is_not_nor_one_whose_topics_somebody_else_hears() -> None:
    assert found(["Farm/+/weight"], ["farm/4/weight", "Farm/5/weight"]) == []
    assert found(["Farm/+/weight", "farm/#"], ["farm/4/weight"], ["farm/4/weight"]) == []
    assert found(["Farm/+/weight"], ["farm/4/weight"], ["farm/4/weight"]) == []


def test_one_that_waits_for_another_device_or_another_thing_is_not() -> None:
    assert found(["farm/9/weight", "farm/+/humidity", "farm/east/weight"], ["farm/4/weight", "farm/west/weight"]) == []
    assert found(["$SYS/Broker/uptime"], ["$SYS/broker/uptime"]) == []


@pytest.mark.parametrize(("filter", "lost", "heard"), [("pilot.assign.>", "pilot.assign", "pilot.assign.north"), ("box.*", "box.customs.held", "box.loaded"), ("farm/+", "farm/barn/4", "farm/4")])
def test_a_wildcard_that_stands_for_too_few_levels_is_named_where_it_takes_others(filter: str, lost: str, heard: str) -> None:
    (one,) = found([filter], [lost, heard, lost], [heard])
    assert (one.sub.about, [each.about for each in one.sent]) == (filter, [lost, lost])
    assert found([filter, lost], [lost, heard, lost], [heard]) == []
