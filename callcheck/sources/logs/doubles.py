"""Which line of a handler does one process write twice for each delivery?

emitting order.paid order=77
order.paid handled: receipt mailed order=77
order.paid handled: receipt mailed order=77
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.pattern import pattern
from callcheck.sources.logs.contrasts import Unit
from callcheck.sources.logs.repeats import lasting
from callcheck.sources.logs.trails import Step

_DOES = pattern(
    r"\b(?:handl|deliver|receiv|sent\b|send|mail|charg|refund|print|notif|creat|insert|book|invoic|ship|paid\b|award|credit|called|ran\b|stored|saved|updat|posted)"
)
_LEAST = 5
_NEARLY_ALL = 0.8


def doubled(units: Sequence[Unit]) -> Iterator[list[tuple[Step, Step]]]:
    """For each such line its pairs. Where every line of a delivery is there twice, it is the logger that repeats them, and nothing is told."""
    having: dict[str, int] = {}
    twice: dict[str, list[tuple[Step, Step]]] = {}
    once: dict[str, int] = {}
    for unit in units:
        for shape in unit.steps:
            having[shape] = having.get(shape, 0) + 1
        shapes = {before.shape: (before, step) for before, step in unit.twice}
        for shape, pair in shapes.items():
            twice.setdefault(shape, []).append(pair)
            once[shape] = once.get(shape, 0) + (len(shapes) < len(unit.steps))
    for shape, pairs in twice.items():
        text = pairs[0][0].text.lower()
        if (
            len(pairs) >= max(_LEAST, _NEARLY_ALL * having[shape])
            and once[shape] >= _NEARLY_ALL * len(pairs)
            and pairs[0][0].stage in ("handled", "completed", "")
            and not pairs[0][0].bad
            and not lasting(pairs[0][0].text)
            and _DOES.search(text, 0, 200)
        ):
            yield pairs
