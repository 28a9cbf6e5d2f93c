"""Which declaration does a name mean?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.blocks import list_of
from callcheck.sources.code.index import once
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Catch,
    ClassDef,
    Entry,
    Function,
    If,
    Import,
    Imported,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    NodeT,
    Object,
    Opaque,
    Param,
    Return,
    Sequence,
    Spread,
    dotted,
    last_name,
    unbound,
)  # fmt: skip

Scope = Module | Function | ClassDef
Binding = Imported | Assign | Param | Function | ClassDef | Loop | Catch
_SCOPES = frozenset({Function, ClassDef})
CTORS = ("constructor", "__init__")
"""The names under which a class has its constructor."""
DECLARING: frozenset[type[Node]] = frozenset({Imported, Assign, Param, Function, ClassDef, Loop, Catch})
"""The kinds of nodes that may declare names."""


def up_to(node: Node, top: Node) -> Iterator[Node]:
    """What is around a node, from the inside out, below `top`."""
    for above in node.up():
        if above is top:
            return
        yield above


def within(scope: Node) -> Iterator[Node]:
    """All nodes that run as part of a scope: below it, but not inside nested functions and classes."""
    outside = [each.at for each in scope.decorators] if isinstance(scope, (Function, ClassDef)) else ()
    order = scope.order
    if order is None:
        yield from _walked(scope)
        return
    at, end = scope.at + 1, scope.end
    while at < end:
        node = order[at]
        if at in outside:
            at = node.end
            continue
        yield node
        at = node.end if node.__class__ in _SCOPES else at + 1


def _walked(scope: Node) -> Iterator[Node]:
    """The same for a scope that was made up later."""
    stack = [c for c in scope.children() if not (isinstance(scope, (Function, ClassDef)) and c in scope.decorators)]
    stack.reverse()
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (Function, ClassDef)):
            below = list(node.children())
            below.reverse()
            stack += below


FILLS = ("??=", "||=", "??", "||")
"""The operators of an assignment that only fills what is empty."""


def bindings(scope: Scope) -> dict[str, list[Binding]]:
    """Each name that a scope declares, with its declarations in source order; block scopes count as their function's."""
    found: dict[str, list[Binding]] = {}
    outer = _elsewhere(scope) if isinstance(scope, Function) else ()
    for node in within(scope):
        if node.__class__ in DECLARING:
            for name, binding in declares(node):
                if name not in outer:
                    found.setdefault(name, []).append(binding)
    if isinstance(scope, Module) and scope.language == "python" and "global " in scope.text:
        for function in scope.all(Function):
            names = _elsewhere(function, "global")
            for node in within(function) if names else ():
                if isinstance(node, Assign) and not node.operator:
                    for name in (each for target in node.targets for each in target_names(target) if each in names):
                        found.setdefault(name, []).append(node)
    return found


def _elsewhere(function: Function, *kinds: str) -> set[str]:
    """The names that a Python function says belong to its module, or to a function around it: `global bus`."""
    said = (node for node in _said_elsewhere(module_of(function)) if function.at < node.at < function.end and node.kind in (kinds or ("global", "nonlocal")))
    return {name.id for node in said if function_of(node) is function for name in node.items if isinstance(name, Name)}


@once
def _said_elsewhere(module: Module) -> list[Opaque]:
    """Python's `global` and `nonlocal` in a file: few have any, and every function is asked for them."""
    return [node for node in module.all(Opaque) if node.kind in ("global", "nonlocal")]


def declares(node: Node) -> Iterator[tuple[str, Binding]]:
    """The names that one node declares."""
    if isinstance(node, Imported):
        if not import_of(node).reexport:
            yield node.local, node
            if node.alias:
                yield node.alias, node
    elif isinstance(node, Assign) and not node.operator:
        for target in node.targets:
            for name in target_names(target):
                yield name, node
    elif isinstance(node, Param):
        yield node.name, node
        for local in node.binds:
            yield local, node
    elif isinstance(node, (Function, ClassDef)) and node.name and not isinstance(node.parent, Entry):
        yield node.name, node
    elif isinstance(node, Loop) and node.target is not None:
        for name in target_names(node.target):
            yield name, node
    elif isinstance(node, Catch) and node.name:
        yield node.name, node


def own_nodes(scope: Function, kind: type[NodeT]) -> Iterator[NodeT]:
    """The nodes of a class that `within` gives for a function; looked up, where `within` walks past all others."""
    return (node for node in scope.inside(kind) if _scope_above(node) is scope)


def _scope_above(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.__class__ not in _SCOPES:
        above = above.parent
    return above


def returned(function: Function) -> list[Node]:
    """What a function's own `return`s give, but for none and literals."""
    values = (node.value for node in own_nodes(function, Return))
    return [value for value in values if value is not None and not isinstance(value, Literal)]


def passed_names(call: Call) -> set[str]:
    """The last names of what a call is given by name: `f`, `g` and `h` for `run(f, [x.g], { done: h })`; none if no argument is a name, a list or an object."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not any(isinstance(each, (Name, Member, Sequence, Object)) for each in given):
        return set()
    found = set()
    for each in given:
        inner = each.items if isinstance(each, Sequence) else [e.value for e in each.entries] if isinstance(each, Object) else [each]
        for node in inner:
            found.add(last_name(unbound(node)))
    found.discard("")
    return found


def target_names(target: Node) -> Iterator[str]:
    """The plain names that an assignment's target binds."""
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, Object):
        for entry in target.entries:
            yield from target_names(entry.value)
    elif isinstance(target, Sequence):
        for item in target.items:
            yield from target_names(item)
    elif isinstance(target, Spread):
        yield from target_names(target.value)


def is_super(node: Node | None) -> bool:
    """JavaScript's `super`, Python's `super()`: an object as its class sees it from above."""
    return isinstance(node.callee if isinstance(node, Call) else node, Name) and last_name(node.callee if isinstance(node, Call) else node) == "super"


def told_by_calls(function: Function) -> list[Param]:
    """The parameters that a call of a function fills: all but Python's own `self` or `cls`."""
    params = function.params
    bound = isinstance(function.parent, ClassDef) and not function.static and bool(params) and params[0].name in ("self", "cls")
    return params[1:] if bound and module_of(function).language == "python" else params


def enclosing(node: Node, *kinds: type[Node]) -> Node | None:
    """The nearest node above of one of the kinds."""
    above = node.parent
    while above is not None and not isinstance(above, kinds):
        above = above.parent
    return above


def function_of(node: Node) -> Function | None:
    """The function in whose body a node runs; decorators and defaults run outside of theirs."""
    below, above = node, node.parent
    while above is not None:
        if isinstance(above, Function) and not isinstance(below, Param) and below not in above.decorators:
            return above
        below, above = above, above.parent
    return None


def module_of(node: Node) -> Module:
    """The file a node stands in."""
    found = node.top
    assert isinstance(found, Module)
    return found


def is_written(node: Node) -> bool:
    """Whether a node is one of its file's own, and not made up later, be it as a copy of one."""
    order = node.order
    return order is not None and order[node.at] is node


def import_of(name: Imported) -> Import:
    """The import statement of an imported name."""
    assert isinstance(name.parent, Import)
    return name.parent


def is_main_guard(node: Node) -> bool:
    """Whether this is Python's `if __name__ == "__main__"`."""
    return isinstance(node, If) and any(isinstance(each, Literal) and each.value == "__main__" for each in node.test.walk())


def is_script(module: Module) -> bool:
    """Whether a Python module does something only as the main program."""
    return any(map(is_main_guard, module.body))


def next_call(node: Node) -> Call | None:
    """The call of a method of what an expression gives: `open().close()` for `open()`."""
    method = node.parent
    call = method.parent if isinstance(method, Member) and method.object is node else None
    return call if isinstance(call, Call) and call.callee is method else None


def is_target(node: Node) -> bool:
    """Whether an assignment gives the name or member a value."""
    return isinstance(node.parent, Assign) and node in node.parent.targets


def is_statement(node: Node) -> bool:
    """Whether the value of an expression is thrown away: it is a statement by itself."""
    order = node.order
    if order and type(order[node.at]) is type(node):
        node = order[node.at]  # a call in one round of a loop stands where the call as written does
    parent = node.parent
    if isinstance(parent, Function):
        return any(node is each for each in parent.body)
    outer = parent
    while isinstance(outer, (Loop, If)):
        outer = outer.parent
    if isinstance(outer, Opaque):
        return False  # a comprehension keeps what it makes
    return parent is not None and list_of(parent, node) is not None


def fills_when_empty(node: Node) -> bool:
    """Whether an assignment only fills what is still empty: `x ??= y`, or below `if (!x)`, `if x is None`."""
    if isinstance(node, Assign) and node.operator in FILLS:
        return True
    names = {dotted(t) for t in node.targets} if isinstance(node, Assign) else set()
    for above in node.up():
        if isinstance(above, If):
            return _asks_for(above, names)
        if isinstance(above, Function):
            # `if bus is not None: return bus`, and only then `bus = Bus()`.
            return any(isinstance(each, If) and each.at < node.at and each.then and isinstance(each.then[-1], Return) and _asks_for(each, names) for each in above.body)
        if isinstance(above, Module):
            return False
    return False


def _asks_for(test: If, names: set[str]) -> bool:
    return any(dotted(each) in names for each in test.test.walk() if isinstance(each, (Name, Member)))
