"""Does a function close the connection of a subscription before anything can come over it?

    async with connection:                                  # closed below, and the consumer with it
        replies = await channel.declare_queue(exclusive=True)
        await replies.consume(on_price)
        await exchange.publish(order, routing_key="pricing")

    await channel.consume("prices", onPrice); channel.sendToQueue("orders", order); await connection.close();
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerPerCall, ListenerRemovedEarly
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.connection_ends import before_end, ending_block, ending_calls
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.made_from import made_from
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Loop,
    Member,
    Node,
    With,
    Yield,
    last_name,
)

_CLOSES = frozenset({"close", "quit", "disconnect", "drain", "end", "destroy"})
_AT_ONCE = pattern(
    r"(?:basic_?)?(?:publish|consume|subscribe|psubscribe|send|ack|qos)|publish_\w+|sendToQueue|set_qos|prefetch|(?:queue_|exchange_)?(?:declare|bind)(?:_\w+)?|(?:assert|bind)(?:Queue|Exchange)|channel|create(?:Confirm)?Channel|flush|waitForConfirms|close"
)
"""What a client of a broker is asked that is over before an answer of somebody else comes."""


class ClosedEarly:
    """Looks from each subscription with a handler to the end of the connection, in the same function, that it is made of."""

    name = "closed-early"
    looks_at = Sight.SOURCE
    about = ("subscribe",)
    answers = frozenset({ListenerPerCall, ListenerRemovedEarly})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("subscribe"):
            function = use.function
            if function is None or not function.is_async or use.inner is not None or not isinstance(use.call.callee, Member) or not code.idioms.placed(use.call, use.idiom.handler):
                continue
            names = made_from(use.call.callee.object, function)
            closed = ending_block(use.call, function, names, _closes) or next(ending_calls(use.call, function, names, _CLOSES), None)
            if closed is not None and not _waits(function, use.call, closed, names):
                yield self._state(code, use, function, closed)

    def _state(self, code: Code, use: Use, function: Function, closed: Node) -> Evidence:
        event = clean(next(iter(code.idioms.events(use)), "") or last_name(use.call.callee.object if isinstance(use.call.callee, Member) else None), 80)
        role = code.lifetimes.role(function)
        framework, language = use.framework.name, use.module.language
        fact = ListenerPerCall(event, role, framework, language) if role in PER_CALL else ListenerRemovedEarly(event, framework, language)
        label = "closed at the end of this block" if isinstance(closed, With) else "closed here"
        return seen(fact, use.call, self.name, (seen(fact, closed, self.name, label=f"{label}, with nothing waited for in between"),))


def _closes(block: With, made: Node | None) -> bool:
    """Whether a block closes what it holds, as those of asynchronous clients do."""
    return block.is_async


def _waits(function: Function, call: Call, closed: Node, names: set[str]) -> bool:
    """Whether anything is waited for between a subscription and the end of its connection, but what the client itself answers at once."""
    for node in before_end(call, function, closed):
        if isinstance(node, Yield) or isinstance(node, (Loop, With)) and node.is_async:
            return True
        if isinstance(node, Await) and not _answered_at_once(node.value, function, names) and not (isinstance(node.value, Call) and node.value is closed):
            return True
    return False


def _answered_at_once(value: Node, function: Function, names: set[str]) -> bool:
    if not isinstance(value, Call) or not isinstance(value.callee, Member) or not _AT_ONCE.fullmatch(value.callee.name):
        return False
    return bool(made_from(value.callee, function) & names) and function_of(value) is function


PROBE = ClosedEarly()
