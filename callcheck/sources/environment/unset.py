"""Which part of a deployment is not given a variable that another part is given?

    k8s/overlays/staging/kustomization.yaml       literals: [RENDERER_URL=http://renderer, CALLBACK_BASE_URL=http://web]
    k8s/overlays/production/kustomization.yaml    literals: [RENDERER_URL=http://renderer]

Where no stage is named, each platform that the files deploy to is one, such as Compose for development, and Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.sources.environment import OPEN, Setting, settings
from callcheck.sources.environment.per_stage import DEVELOPMENT, Stages, per_stage, stage_of
from callcheck.sources.launch import DOCKERFILES, SCRIPTS

if TYPE_CHECKING:
    from callcheck.sources import Eyes


_WHOLE = frozenset({"compose", "kubernetes", "ecs", "nomad"})
"""Platforms that are told of all variables by their files; others have a place for them besides, which no file shows."""


@dataclass(frozen=True, slots=True)
class Unset:
    """A variable that one stage leaves out: the stage, another variable that it is given where the other stage has them both, that stage, and what it sets."""

    stage: str
    near: Setting
    other: str
    given: Setting


def unset(eyes: Eyes, name: str) -> Unset | None:
    """The stage that leaves a variable out, production first; None where all are given it, or a file, an image or a command may give it to all."""
    stages = eyes.once(("stages",), lambda: _stages(eyes))
    for other, held in stages.items() if any(name in each for each in stages.values()) and not _anywhere(eyes, name, stages) else ():
        if name in held and held[name].value:
            for stage, near in _without(stages, other, name):
                return Unset(stage, near, other, held[name])
    return None


def _stages(eyes: Eyes) -> Stages:
    """The stages, or the platforms where there are none; of a platform, all that its units are given."""
    found = per_stage(eyes)
    for each in settings(eyes) if not found else ():
        if each.system in _WHOLE:
            found.setdefault(each.system, {}).setdefault(each.name, each)
    return found


def _without(stages: Stages, other: str, name: str) -> Iterator[tuple[str, Setting]]:
    """The lasting stages without the variable that are given what the other one is given besides, with the first of that; not one that is given more than can be seen."""
    for stage in sorted(stages, key=lambda each: (each != "production", each)):
        shared = [key for key in stages[other] if key in stages[stage] and key not in (name, OPEN)]
        unseen = OPEN in stages[stage] and OPEN not in stages[other]
        if stage not in DEVELOPMENT and name not in stages[stage] and shared and not unseen:
            yield stage, stages[stage][shared[-1]]


def _anywhere(eyes: Eyes, name: str, stages: Stages) -> bool:
    """Whether something may give the variable to every stage: a file that is named after none, an image, or a script or pipeline that names it."""
    plain = any(each.name == name and each.system not in stages and not stage_of(f"{each.file.name}/{each.unit}") for each in settings(eyes))
    return plain or eyes.holds((*DOCKERFILES, *SCRIPTS), (name,))
