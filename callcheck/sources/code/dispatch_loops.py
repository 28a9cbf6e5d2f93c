"""Which loop calls the listeners of a hand-written bus, and does the first error of one of them end it for all?

    async def _drain(self):
        while True:
            event = await self._queue.get()
            for handler in self._handlers[type(event)]:
                handler(event)                        # an error here ends the task, which nobody waits for
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.threads import is_thread_run
from callcheck.sources.code.throws import caught, fallible, throws
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Subscript,
    dotted,
    last_name,
)

_TAKES = frozenset({"get", "get_nowait", "recv", "receive", "popleft", "blpop", "read"})
_TASKS = frozenset({"create_task", "ensure_future", "run_coroutine_threadsafe"})
_SUPERVISES = pattern(r"add_done_callback|set_exception_handler|excepthook|\bTaskGroup\b|\bgather\(|asyncio\.wait\(|wait\(\s*\[")
_DEFAULTS = frozenset({"defaultdict", "Counter", "ChainMap"})


def fatal(code: Code, cls: ClassDef) -> Iterator[tuple[Call, Function]]:
    """Each call of a listener by a bus's class that no `try` guards, in a loop without end in the background, with the function that has the loop."""
    for call in cls.inside(Call):
        function = function_of(call) if code.idioms.dispatches(call) and not caught(call) else None
        runner = _runner(code, call, function, 0) if function is not None else None
        if runner is not None and not _SUPERVISES.search(module_of(cls).text):
            yield call, runner


def may_fail(code: Code, handler: Function) -> Node | None:
    """The place at which a listener fails for some events: where it throws, reaches outwards, or looks up a key that the event brings."""
    return throws(code, handler) or fallible(code, handler) or _picks(code, handler)


def _runner(code: Code, node: Node, function: Function, depth: int) -> Function | None:
    """The function around a node, or one that calls it, whose endless loop the node stands in and that is run in the background."""
    if any(isinstance(above, Loop) and function_of(above) is function and _endless(above) for above in node.up()):
        return function if _in_background(code, function) else None
    for call in code.origins.calls_of(function) if depth < 2 else ():
        outer = function_of(call)
        if outer is not None and outer.parent is function.parent and not caught(call) and (found := _runner(code, call, outer, depth + 1)) is not None:
            return found
    return None


def _endless(loop: Loop) -> bool:
    """Whether a loop takes one event after the other off a queue, or off a stream."""
    if loop.over is not None:
        return loop.is_async
    return any(last_name(call.callee) in _TAKES for call in loop.inside(Call))


def _in_background(code: Code, function: Function) -> bool:
    """Whether a function is the `run()` of a thread, is handed to one, or is made a task."""
    if is_thread_run(code, function) or any("thread" in use.idiom.traits for use in code.idioms.handled_by(function)):
        return True
    made = [call.parent for call in code.origins.calls_of(function)]
    return bool(made) and all(isinstance(call, Call) and last_name(call.callee) in _TASKS and dotted(call.callee).split(".")[0] not in ("tg", "group", "nursery") for call in made)


def _picks(code: Code, handler: Function) -> Node | None:
    """`self.gates[event.flight]`: a lookup in a table by what the event brings, where nothing asks first whether it is there."""
    given = {param.name for param in handler.params} - {"self", "cls"}
    if any(each.operator in ("in", "not in") for each in handler.inside(Operation)):
        return None
    for each in handler.inside(Subscript):
        root = each.object
        while isinstance(root, (Member, Subscript)):
            root = root.object
        by_event = not isinstance(each.key, Literal) and any(name.id in given for name in each.key.inside(Name))
        stored = isinstance(each.parent, Assign) and each in each.parent.targets
        if by_event and not stored and not caught(each) and isinstance(root, Name) and root.id not in given and function_of(each) is handler:
            made = code.origins.of(each.object)
            if last_name(made.node.callee if isinstance(made.node, Call) else None) not in _DEFAULTS and not (isinstance(each.object, Name) and each.object.id[:1].isupper()):
                return each
    return None
