"""Where can a function throw, by its own `throw` or that of a function of the project which it calls?"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Call, Catch, Function, Node, Raise, Try

_DEEPEST = 2


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
