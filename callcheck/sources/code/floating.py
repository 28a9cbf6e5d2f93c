"""What goes on after a call that stands as a statement of its own, for which nobody waits?

    void notify(order);      setTimeout(() => sync(id), 0);      const job = send(x); job.then(log);      asyncio.create_task(notify(order))
"""

from __future__ import annotations

from callcheck.model.printable import clean
from callcheck.sources.code import Code
from callcheck.sources.code.answering import function_at, promises, works
from callcheck.sources.code.called_back import CHAINS, begun_by
from callcheck.sources.code.scopes import function_of, is_statement
from callcheck.sources.code.spawned import left_going, name_of
from callcheck.sources.code.surroundings import only_logs
from callcheck.sources.code.tree import (
    Assign,
    Await,
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

STARTERS = ("Thread", "start_soon", "start_background_task", "add_background_task", "add_task")
"""What is given a function of Python that goes on beside whoever gives it."""
LATER = frozenset({"setTimeout", "setImmediate", "queueMicrotask", "nextTick", "defer"})


def floating(code: Code, call: Call, module: Module) -> str:
    """What goes on after a call that stands as a statement of its own; "" if nothing does, as far as is known."""
    if module.language == "python":
        return left_going(code, call) if function_of(call) is not None else ""
    if function_of(call) is None or not statement(call):
        return ""
    chain = begun_by(call)
    chained = chain is not call
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
    return name_of(chain.callee) if promises(code, target) and not _only_says(target) else ""


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


def _only_says(function: Function) -> bool:
    """Whether an async function but writes a line, and is done when it gives its promise."""
    return only_logs(function) and not any(function.inside(Await))


def _made_async(code: Code, callee: Node) -> bool:
    """Whether what is called is a function that a library makes, and that gives a promise: `webhookCallback(bot, "https")`."""
    made = code.origins.of(callee)
    return made.kind == "made" and isinstance(made.node, Call) and any("gives-async" in use.idiom.traits for use in code.idioms.at(made.node))


def statement(call: Call) -> bool:
    void = isinstance(call.parent, Operation) and call.parent.operator == "void"
    return is_statement(call.parent if void and call.parent else call)
