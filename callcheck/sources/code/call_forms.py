"""In which other forms is a call written, and what it gives: by a decorator, by keywords, through a bridge, a runner or another name, through a method of the same class?

    async_to_sync(layer.group_send)("orders", {"type": "order.changed"})        # calls layer.group_send("orders", …)
    loop.call_soon_threadsafe(bus.emit, "done")                                 # calls bus.emit("done")
    say = bus.emit; say("done")
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.sources.code.brought_in import names_read
from callcheck.sources.code.index import once
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Conditional,
    Function,
    Keyword,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Return,
    Subscript,
    dotted,
    last_name,
)

_BRIDGES = frozenset({"async_to_sync", "sync_to_async"})
"""asgiref's; what they give back takes the function's own arguments."""
_RUNNERS = {
    "call_soon": 0, "call_soon_threadsafe": 0, "call_later": 1, "call_at": 1, "run_in_executor": 1, "to_thread": 0, "run_sync": 0, "submit": 0, "add_task": 0, "start_soon": 0,
    "run_in_threadpool": 0, "add_event_handler": 1, "from_thread.run": 0, "from_thread.run_sync": 0, "add_callback": 0, "spawn_callback": 0, "add_callback_from_signal": 0, "callFromThread": 0, "deferToThread": 0,
}  # fmt: skip
"""Python's ways of having a function called with arguments that stand beside it, and the place of the function."""

_RUNNING = frozenset(each.rsplit(".", 1)[-1] for each in _RUNNERS)


@dataclass(frozen=True, slots=True)
class Plain:
    """A call as it would be written out, at the place of what stands for it. `bridged`: what is called is waited for, or run elsewhere, so that nobody has to await it."""

    call: Call
    bridged: bool


def plain(call: Call) -> Plain | None:
    """The call of a method that stands behind a bridge, a runner or another name for the method; None for any other call."""
    if isinstance(call.callee, Call):
        return _through(call, call.callee)
    name, module = last_name(call.callee), module_of(call)
    if name in _RUNNING and module.language == "python":
        place = _RUNNERS.get(".".join(dotted(call.callee).split(".")[-2:]), _RUNNERS.get(name))
        given = call.args[place] if place is not None and place < len(call.args) else None
        if isinstance(given, Member) and place is not None:
            return Plain(_copy(call, given, call.args[place + 1:]), bridged=True)
    aliases = _aliases(module).get(name)
    alias = next((each for each in aliases if _reaches(each, call)), None) if aliases else None
    if alias is None or alias.value is None:
        return None
    return Plain(_copy(call, alias.value, call.args), bridged=False) if isinstance(alias.value, Member) else _through(call, alias.value) if isinstance(alias.value, Call) else None


def stands_for_another(module: Module, name: str) -> bool:
    """Whether a call by a name may be, in a module, the plain call of something else."""
    return (name in _RUNNING and module.language == "python") or name in _aliases(module)


def _through(call: Call, made: Call) -> Plain | None:
    """`async_to_sync(layer.group_send)("orders", event)`, `partial(bus.emit, "orders")(event)`, `bus.emit.bind(bus)("orders")`."""
    name = last_name(made.callee)
    if name in _BRIDGES and made.args:
        return Plain(_copy(call, made.args[0], call.args), bridged=True)
    if name == "partial" and made.args and isinstance(made.args[0], Member):
        return Plain(_copy(call, made.args[0], [*made.args[1:], *call.args], made.keywords), bridged=False)
    if name == "getattr" and len(made.args) == 2 and isinstance(made.args[1], Literal) and isinstance(made.args[1].value, str):
        method = Member(made.args[0], made.args[1].value, line=made.line, column=made.column, end_line=made.end_line, parent=made.parent)
        return Plain(_copy(call, method, call.args), bridged=False)
    if name == "bind" and isinstance(made.callee, Member) and isinstance(made.callee.object, Member):
        return Plain(_copy(call, made.callee.object, [*made.args[1:], *call.args]), bridged=False)
    return None


def method_by_name(callee: Node) -> tuple[Node, Node] | None:
    """The object, and the expression that names its method: `getattr(app, kind)`, `app[kind]`, `app[once ? "once" : "on"]`."""
    if isinstance(callee, Call) and last_name(callee.callee) == "getattr" and len(callee.args) == 2:
        return callee.args[0], callee.args[1]
    return (callee.object, callee.key) if isinstance(callee, Subscript) and isinstance(callee.key, (Name, Member, Conditional)) else None


def given_as(call: Call, name: str) -> Node | None:
    """What is given under a name, as a keyword or in the first object among the arguments that has it; `Call.keyword` asks the last object alone."""
    found = next((each.value for each in call.keywords if each.name == name), None)
    return found or next((value for arg in call.args if isinstance(arg, Object) and (value := arg.get(name)) is not None), None)


def package_called(callee: Node) -> str:
    """The package that is a function and is called where it is loaded: `require("socket.io")(server)`; "" for any other callee."""
    if isinstance(callee, Call) and isinstance(callee.callee, Name) and callee.callee.id == "require" and len(callee.args) == 1:
        given = callee.args[0]
        return given.value if isinstance(given, Literal) and isinstance(given.value, str) else ""
    return ""


def _copy(call: Call, callee: Node, args: list[Node], more: Sequence[Keyword] = ()) -> Call:
    return Call(callee, list(args), [*more, *call.keywords], line=call.line, column=call.column, end_line=call.end_line, parent=call.parent, at=call.at, end=call.end)


def plain_in(module: Module, names: Collection[str]) -> Iterator[Call]:
    """The calls in a module that come to one of a function of these names, and have another name, or whose method is named by an expression."""
    for name in ("", *sorted({*_aliases(module)}.union(_RUNNING if module.language == "python" else ()) - set(names))):
        for call in module.named_calls.get(name, ()):
            found = plain(call)
            if found is not None and last_name(found.call.callee) in names or found is None and not name and (method_by_name(call.callee) is not None or package_called(call.callee)):
                yield call


@once
def _aliases(module: Module) -> dict[str, list[Assign]]:
    """The assignments of a module that give a method another name: `send = async_to_sync(layer.group_send)`, `this.say = bus.emit.bind(bus)`; by the last part of that name."""
    found: dict[str, list[Assign]] = {}
    for assign in module.all(Assign):
        target = assign.targets[0] if len(assign.targets) == 1 and not assign.operator else None
        own = isinstance(target, Member) and isinstance(target.object, Name) and target.object.id in ("self", "this")
        if target is not None and (isinstance(target, Name) or own) and _is_method(assign.value):
            found.setdefault(last_name(target), []).append(assign)
    return found


def _is_method(value: Node | None) -> bool:
    if isinstance(value, Call):
        name = last_name(value.callee)
        return name in _BRIDGES and bool(value.args) or name == "partial" and bool(value.args) and isinstance(value.args[0], Member) or name == "bind" and isinstance(value.callee, Member) and isinstance(value.callee.object, Member)
    return isinstance(value, Member)


def _reaches(alias: Assign, call: Call) -> bool:
    """Whether a name that is given here is the one that is called there: of the same class, of a function around the call, or of the module."""
    if dotted(alias.targets[0]) != dotted(call.callee):
        return False
    if isinstance(alias.targets[0], Member):
        return enclosing(alias, ClassDef) is enclosing(call, ClassDef)
    inside = enclosing(alias, Function)
    return inside is None or any(above is inside for above in call.up())


def given_by_name(call: Call, values: bool) -> list[Node]:
    """What a Python call gives by keyword, `**{…}` included: the values, or the names as literals or expressions."""
    found: list[Node] = []
    for keyword in call.keywords:
        if keyword.name:
            found.append(keyword.value if values else Literal(keyword.name, line=keyword.line, column=keyword.column, end_line=keyword.end_line, parent=keyword))
        for entry in keyword.value.entries if not keyword.name and isinstance(keyword.value, Object) else ():
            name = entry.computed if entry.key is None else Literal(entry.key, line=entry.line, column=entry.column, end_line=entry.end_line, parent=entry)
            if name is not None:
                found.append(entry.value if values else name)
    return found


def decorated(call: Call) -> Function | ClassDef | None:
    """The function or class that a call decorates, with parentheses or without, or by hand: `app.event("x")(told)`."""
    if isinstance(call.parent, Call) and call.parent.callee is call and len(call.parent.args) == 1:
        return _named(call, call.parent.args[0])
    decorator: Node = call if isinstance(call.parent, (Function, ClassDef)) else call.parent or call
    below = decorator.parent
    return below if isinstance(below, (Function, ClassDef)) and any(d is decorator for d in below.decorators) else None


def _named(call: Call, given: Node) -> Function | None:
    """The function of the same file that a name, or a method of the same class that `self.name`, stands for."""
    own = isinstance(given, Member) and isinstance(given.object, Name) and given.object.id == "self"
    around = enclosing(call, ClassDef) if own else enclosing(call, Module)
    body = around.body if isinstance(around, (ClassDef, Module)) else []
    return given if isinstance(given, Function) else next((each for each in body if isinstance(each, Function) and own | isinstance(given, Name) and each.name == last_name(given)), None)


def handed_on(loop: Loop, name: str) -> Iterator[Call]:
    """The calls of what a loop hands to a method of the same class: `for each in self.subscribers: await self.deliver(each, event)`."""
    for call in loop.inside(Call):
        place = next((n for n, arg in enumerate(call.args) if isinstance(arg, Name) and arg.id == name), None)
        own = isinstance(call.callee, Member) and isinstance(call.callee.object, Name) and call.callee.object.id == "self"
        cls = enclosing(call, ClassDef) if place is not None and own else None
        method = next((f for f in cls.body if isinstance(f, Function) and f.name == last_name(call.callee)), None) if isinstance(cls, ClassDef) else None
        if place is not None and method is not None and len(method.params) > place + 1:
            given = method.params[place + 1].name
            yield from (inner for inner in method.inside(Call) if isinstance(inner.callee, Name) and inner.callee.id == given)


def given_to(node: Node) -> Iterator[Call]:
    """The calls that something is given to, as a part of an argument: where it stands, by the name of the object that it is a part of, or by the function that gives that object back.

        const hook = { url };  gh.repos.createWebhook({ config: hook })             // both `createWebhook({ config: { url } })`
        const hook = () => ({ url });  gh.repos.createWebhook({ config: hook() })
    """
    yield from _given_to(node, set())


def _given_to(node: Node, through: set[tuple[str, bool]]) -> Iterator[Call]:
    """`through`: the names that were followed already, each as an object's or as a function's."""
    below = node
    for above in node.up():
        if isinstance(above, Call):
            yield above
        elif isinstance(above, (Assign, Return)):
            named = _named_as(above) if isinstance(below, Object) or through and below is node else ""
            given = isinstance(above, Assign)
            if named and (named, given) not in through:
                through.add((named, given))
                yield from _by_name(node, named, function_of(above) if given else None, through, given=given)
            return
        elif isinstance(above, (Function, ClassDef)):
            return
        below = above


def _by_name(node: Node, named: str, scope: Function | None, through: set[tuple[str, bool]], *, given: bool) -> Iterator[Call]:
    """By the reads of a name: an object is handed on by its name, in the function that gives it one, a function's by a call of it."""
    for use in names_read(module_of(node)).get(named, ()):
        called = isinstance(use.parent, Call) and use.parent.callee is use
        if called is not given and not isinstance(use.parent, Member) and (scope is None or scope.at <= use.at < scope.end):
            yield from _given_to(use.parent if called and use.parent is not None else use, through)


def _named_as(above: Node) -> str:
    """The name that an assignment gives, or that of the function which gives back; "" if it has none."""
    if isinstance(above, Assign):
        return above.targets[0].id if len(above.targets) == 1 and isinstance(above.targets[0], Name) else ""
    function = enclosing(above, Function)
    if not isinstance(function, Function):
        return ""
    return function.name or (_named_as(function.parent) if isinstance(function.parent, Assign) else "")
