"""Which of the known frameworks can a project have to do with, going by what it imports?"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from callcheck.model.knowledge import Framework
from callcheck.model.shelf import Shelf, Spine, spine

_SPINES: dict[int, tuple[Framework, Spine]] = {}


def present(frameworks: Iterable[Framework], outside: Collection[str]) -> tuple[Framework, ...]:
    """The frameworks of which a project that imports these modules can have an object or function."""
    if isinstance(frameworks, Shelf):
        return frameworks.present(outside)
    return tuple(each for each in frameworks if _spine(each).present(outside))


def is_imported(framework: Framework, outside: Collection[str]) -> bool:
    """Whether one of these modules, as imports name them, is of the framework."""
    return _spine(framework).imported(outside)


def _spine(framework: Framework) -> Spine:
    """A framework's spine; worked out once."""
    if id(framework) not in _SPINES:
        _SPINES[id(framework)] = framework, spine(framework)
    return _SPINES[id(framework)][1]
