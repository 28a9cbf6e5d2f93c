"""By which of its methods does a class come to one of them?

    begin() { this.poll() }      async poll() { this.emit("level") }      begin leads to poll
"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.sources.code.scopes import CTORS
from callcheck.sources.code.tree import ClassDef, Function, Member, Name


def ways_to(cls: ClassDef, methods: Iterable[Function]) -> list[Function]:
    """These methods, and all by which the class itself comes to one of them; nothing once it does so as it is made."""
    found = list(methods)
    own = [node for node in cls.inside(Member) if isinstance(node.object, Name) and node.object.id in ("this", "self")]
    for method in found:
        for node in (each for each in own if each.name == method.name):
            above = next((each for each in node.up() if isinstance(each, Function) and each.parent is cls), None)
            if above is None or above.name in CTORS:
                return []
            if above not in found:
                found.append(above)
    return found
