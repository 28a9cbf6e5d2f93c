"""Does the page of one cause tell all that its rule holds?"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from callcheck.model.rule import Condition
from callcheck.model.rule import Test as Comparison
from callcheck.report.explained import readable, render, said
from callcheck.report.terminal import Style


def test_the_page_reads_as_expected(sample: ModuleType, expect: Callable[[str, str], None]) -> None:
    expect(render(sample.rule(), Style(80)), "explained-80.txt")


def test_the_holes_of_a_title_are_named() -> None:
    assert readable("{callcheck.event.name} is lost") == "<event name> is lost"


def test_a_condition_is_said_in_words() -> None:
    condition = Condition("instances", (Comparison("callcheck.instance.count", "gt", 1),))
    assert said(condition).endswith("[instance.count is above 1]")
