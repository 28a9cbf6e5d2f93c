"""Do failed deliveries all end after the same time, and whose limit is that?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callcheck.model.log import Deadline
from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit, kinds_of

_LEFT = pattern(
    r"\bclient (?:closed|disconnect|has gone|gone|hung up|went away|abort|cancel|timed out)|clos\w+ by (?:client|sender|remote|peer|caller)"
    r"|\brequest (?:was )?(?:abort|cancel)|\b499\b|before (?:the |a )?(?:response|answer)"
    r"|\b(?:sender|caller|provider) (?:gave up|hung up|disconnected|timed out)|broken pipe|premature"
)
_TOLD = pattern(r"\b(?:ms|millis|duration(?:_?ms)?|elapsed(?:_?ms)?|took(?:_?ms)?|latency(?:_?ms)?|after|response_?time)[=: ]{1,2}\"?(\d{1,8}(?:\.\d{1,6})?) ?(ms\b|m?s(?:ec\w{0,5})?\b)?", re.I)
"""How long it took, as the line that gives up tells itself; a figure of four digits without its unit is in milliseconds."""
_PLANNED = pattern(r"\b(?:expir\w{1,4}|ttl|delay\w{0,2}|due|hold|held|sleep\w{0,3}|scheduled|fires?|wakes?|snoozed?|again)\b[^\d]{0,12}(\d{1,6}) ?(ms|s|sec\w{0,4}|min\w{0,4}|m)?\b", re.I)
"""What is to happen after some time, as the line says with which it begins: that it then happens is no limit that was met."""
_UNITS = {"ms": 0.001, "m": 60, "min": 60}
_LEAST = 3
_CLOSE = 0.02
_CLOSE_S = 0.4
_SAME = 0.8


def met(units: Sequence[Unit], known: Sequence[Deadline]) -> Iterator[tuple[Deadline, list[tuple[Step, Step]]]]:
    """Each limit after which at least three deliveries of one kind were given up: (begin, end) of each."""
    for kind in kinds_of(units):
        ends: dict[str, list[tuple[Unit, Step]]] = {}
        for unit in kind:
            later = (s for s in unit.steps.values() if s is not unit.first)
            last = next((s for s in later if s.bad or _LEFT.search(s.text.lower(), 0, 300)), None)
            # What was asked of a process that does not know it was no call that nobody answers.
            if last is not None and not any(s.stage == "unknown" and s.time < last.time for s in unit.steps.values()):
                ends.setdefault(last.shape, []).append((unit, last))
        for pairs in ends.values():
            left = bool(_LEFT.search(pairs[0][1].text.lower(), 0, 300))
            for deadline in known:
                if (deadline.side == "sender") != left:
                    continue
                margin = max(_CLOSE * deadline.seconds, _CLOSE_S)
                hits = [(begin, end) for begin, end in ((_near(unit, last, deadline.seconds, margin), last) for unit, last in pairs) if begin is not None]
                if len(hits) >= _LEAST and len(hits) >= _SAME * len(pairs):
                    yield deadline, hits
                    break


def _near(unit: Unit, last: Step, seconds: float, margin: float) -> Step | None:
    """The line from which on it took just so long: the first, the one before the last, or by what the last one tells; None if it took another time."""
    before = [step for step in unit.steps.values() if (step.time, step.order) < (last.time, last.order)]
    if not before:
        return None
    previous = max(before, key=lambda step: (step.time, step.order))
    for begin in (unit.first, previous):
        if _planned(begin, seconds):
            return None
        if abs(last.time - begin.time - seconds) <= margin:
            return begin
    return previous if abs(_told(last) - seconds) <= margin else None


def _planned(step: Step, seconds: float) -> bool:
    return any(abs(float(found[1]) * _UNITS.get((found[2] or "s").lower()[:3], 1) - seconds) < _CLOSE_S for found in _PLANNED.finditer(step.text, 0, 300))


def _told(step: Step) -> float:
    found = _TOLD.search(step.text, 0, 300)
    if found is None:
        return 0.0
    unit = (found[2] or found[0]).lower()
    return float(found[1]) / (1000 if unit.startswith("ms") or "ms" in found[0].lower() or float(found[1]) >= 1000 and not found[2] else 1)
