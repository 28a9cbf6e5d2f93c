"""Are listeners found that hear one event each, and none that hear more, are attached anew or never heard any?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.heard_once import heard_once
from callcheck.sources.logs.trails import Step


def found(heard: int, anew: int = 0, pupils: int = 4) -> tuple[int, int] | None:
    """Six events for each listener, of which so many are heard; after so many each is attached anew."""
    steps: list[Step] = []

    def say(stage: str, pupil: int, text: str) -> None:
        line = len(steps) + 1
        steps.append(Step(stage, "hall-1", float(line), line, Place("a.log", line, line), frozenset([f"p-{pupil}"]), text, "", text))

    for pupil in range(pupils):
        say("registered", pupil, "attached")
    for n in range(6):
        for pupil in range(pupils):
            if anew and n and n % anew == 0:
                say("registered", pupil, "attached")
            say("emitted", pupil, "rung")
            if (n % anew if anew else n) < heard:
                say("", pupil, "shown")
    once = heard_once(steps, 1e9)
    return (len(once.heard), len(once.lost)) if once else None


def test_the_first_event_alone_is_heard() -> None:
    assert found(1) == (4, 20)
    assert found(1, anew=3) == (8, 16)


def test_those_that_hear_more_or_none_are_not_told() -> None:
    assert [found(2), found(6), found(0), found(1, pupils=2), found(1, anew=1)] == [None] * 5
