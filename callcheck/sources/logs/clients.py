"""Who is connected from without, where and for what, as the lines say by which clients come and go?

web-1  client c-17 subscribed ward=icu      web-2  client c-18 subscribed ward=icu
web-1  published ward=icu                   web-1  published ward=attic      (for which nobody came)
web-1  sent to c-17                         web-2  sent to c-18              (one event, to each who is connected there)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.logs.templates import kinds_of, words_of
from callcheck.sources.logs.values import PAIRS

if TYPE_CHECKING:
    from callcheck.sources.logs.contrasts import Contrast
    from callcheck.sources.logs.trails import Step
    from callcheck.sources.logs.units import Unit

CLIENTS = pattern(r"client|socket|\bws\b|\bsse\b|viewer|browser|stream|subscription|\buser|device|screen|display|kiosk|tablet|\btab\b|spectator|watcher|member|\broom\b|\bconn(?:ection)?\b", re.I)
"""Who comes and goes, and is no part of the program, of which each process has one."""
_COMES = pattern(r"\b(?:register|join|subscri|connect|attach|open|follow|watch|listen|enter|add|in (?:the )?(?:room|group|channel)|came|arriv|log(?:ged)? ?in)", re.I)
_TO = pattern(r"(?:\b(?:to|for)|[=:])\s*$", re.I)
_NEARLY_ALL = 0.85
_LEAST_OPEN = 5
_LEAST_LINES = 6


def comes(step: Step) -> bool:
    """Whether the line says of somebody that he listens from now on."""
    return step.stage == "registered" or step.stage == "" and all(words.search(step.text, 0, 300) for words in (_COMES, CLIENTS))


class Clients:
    """What clients came for, from when on and until when; `steps` are all lines that are known."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._open: dict[str, list[list[float]]] = {}
        """By each word of the line by which one came."""
        self.homes: dict[str, set[str]] = {}
        """By the same words, the processes to which those came."""
        several: set[tuple[str, str]] = set()
        self._again: set[str] = set()
        """Words by which more than one came to one process."""
        self.last = float("-inf")
        """When the last one came."""
        by_id: dict[str, list[list[float]]] = {}
        for step in sorted(steps, key=lambda step: (step.time, step.order)):
            if comes(step) and CLIENTS.search(step.text, 0, 300):
                self.last, period = step.time, [step.time, float("inf")]
                for word in {said for each in words_of(step.text) for said in (each, each.rpartition("=")[2])}:
                    self._open.setdefault(word, []).append(period)
                    self.homes.setdefault(word, set()).add(step.instance)
                    if (step.instance, word) in several:
                        self._again.add(word)
                    several.add((step.instance, word))
                for key in step.ids:
                    by_id.setdefault(key, []).append(period)
            elif step.stage == "closed":
                gone = {id(period): period for key in step.ids for period in by_id.get(key, ())}
                for period in gone.values() if len(gone) == 1 else ():
                    period[1] = min(period[1], step.time)

    def unasked(self, contrast: Contrast) -> bool:
        """Whether what is lost was for channels for which no client was there, while those that arrive were sent to clients."""
        name, said = _said(contrast, contrast.lost[0]), {_said(contrast, unit) for unit in contrast.fine} - {""}
        open_ = sum(any(came <= unit.first.time < left for came, left in self._open.get(name, ())) for unit in contrast.lost)
        if not name or not said or open_ >= _LEAST_OPEN:
            return False
        # A program's own listeners come once in each process, before anything is sent.
        come = self._again & said or any(self._open.get(each) for each in said) and self.last > min(unit.first.time for unit in contrast.fine)
        if come and sum(each in self._open for each in said) >= _NEARLY_ALL * len(said):
            return True
        # Where the log begins after they came, it shows that each event goes to several of them.
        outcomes = [unit.steps[contrast.outcome] for unit in contrast.fine if contrast.outcome in unit.steps]
        several = sum(any(one.shape == contrast.outcome for one, _ in unit.again) for unit in contrast.fine)
        return name not in self._open and 2 * several >= len(outcomes) > 0 and CLIENTS.search(outcomes[0].text, 0, 300) is not None


def _said(contrast: Contrast, unit: Unit) -> str:
    """What tells the deliveries apart, as one of them says it."""
    return unit.event if contrast.how == "event" else dict(PAIRS.findall(unit.first.text[:300])).get(contrast.one, "")


def to_each(steps: Sequence[Step], shape: str) -> bool:
    """Whether the lines of a shape are each for a receiver of its own, who is connected to one process: what is sent to all of them is done once."""
    clients = Clients(steps)
    for kind in kinds_of(sorted((step for step in steps if step.shape == shape), key=lambda step: (step.time, step.order))):
        every = {step.instance for step in kind.steps}
        for n in sorted(kind.varies) if len(every) > 1 and len(kind.steps) >= _LEAST_LINES else ():
            homes: dict[str, set[str]] = {}
            for step, row in zip(kind.steps, kind.rows, strict=True):
                homes.setdefault(row[n].rpartition("=")[2], set()).add(step.instance)
            # What is made anew each time comes once, and a process's own name is one in each.
            if 2 * len(homes) > len(kind.steps) or len(homes) <= len(every) or any(len(home) > 1 for home in homes.values()):
                continue
            came = sum(clients.homes.get(name) == home for name, home in homes.items())
            if came >= _NEARLY_ALL * len(homes) or not clients.homes and (CLIENTS.search(kind.rows[0][n]) or _TO.search(kind.rows[0][n - 1] if n else "")):
                return True
    return False
