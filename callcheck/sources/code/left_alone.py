"""Is what a call makes left alone: a statement by itself, or kept under a name, or in a list, that nobody does more with than look at it?

    send(order)                                       jobs = [send(each) for each in orders]
    job = send(order)                                 log.info("sending %d", len(jobs))
"""

from __future__ import annotations

from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.tree import Assign, Call, If, Loop, Member, Name, Node, Opaque, Operation, Template

_LOOKS = frozenset("type isinstance print repr str id bool len Boolean".split())
_LEVELS = frozenset("debug info warning error exception critical log".split())


def left_alone(node: Node) -> bool:
    """Whether nobody takes up what a node makes, be it one of the elements of a comprehension."""
    if is_statement(node.parent if isinstance(node.parent, Operation) and node.parent.operator == "void" else node):
        return True
    if isinstance(node.parent, Assign) and node.parent.value is node:
        return never_taken_up(node.parent)
    listed = _comprehension(node)
    return listed is not None and left_alone(listed)


def never_taken_up(assign: Assign) -> bool:
    """Whether the one plain name of a function that an assignment gives something is looked at in other places, at most."""
    scope = function_of(assign)
    name = assign.targets[0] if len(assign.targets) == 1 else None
    if not isinstance(name, Name) or scope is None or module_of(assign).language != "python" or assign.operator or f"global {name.id}" in module_of(assign).text:
        return False
    return all(only_looks(each) for each in scope.inside(Name) if each.id == name.id and each is not name)


def only_looks(name: Name) -> bool:
    """Whether a use of a name neither iterates nor hands on what it holds: `type(result)`, `log.info("%s", result)`."""
    for above in name.up():
        if isinstance(above, Call):
            if isinstance(above.callee, Name):
                return above.callee.id in _LOOKS
            return isinstance(above.callee, Member) and above.callee.name in _LEVELS and module_of(name).language == "python"
        if not isinstance(above, (Member, Template)):
            return False
    return False


def _comprehension(node: Node) -> Opaque | None:
    """The comprehension whose element a node is."""
    above = node.parent
    while isinstance(above, Loop) and node in above.body or isinstance(above, If) and node in above.then:
        node, above = above, above.parent
    return above if isinstance(above, Opaque) and above.kind == "comprehension" and node in above.items else None
