"""Does work go on in a later execution of its function, where no line names its execution?

D claimsBot: Function execution started
I claimsBot: conv=08babd accepted
D claimsBot: Function execution took 248 ms, finished with status code: 202
D claimsBot: Function execution started
I claimsBot: conv=05a3aa accepted
W claimsBot: reply conv=08babd: socket hang up          what this execution is about is another one

Firebase's command leaves the names of executions out. Those of one function that never run beside one another can be told by their first and last lines.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from callcheck.model.log import Place
from callcheck.model.pattern import rare
from callcheck.sources.logs.trails import Step

Mark = tuple[str, int, str, bool, Place]
"""File, order along it, the invocation if it has a name, whether it ends here, and where."""
DONE = rare(
    r"\b(?:accepted|failed|stored|finish\w*|complet\w*|done|sent|e?mailed|written|delivered|posted|saved|published|recorded|uploaded|called|notified|rendered|emitted|pushed|indexed|resolved|handled|processed)\b",
    re.I,
)
_SHARED = 2
"""Work that goes on is named by two executions; what more of them name (a model, a version) is nobody's."""


def carried_over(marks: Sequence[Mark], lines: Sequence[Step]) -> Iterator[tuple[Place, Place, str]]:
    """Where work was named last in the execution that began it, where a later one that is about something else ends it, and the text there; of one function."""
    spans = _spans(marks)
    within: dict[int, list[Step]] = {}
    for step in lines:
        at = bisect_right(spans, (step.place.whole, step.order), key=lambda span: span[0]) - 1
        if at >= 0 and (step.place.whole, step.order) < spans[at][1]:
            within.setdefault(at, []).append(step)
    named = Counter(itertools.chain.from_iterable(set().union(*(step.ids for step in held)) for held in within.values()))
    began: dict[str, Place] = {}
    for _, held in sorted(within.items()):
        held.sort(key=lambda step: step.order)
        ids = set().union(*(step.ids for step in held))
        older = {key for key in ids if key in began and named[key] <= _SHARED}
        own = ids - began.keys()
        for step in held:
            before = sorted(older & step.ids)
            if before and own and not own & step.ids and (step.bad or DONE.search(step.text)):
                older -= step.ids
                yield began[before[0]], step.place, step.text
        began.update((key, step.place) for step in held for key in step.ids)


def _spans(marks: Sequence[Mark]) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """From where to where each execution goes; none if some ran beside one another, and lines may be of either."""
    ordered = sorted(marks, key=lambda mark: mark[:2])
    if ordered and ordered[0][3]:
        del ordered[0]  # It began before the log.
    if any(one[3] == other[3] for one, other in itertools.pairwise(ordered)):
        return []
    return [(one[:2], other[:2]) for one, other in zip(ordered[::2], ordered[1::2], strict=False)]
