"""Where does a function end the connection that a call of it is made of: with a block around the call, or by a call below it?

    async with pool.acquire() as conn: await conn.add_listener("berths", show)                          # the block
    await channel.consume("prices", onPrice); channel.sendToQueue("orders", o); await connection.close();  # close()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callcheck.sources.code.scopes import up_to, within
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Catch,
    Conditional,
    Function,
    If,
    Loop,
    Member,
    Name,
    Node,
    With,
)


def ending_block(call: Call, function: Function, names: set[str], ends: Callable[[With, Node | None], bool]) -> With | None:
    """The innermost `with` around a call that holds something under one of these names and `ends` it, by the block and what was made for it (None: what it holds was there before)."""
    for above in up_to(call, function):
        for item in above.items if isinstance(above, With) else ():
            held = item.targets if isinstance(item, Assign) else [item]
            made = item.value if isinstance(item, Assign) else None
            made = made.value if isinstance(made, Await) else made
            if isinstance(above, With) and any(isinstance(each, Name) and each.id in names for each in held) and ends(above, made):
                return above
    return None


def ending_calls(call: Call, function: Function, names: set[str], methods: frozenset[str], *, handed: bool = False) -> Iterator[Call]:
    """The calls below it, in no branch, of such a method of something under one of these names; `handed`: or to which that is given."""
    for node in within(function):
        if isinstance(node, Call) and node.at > call.at and isinstance(node.callee, Member) and node.callee.name in methods:
            about = (node.callee.object, *(node.args if handed else ()))
            if any(isinstance(each, Name) and each.id in names for each in about) and not any(isinstance(above, (If, Conditional, Loop, Catch)) for above in up_to(node, function)):
                yield node


def before_end(call: Call, function: Function, end: Node) -> Iterator[Node]:
    """What runs in the function from behind a call until its connection ends."""
    last = end.end if isinstance(end, With) else end.at
    return (node for node in within(function) if call.end <= node.at < last)
