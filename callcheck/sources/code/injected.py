"""Which function or class does a framework call to fill a parameter?

    def route(bus: Annotated[Bus, Depends(get_bus)]), def route(bus: Bus = Depends(get_bus)), Buses = Annotated[Bus, Depends(get_bus)]
    constructor(@Inject("BUS") private readonly bus: Bus)       { provide: "BUS", useFactory: () => new Bus() }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.index import once
from callcheck.sources.code.scopes import enclosing, import_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Imported,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Param,
    Subscript,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code.project import Project

MARKERS = ("Depends", "Security", "Provide", "FromDishka", "Inject", "Injects")
_BINDS = ("toConstantValue", "toDynamicValue", "registerInstance")
"""By which Inversify and tsyringe are told what fills a token."""
_IN_TEXT = pattern(rf"\b(?:{'|'.join(MARKERS)})\(\s*([A-Za-z_][\w.]*)")

_BARE = pattern(rf"Annotated\[\s*([A-Za-z_]\w*)\s*,\s*(?:{'|'.join(MARKERS)})\(\s*\)")


def marked(project: Project, param: Param) -> Node | None:
    """The node that names what fills a parameter, None if nothing says so."""
    if isinstance(param.default, Call) and last_name(param.default.callee) in MARKERS:
        given = next(iter(param.default.args), param.default.keyword("dependency"))
        # `outbox: Outbox = Depends()`: the class that the annotation names.
        return given if given is not None else _name(param.annotation.strip("\"'"), param) if param.annotation.strip("\"'").isidentifier() else None
    if not param.annotation or module_of(param).language != "python":
        return None
    found = _IN_TEXT.search(param.annotation) or _BARE.search(param.annotation)
    if found:
        return _name(found[1], param)
    return _of_alias(project, param)


def token(param: Param) -> str:
    """What a container of JavaScript is asked for by `@Inject("BUS")`, `@Inject(BUS)`: the text, or the name that keeps it; "" for none."""
    return next((_written(call.args[0]) for call in param.decorators if isinstance(call, Call) and last_name(call.callee) in ("Inject", "inject") and call.args), "")


def _written(node: Node) -> str:
    return repr(node.value) if isinstance(node, Literal) else dotted(node)


def providers(project: Project) -> dict[str, Node]:
    """What fills each token of a container of JavaScript, a function that makes it or itself; those that several provide are left out."""
    found: dict[str, list[Node]] = {}
    for module in project.naming("useFactory", "useValue", *_BINDS):
        for held in module.all(Object):
            named = held.get("provide")
            given = held.get("useFactory") or held.get("useValue")
            if named is not None and _written(named):
                found.setdefault(_written(named), []).append(given if given is not None else held)
        for call in module.calls(*_BINDS):
            # `container.bind("BUS").toConstantValue(bus)`, `container.registerInstance("BUS", bus)`
            bound = call.callee.object if isinstance(call.callee, Member) else None
            args = [*(bound.args if isinstance(bound, Call) and last_name(bound.callee) == "bind" else ()), *call.args]
            if len(args) > 1 and _written(args[0]):
                found.setdefault(_written(args[0]), []).append(args[1])
    return {name: each[0] for name, each in found.items() if len(each) == 1}


def _of_alias(project: Project, param: Param) -> Node | None:
    """What `Bus = Annotated[…, Depends(get_bus)]` says, in this module or in the one that it is imported from."""
    name = param.annotation.strip()
    if not name.isidentifier():
        return None
    module = module_of(param)
    found = project.exported(module, name)
    for _ in range(6):
        if found is None or isinstance(found[1], (str, Module)):
            return None
        module, binding = found
        if isinstance(binding, Assign):
            return _in_alias(binding)
        if not isinstance(binding, Imported):
            return None
        target = project.find(module, import_of(binding).module)
        found = project.exported(target, binding.imported) if target is not None else None
    return None


def _in_alias(assign: Assign) -> Node | None:
    if not isinstance(assign.value, Subscript):
        return None
    for call in assign.value.inside(Call):
        if last_name(call.callee) in MARKERS and call.args:
            return call.args[0]
    return None


def _name(text: str, beside: Node) -> Name:
    """A name that is written in no node of its own; the same each time, for answers are kept by the node that was asked for."""
    made, key = _made(module_of(beside)), (text, beside.at, beside.line)
    if key not in made:
        made[key] = Name(text.split(".")[0], line=beside.line, column=beside.column)
        made[key].parent = beside.parent.parent if isinstance(beside.parent, Function) else beside.parent
    return made[key]


@once
def _made(module: Module) -> dict[tuple[str, int, int], Name]:
    """The names that were made for a file."""
    return {}


def injections(project: Project) -> Iterator[tuple[Function, Node]]:
    """Every function with a parameter that a framework fills, and what fills it."""
    modules = {module.path: module for module in (*project.chosen.values(), *project.naming(*sorted(MARKERS)))}
    for param in (each for module in modules.values() for each in module.all(Param)):
        function = enclosing(param, Function)
        if isinstance(function, Function) and module_of(param).language == "python":
            node = marked(project, param)
            if node is not None and not isinstance(node, Literal):
                yield function, node
