from __future__ import annotations

import pytest

from callcheck.sources.recording.topics import near


@pytest.mark.parametrize(
    ("topic", "filters", "found"),
    [
        ("/plant/1", ["plant/1"], "plant/1"),
        ("plant/1", ["plant/1/"], "plant/1/"),
        ("Plant/1", ["other", "plant/+"], "plant/+"),
        ("plant/1/stop", ["$share/group/Plant/#"], "$share/group/Plant/#"),
        ("plant/1", ["plant/+", "/plant/1"], ""),
        ("plant/1/stop", ["plant/#"], ""),
        ("plant", ["plant/#", "Plant"], ""),
        ("plant/1", ["$share/group/plant/+", "Plant/1"], ""),
        ("plant/1", ["plant/2", "plant/1/stop", "plant"], ""),
        ("plant/1/stop", ["plant/+", "Plant/+"], ""),
        ("$SYS/uptime", ["#"], ""),
        ("/", ["#x", "+/+/+"], ""),
        ("plant", [], ""),
    ],
)
def test_a_filter_is_near_that_slashes_at_the_ends_and_case_alone_keep_apart(topic: str, filters: list[str], found: str) -> None:
    assert near(topic, filters) == found
