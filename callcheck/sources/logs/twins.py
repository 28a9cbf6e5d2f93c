"""Is work handed to one object of a process, while another one of its kind is the one that runs?

printer thread running for bridge 0x7f8a1c2e50
carton=48259 queued on bridge 0x7f8a0b9d10
carton=48259 no answer within 60 s

A module that is loaded under two names, a class that is made anew by whoever asks for it: both objects work, and they never meet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import Step, Trails

_OBJECT = pattern(
    r"\b([a-z][a-z_]{2,30}?)(?:[_ ]?(?:id|instance|object|obj)|(?: (?:\w{2,5}ed|made|built|new|ready|at))){0,2}(?: ?[@#]|[=:] ?|[ (<\[]{1,2}(?:(?:id|instance|object)[=:] ?|at )?)"
    r"(0x[0-9a-f]{4,16}|(?<=@)(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{4,16})\b",
    re.I | re.ASCII,
)
"""An object by its kind and its address or hash code, as a runtime writes it: `bridge created id=0x7f8a`, `Bus@1b6d3586`, `<Relay object at 0x7f8a>`. `device 7be1` is somebody's name for a thing outside."""
_INSTANCE = pattern(
    r"\b([a-z][a-z_]{2,30}?)[_ ](?:instance|object|obj)(?:[_ ]id)?(?: ?[@#]|[=:] ?| )((?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{4,16}|\d{13,16})\b",
    re.I | re.ASCII,
)
"""The same by any number, where the line says that it is one: `hub instance 7be1`."""
_NUMBERED = pattern(r"\b([a-z][a-z_]{2,30}?) ?#((?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{4,16})\b", re.I | re.ASCII)
_MADE = pattern(r"\b(?:made|created|built|constructed|instantiated|initiali[sz]ed|new)\b", re.I)
"""`printer #7be1` may be a thing outside; `dispatcher #7be1 made` is one of the process."""
_SERVES = pattern(
    r"\b(?:running|runs|started|starts|serving|serves|consum\w+|listen\w*|polling|polls|subscri\w+|registered|attached|watching|draining|drains|connected|handlers?|thread|loop|worker)\b", re.I
)
_HANDS = pattern(
    r"\b(?:(?:en)?queued|queuing|put|pushed|submit\w*|added|handed|given|posted|scheduled|emit\w*|publish\w*|dispatch\w*|sent|sending|waiting|awaiting|waits|requested|asked)\b", re.I
)
_UNDONE = pattern(r"\bnot (?:\w+ ){0,2}\w+ed\b|\bstill (?:open|waiting|pending|queued)|\bwaited \d|\bin vain\b", re.I)
"""Said of what was handed over, that nothing was done; many a line that is no failure elsewhere."""
_LEAST = 3
_FINE = 0.1
_FEW = 3
"""So many objects of one kind a process may hold for them to be what it is built of; of what comes with each request there are more."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two objects of one kind in one process."""

    kind: str
    serves: list[Step]
    """Lines by which one of them runs."""
    handed: list[Step]
    """What is handed to the other one, and comes to no good end."""

    @property
    def samples(self) -> list[tuple[Place, str]]:
        """A line of what is handed over first, then one of the object that runs."""
        return [(step.place, step.text) for step in (*self.handed[:1], *self.serves[:1], *self.handed[1:3])]


def twins(trails: Trails, known: Collection[Place] = ()) -> Iterator[Twins]:
    """Kinds of which one object only runs and another is only handed work, all of which fails; not by the lines `known` as failed calls to others."""
    kinds: dict[tuple[str, str], dict[str, list[Step]]] = {}
    for key, steps in trails.by_id.items():
        made = {step.instance for step in steps if "#" in step.text and _MADE.search(step.text)}
        for step in steps:
            for kind, found in (*_OBJECT.findall(step.text), *_INSTANCE.findall(step.text), *(_NUMBERED.findall(step.text) if step.instance in made else ())):
                if found.lower() == key.lower():
                    kinds.setdefault((step.instance, kind.lower()), {}).setdefault(key, []).append(step)
    for (_, kind), objects in kinds.items():
        if not 2 <= len(objects) <= _FEW:
            continue
        serves = {key: [step for step in steps if _SERVES.search(step.text)] for key, steps in objects.items()}
        handed = {key: [step for step in steps if _HANDS.search(step.text) and len(step.ids) > 1] for key, steps in objects.items()}
        running = [step for key, steps in serves.items() if not handed[key] for step in steps]
        for key, steps in handed.items():
            lost = [step for step in steps if _failed(trails, step, key, known)]
            if running and not serves[key] and len(lost) >= max(_LEAST, (1 - _FINE) * len(steps)):
                yield Twins(kind, running, lost)


def _failed(trails: Trails, step: Step, owner: str, known: Collection[Place]) -> bool:
    """Whether what is handed over is told of next as what failed."""
    after = [each for key in step.ids if key != owner for each in trails.by_id.kept.get(key, ()) if (each.time, each.order) > (step.time, step.order)]
    first = min(after, key=lambda each: (each.time, each.order), default=None)
    return first is not None and (first.bad or _UNDONE.search(first.text) is not None) and first.place not in known
