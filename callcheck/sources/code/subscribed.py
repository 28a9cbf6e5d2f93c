"""Which functions take what a subscription brings?

    await client.subscribe("told", (text) => take(text))          sub.subscribe("told"); sub.on("message", (channel, text) => take(text))
    for await (const m of subscription) take(m)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.tree import Call, Function, Loop, Member

if TYPE_CHECKING:
    from callcheck.sources.code import Code
    from callcheck.sources.code.idioms import Use

MESSAGES = frozenset({"message", "pmessage"})
_ASKS = frozenset({"listen", "get_message"})


def takers_of(code: Code, use: Use) -> Iterator[Function | Loop]:
    """The function that a subscription names, else the loop over its messages, else those that listen for messages on the same client, else the one around it, or the loop at the top of the program (Python)."""
    named = [handler for handler in code.idioms.handlers(use) if isinstance(handler, Function)]
    yield from named
    if named:
        return
    identity = code.lifetimes.identity(use.receiver)
    for heard in code.idioms.of("register"):
        if identity and code.lifetimes.identity(heard.receiver) == identity and MESSAGES & set(code.idioms.events(heard)):
            yield from (handler for handler in code.idioms.handlers(heard) if isinstance(handler, Function))
    yield from _hooked(code, use, identity)
    for loop in use.module.all(Loop):
        # `for await (const m of subscription)`
        if loop.is_async and loop.over is not None and code.origins.of(loop.over).site is use.call:
            yield loop
    if use.module.language == "python" and use.function is None:
        yield from (loop for loop in use.module.body if isinstance(loop, Loop) and _listens(code, loop, identity))
    if use.module.language == "python" and use.function is not None and code.lifetimes.role(use.function) not in ("request", "connection"):
        yield use.function


def _listens(code: Code, loop: Loop, identity: str) -> bool:
    """`for message in pubsub.listen():`, and `while True:` with what is asked of the same object, at the top of a program."""
    asked = [loop.over] if loop.over is not None else [*loop.inside(Call)]
    return any(isinstance(call, Call) and isinstance(call.callee, Member) and call.callee.name in _ASKS and code.lifetimes.identity(code.origins.of(call.callee.object)) == identity for call in asked)


def _hooked(code: Code, use: Use, identity: str) -> Iterator[Function]:
    """The functions that a client of the same library calls for each message: `client.on_message = take`, also where it is the client that `on_connect(client, …)` is handed."""
    for heard in code.idioms.of("hook"):
        if heard.framework is use.framework and heard.idiom.role == "message" and heard.call is not use.call:
            same = identity and code.lifetimes.identity(heard.receiver) == identity
            if same or (use.receiver.root.kind == "param" and heard.module is use.module):
                yield from (handler for handler in code.idioms.handlers(heard) if isinstance(handler, Function))
