"""Does nobody hold a task that a function starts, and nothing but weak references what the task waits for?

    waiting = weakref.WeakValueDictionary()
    ticket = waiting[number] = Ticket()
    asyncio.create_task(tell(ticket))             # async def tell(ticket): await ticket.filled.wait()

The event loop holds tasks weakly (asyncio.create_task: "save a reference to the result of this function"). A task that waits for an event is held by
who holds the event; where that, too, is held weakly, task, object and event hold only one another, and the next collection takes them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from callcheck.sources.code import Code
from callcheck.sources.code.dispatch import WEAK_TABLES
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.left_alone import only_looks
from callcheck.sources.code.scopes import function_of, is_statement, own_nodes
from callcheck.sources.code.tables import REFERENCES
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    If,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Subscript,
    With,
    Yield,
    dotted,
    last_name,
)

_PUTS = ("add", "setdefault")
_WAITS = frozenset({"wait", "get", "join", "acquire"})
_WAITED = frozenset({"asyncio.Event", "asyncio.Queue", "asyncio.Condition", "asyncio.Semaphore", "asyncio.Lock", "asyncio.Future"})
_DEEPEST = 3
"""How many functions of the project an object is followed into."""


class _Hold(IntEnum):
    """How an object is held: by nothing, by weak references alone, or fast (or in a way that is not known)."""

    NONE = 0
    WEAK = 1
    FAST = 2


def unheld(code: Code, call: Call) -> bool:
    """Whether nobody holds what a call makes once its function goes on: it is dropped, has a name that nobody takes up and behind which nothing is waited for, or is put into a weak table."""
    if is_statement(call) or _put_weakly(code, call):
        return True
    above, function = call.parent, function_of(call)
    name = above.targets[0] if isinstance(above, Assign) and len(above.targets) == 1 else None
    if not isinstance(name, Name) or function is None or any(isinstance(each, Loop) for each in call.up()):
        return False
    # A frame that waits holds its names: only one that comes to its end lets go of them.
    waits: list[Node] = [each for kind in (Await, Yield) for each in own_nodes(function, kind)]
    waits += [*(each for each in own_nodes(function, Loop) if each.is_async), *(each for each in own_nodes(function, With) if each.is_async)]
    if any(each.end > call.at for each in waits):
        return False
    return all(each is name or only_looks(each) or _is_told(each) or _put_weakly(code, each) for each in function.inside(Name) if each.id == name.id)


def waits_on_weak(code: Code, use: Use) -> bool:
    """Whether a task waits, without a limit of time, for something that nothing but weak references hold."""
    for coroutine in code.idioms.placed(use.call, use.idiom.handler):
        function = code.origins.of(coroutine.callee).node if isinstance(coroutine, Call) else None
        if isinstance(coroutine, Call) and isinstance(function, Function) and function.is_async:
            for given, param in _given(function, coroutine):
                waited = _waited_for(code, function, param)
                if waited and isinstance(given, Name) and _only_weakly(code, given, waited):
                    return True
    return False


def _given(function: Function, call: Call) -> Iterator[tuple[Node, str]]:
    """What a call gives to a function, with the names that it has there; the object of a method too."""
    for param, given in given_by(function, call):
        if isinstance(given, Node):
            yield given, param.name
    if isinstance(function.parent, ClassDef) and not function.static and function.params and isinstance(call.callee, Member):
        yield call.callee.object, function.params[0].name


def _waited_for(code: Code, function: Function, param: str) -> frozenset[str]:
    """The fields of what a function is given that it waits for, "" for the thing itself."""
    found = set()
    for wait in own_nodes(function, Await):
        asked = wait.value
        if isinstance(asked, Call):
            asked = asked.callee.object if isinstance(asked.callee, Member) and asked.callee.name in _WAITS else asked
        path = dotted(asked).split(".")
        if path[0] == param and len(path) < 3 and not _is_limited(wait) and _is_waitable(code, asked):
            found.add(path[1] if len(path) > 1 else "")
    return frozenset(found)


def _is_limited(wait: Await) -> bool:
    """Whether a timer of the loop ends a wait, which holds the task until then: `async with asyncio.timeout(60)`."""
    return any(isinstance(above, With) and any("timeout" in last_name(each.callee) for each in above.inside(Call)) for above in wait.up())


def _is_waitable(code: Code, node: Node) -> bool:
    origin = code.origins.of(node)
    return origin.qualified in _WAITED or origin.qualified.endswith("create_future")


def _only_weakly(code: Code, name: Name, waited: frozenset[str]) -> bool:
    """Whether an object is made in the function that names it, and kept in nothing but weak tables."""
    function = function_of(name)
    bound = [each for each in code.project.scope(function).get(name.id, ()) if isinstance(each, Assign)] if function is not None else []
    made = code.origins.of(name)
    if function is None or len(bound) != 1 or not isinstance(bound[0].value, Call) or made.kind not in ("made", "part"):
        return False
    return max(_by_itself(code, made.cls, waited), _kept_in(code, function, name.id, waited, 0)) is _Hold.WEAK


def _by_itself(code: Code, cls: ClassDef | None, waited: frozenset[str]) -> _Hold:
    """How the objects of a class are held by what makes them; what a base class does is not known."""
    if cls is None:
        return _Hold.NONE
    makes = next((each for each in cls.body if isinstance(each, Function) and each.name == "__init__" and each.params), None)
    return _Hold.FAST if cls.bases else _kept_in(code, makes, makes.params[0].name, waited, 1) if makes is not None else _Hold.NONE


def _kept_in(code: Code, function: Function, name: str, waited: frozenset[str], depth: int) -> _Hold:
    """How a function keeps what it has under a name."""
    return max((_kept_by(code, each, waited, depth) for each in function.inside(Name) if each.id == name), default=_Hold.NONE)


def _kept_by(code: Code, name: Name, waited: frozenset[str], depth: int) -> _Hold:
    """How one use of a name keeps what it stands for."""
    above = name.parent
    if _put_weakly(code, name):
        return _Hold.WEAK
    if isinstance(above, Member):
        return _kept_by_part(code, above, waited, depth)
    if isinstance(above, Assign):
        others = [target for target in above.targets if target is not name] if above.value is not name else above.targets
        return max((_Hold.WEAK if _is_weak_place(code, target) else _Hold.FAST for target in others), default=_Hold.NONE)
    if isinstance(above, Call) and above.callee is not name and not only_looks(name):
        function = code.origins.of(above.callee).node
        param = next((param.name for param, given in given_by(function, above) if given is name), "") if isinstance(function, Function) and depth < _DEEPEST else ""
        return _kept_in(code, function, param, waited, depth + 1) if param and isinstance(function, Function) else _Hold.FAST
    return _Hold.NONE if isinstance(above, (Call, Operation, If, Await, Subscript)) else _Hold.FAST


def _kept_by_part(code: Code, part: Member, waited: frozenset[str], depth: int) -> _Hold:
    """The same for a field or method: `index[number] = ticket.filled` holds what is waited for, and by that the task."""
    outer = part.parent
    called = code.origins.of(part).node if isinstance(outer, Call) and outer.callee is part else None
    if isinstance(called, Function) and called.params and depth < _DEEPEST:
        return _kept_in(code, called, called.params[0].name, waited, depth + 1)
    handed = (isinstance(outer, Call) and outer.callee is not part) or (isinstance(outer, Assign) and outer.value is part)
    return _Hold.FAST if handed and part.name in waited else _Hold.NONE


def _put_weakly(code: Code, node: Node) -> bool:
    """Whether something is put into a weak table, or referred to weakly, in this place."""
    above = node.parent
    if isinstance(above, Assign) and above.value is node:
        return all(_is_weak_place(code, target) for target in above.targets)
    if not isinstance(above, Call) or node is above.callee:
        return False
    return last_name(above.callee) in REFERENCES or isinstance(above.callee, Member) and above.callee.name in _PUTS and _is_weak(code, above.callee.object)


def _is_weak_place(code: Code, target: Node) -> bool:
    return isinstance(target, Subscript) and _is_weak(code, target.object)


def _is_weak(code: Code, node: Node) -> bool:
    return code.origins.of(node).qualified.rsplit(".", 1)[-1] in WEAK_TABLES


def _is_told(name: Name) -> bool:
    """Whether a task is told something, and no more: `task.set_name("a")`, `task.add_done_callback(log)`."""
    above = name.parent
    return isinstance(above, Member) and isinstance(above.parent, Call) and above.parent.callee is above and is_statement(above.parent)
