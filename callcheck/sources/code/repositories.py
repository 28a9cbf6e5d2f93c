"""Of which class are the rows that a call works on?

    const albums = getRepository(Album); albums.save(x);      constructor(private albums: Repository<Album>) {}      manager.save(Album, x)      Album.update(…)
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Call, ClassDef, Function, Member, Name, Node, Param, last_name

_ASKED = frozenset({"getRepository", "getTreeRepository", "getCustomRepository", "getMongoRepository"})
_OF_ROWS = pattern(r"\bRepository<(\w+)>")


def rows_of(code: Code, call: Call) -> str:
    """The name of the class: given first, or that of the repository which the call is on; "" if that cannot be told."""
    if not isinstance(call.callee, Member):
        return ""
    given = code.origins.of(call.args[0]) if call.args else None
    if given is not None and given.kind == "class" and given.cls is not None:
        return given.cls.name
    return _kept_in(code, call.callee.object)


def _kept_in(code: Code, node: Node) -> str:
    origin = code.origins.of(node)
    if origin.kind == "class" and origin.cls is not None:
        return origin.cls.name
    # What stands here goes before what a helper of the project's own makes of it.
    kept = given_once(code.origins, node) if isinstance(node, Name) else None
    made = next((each for each in (node, kept.value if kept is not None else None, origin.node, origin.site) if isinstance(each, Call) and last_name(each.callee) in _ASKED and each.args), None)
    if made is not None:
        if isinstance(made.args[0], Name) and isinstance(code.origins.binding_of(made.args[0]), Param):
            return ""
        named = code.origins.of(made.args[0]).cls
        return named.name if named is not None else last_name(made.args[0])
    param = origin.node if isinstance(origin.node, Param) else _injected(node)
    found = _OF_ROWS.search(param.annotation.replace(" ", "")) if param is not None else None
    return found[1] if found is not None else ""


def _injected(node: Node) -> Param | None:
    """The constructor's parameter property behind `this.name`."""
    cls = enclosing(node, ClassDef)
    if not isinstance(node, Member) or not isinstance(cls, ClassDef):
        return None
    made = next((each for each in cls.body if isinstance(each, Function) and each.name == "constructor"), None)
    return next((each for each in made.params if each.name == node.name), None) if made is not None else None
