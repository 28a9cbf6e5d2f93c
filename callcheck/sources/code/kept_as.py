"""Under which name is a function kept, whatever wraps it?

    const handler = withUser(async (event) => { … });
    export const handler = middy(vote).use(cors());
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.origins import Origins
from callcheck.sources.code.tree import Assign, Call, Entry, Function, Member, Node, last_name

_ATTACHES = frozenset("on once addListener addEventListener then catch finally use get post put patch delete all subscribe register".split())
_DEEPEST_WRAP = 3


def name_of(function: Function) -> str:
    """A function's name, or that of the constant or key that it is kept under, as it is or wrapped: `const handler = withUser(async (event) => …)`."""
    if function.name:
        return function.name
    return held_as(function)


def wrapped_as(origins: Origins, function: Function) -> Iterator[str]:
    """The names under which a named function is kept once others have wrapped it: `export const handler = middy(vote).use(cors())`."""
    for call in origins.callers.passing(function):
        if last_name(call.callee) not in _ATTACHES and any(origins.of(arg).node is function for arg in call.args):
            if name := held_as(call):
                yield name


def held_as(node: Node) -> str:
    """The name of the constant or key that an expression is kept under."""
    for _ in range(2 * _DEEPEST_WRAP):
        outer = node.parent
        if isinstance(outer, Call) and outer.callee is not node and last_name(outer.callee) not in _ATTACHES:
            node = outer  # what a wrapper gives for it
        elif isinstance(outer, Member) and isinstance(outer.parent, Call) and outer.parent.callee is outer and isinstance(node, Call):
            node = outer.parent  # `.use(cors())` on what a wrapper gave
        else:
            break
    holder = node.parent
    if isinstance(holder, Assign) and len(holder.targets) == 1:
        return last_name(holder.targets[0])
    return holder.key or "" if isinstance(holder, Entry) else ""
