"""Which value of a request do the later lines of its deliveries name as none, that the first ones name?

shop.api  request_id=5c4e09a9 order placed order=5500
shop.mail request_id=None confirmation sent order=5500
shop.api  request_id=81aa07c3 order placed order=5501
shop.mail request_id=None confirmation sent order=5501

In another process that is no riddle: a job has no request. It counts where one process writes both, or where what is done without the value is
left undone. A dash is what a formatter writes outside of requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.keyed import CONTEXT
from callcheck.sources.logs.trails import Step, in_time
from callcheck.sources.logs.units import Unit

_CONTEXT = pattern(rf"(?<![\w-])(?P<key>{CONTEXT})[\"']?[=:] ?[\"']?(?P<value>[\w:.-]{{1,80}})", re.I)
_NONE = frozenset(("none", "null", "undefined", "nil", "n/a"))
_SOON_S = 10.0
"""What comes later about the same thing (a nightly export) may be no work of that request."""
_LEAST = 5
_NEARLY_ALL = 0.85


@dataclass(frozen=True, slots=True)
class Emptied:
    """A value that comes along no further than to some line."""

    key: str
    pairs: list[tuple[Step, Step]]
    """The last line that names it, and the first that names it as none."""


def emptied(units: Sequence[Unit]) -> Iterator[Emptied]:
    """Each such value once, by the line that lacks it most often."""
    found: dict[str, dict[str, list[tuple[Step, Step]]]] = {}
    fine: dict[tuple[str, str], int] = {}
    for unit in units:
        had: dict[str, Step] = {}
        told: set[str] = set()
        for step in sorted(unit.steps.values(), key=in_time):
            for each in _CONTEXT.finditer(step.text, 0, 400):
                key = each["key"].lower()
                if each["value"].lower() not in _NONE:
                    had[key] = step
                    fine[key, step.shape] = fine.get((key, step.shape), 0) + 1
                elif key in had and key not in told and step.time - had[key].time <= _SOON_S and (had[key].instance == step.instance or step.bad):
                    told.add(key)
                    found.setdefault(key, {}).setdefault(step.shape, []).append((had[key], step))
    for key, by_shape in found.items():
        shape, pairs = max(by_shape.items(), key=lambda item: (len(item[1]), item[0]))
        if len(pairs) >= _LEAST and len(pairs) >= _NEARLY_ALL * (len(pairs) + fine.get((key, shape), 0)):
            yield Emptied(key, pairs)
