"""Which error ends deliveries, whose line says so in the application's own words?

job active jobId=4001
job 4001 failed: Error: template not found: receipt
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from callcheck.model.log import Place
from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit, kinds_of

_ERROR = pattern(
    r"\b((?:[A-Z]\w{0,80})?(?:Error|Exception))\b[:(]"
    r"|\b([A-Z]\w{0,60}(?:::[A-Z]\w{0,60}){1,3}|(?:[a-z_]\w{0,40}\.){0,4}(?:[A-Z]\w{0,60}\.DoesNotExist|[A-Z]\w{1,60}NotFound))(?=: )"
    r"|\b(?=[A-Z]\w{1,80}(?:Error|Exception)\b)(\w+)|\b(panic|called `(?:Option|Result)::unwrap|runtime error|nil pointer dereference|validation errors?(?= for )|json: cannot unmarshal|undefined method|wrong number of arguments)\b"
)
_RETRIED = pattern(r"retr(?:y|ied)|attempt|again|fall(?:ing)? ?back|fallback|ignor|suppress|swallow", 2)
"""Not an end, or one that is written down as what it is: an error that somebody caught and dropped."""
_LEAST = 5
_SHARE = 0.3


def dead_ends(units: Sequence[Unit], known: Collection[Place]) -> Iterator[tuple[str, list[Step]]]:
    """Error and last lines of those deliveries; `known` are lines that were already told of as failed calls to others."""
    for kind in kinds_of(units):
        ends: dict[tuple[str, str], list[Step]] = {}
        fine = 0
        for unit in kind:
            last = max(unit.steps.values(), key=lambda step: (step.time, step.order))
            error = _ERROR.search(last.text) if last.bad and last is not unit.first else None
            if error is None:
                fine += last is not unit.first and not last.bad
            elif last.place not in known and not _RETRIED.search(last.text):
                ends.setdefault((next(filter(None, error.groups())), last.shape), []).append(last)
        for (error_name, _), steps in ends.items():
            if len(steps) >= max(_LEAST, _SHARE * (len(steps) + fine)):
                yield error_name, steps
