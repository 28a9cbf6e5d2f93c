"""Does somebody subscribe on demand to one message that may have been published already?

    await subscriber.subscribe(`export:${id}`);   // in the request that asks for the result
    await redis.publish(`export:${job.id}`, url); // in the job, perhaps a second earlier
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import SubscribedLate
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    If,
    Literal,
    Loop,
    Member,
    Opaque,
    Return,
    dotted,
    last_name,
)

_ON_DEMAND = ("request", "connection", "message", "helper")
_READS = pattern(r"^(?:m?get|hget|hgetall|lrange|xread|xrange|find|load|read(?!y)|fetch|query|select|lookup|status|poll|exists|scan|is[A-Z])", re.I)
_OF_THE_CHANNEL = frozenset({"get_message", "getMessage", "loads", "parse_message"})
"""What only takes, or reads, the messages themselves."""
_GIVES_UP = frozenset({"quit", "disconnect", "unsubscribe", "close", "aclose", "end", "drain"})
_MESSAGES = frozenset({"message", "pmessage", "messageBuffer", "pmessageBuffer"})
_RESPONSES = frozenset({"res", "response", "reply", "resp"})
_TRIGGERS = pattern(r"^(?:add|[lr]?[pP]ush|[xz][aA]dd|publish|send|emit|enqueue|dispatch|trigger|start|run|invoke|post|put|request|produce|create|process|delay|apply_async|kiq|defer|schedule|submit)(?![a-z])")


class LateSubscriptions:
    """A wait for one computed channel, over a transport that keeps nothing, after which nobody reads what was stored or starts the work."""

    name = "late-subscriptions"
    looks_at = Sight.SOURCE
    about = ("publish",)
    answers = frozenset({SubscribedLate})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        published = [u for u in code.idioms.of("publish") if "pubsub" in u.idiom.traits]
        for use in code.idioms.of("subscribe"):
            if "pubsub" not in use.idiom.traits or code.lifetimes.role(use.function) not in _ON_DEMAND:
                continue
            channel = next(iter(code.idioms.events(use)), "")
            sent = [p for p in published if _one_of_many(channel, [c for c in code.idioms.events(p) if c])]
            whole, sent = _apart(use.call, sent)
            if whole is not None and sent and _left_waiting(code, use, whole):
                fact = SubscribedLate(clean(channel, 80), code.lifetimes.role(use.function), use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, tuple(seen(fact, p.call, self.name, label="published here, once, to whoever is subscribed") for p in sent[:2]))


def _apart(call: Call, sent: list[Use]) -> tuple[Function | None, list[Use]]:
    """The outermost function around a subscription in which nothing of what it waits for is published, and what is published outside of it."""
    around = [above for above in call.up() if isinstance(above, Function)]
    for whole in reversed(around):
        outside = [use for use in sent if not any(above is whole for above in use.call.up())]
        if outside:
            return whole, outside
    return None, []


def _left_waiting(code: Code, use: Use, whole: Function) -> bool:
    """Whether a subscription waits for one message, here or where a function that only subscribes is called, and nothing makes good what came before."""
    if _waits(whole) or _ends_itself(code, whole):
        return not _makes_good(code, use, whole)
    callers = [around for asked in code.origins.calls_of(whole) if (around := function_of(asked)) is not None and around is not whole]
    return any(_waits(each) for each in callers) and not _makes_good(code, use, whole, waits=False)


def _ends_itself(code: Code, function: Function) -> bool:
    """Whether what listens for messages gives the subscription up: it was there until a last one."""
    for call in function.inside(Call):
        listener = function_of(call)
        on = listener.parent if listener is not None and listener is not function else None
        if last_name(call.callee) in _GIVES_UP and isinstance(on, Call) and on.args and code.idioms.text(on.args[0]) in _MESSAGES:
            return True
    return False


def _one_of_many(channel: str, published: list[str]) -> bool:
    """Whether a computed channel is one of those that are published on."""
    head = channel.split("*")[0]
    return "*" in channel and any("*" in name and (name.split("*")[0].startswith(head) or head.startswith(name.split("*")[0])) for name in published)


def _waits(function: Function) -> bool:
    """Whether a function waits for one message: it makes a promise, sets a time limit, or follows the channel until a last message comes."""
    leaves = (*function.inside(Return), *(each for each in function.inside(Opaque) if each.kind == "break"))
    if any(isinstance(above, Loop) for each in leaves for above in each.up()):
        return True
    if any(last_name(call.callee) == "end" and function_of(call) is not function for call in function.inside(Call)):
        return True  # the listener ends the response: it was there for one message
    return any(last_name(call.callee) in ("Promise", "setTimeout", "wait_for", "timeout", "withResolvers", "once") for call in function.inside(Call))


def _makes_good(code: Code, use: Use, function: Function, waits: bool = True) -> bool:
    """Whether what may have come before is read, or the work is started, once the subscription stands: here, or by who called this and does not wait."""
    for call in function.inside(Call):
        # `subscribe(keys.status(id), f)`: what is called to name the channel reads nothing.
        names_it = call.at < use.call.end and not any(isinstance(above, Function) and above.at > use.call.at for above in call.up())
        if call.at > use.call.at and call.line >= use.call.line and not names_it and not _once_one_came(call) and not _hands_on(code, call, use) and (_reads_or_starts(call) or _reads_inside(code, call, use)):
            return True
    for asked in code.origins.calls_of(function):
        # Who awaits a function that ends with the message hears too late; one that only subscribes may be awaited.
        held = isinstance(asked.parent, Return) or (isinstance(asked.parent, Await) and waits and not _ends_itself(code, function))
        around = None if held else function_of(asked)
        if around is not None and any(isinstance(call, Call) and call.at >= asked.end and (_reads_or_starts(call) or _reads_inside(code, call, use)) for call in within(around)):
            return True
    return False


def _once_one_came(call: Call) -> bool:
    """Whether a call stands where a message has come, in a loop over messages: `if message["type"] == "message": …`. At the confirmation of the subscription it would be in time."""
    for above in call.up():
        if isinstance(above, Loop) and isinstance(above.over, Call) and last_name(above.over.callee) == "listen":
            tests = [each.test for each in above.inside(If) if each.at < call.at]
            return any(isinstance(each, Literal) and each.value in _MESSAGES for test in tests for each in test.walk()) and not any(isinstance(each, Literal) and each.value == "subscribe" for each in above.inside(Literal))
    return False


def _hands_on(code: Code, call: Call, use: Use) -> bool:
    """Whether a call only hands on what came, from the listener of the messages: `subscribe(channel, (text) => arrivals.emit("verdict", text))`."""
    listener = function_of(call) if last_name(call.callee) == "emit" else None
    given = listener.parent if listener is not None else None
    return isinstance(given, Call) and (given is use.call or bool(given.args) and code.idioms.text(given.args[0]) in _MESSAGES)


def _reads_inside(code: Code, call: Call, use: Use) -> bool:
    """Whether a function of the project that is called, other than the one that subscribes, reads something that is kept elsewhere: `self.latest(id)`, which asks a client for it."""
    target = code.origins.of(call.callee).node
    for inner in target.inside(Call) if isinstance(target, Function) and not any(above is target for above in use.call.up()) else ():
        held = dotted(inner.callee.object) if isinstance(inner.callee, Member) else ""
        if held and last_name(inner.callee) not in _OF_THE_CHANNEL and _READS.match(last_name(inner.callee)):
            if "." in held or isinstance(target, Function) and held not in code.project.scope(target):
                return True
    return False


def _reads_or_starts(call: Call) -> bool:
    name = last_name(call.callee)
    held = dotted(call.callee.object) if isinstance(call.callee, Member) else ""
    # `ws.send_json(message)`: what is sent to whom a handler was given starts nothing.
    to_the_other_end = held in _RESPONSES or any(isinstance(above, Function) and any(param.name == held for param in above.params) and name.startswith("send") for above in call.up())
    return name not in _OF_THE_CHANNEL and not to_the_other_end and bool(_READS.match(name) or _TRIGGERS.match(name))


PROBE = LateSubscriptions()
