"""Is it seen that a sender gives up what is answered late, and not that something is repeated for another reason?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.sent_again import sent_again
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.wording import ids


def steps(takes: list[float], times: int, said: str = "got event_id=evt_{n:04}aa", answer: str = "request completed statusCode=200") -> list[Step]:
    """For each of some deliveries so many requests, each answered after the time that it takes."""
    found: list[Step] = []
    for n, took in enumerate(takes):
        for again in range(times if took > 2 else 1):
            begin, request = 1000.0 * n + 60 * again, f"r{n}x{again}c7f3"
            for at, text in ((0.0, "incoming POST"), (0.1, said.format(n=n)), (took, answer)):
                order = len(found) + 1
                whole = f"{text} reqId={request}"
                found.append(Step("", "api", begin + at, order, Place("a.log", order, order), ids(whole), whole, shape=text.split(" ")[0]))
    return found


def test_what_is_answered_late_and_sent_again_is_seen() -> None:
    late = sent_again(steps([6, 5.4, 0.1, 7, 0.2], 3))
    assert late is not None
    assert (late.retries, len(late.sent), late.again) == (6, 3, True)


def test_that_a_request_took_long_may_stand_in_its_access_line_alone() -> None:
    lines = [step for step in steps([6, 5.4, 7], 2) if not step.text.startswith("request")]
    assert sent_again(lines) is None
    assert sent_again(lines, {key for step in lines for key in step.ids if key.startswith("r")}) is not None


@pytest.mark.parametrize(
    "lines",
    [
        steps([6, 5.4, 7], 1),  # late, and the sender waits
        steps([2.5, 2.4, 2.6], 3),  # in time for all known senders
        steps([6, 5.4, 7], 3, answer="request completed statusCode=500"),  # refused
        steps([6, 5.4, 7], 3, said="got user_id=u{n:04}aa"),  # somebody who comes back
        steps([6, 5.4, 7], 3, said="got webhook_id=we_77aa"),  # the name of the endpoint, which each delivery has
        steps([6, 5.4, 7, 6, 8, 9, 7, 7], 1) + steps([6, 5.4, 7], 2)[12:],  # one of many
    ],
)
def test_nothing_is_said_of_what_is_not_sent_again_for_that(lines: list[Step]) -> None:
    assert sent_again(lines) is None
