"""What goes on after a call that stands as a statement of its own, for which nobody waits?

    void notify(order);      setTimeout(() => sync(id), 0);      const job = send(x); job.then(log);      asyncio.create_task(notify(order))
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.code import Code
from callcheck.sources.code.answering import function_at, promises, works
from callcheck.sources.code.called_back import CHAINS
from callcheck.sources.code.scopes import function_of, is_statement
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Member,
    Module,
    Name,
    Node,
    Operation,
    dotted,
    last_name,
)

_SPAWNS = pattern(r"(?:^|\.)(?:create_task|ensure_future|run_in_executor|start_soon|run_coroutine_threadsafe)$")
_LOOPS = frozenset({"asyncio", "anyio", "trio", "uvloop", "aiojobs", "aiotools", "quattro", "sniffio", "tornado", "winloop"})
"""Libraries whose loops and groups run what they are given in this process."""
STARTERS = ("Thread", "start_soon", "start_background_task", "add_background_task", "add_task")
"""What is given a function of Python that goes on beside whoever gives it."""
LATER = frozenset({"setTimeout", "setImmediate", "queueMicrotask", "nextTick", "defer"})


def floating(code: Code, call: Call, module: Module) -> str:
    """What goes on after a call that stands as a statement of its own; "" if nothing does, as far as is known."""
    if function_of(call) is None or not (statement(call) or module.language == "python" and _held(code, call)):
        return ""
    chain, chained = call, False
    while isinstance(chain.callee, Member) and chain.callee.name in CHAINS and isinstance(chain.callee.object, Call):
        chain, chained = chain.callee.object, True
    if module.language == "python":
        return _spawned(code, call)
    if isinstance(chain.callee, Function):
        return "an async function" if chain.callee.is_async else ""
    if chained is False and isinstance(chain.callee, Member) and chain.callee.name in CHAINS and isinstance(chain.callee.object, Name):
        return _kept_and_left(code, chain.callee.object)
    name = last_name(chain.callee)
    if name in LATER or (name == "forEach" and isinstance(chain.callee, Member)):
        given = function_at(code, chain.args[0]) if chain.args else None
        busy = given is not None and (given.is_async if name == "forEach" else works(code, given))
        return f"what {name} is given" if busy else ""
    if dotted(chain.callee) in ("Promise.all", "Promise.allSettled", "Promise.any", "fetch") or (chained and name != "import"):
        return clean(dotted(chain.callee).rsplit(".", 1)[-1], 60) or "a promise"
    if any(use.idiom.does in ("outward", "wait") for use in code.idioms.at(chain)):
        return name_of(chain.callee)
    target = function_at(code, chain.callee)
    if target is None:
        return name_of(chain.callee) if _made_async(code, chain.callee) else ""
    return name_of(chain.callee) if promises(code, target) else ""


def _kept_and_left(code: Code, promise: Name) -> str:
    """What makes a promise that a function keeps, chains on, and neither awaits nor hands on: `const job = send(x); job.then(log);`."""
    function = function_of(promise)
    kept = [each.value for each in code.project.scope(function).get(promise.id, ()) if isinstance(each, Assign)] if function is not None else []
    made = kept[0] if len(kept) == 1 else None
    if function is None or not isinstance(made, Call):
        return ""
    for name in function.inside(Name):
        left = isinstance(name.parent, Member) and name.parent.name in CHAINS and isinstance(name.parent.parent, Call) and statement(name.parent.parent)
        if name.id == promise.id and name.parent is not made.parent and not left:
            return ""
    target = function_at(code, made.callee)
    return name_of(made.callee) if dotted(made.callee) == "fetch" or target is not None and promises(code, target) else ""


def _held(code: Code, call: Call) -> bool:
    """Whether a task is kept only so that it is not collected: `task = create_task(…); kept.add(task); task.add_done_callback(kept.discard)`, `kept.add(create_task(…))`."""
    if not _SPAWNS.search(dotted(call.callee) or last_name(call.callee)):
        return False
    function, above = function_of(call), call.parent
    if isinstance(above, Call):
        return _puts_aside(code, above, function)
    name = above.targets[0] if isinstance(above, Assign) and len(above.targets) == 1 else None
    if not isinstance(name, Name) or function is None:
        return False
    uses = [each for each in function.inside(Name) if each.id == name.id and each is not name]
    aside = (isinstance(each.parent, Call) and each in each.parent.args and _puts_aside(code, each.parent, function) for each in uses)
    heard = (isinstance(each.parent, Member) and each.parent.name == "add_done_callback" for each in uses)
    return bool(uses) and all(one or other for one, other in zip(aside, heard, strict=True))


def _puts_aside(code: Code, call: Call, function: Function | None) -> bool:
    """Whether a call adds to a collection that outlives the function."""
    if not (isinstance(call.callee, Member) and call.callee.name in ("add", "append") and statement(call)):
        return False
    holder = code.origins.of(call.callee.object)
    return holder.site is not None and function_of(holder.site) is not function


def _made_async(code: Code, callee: Node) -> bool:
    """Whether what is called is a function that a library makes, and that gives a promise: `webhookCallback(bot, "https")`."""
    made = code.origins.of(callee)
    return made.kind == "made" and isinstance(made.node, Call) and any("gives-async" in use.idiom.traits for use in code.idioms.at(made.node))


def _spawned(code: Code, call: Call) -> str:
    """A task, thread or pool's job that a Python statement starts."""
    name = dotted(call.callee) or last_name(call.callee)
    if _SPAWNS.search(name) and not _of_a_service(code, call):
        index = 1 if name.endswith("run_in_executor") else 0
        return name_of(call.args[index]) if len(call.args) > index else "a task"
    if not isinstance(call.callee, Member) or call.callee.name not in ("start", "submit"):
        return ""
    made = code.origins.of(call.callee.object)
    if call.callee.name == "start" and made.qualified in ("threading.Thread", "multiprocessing.Process", "threading.Timer"):
        target = made.node.keyword("target") if isinstance(made.node, Call) else None
        return name_of(target) if target is not None else "a thread"
    if call.callee.name == "submit" and made.qualified.endswith(("ThreadPoolExecutor", "ProcessPoolExecutor")):
        return name_of(call.args[0]) if call.args else "a pool's job"
    return ""


def _of_a_service(code: Code, call: Call) -> bool:
    """Whether a call only has the name of the loop's method: `CloudTasksClient().create_task(parent=queue, task=task)` leaves the work with somebody else."""
    if not call.args and call.keyword("coro") is None:
        return True
    made = code.origins.of(call.callee.object) if isinstance(call.callee, Member) else None
    return made is not None and made.kind in ("made", "param") and bool(made.qualified) and made.qualified.split(".")[0] not in _LOOPS


def name_of(node: Node) -> str:
    if isinstance(node, Call):
        node = node.callee
    return clean(dotted(node).rsplit(".", 1)[-1], 60) or "a function"


def statement(call: Call) -> bool:
    void = isinstance(call.parent, Operation) and call.parent.operator == "void"
    return is_statement(call.parent if void and call.parent else call)
