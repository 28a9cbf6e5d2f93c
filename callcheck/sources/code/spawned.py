"""What does a call of Python set going beside whoever calls, and does nobody wait for it?

    asyncio.create_task(notify(order))       pool.submit(notify, order).add_done_callback(log)       Thread(target=notify).start()

Nor does it if those who call the function give back what they are given: `def later(f, *a): return pool.submit(f, *a)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.code.decorators import wrapped_by
from callcheck.sources.code.scopes import function_of, is_statement
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Member,
    Name,
    Node,
    Return,
    With,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_SPAWNS = pattern(r"(?:^|\.)(?:create_task|ensure_future|run_in_executor|start_soon|run_coroutine_threadsafe)$")
_LOOPS = frozenset({"asyncio", "anyio", "trio", "uvloop", "aiojobs", "aiotools", "quattro", "sniffio", "tornado", "winloop"})
"""Libraries whose loops and groups run what they are given in this process."""
_STARTED = frozenset({"threading.Thread", "multiprocessing.Process", "threading.Timer"})
_POOLS = {
    "submit": pattern(r"(?:Thread|Process)PoolExecutor$|^flask_executor\.(?:executor\.)?Executor$"),
    "apply_async": pattern(r"^multiprocessing\.(?:pool\.|dummy\.)?(?:Thread)?Pool$"),
}
"""The methods that hand work to a pool, and the pools, by the names of what makes them."""
_FUNCTIONS = frozenset({"gevent.spawn", "gevent.spawn_raw", "eventlet.spawn", "eventlet.spawn_n", "_thread.start_new_thread"})
_LISTENS = "add_done_callback"
_WAITS = frozenset({"join", "shutdown"})


def left_going(code: Code, call: Call) -> str:
    """What a call sets going that nobody waits for, neither here nor where a function gives it back; "" if nothing."""
    name = _spawned(code, call)
    if not name or _waited_for(code, call):
        return ""
    if _left(code, call):
        return name
    sites = list(_given_to(code, call))
    return name if sites and all(_left(code, site) for site in sites) else ""


def _spawned(code: Code, call: Call) -> str:
    """A task, thread or pool's job that a call starts."""
    name = dotted(call.callee) or last_name(call.callee)
    if _SPAWNS.search(name) and not _of_a_service(code, call):
        return _named(call, 1 if name.endswith("run_in_executor") else 0, "a task")
    if last_name(call.callee) in ("spawn", "spawn_n", "spawn_raw", "start_new_thread") and code.origins.of(call.callee).qualified in _FUNCTIONS:
        return _named(call, 0, "a thread")
    if not isinstance(call.callee, Member) or call.callee.name not in ("start", *_POOLS):
        return ""
    made = code.origins.of(call.callee.object)
    if call.callee.name == "start" and made.qualified in _STARTED:
        target = made.node.keyword("target") if isinstance(made.node, Call) else None
        return name_of(target) if target is not None else "a thread"
    pool = _POOLS.get(call.callee.name)
    return _named(call, 0, "a pool's job") if pool is not None and pool.search(made.qualified) else ""


def _named(call: Call, index: int, otherwise: str) -> str:
    return name_of(call.args[index]) if len(call.args) > index else otherwise


def name_of(node: Node) -> str:
    """The last name of what is called, or handed over to be called."""
    if isinstance(node, Call):
        node = node.callee
    return clean(dotted(node).rsplit(".", 1)[-1], 60) or "a function"


def _left(code: Code, call: Call) -> bool:
    """Whether what a call gives is thrown away, only listened to, or kept so that it is not collected: `kept.add(task)`, `task.add_done_callback(kept.discard)`."""
    function, above = function_of(call), call.parent
    if is_statement(call) or function is None:
        return function is not None
    if _is_heard(call):
        return True
    if isinstance(above, Call):
        return _puts_aside(code, above, function)
    name = above.targets[0] if isinstance(above, Assign) and len(above.targets) == 1 else None
    if not isinstance(name, Name):
        return False
    uses = [each for each in function.inside(Name) if each.id == name.id and each is not name]
    return all(_is_heard(each) or isinstance(each.parent, Call) and each in each.parent.args and _puts_aside(code, each.parent, function) for each in uses)


def _is_heard(future: Node) -> bool:
    """Whether a callback is attached, and that is all: `future.add_done_callback(log)` as a statement."""
    member = future.parent
    outer = member.parent if isinstance(member, Member) and member.object is future and member.name == _LISTENS else None
    return isinstance(outer, Call) and outer.callee is member and is_statement(outer)


def _puts_aside(code: Code, call: Call, function: Function) -> bool:
    """Whether a call adds to a collection that outlives the function."""
    if not (isinstance(call.callee, Member) and call.callee.name in ("add", "append") and is_statement(call)):
        return False
    holder = code.origins.of(call.callee.object)
    return holder.site is not None and function_of(holder.site) is not function


def _given_to(code: Code, call: Call) -> Iterator[Call]:
    """The calls that are given what this one starts, by the function around it or by those that it decorates."""
    function = function_of(call)
    if function is None or not isinstance(call.parent, Return):
        return
    yield from code.origins.calls_of(function)
    outer = function_of(function)
    for decorated in wrapped_by(code.origins, outer) if outer is not None else ():
        yield from code.origins.calls_of(decorated)


def _waited_for(code: Code, call: Call) -> bool:
    """Whether the function waits for all of a pool, or for its threads, before it ends: `with ThreadPoolExecutor() as pool`, `pool.shutdown()`, `thread.join()`."""
    function = function_of(call)
    later = (each for each in function.inside(Call) if each.at > call.at and not each.args and isinstance(each.callee, Member)) if function is not None else ()
    if any(last_name(each.callee) in _WAITS for each in later):
        return True
    made = code.origins.of(call.callee.object).node if isinstance(call.callee, Member) else None
    entered = made.parent.parent if made is not None and isinstance(made.parent, Assign) else made.parent if made is not None else None
    return isinstance(entered, With) and function_of(entered) is function


def _of_a_service(code: Code, call: Call) -> bool:
    """Whether a call only has the name of the loop's method: `CloudTasksClient().create_task(parent=queue, task=task)` leaves the work with somebody else."""
    if not call.args and call.keyword("coro") is None:
        return True
    made = code.origins.of(call.callee.object) if isinstance(call.callee, Member) else None
    return made is not None and made.kind in ("made", "param") and bool(made.qualified) and made.qualified.split(".")[0] not in _LOOPS
