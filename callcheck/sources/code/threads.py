"""Which functions does a thread of their own run, and which does a request or a job run where no event loop is?

    threading.Thread(target=work).start()        class Poller(Thread): def run(self): …
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.import_time import at_import
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import CTORS, function_of
from callcheck.sources.code.tree import Call, ClassDef, Function, last_name
from callcheck.sources.code.wording import lines_of

THREADS = frozenset({"threading.Thread", "threading.Timer"})
_BACK_TO_LOOP = frozenset({"run_coroutine_threadsafe", "run_until_complete"})
"""What runs the coroutine that it is given on an event loop, whichever thread calls it."""
_DEEPEST = 3
"""How many plain functions may lie between the one that a thread, a request or a job runs and the call."""
_WITHOUT_LOOP = frozenset({"request", "job"})
"""Roles in which a plain function is mostly called where no event loop runs: in a thread, or by a server that has none."""


def threaded(code: Code, function: Function | None, unless: str = "") -> bool:
    """Whether a thread of its own runs a function: it is handed to one, is the `run()` of one, or is called by what is; `unless` is a pattern
    that no function on the way may have in it."""
    return function is not None and _in_thread(code, function, 0, unless)


def given_to_loop(call: Call) -> bool:
    """Whether a call only makes the coroutine that an event loop is handed: `asyncio.run_coroutine_threadsafe(queue.put(item), loop)`."""
    above = call.parent
    return isinstance(above, Call) and call in above.args and last_name(above.callee) in _BACK_TO_LOOP


def _in_thread(code: Code, function: Function, depth: int, unless: str) -> bool:
    if function.is_async or depth > _DEEPEST or (unless and pattern(unless).search(lines_of(function))):
        return False
    calls = _calls(code, function)
    if is_thread_run(code, function) and not calls or any("thread" in use.idiom.traits for use in code.idioms.handled_by(function)):
        return True
    # `schedule.every(5).minutes.do(tick)`: whoever turns the wheel, by run_pending(), runs it.
    turned = [call for use in code.idioms.handled_by(function) if "turned" in use.idiom.traits for call in code.project.calls(use.idiom.says)]
    return any(above is not function and _in_thread(code, above, depth + 1, unless) for above in map(function_of, (*calls, *turned)) if above is not None)


def handed_to_thread(code: Code, function: Function | None, depth: int = 0) -> Call | None:
    """The call by which a thread of its own comes to run a function, or one that calls it."""
    if function is None or function.is_async or depth > _DEEPEST:
        return None
    handed = next((use.call for use in code.idioms.handled_by(function) if "thread" in use.idiom.traits), None)
    above = (each for each in map(function_of, _calls(code, function)) if each is not None and each is not function)
    return handed or next((found for each in above if (found := handed_to_thread(code, each, depth + 1))), None)


def begun_at_load(code: Code, use: Use) -> bool:
    """Whether a thread is begun while the app is loaded; that of a library by all that starts it."""
    starts = [each for each in code.idioms.of("start", "schedule") if each.framework is use.framework and not is_test(each.module.path)] if use.idiom.does == "hook" else []
    return all(at_import(code, each.call) for each in (starts or [use]))


def without_loop(code: Code, function: Function | None) -> bool:
    """Whether a request or a job comes to a function by plain functions alone, from a library that does not call these on its event loop."""
    return function is not None and _is_without_loop(code, function, 0)


def _is_without_loop(code: Code, function: Function, depth: int) -> bool:
    if depth > _DEEPEST or any(isinstance(each, Function) and each.is_async for each in (function, *function.up())):
        return False
    handled, calls = code.idioms.handled_by(function), _calls(code, function)
    if any("on-loop" in use.idiom.traits for use in handled):
        return False
    if (handled or not calls) and code.lifetimes.role(function) in _WITHOUT_LOOP:
        return True
    return any(above is not function and _is_without_loop(code, above, depth + 1) for above in map(function_of, calls) if above is not None)


def _calls(code: Code, function: Function) -> list[Call]:
    """Where a function is called: one that makes an object, by the name of its class too."""
    calls = code.origins.calls_of(function)
    return [*calls, *code.origins.calls_of(function.parent)] if function.name in CTORS and isinstance(function.parent, ClassDef) else calls


def is_thread_run(code: Code, function: Function) -> bool:
    """Whether a function is what `start()` of a thread's class has the new thread run."""
    cls = function.parent
    return isinstance(cls, ClassDef) and function.name == "run" and not THREADS.isdisjoint(code.origins.bases(cls))


def of_another_thread(code: Code, use: Use) -> bool:
    """Whether a thread of its own uses an object that was made where no such thread runs: by the program itself, before it began the others."""
    made = use.receiver.root
    places = [node for node in (made.node, made.site) if node is not None]
    return made.kind == "made" and threaded(code, use.function) and not any(threaded(code, function_of(place)) for place in places)
