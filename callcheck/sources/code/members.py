"""What does an object have under a name: by its class, by what it was written with, by what is kept on it?

    this.bus = new Bus()  …  this.bus.on("done", f)             hub = { bus: new Bus() }  …  hub.bus.emit("done")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.noun import replace
from callcheck.sources.code.constants import constant, is_member_of_enum
from callcheck.sources.code.origin import DEEPEST, UNKNOWN, Origin, makes
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.tree import Assign, ClassDef, Function, Literal, Member, Module, Object, Param, Sequence

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins
    from callcheck.sources.code.parameters import Parameters


class Members:
    """Those of the objects of one project."""

    def __init__(self, origins: Origins, parameters: Parameters) -> None:
        self._origins, self._parameters = origins, parameters

    def of(self, base: Origin, name: str | None, depth: int = 0) -> Origin:
        """The origin of `base.name`."""
        if name is None or depth > DEEPEST:
            return UNKNOWN
        if base.kind == "external":
            return Origin("external", base.node, f"{base.qualified}.{name}")
        if base.kind == "module" and isinstance(base.node, Module):
            found = self._origins.project.exported(base.node, name)
            below = self._origins.project.find(base.node, f".{name}") if not found and base.node.path.endswith("/__init__.py") else None
            return self._origins.place(*found, depth, name) if found else Origin("module", below) if below else UNKNOWN
        if base.cls is not None:
            field = self._field(base.cls, name, depth)
            if field.kind == "unknown":
                field = constant(self._origins, base.cls, name, base.kind == "class", depth)
            if field.kind != "unknown":
                return _kept_with(base, field)
        if base.kind == "value" and name == "value" and is_member_of_enum(base.node):
            return base
        if base.kind == "value" and isinstance(base.node, Sequence) and name.isdecimal():
            return self._origins.of(next(iter(base.node.items[int(name) :]), None), depth + 1)
        if base.kind == "value" and isinstance(base.node, Object):
            inner = base.node.get(name)
            if inner is not None:
                return _kept_with(base, self._origins.of(inner, depth + 1))
            for spread in (each.value for each in reversed(base.node.entries) if each.key is None and each.computed is None):
                among = self.of(self._origins.of(spread, depth + 1), name, depth + 1)
                if among.kind not in ("unknown", "part"):
                    return among
        held = self._origins.held(self._origins.slots.member(name), depth) if base.kind in ("param", "part", "unknown", "made") and base.cls is None else UNKNOWN
        if held.kind != "unknown":
            return held
        if base.kind in ("made", "part", "param", "self", "value"):
            return Origin("part", base.node, name, base=base)
        return UNKNOWN

    def _field(self, cls: ClassDef, name: str, depth: int) -> Origin:
        declared = self._origins.project.fields(cls).get(name, [])
        for node in declared:
            if isinstance(node, Function):
                return Origin("function", node)
            if isinstance(node, Param):
                return self._parameters.of(node, name, depth + 1)
        found = [self._origins.assigned(node, name, depth + 1) for node in declared if isinstance(node, Assign)]
        best = next((o for o in found if o.kind == "made"), None) or next((o for o in found if o.kind not in ("unknown", "value")), None)
        if best:
            return best
        solid = next((o for o in found if o.node is not None and not isinstance(o.node, Literal)), None)
        if solid:
            return solid
        for parent in cls.bases:
            origin = self._origins.of(parent, depth + 1)
            if origin.cls is not None and origin.cls is not cls:
                inherited = self._field(origin.cls, name, depth + 1)
                if inherited.kind != "unknown":
                    return inherited
        return UNKNOWN

    def above(self, node: Member, depth: int) -> Origin:
        """The origin of `super().name`: what a class of the project right above has, else a part of the object itself."""
        cls = enclosing(node, ClassDef)
        above = [self._origins.of(each, depth + 1).cls for each in cls.bases] if isinstance(cls, ClassDef) else []
        found = (self._field(each, node.name, depth + 1) for each in above if each is not None and each is not cls)
        own = self._origins.of(node.object, depth + 1)
        return next((each for each in found if each.kind != "unknown"), Origin("part", node.object, node.name, base=own) if own.kind == "self" else UNKNOWN)


def _kept_with(base: Origin, part: Origin) -> Origin:
    """What is made along with an object that is kept is kept with it."""
    return replace(part, kept=True) if base.kept and makes(part) else part
