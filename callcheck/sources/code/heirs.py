"""Which classes of the project extend a class, and does one extend another?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.origins import Origins
from callcheck.sources.code.tree import ClassDef


def right_below(origins: Origins, cls: ClassDef) -> Iterator[ClassDef]:
    """Those that name it among their bases."""
    for module in origins.project.naming(cls.name):
        yield from (each for each in module.all(ClassDef) if any(origins.of(base).cls is cls for base in each.bases))


def below(origins: Origins, cls: ClassDef) -> Iterator[ClassDef]:
    """Those that extend it, directly or through others, the nearest first."""
    waiting, known = [cls], {id(cls)}
    while waiting:
        for heir in right_below(origins, waiting.pop(0)):
            if id(heir) not in known:
                known.add(id(heir))
                waiting.append(heir)
                yield heir


def extends(origins: Origins, cls: ClassDef, base: ClassDef) -> bool:
    """Whether a class is below another one, directly or through others."""
    waiting, known = [cls], {id(cls)}
    while waiting:
        for above in (origins.of(each).cls for each in waiting.pop().bases):
            if above is base:
                return True
            if above is not None and id(above) not in known:
                known.add(id(above))
                waiting.append(above)
    return False
