"""Where can a function throw, by its own `throw` or that of a function of the project which it calls?"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Call, Catch, Function, Literal, Node, Raise, Try, last_name

_DEEPEST = 2
_OUTSIDE = frozenset({"block", "outward", "may-fail"})
_HARMLESS = frozenset({"sleep", "join", "wait"})
_HANDS_ON = frozenset("add_callback_threadsafe add_callback call_soon_threadsafe call_soon run_coroutine_threadsafe partial put put_nowait set set_result debug info warning".split())
"""What gives a result back to its thread, and does nothing by itself that fails."""


def throws(code: Code, function: Function, depth: int = 0) -> Node | None:
    """The place at which a synchronous function throws an error that nothing in it catches; what only its inner functions do does not count."""
    own = next((each for each in function.inside(Raise) if function_of(each) is function and not caught(each)), None)
    if own is not None or depth >= _DEEPEST:
        return own
    for call in function.inside(Call):
        made = code.origins.of(call.callee).node if function_of(call) is function and not caught(call) else None
        if isinstance(made, Function) and made is not function and not made.is_async and (found := throws(code, made, depth + 1)) is not None:
            return found
    return None


def fallible(code: Code, function: Function, depth: int = 0) -> Call | None:
    """The call by which a function reaches something outside that may not be there, itself or in a function of the project that it calls, with no `try` around."""
    calls = [call for call in function.inside(Call) if function_of(call) is function and not caught(call)]
    for call in calls:
        if any(use.idiom.does in _OUTSIDE for use in code.idioms.at(call)) and last_name(call.callee) not in _HARMLESS:
            return call
    for call in calls if depth < _DEEPEST else ():
        made = code.origins.of(call.callee).node
        if isinstance(made, Function) and made is not function and (found := fallible(code, made, depth + 1)) is not None:
            return found
    return None


def caught(node: Node) -> bool:
    """Whether a node stands in a `try` of its own function whose `catch` ends the error."""
    below: Node = node
    for above in node.up():
        if isinstance(above, Function):
            return False
        if isinstance(above, Try) and any(below is each for each in above.body) and any(not _again(each) for each in above.catches):
            return True
        below = above
    return False


def _again(each: Catch) -> bool:
    return bool(each.inside(Raise))


def tells(work: Function) -> bool:
    """Whether all that a function does stands in a `try` whose `except` for everything calls something: a logger, a report; what follows may hand the result on."""
    done = [node for node in work.body if not isinstance(node, Literal)]
    at = next((i for i, node in enumerate(done) if isinstance(node, Try)), None)
    if at is None or _calls(done[:at]) or not all(last_name(call.callee) in _HANDS_ON for call in _calls(done[at + 1 :])):
        return False
    tried = done[at]
    broad = [catch for catch in tried.catches if catch.broad] if isinstance(tried, Try) else []
    return any(next(iter(node.inside(Call)), None) is not None for catch in broad for node in catch.body)


def _calls(nodes: list[Node]) -> list[Call]:
    return [call for node in nodes for call in ([node] if isinstance(node, Call) else node.inside(Call))]
