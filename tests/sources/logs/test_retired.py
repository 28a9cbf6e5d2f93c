"""Is work told that a retired worker leaves behind, and not what is over by then, or of which nobody knows the end?"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.retired import left_behind, retired
from callcheck.sources.logs.trails import Step

Line = tuple[float, str, str]


def worker(number: int, lines: Sequence[Line], gone: float, why: str = "EarlyDrop") -> list[Step]:
    """What one worker writes, by seconds after its answer: what sort of line, its shape."""
    said = [(-0.2, "Boot", "booted"), (0.0, "Request", "post"), *lines, (gone, "Shutdown", "shutdown")]
    return [
        Step("", f"w{number}", 60.0 * number + second, n, Place("fn.ndjson", 10 * number + n, 10 * number + n), frozenset(), f"{shape} event_type={sort} reason={why}", shape=shape)
        for n, (second, sort, shape) in enumerate(said)
    ]


BEGUN: Line = (0.1, "Log", "read started")
SAVED: Line = (9.0, "Log", "read saved")


def logs(*lives: tuple[Sequence[Line], float], why: str = "EarlyDrop") -> list[Step]:
    return [step for number, (lines, gone) in enumerate(lives) for step in worker(number, lines, gone, why)]


CUT = ([BEGUN], 4.0)
WHOLE = ([BEGUN, SAVED], 12.0)


def test_workers_that_go_sooner_than_others_end_the_work_leave_it_undone() -> None:
    found = retired(logs(CUT, WHOLE, CUT, WHOLE, CUT))
    assert found is not None
    assert found.count == 3
    assert [(last.text.split(" event")[0], end.text.split(" event")[0]) for last, end in found.pairs] == [("read started", "shutdown")] * 3


@pytest.mark.parametrize(
    "steps",
    [
        logs(WHOLE, WHOLE, WHOLE, WHOLE),
        logs(CUT, CUT, CUT, CUT),
        logs(CUT, WHOLE, CUT, WHOLE),
        logs(([BEGUN], 30.0), WHOLE, ([BEGUN], 30.0), WHOLE, ([BEGUN], 30.0)),
        logs(([(-0.1, "Log", "read started")], 4.0), WHOLE, ([(-0.1, "Log", "read started")], 4.0), WHOLE, ([(-0.1, "Log", "read started")], 4.0)),
        logs(CUT, WHOLE, CUT, WHOLE, CUT, why="EventLoopCompleted"),
    ],
    ids=["all end it", "none ends it", "too few", "it would be over by then", "it was begun before the answer", "nothing was left to do"],
)
def test_nothing_is_told_where_the_work_is_over_or_nobody_knows_its_end(steps: list[Step]) -> None:
    assert retired(steps) is None


def invocation(number: int, *said: str, takes: float = 0.5) -> list[Step]:
    """What one invocation of a Lambda function writes: a line after another, and the mark of its end at once."""
    request = f"{number:08x}-0000-4000-8000-000000000000"
    lines = [(takes * n, text, request) for n, text in enumerate(said)]
    return [
        Step("", "", 60.0 * number + second, n, Place("fn.log", 10 * number + n, 10 * number + n), frozenset(), text, shape=text, request=of)
        for n, (second, text, of) in enumerate([*lines, (takes * (len(said) - 1) + 0.01, f"END RequestId: {request}", "")])
    ]


SENDING, SENT = "sending receipt", "receipt accepted"


def invocations(*said: tuple[str, ...]) -> list[Step]:
    return [step for number, lines in enumerate(said) for step in invocation(number, *lines)]


def test_invocations_that_end_while_they_say_that_work_goes_on_leave_it_behind() -> None:
    found = left_behind(invocations((SENDING,), (SENDING, SENT), (SENDING,), (SENDING, SENT), (SENDING,)))
    assert found is not None
    assert [(last.text, end.text[:3]) for last, end in found.pairs] == [(SENDING, "END")] * 3


@pytest.mark.parametrize(
    "steps",
    [
        invocations(*[(SENDING, SENT)] * 5),
        invocations(*[(SENDING,)] * 5),
        invocations(("event received",), ("event received", SENT), ("event received",), ("event received", SENT), ("event received",)),
        invocations(("handling order",), ("handling order", SENT), ("handling order",), ("handling order", SENT), ("handling order",)),
    ],
    ids=["all end their work", "no end is known", "no work is begun", "some have nothing to do"],
)
def test_nothing_is_left_behind_where_the_work_ends_or_none_was_begun(steps: list[Step]) -> None:
    assert left_behind(steps) is None
