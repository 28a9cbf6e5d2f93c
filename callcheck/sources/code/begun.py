"""From which places of a project, outside of all functions, does a piece of code come to run?

    def listen(): client.loop_start()
    if __name__ == "__main__":
        listen()                            # this is the one place from which the loop is started
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Entry,
    Function,
    If,
    Keyword,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Sequence,
    dotted,
    last_name,
)

_DEEPEST = 5
_GOES_ON = frozenset({"then", "finally"})


def begun_at(code: Code, node: Node, depth: int = 0) -> list[Node]:
    """The places; none where it is not known who calls a function, or something else than the project may."""
    function = function_of(node)
    if function is None:
        return [node]
    if depth > _DEEPEST:
        return []
    above = function.parent
    if isinstance(above, Call) and (above.callee is function or (function in above.args and last_name(above.callee) in _GOES_ON)):
        return begun_at(code, above, depth + 1)
    calls = code.origins.calls_of(function)
    if not calls or function.decorators or _handed(code, function):
        return []
    found = [begun_at(code, call, depth + 1) for call in calls]
    return [place for places in found for place in places] if all(found) else []


def _handed(code: Code, function: Function) -> bool:
    """Whether the function is named anywhere as a whole, so that whoever gets it may call it."""
    holder = function.parent
    name = function.name or (last_name(holder.targets[0]) if isinstance(holder, Assign) else "")
    for module in code.project.naming(name) if name else ():
        for node in (*module.all(Name), *module.all(Member)):
            above = node.parent
            if last_name(node) != name or isinstance(above, Call) and above.callee is node or isinstance(above, Assign) and node in above.targets:
                continue
            if isinstance(above, (Call, Keyword, Sequence, Entry, Assign, Return)) and code.origins.of(node).node is function and not _exported(node):
                return True
    return False


def _exported(node: Node) -> bool:
    """`module.exports = { start }` and its like, whose users are followed by their imports."""
    return any(isinstance(above, Assign) and any(dotted(target).startswith(("module.exports", "exports.")) for target in above.targets) for above in node.up())


def main_only(node: Node) -> bool:
    """Whether a place is reached only where its file is the main program."""
    for above in node.up():
        if isinstance(above, If):
            words = {dotted(n) for n in above.test.walk() if isinstance(n, (Name, Member))}
            words |= {str(n.value) for n in above.test.walk() if isinstance(n, Literal)}
            if {"__name__", "__main__"} <= words or {"require.main", "module"} <= words:
                return True
    return False
