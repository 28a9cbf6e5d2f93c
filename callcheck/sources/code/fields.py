"""Which fields has a class, and where do they get their values?

    class Feed { bus = new Bus(); constructor(private readonly clock: Clock) { this.open = new Map(); } }
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from callcheck.sources.code.scopes import own_nodes, target_names
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Name, Object, Param, dotted, last_name


def fields(cls: ClassDef) -> dict[str, list[Function | Param | Assign]]:
    """Each member of a class by its name: its method, else the constructor's parameter that is one, else what is assigned to it."""
    methods = [node for node in cls.body if isinstance(node, Function)]
    found: dict[str, list[Function | Param | Assign]] = {}
    for method in methods:
        found.setdefault(method.name, []).append(method)
    for param in (param for method in methods for param in method.params if param.property):
        found.setdefault(param.name, []).append(param)
    for node in cls.body:
        for target in node.targets if isinstance(node, Assign) else ():
            if isinstance(target, Name) and isinstance(node, Assign):
                found.setdefault(target.id, []).append(node)
    for method in methods:
        for _, name, assign in sorted((*_assigned_in(cls, method), *_assigned_at_once(method)), key=itemgetter(0)):
            found.setdefault(name, []).append(assign)
    return found


def _assigned_in(cls: ClassDef, method: Function) -> Iterator[tuple[int, str, Assign]]:
    """The fields that a method assigns, by the number of the node."""
    selves = {"this", "self", "cls"}
    for assign in own_nodes(method, Assign):
        if isinstance(assign.value, Call) and last_name(assign.value.callee) in (cls.name, "cls", "this"):
            # `const bus = new Bus(); bus.link = await connect(); return bus;` in a method of Bus.
            selves.update(name for target in assign.targets for name in target_names(target))
        for target in assign.targets:
            own = isinstance(target, Member) and isinstance(target.object, Name) and target.object.id in selves
            if isinstance(target, Member) and (own or method.name == "__new__"):
                # `cls._one.rooms = {}` in `__new__`: a field of the instance that it makes.
                yield assign.at, target.name, assign


def _assigned_at_once(method: Function) -> Iterator[tuple[int, str, Assign]]:
    """The fields that `Object.assign(this, { client, site })` sets, likewise."""
    for call in own_nodes(method, Call):
        if last_name(call.callee) == "assign" and dotted(call.callee) == "Object.assign" and call.args and isinstance(call.args[0], Name) and call.args[0].id == "this":
            for entry in (entry for given in call.args[1:] if isinstance(given, Object) for entry in given.entries if entry.key):
                name = entry.key or ""
                yield call.at, name, Assign([Name(name)], entry.value, line=entry.line, column=entry.column, end_line=entry.end_line, parent=call, at=entry.at, end=entry.end)
