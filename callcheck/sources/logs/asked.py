"""Which process is asked for an id that it does not know, since another one registered it?

lift-1  stream opened ride=7101
lift-2  riders notified ride=7101 clients=0
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import TO_NONE, Crossing, Step, Trails, apart, in_time, layer_of

_HERE = pattern(r"\b(?:in|on|to|by) (?:this|my|our) (?:process|instance|worker|pod|replica|node|server|dyno|invocation|isolate|lambda)\b", re.I)
"""Who says so knows that there are others, where no line names its process."""
_AT_ONCE_S = 2.0
_MOST_PAIRS = 6


def unknown(trails: Trails) -> Crossing:
    """Lines that do not know an id which another instance has. Where but a figure says so, the same line is to reach somebody at other times."""
    result = Crossing()
    owner: dict[str, Step] = {}
    asked: list[tuple[Step, Step]] = []
    elsewhere: list[Step] = []
    # Where no process is named, all lines are looked at.
    for step in trails.staged or sorted(trails.steps, key=in_time):
        if step.stage in ("registered", "emitted"):
            for key in sorted(step.ids):
                if step.stage == "registered" or key not in owner:
                    owner[key] = step
        elif step.stage in ("unknown", "handled"):
            first = next((owner[key] for key in sorted(step.ids) if key in owner), None)
            if first is None or first.stage != "registered":
                continue
            if step.stage == "unknown" and (apart(first.instance, step.instance) or not (first.instance or step.instance) and _HERE.search(step.text)):
                asked.append((first, step))
            elif step.stage == "unknown":
                result.same_lost += 1
            elif first.instance == step.instance:
                result.same += 1
            elif apart(first.instance, step.instance):
                elsewhere.append(step)
    # Who says that it has come, and then that nobody here waits for it, has not handled it.
    in_vain = {(step.instance, key) for _, step in asked for key in step.ids}
    result.arrived = sum(not any((step.instance, key) in in_vain for key in step.ids) for step in elsewhere)
    shapes = {step.shape for _, steps in trails.by_id.items() for step in steps} if asked else set()
    for first, step in asked:
        if step.shape.endswith(TO_NONE) and step.shape.removesuffix(TO_NONE) not in shapes or _together(trails, first, step):
            continue
        result.lost += 1
        result.instances |= {first.instance, step.instance}
        if len(result.pairs) < _MOST_PAIRS:
            result.pairs.append((first, step))
    result.layer = layer_of(result)
    return result


def _together(trails: Trails, owner: Step, asked: Step) -> bool:
    """Whether all are asked at once, the one that registered the id among them: the others only say that it is not theirs."""
    near = (other for key in sorted(owner.ids & asked.ids) for other in trails.by_id.kept.get(key, ()) if abs(other.time - asked.time) <= _AT_ONCE_S)
    return any(other.place != asked.place and other.instance == owner.instance and (other.stage == "handled" or asked.shape in (other.shape, f"{other.shape}{TO_NONE}")) for other in near)
