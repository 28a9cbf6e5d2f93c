"""Which outside constructor does a call run that names a class of the project, or the one above it?

    class Scans extends Worker { constructor() { super("scans", run, options); } }      super(...) is new Worker(...)
    class Scans(Worker): pass                                                           Scans([queue]) is Worker([queue])
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from callcheck.sources.code.origins import Origin, Origins
from callcheck.sources.code.scopes import CTORS, enclosing, is_super
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Function,
    Member,
    Module,
    last_name,
)

ABOVE = frozenset({"super", "__init__"})
"""The last names of calls of the constructor above."""
NOT_ABOVE = frozenset({"make", "boot", "start", "trap", "note", "realtime", "keep-clients"})
"""What idioms do that is asked of the object, which is made where the class of the project is called."""


class Base(NamedTuple):
    """The qualified name of an outside class; `above` if a constructor of the project calls it."""

    name: str
    above: bool


def base_constructor(origins: Origins, call: Call, origin: Origin) -> Base | None:
    """The outside class whose constructor a call runs by way of a class of the project, None for any other call."""
    above = _above(call)
    cls = enclosing(call, ClassDef) if above else origin.cls if origin.kind == "class" else None
    if not isinstance(cls, ClassDef) or not cls.bases:
        return None
    if not above and any(isinstance(each, Function) and each.name in (*CTORS, "__new__") for each in cls.body):
        return None
    name = next(iter(origins.bases(cls)), "")
    return Base(name, above) if name else None


def constructor_above(cls: ClassDef) -> Call | None:
    """The call by which the constructor of a class of the project calls the one above it."""
    made = (each for each in cls.body if isinstance(each, Function) and each.name in CTORS)
    return next((call for each in made for call in each.inside(Call) if _above(call)), None)


def _above(call: Call) -> bool:
    """`super(...)`, `super().__init__(...)`."""
    callee = call.callee
    if isinstance(callee, Member):
        return callee.name == "__init__" and isinstance(callee.object, Call) and is_super(callee.object)
    return is_super(callee) and not isinstance(call.parent, Member)


def heirs_of(modules: Iterable[Module], names: set[str]) -> set[str]:
    """The names of the classes that extend one of these, directly or through others."""
    below: dict[str, set[str]] = {}
    for cls in (each for module in modules for each in module.all(ClassDef)):
        for base in cls.bases:
            below.setdefault(last_name(base), set()).add(cls.name)
    found: set[str] = set()
    waiting = [name for name in names if name in below]
    while waiting:
        new = below.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found
