"""What is around a call in JavaScript: a `try`, an effect, a class whose field it makes, and how its handler is made?

    bus.off("tick", (t) => send(t));     // a function made in place was never attached
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.quiet import LEVELS
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.time_limits import timed
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Conditional,
    Function,
    If,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Return,
    Try,
    dotted,
    last_name,
)

_SENDS, _HEARS = frozenset({"next", "emit"}), frozenset({"pipe", "asObservable", "subscribe", "on"})
_MOST_LEADING = 8
"""Functions that are followed upwards from a call."""


def suits(code: Code, use: Use) -> bool:
    """Whether what is around a call is as its idiom wants it (`Idiom.where`)."""
    where, call = use.idiom.where, use.call
    if "chained" in where and (isinstance(call.callee, Member) and isinstance(call.callee.object, Call)) is not where["chained"]:
        return False
    if "branched" in where and branched(call) is not where["branched"]:
        return False
    if "made-here" in where and _made_here(use) is not where["made-here"]:
        return False
    if "in-handler-of" in where and not _in_handler_of(code, use, where["in-handler-of"]):
        return False
    if "no-handler-of" in where and not _in_no_handler_of(code, use, where["no-handler-of"]):
        return False
    if "iterated" in where and _iterated(call) is not where["iterated"]:
        return False
    if "guarded" in where and _guarded(call) is not where["guarded"]:
        return False
    if "field-of" in where and not _field_of(code, call, where["field-of"]):
        return False
    if "field-life" in where and not _field_life(code, call, where["field-life"]):
        return False
    if "heard" in where and not any(isinstance(h, Function) and h.is_async for h in _hearers(code, use)):
        return False
    if "timed" in where and timed(code, use) is not where["timed"]:
        return False
    if "gives-back" in where and _gives_back(use) is not where["gives-back"]:
        return False
    if "effect" in where and _of_state(code, use) is not where["effect"]:
        return False
    return where.get("handler") != "fresh" or any(_fresh(node, call) for node in code.idioms.placed(call, use.idiom.handler))


def error_first(function: Function) -> bool:
    """Whether a function is a callback in the manner of Node.js: `(err, result) => …`."""
    return bool(function.params) and function.params[0].name in ("err", "error", "_err")


def only_logs(function: Function) -> bool:
    """Whether a function does nothing but write down that it was called."""
    heads = {dotted(call.callee).split(".")[-2] if "." in dotted(call.callee) else "" for call in function.inside(Call) if last_name(call.callee) in LEVELS}
    others = [call for call in function.inside(Call) if last_name(call.callee) not in LEVELS]
    return bool(heads - {""}) and not others and not any(function.inside(Assign))


def only_notes(code: Code, use: Use) -> bool:
    """Whether a listener but writes a line each time that its event comes, so that nothing is lost with the first."""
    once = isinstance(use.call.callee, Member) and use.call.callee.name == "once"
    handlers = [each for each in code.idioms.handlers(use) if isinstance(each, Function)]
    return not once and bool(handlers) and all(map(only_logs, handlers))


def _guarded(call: Call) -> bool:
    """Whether a call stands in a `try` with a handler for its errors, in its own function."""
    below: Node = call
    for above in call.up():
        if isinstance(above, Function):
            return False
        if isinstance(above, Try) and above.catches and any(below is each for each in above.body):
            return True
        below = above
    return False


def branched(call: Call) -> bool:
    """Whether a call is made in some cases only: in a branch, or behind an early `return`."""
    below: Node = call
    for above in call.up():
        if isinstance(above, (If, Conditional)) or (isinstance(above, Operation) and above.operator in ("&&", "||", "??")):
            return True
        if isinstance(above, Function):
            return any(isinstance(leaves.parent, If) and leaves.at < below.at and function_of(leaves) is above for leaves in above.inside(Return))
        below = above
    return False


def _made_here(use: Use) -> bool:
    """Whether the object of a call is made in the same function, and nothing is awaited in between."""
    made = use.receiver.site
    if made is None or module_of(made) is not use.module or function_of(made) is not use.function or made.at > use.call.at:
        return False
    whole = use.function.inside(Await) if use.function is not None else use.module.all(Await)
    return not any(made.end <= each.at < use.call.at and function_of(each) is use.function for each in whole)


def _iterated(call: Call) -> bool:
    """Whether `for await` goes over what a call gives: in place, or under the name that it is kept under."""
    node: Node = call
    while isinstance(node.parent, Await):
        node = node.parent
    function = function_of(call)
    loops = [loop for loop in (function.inside(Loop) if function is not None else module_of(call).all(Loop)) if loop.is_async and loop.over is not None]
    if any(loop.over is node or loop.over is call for loop in loops):
        return True
    held = node.parent
    names = {target.id for target in held.targets if isinstance(target, Name)} if isinstance(held, Assign) else set()
    return any(isinstance(loop.over, Name) and loop.over.id in names and loop.at > call.at for loop in loops)


def _in_handler_of(code: Code, use: Use, events: list[str]) -> bool:
    """Whether a call stands in the handler that the same object has for one of these events, or in what that calls, and takes off nothing there."""
    identity = code.lifetimes.identity(use.receiver)
    outer = use.function
    if outer is None or not identity or any(last_name(call.callee) in ("off", "removeListener", "removeAllListeners") for call in outer.inside(Call)):
        return False
    uses = (each for function in leading_to(code, outer) for each in code.idioms.handled_by(function) if each.idiom.does == "register")
    return any(not each.idiom.once and last_name(each.call.callee) != "once" and code.lifetimes.identity(each.receiver) == identity and set(code.idioms.events(each)) & set(events) for each in uses)


def _in_no_handler_of(code: Code, use: Use, events: list[str]) -> bool:
    """Whether it is known of a call, and of all that do the same, that none stands in a handler of these events: what is done once may be done again there."""
    same = (each for each in code.idioms.of(use.idiom.does) if each.idiom is use.idiom)
    identity = code.lifetimes.identity(use.receiver)
    if not identity or any(_in_handler_of(code, each, events) for each in same):
        return False
    # A handler may be a field of the object (`client.on_connect = up`), which then comes to it as a parameter.
    callers = (outer for call in code.project.calls(last_name(use.call.callee)) if (outer := function_of(call)) is not None)
    handled = (each for outer in callers for function in leading_to(code, outer) for each in code.idioms.handled_by(function) if each.idiom.fields)
    return not any(code.lifetimes.identity(each.receiver) == identity and set(code.idioms.events(each)) & set(events) for each in handled)


def leading_to(code: Code, function: Function, most: int = _MOST_LEADING, *, around: bool = False) -> list[Function]:
    """A function and those that call it, or that stand `around` it too, until there are `most`."""
    found = [function]
    for each in found:
        if len(found) < most:
            nodes: list[Node] = [*([each] if around else []), *code.origins.calls_of(each)]
            for outer in map(function_of, nodes):
                if outer is not None and outer not in found:
                    found.append(outer)
    return found


def _hearers(code: Code, use: Use) -> Iterator[Node]:
    """The listeners for what a call emits, on the same object."""
    events, identity = set(code.idioms.events(use)), code.lifetimes.identity(use.receiver)
    for heard in code.idioms.of("register"):
        if identity and events & set(code.idioms.events(heard)) and code.lifetimes.identity(heard.receiver) == identity:
            yield from code.idioms.handlers(heard)


def _field_of(code: Code, call: Call, base: str) -> bool:
    """Whether a call makes a field of a class with a base of this name."""
    cls = enclosing(call, ClassDef)
    made = function_of(call)
    if not isinstance(cls, ClassDef) or (made is not None and made.name != "constructor"):
        return False
    return any(name.rsplit(".", 1)[-1] == base for name in code.origins.bases(cls))


def _field_life(code: Code, call: Call, life: str) -> bool:
    """Whether a call makes a field of a class whose instances live so long, and both ends of it are used there."""
    cls = enclosing(call, ClassDef)
    if not isinstance(cls, ClassDef) or code.lifetimes.of_class(cls).value != life:
        return False
    used = {last_name(each.callee) for each in cls.inside(Call)}
    return not used.isdisjoint(_SENDS) and not used.isdisjoint(_HEARS)


def _of_state(code: Code, use: Use) -> bool:
    """Whether a call in an effect of a component works on what the component's state holds, from an earlier render."""
    outer = use.function.parent if use.function is not None else None
    if not isinstance(outer, Call) or last_name(outer.callee) not in ("useEffect", "useLayoutEffect") or not isinstance(use.call.callee, Member):
        return False
    here = dotted(use.call.callee.object)
    if any(here and dotted(target) == here for assign in outer.inside(Assign) if function_of(assign) is use.function for target in assign.targets):
        return False
    root: Node = use.call.callee.object
    while isinstance(root, Member):
        root = root.object
    component = function_of(outer)
    held = code.project.scope(component).get(root.id, []) if isinstance(root, Name) and component is not None else []
    return any(isinstance(each, Assign) and isinstance(each.value, Call) and last_name(each.value.callee) in ("useState", "useRef") for each in held)


def _gives_back(use: Use) -> bool:
    """Whether the function around a call gives anything back but what this call gives: a bare `return` gives nothing."""
    function = use.function
    values = [each.value for each in function.inside(Return) if function_of(each) is function] if function is not None else []
    return any(value is not None and value is not use.call and dotted(value) != "undefined" and not (isinstance(value, Literal) and value.value is None) for value in values)


def _fresh(node: Node, call: Call) -> bool:
    """Whether a function is made right there, so that it is no other one: in place, or by `.bind()`; what a table keeps is not."""
    there = call.at <= node.at < call.end and node.top is call.top
    return there and (isinstance(node, Function) or (isinstance(node, Call) and last_name(node.callee) == "bind"))


def asked_for(node: Node) -> bool:
    """Whether the code allows for something that is not there: in a test, or before a `??`."""
    below = node
    for above in node.up():
        if isinstance(above, Function):
            return False
        if isinstance(above, Operation) and above.operator in ("??", "||", "&&", "===", "==", "!==", "!=", "!", "typeof"):
            return True
        if isinstance(above, (If, Conditional)) and below is above.test:
            return True
        below = above
    return False
