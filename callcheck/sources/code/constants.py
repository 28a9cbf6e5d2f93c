"""Which plain value does a field of a class have, whoever asks?

    class Topic(StrEnum):            class Feed:                          class Feed:
        PAID = "order.paid"              channel = "ticks"                    def __init__(self, topic="ticks"):
                                                                                  self.topic = topic
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.origin import UNKNOWN, Origin
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.tree import Assign, Call, ClassDef, Literal, Node, last_name

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

_ENUMS = frozenset({"Enum", "StrEnum", "IntEnum", "Flag"})


def constant(origins: Origins, cls: ClassDef, name: str, static: bool, depth: int) -> Origin:
    """What a field has that is given one plain value and no other: in the class (`static`: asked of the class itself), or by a constructor.

    Unknown if it is assigned more than once, or if another class that has this one above it gives the field a value of its own.
    """
    own = origins.project.fields(cls).get(name, [])
    if static:
        written = next((node for node in own if isinstance(node, Assign) and node.parent is cls), None)
        if written is not None:
            return _of_enum(cls, name, written, origins.assigned(written, name, depth + 1))
    if len(own) == 1 and isinstance(own[0], Assign) and own[0].value is not None and not _overridden(origins, cls, name):
        found = origins.assigned(own[0], name, depth + 1)
        if found.kind == "value" and not (isinstance(found.node, Literal) and not isinstance(found.node.value, str)):
            return found
    if not own:
        for parent in cls.bases:
            above = origins.of(parent, depth + 1).cls
            if above is not None and above is not cls and (found := constant(origins, above, name, static, depth + 1)).kind != "unknown":
                return found
    return UNKNOWN


def _of_enum(cls: ClassDef, name: str, written: Assign, found: Origin) -> Origin:
    """What a member of a StrEnum is that is made by `auto()`: its name in lower case."""
    auto = isinstance(written.value, Call) and last_name(written.value.callee) == "auto"
    if auto and any(last_name(base) == "StrEnum" for base in cls.bases):
        return Origin("value", Literal(name.lower(), line=written.line, column=written.column, end_line=written.end_line, parent=written), site=written)
    return found


def is_member_of_enum(node: Node | None) -> bool:
    """Whether a literal is written as a member of a Python enumeration, whose `.value` is the literal itself."""
    cls = enclosing(node, ClassDef) if isinstance(node, Literal) else None
    return isinstance(cls, ClassDef) and any(last_name(base) in _ENUMS for base in cls.bases)


def _overridden(origins: Origins, cls: ClassDef, name: str) -> bool:
    """Whether a class right below gives the field a value of its own."""
    for other in origins.classes_with(name):
        if other is not cls and any(origins.of(base).cls is cls for base in other.bases):
            return True
    return False
