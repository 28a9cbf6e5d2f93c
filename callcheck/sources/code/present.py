"""Which of the known frameworks can a project have to do with, going by what it imports?"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from callcheck.model.knowledge import Framework
from callcheck.model.shelf import Shelf, Spine, spine
from callcheck.sources.code.strangers import filled, unknown

_SPINES: dict[int, tuple[Framework, Spine]] = {}


def present(frameworks: Iterable[Framework], outside: Collection[str]) -> tuple[Framework, ...]:
    """The frameworks of which a project that imports these modules can have an object or function; those that say something of libraries
    which nobody knows have these among their packages."""
    if not isinstance(frameworks, Shelf):
        frameworks = tuple(frameworks)
    spines = frameworks.spines if isinstance(frameworks, Shelf) else tuple(map(spine_of, frameworks))
    strangers = unknown(spines, outside)
    wanted = [n for n, each in enumerate(spines) if each.present(outside) or (each.strange and strangers)]
    found = ((frameworks.at(n) if isinstance(frameworks, Shelf) else frameworks[n], spines[n].strange) for n in wanted)
    return tuple(filled(framework, strangers) if strange else framework for framework, strange in found)


def placed(frameworks: Iterable[Framework]) -> tuple[Framework, ...]:
    """The frameworks that know files by their places, whatever a project imports: their packages may stand in manifests alone."""
    if isinstance(frameworks, Shelf):
        return tuple(frameworks.at(n) for n, each in enumerate(frameworks.spines) if each.placed)
    return tuple(each for each in frameworks if each.places)


def imported(frameworks: Iterable[Framework], outside: Collection[str]) -> set[str]:
    """The names of those frameworks of which a package is among these modules."""
    heads = {".".join(name.split(".")[: n + 1]) for name in outside for n in range(min(3, name.count(".") + 1))}
    heads |= {"/".join(name.split("/")[: n + 1]) for name in outside for n in range(min(3, name.count("/") + 1))}
    return {framework.name for framework in frameworks if not heads.isdisjoint(framework.packages)}


def spine_of(framework: Framework) -> Spine:
    """A framework's spine; worked out once."""
    if id(framework) not in _SPINES:
        _SPINES[id(framework)] = framework, spine(framework)
    return _SPINES[id(framework)][1]
