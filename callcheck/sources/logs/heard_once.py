"""Does a listener hear the first event after it is attached, and none after that?

api-1     stream opened user=u-301
api-1     emit order.paid user=u-301         api-1  pushed user=u-301
api-1     emit order.paid user=u-301         (nothing, until the stream is opened anew)
"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.model.noun import dataclass, field
from callcheck.sources.logs.rounds import groups_of
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.values import SENDS

_LEAST_FIRST, _LEAST_LATER = 3, 5
_MANY = 12
_WAIT = 3
_HARDLY = 0.1


@dataclass(slots=True)
class Once:
    """What became of the first events after registrations, and of the later ones."""

    heard: list[tuple[Step, Step]] = field(default_factory=list)
    """Registrations with the first event."""
    unheard: int = 0
    lost: list[Step] = field(default_factory=list)
    later: int = 0
    """Later events that were heard."""


def heard_once(steps: Sequence[Step], end: float) -> Once | None:
    """The listeners that do; `end`: when the logs end."""
    kinds: dict[tuple[str, str, bool], Once] = {}
    for group in groups_of(steps):
        shape = next((step.shape for step in group[1:] if not step.bad and (step.stage == "emitted" or SENDS.search(step.text, 0, 300))), "")
        if shape and shape != group[0].shape and {step.shape for step in group if step.stage == "emitted"} <= {shape}:
            _count(group, shape, end, kinds.setdefault((group[0].shape, shape, group[0].stage == "registered"), Once()))
    for (_, _, listens), once in kinds.items():
        first, later = len(once.heard), len(once.lost)
        # Where no word says that somebody listens, there must be more of them.
        enough = first >= _LEAST_FIRST and later >= _LEAST_LATER if listens else first >= _LEAST_LATER and later >= _MANY
        if enough and once.unheard <= _HARDLY * first and once.later <= _HARDLY * later:
            return once
    return None


def _count(group: Sequence[Step], shape: str, end: float, once: Once) -> None:
    listener: Step | None = None
    heard = 0
    for at, step in enumerate(group):
        if step.stage == "closed" or step.shape == group[0].shape or step.stage == "registered":
            listener, heard = (None if step.stage == "closed" else step), 0
        elif step.shape == shape and listener is not None and step.time <= end - _WAIT:
            follows = group[at + 1] if at + 1 < len(group) else None
            answered = follows is not None and follows.shape not in (shape, group[0].shape) and follows.stage not in ("registered", "closed")
            heard += 1
            if heard > 1:
                once.later += answered
                once.lost += [] if answered else [step]
            elif answered:
                once.heard.append((listener, step))
            else:
                once.unheard += 1
