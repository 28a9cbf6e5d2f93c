"""Which object has its fields laid out as options, and what does one of them hold?

    App(**asdict(settings))        connect(**settings.model_dump())        Worker(**vars(options))
    @dataclass
    class Settings:
        workers: int = 4           # unless Settings(workers=8) is what is laid out
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.environ import of_field, set_to
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.scopes import CTORS, function_of
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Name, Node, dotted, last_name

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

_FUNCTIONS = frozenset({"dataclasses.asdict", "attrs.asdict", "attr.asdict", "msgspec.structs.asdict"})
_METHODS = frozenset({"model_dump", "_asdict", "dict"})
"""pydantic's `model_dump` and, before 2, `dict`; that of a named tuple."""
_DECLARES = frozenset({"field", "Field", "attrib", "ib"})
_DEEPEST = 4


def laid_out(origins: Origins, node: Node | None) -> Node | None:
    """The object whose fields an expression gives as a table; None for any other, and for one that leaves fields out."""
    if isinstance(node, Member):
        return node.object if node.name == "__dict__" else None
    if not isinstance(node, Call) or node.keyword("exclude") is not None or node.keyword("include") is not None:
        return None
    if isinstance(node.callee, Member) and node.callee.name in _METHODS and not node.args:
        cls = origins.of(node.callee.object).cls
        own = cls is not None and any(isinstance(each, Function) and each.name == node.callee.name for each in cls.body)
        return node.callee.object if cls is not None and not own else None
    told = len(node.args) == 1 and (dotted(node.callee) == "vars" or last_name(node.callee) == "asdict" and origins.of(node.callee).qualified in _FUNCTIONS)
    return node.args[0] if told else None


def held_by(origins: Origins, holder: Node, name: str) -> Node | None:
    """What a field of an object is given as the object is made, or else by its class; None where that differs, or the deployment says it."""
    origin = origins.of(holder)
    if origin.cls is None:
        return None
    sites = [origin.node] if origin.kind == "made" and isinstance(origin.node, Call) else origins.calls_of(origin.cls) if origin.kind == "self" else []
    if len(sites) > 1 or any(not keyword.name for site in sites for keyword in site.keywords):
        return None
    given = sites[0].keyword(name) if sites else None
    return given if given is not None else _declared(origins, origin.cls, name, sites[0] if sites else None)


def _declared(origins: Origins, cls: ClassDef, name: str, made: Call | None, depth: int = 0) -> Node | None:
    """What a class gives a field for want of anything else, itself or by a class above it."""
    values = [each.value for each in origins.project.fields(cls).get(name, ()) if isinstance(each, Assign)]
    if not values and depth < _DEEPEST:
        above = [base for each in cls.bases if (base := origins.of(each).cls) is not None]
        return _declared(origins, above[0], name, made, depth + 1) if len(above) == 1 else None
    variable, _ = of_field(cls, name, values[0] if values else None)
    from_deployment = variable != "" and any(True for _ in set_to(origins.project, variable))
    value = values[0] if len(values) == 1 and not from_deployment else None
    init = function_of(value) if value is not None else None
    if isinstance(value, Name) and init is not None and init.name in CTORS and made is not None:
        # `self.workers = workers`
        return next((given for param, given in given_by(init, made) if param.name == value.id and isinstance(given, Node)), None)
    if isinstance(value, Call) and last_name(value.callee) in _DECLARES:
        return value.keyword("default") or (value.args[0] if value.args and last_name(value.callee) == "Field" else None)
    return value
