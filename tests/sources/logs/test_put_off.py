"""Is work that is put off and never taken told from what is not yet due, is taken, or belongs to a log that shows nothing of workers?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.put_off import untaken
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import units_of

END = 5_000.0


def lines(*said: tuple[float, str, str, str]) -> list[Step]:
    """Time, instance, id and text of each."""
    return [Step("", who, time, at, Place("a.log", at, at), frozenset([key]), text, shape=text.split("=")[0]) for at, (time, who, key, text) in enumerate(said, 1)]


PUT_OFF = [(60.0 * at, "api", f"late{at}", "mail scheduled delay=60000") for at in range(6)]
AT_ONCE = [line for at in range(3) for line in ((60.0 * at, "api", f"soon{at}", "import queued"), (60.0 * at + 1, "worker", f"soon{at}", "import ran"))]


def test_what_is_due_and_never_taken_is_found_where_workers_are_seen_to_take_the_rest() -> None:
    assert [step.time for step in untaken(units_of(lines(*PUT_OFF, *AT_ONCE)), END)] == [0.0, 60.0, 120.0, 180.0, 240.0, 300.0]


def test_nothing_is_said_where_one_is_taken_or_none_is_due_or_no_worker_is_seen() -> None:
    assert untaken(units_of(lines(*PUT_OFF, (130.0, "worker", "late1", "mail ran"), *AT_ONCE)), END) == []
    assert untaken(units_of(lines(*PUT_OFF, *AT_ONCE)), 150.0) == []
    assert untaken(units_of(lines(*PUT_OFF)), END) == []


def test_a_retry_is_not_put_off_and_a_number_without_a_unit_is_no_delay() -> None:
    retried = [(time, who, key, "job retried delay=60000") for time, who, key, _ in PUT_OFF]
    counted = [(time, who, key, "mail scheduled in 3 parts") for time, who, key, _ in PUT_OFF]
    assert untaken(units_of(lines(*retried, *AT_ONCE)), END) == untaken(units_of(lines(*counted, *AT_ONCE)), END) == []
