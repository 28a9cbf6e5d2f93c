"""Which handlers of a broadcast do work that must be done once, though every process is handed the message?

    createMicroservice(MailModule, { transport: Transport.REDIS })      // plain publish and subscribe
    @EventPattern("booking.confirmed") onConfirmed(event) { return this.mail.send(event.guest) }

    client.on("notification", (n) => { pubsub.publish("CHANGED", n) })  // each process hears Postgres, and each tells all of them by Redis
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import BroadcastWork
from callcheck.model.facts.meeting import SubscriptionVolatile
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.claims import claims
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.lasting import lasting
from callcheck.sources.code.seen import seen
from callcheck.sources.code.socket_servers import carried, server_of
from callcheck.sources.code.subscribed import takers_of
from callcheck.sources.code.surroundings import branched
from callcheck.sources.code.tree import (
    Call,
    Entry,
    Function,
    Keyword,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Param,
    last_name,
)

_CLAIMS = pattern(r"lock|setnx|claim|dedup|idempot|acquire|leader|already|(?:^|_)seen|^nx$|onconflict|get_or_create|upsert", re.IGNORECASE)
"""Names by which one process makes the work its own."""
_TOLD = pattern(r"\b(?:os\.environ|process\.env)\b")
_VOLATILE = frozenset({"pubsub", "pubsub-shared"})
DEEPEST = 4


class Broadcasts:
    """Handlers of what every process is told, such as publish-and-subscribe channels, that reach outwards, or tell all processes again, and claim nothing."""

    name = "broadcasts"
    looks_at = Sight.SOURCE
    about = ("subscribe", "heard-by-all")
    answers = frozenset({BroadcastWork, SubscriptionVolatile})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        published = {use.framework.name for use in code.idioms.of("publish") if "pubsub" in use.idiom.traits}
        for use in code.idioms.of("subscribe"):
            if _VOLATILE & set(use.idiom.traits) and use.framework.name in published:
                event = clean(next(iter(code.idioms.events(use)), ""), 80)
                stored = next((node for taker in takers_of(code, use) if (node := lasting(code, taker)) is not None), None)
                volatile = SubscriptionVolatile(event, use.framework.name, use.module.language, stored is not None)
                yield seen(volatile, use.call, self.name, (seen(volatile, stored, self.name, label="what comes is kept here"),) if stored is not None else ())
        outward = {id(use.call): use for use in code.idioms.of("outward")}
        yield from self._told_again(code, outward)
        if not outward:
            return
        transports = [use for use in code.idioms.of("broadcast") if not _shares(code, use.call)]
        for use in code.idioms.of("subscribe"):
            over = use if "pubsub" in use.idiom.traits else next(iter(transports), None) if "pattern" in use.idiom.traits else None
            if over is None or _taking_turns(code, use):
                continue
            for handler in takers_of(code, use):
                effect = _effect(code, handler, outward)
                if effect is not None:
                    event = next(iter(code.idioms.events(use)), "")
                    fact = BroadcastWork(clean(event, 80), clean(last_name(effect.callee), 60), over.framework.name, use.module.language)
                    because = [seen(fact, effect, self.name, label="each process does this")]
                    if over is not use:
                        because.insert(0, seen(fact, over.call, self.name, label="this transport hands every message to every process"))
                    yield seen(fact, use.call, self.name, tuple(because))
                    break

    def _told_again(self, code: Code, outward: dict[int, Use]) -> Iterator[Evidence]:
        """What each process hears, and hands on to where it reaches all of them: they are then told once by each."""
        again = {id(use.call): use for use in _reaching_all(code)}
        for use in code.idioms.of("subscribe", "heard-by-all"):
            lone = use.idiom.does == "heard-by-all"
            if not (lone or "pubsub" in use.idiom.traits) or is_test(use.module.path) or _chosen(code, use) or _taking_turns(code, use):
                continue
            elsewhere = {at: each for at, each in again.items() if each.framework is not use.framework}
            for handler in takers_of(code, use):
                effect = _effect(code, handler, {**elsewhere, **(outward if lone else {})})
                if effect is not None and not _held_here(handler, effect):
                    event = clean(next(iter(code.idioms.events(use)), ""), 80)
                    fact = BroadcastWork(event, clean(last_name(effect.callee), 60), use.framework.name, use.module.language)
                    yield seen(fact, effect, self.name, (seen(fact, use.call, self.name, label="each process is told of it here"),))
                    break


def _reaching_all(code: Code) -> Iterator[Use]:
    """The calls by which something reaches what is connected to any process."""
    yield from code.idioms.of("tell-all")
    yield from (use for use in code.idioms.of("publish") if "pubsub" in use.idiom.traits)
    servers = {server_of(code, use) for use in code.idioms.of("realtime") if carried(code, use)} - {""}
    for use in code.idioms.of("emit") if servers else ():
        origin, node = use.receiver.root, use.call.callee
        own = False  # `io.local` stays in the process
        while isinstance(node, (Member, Call)):
            own = own or (isinstance(node, Member) and node.name == "local")
            node = node.object if isinstance(node, Member) else node.callee
        if not own and code.lifetimes.identity(origin) in servers:
            yield use


def _chosen(code: Code, use: Use) -> bool:
    """Whether only some processes subscribe: it is done in a branch, or the function that does it is called in one."""
    calls = code.origins.calls_of(use.function) if use.function is not None else []
    return branched(use.call) or any(branched(call) for call in calls)


def _held_here(handler: Function | Loop, effect: Call) -> bool:
    """Whether only the process goes on that finds something in its own memory: `if (!sockets.has(id)) return`."""
    return branched(effect) and any(last_name(call.callee) in ("has", "get") for call in handler.inside(Call))


def _taking_turns(code: Code, use: Use) -> bool:
    """Whether those who subscribe share the messages: `$share/group/topic` of MQTT 5; or may each be told a name of its own by the environment."""
    return any(event.startswith("$share/") or _TOLD.search(event) for event in code.idioms.events(use))


def _effect(code: Code, handler: Function | Loop, outward: dict[int, Use]) -> Call | None:
    """The call that reaches outwards; None if there is none, or if something on the way claims the work for one process."""
    seen_already: set[int] = set()
    level: list[Function | Loop] = [handler]
    found: Call | None = None
    for _ in range(DEEPEST):
        following: list[Function | Loop] = []
        for function in level:
            if id(function) in seen_already:
                continue
            seen_already.add(id(function))
            if _claims(function) or claims(code, function):
                return None
            found = found or next((call for call in function.inside(Call) if id(call) in outward), None)
            following += code.flow.called(function)
        level = following
    return found


def _claims(function: Function | Loop) -> bool:
    words = [last_name(call.callee) for call in function.inside(Call)]
    words += [keyword.name for keyword in function.inside(Keyword)] + [entry.key or "" for entry in function.inside(Entry)]
    words += [str(node.value) for node in function.inside(Literal) if node.value in ("NX", "nx") or "on conflict" in str(node.value).lower()]
    return any(_CLAIMS.search(word) or "on conflict" in word.lower() or word == "NX" for word in words)


def _shares(code: Code, call: Call) -> bool:
    """Whether a transport's options, wherever they are put together, name a queue group, whose members share the messages."""
    level: list[tuple[Node, Call | None]] = [(arg, None) for arg in call.args]
    for _ in range(DEEPEST):
        following: list[tuple[Node, Call | None]] = []
        for node, by in level:
            if any(_is_given(code, entry.value, by) for entry in node.inside(Entry) if entry.key == "queue"):
                return True
            for part in node.inside(Entry):
                following += [(part.value, by)] if isinstance(part.value, (Name, Member, Call)) else []
            origin = code.origins.of(node) if isinstance(node, (Name, Member, Call)) else None
            if origin is not None and origin.kind == "value" and origin.node is not None and origin.node is not node:
                following.append((origin.node, node if isinstance(node, Call) else by))
        level = following
    return False


def _is_given(code: Code, value: Node, by: Call | None) -> bool:
    """Whether an option has a value in one call of the function that makes the options: `busOptions("reminders")`, not `busOptions()`."""
    if isinstance(value, Literal):
        return bool(value.value)
    param = code.origins.of(value).node
    function = param.parent if isinstance(param, Param) else None
    if by is None or not isinstance(value, Name) or not isinstance(param, Param) or not isinstance(function, Function) or param.default is not None:
        return True
    if param.name != value.id:
        return by.keyword(param.binds.get(value.id, value.id)) is not None
    return len(by.args) > function.params.index(param)


PROBE = Broadcasts()
