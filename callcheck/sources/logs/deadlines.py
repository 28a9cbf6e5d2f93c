"""Do failed deliveries all end after the same time, and whose limit is that?"""

from __future__ import annotations

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
_LEAST = 3
_CLOSE = 0.02
_CLOSE_S = 0.4
_SAME = 0.8


def met(units: Sequence[Unit], known: Sequence[Deadline]) -> Iterator[tuple[Deadline, list[tuple[Step, Step]]]]:
    """Each limit after which at least three deliveries of one kind were given up: (begin, end) of each."""
    for kind in kinds_of(units):
        ends: dict[str, list[tuple[Step, Step]]] = {}
        for unit in kind:
            later = (s for s in unit.steps.values() if s is not unit.first)
            last = next((s for s in later if s.bad or _LEFT.search(s.text.lower(), 0, 300)), None)
            # What was asked of a process that does not know it was no call that nobody answers.
            if last is not None and not any(s.stage == "unknown" and s.time < last.time for s in unit.steps.values()):
                ends.setdefault(last.shape, []).append((unit.first, last))
        for pairs in ends.values():
            left = bool(_LEFT.search(pairs[0][1].text.lower(), 0, 300))
            for deadline in known:
                if (deadline.side == "sender") != left:
                    continue
                margin = max(_CLOSE * deadline.seconds, _CLOSE_S)
                hits = [p for p in pairs if abs(p[1].time - p[0].time - deadline.seconds) <= margin]
                if len(hits) >= _LEAST and len(hits) >= _SAME * len(pairs):
                    yield deadline, hits
                    break
