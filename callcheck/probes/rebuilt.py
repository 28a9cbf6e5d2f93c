"""Is a listener attached again when its object, or the connection that this was given, is made anew after a lost connection?

    const contract = new Contract(address, abi, getProvider());        // getProvider() gives what connect() has put there last
    contract.on("Moved", save);                                        // the next provider has no such listener
    function connect() { provider = new WebSocketProvider(url); provider.websocket.on("close", () => setTimeout(connect, 3000)); }
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ListenerNotRestored
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.collected import PUTS
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Loop,
    Member,
    Name,
    Node,
    Param,
    dotted,
    last_name,
    unbound,
)

_LOSSES = frozenset({"close", "error", "disconnect", "end", "exit", "onclose", "onerror", "disconnected", "connection_lost", "connectionClosed", "connection.update"})


class Rebuilt:
    """Looks at listeners that end with their object (`volatile`), whose object a handler of a lost connection makes again."""

    name = "rebuilt"
    looks_at = Sight.SOURCE
    about = ("volatile",)
    signs = (Sign(words=("onclose", "onerror")),)
    answers = frozenset({ListenerNotRestored})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        volatile = [u for u in code.idioms.of("register", "subscribe", "note") if "volatile" in u.idiom.traits]
        if not volatile:
            return
        losses = _loss_handlers(code)
        handlers = [handler for handler, _ in losses]
        for use in volatile:
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            if event in _LOSSES or any(_same_kind(code, use, other) and other.function is not None and self._again(code, other.function, handlers) for other in volatile):
                continue
            made, maker = _made_again(code, use, handlers)
            anew = made if maker is not None else _another(code, use, losses)
            attaching = use.function
            if anew is None or (attaching is not None and (self._again(code, attaching, [*([maker] if maker is not None else []), *handlers]) or _is_told(code, attaching))):
                continue
            if any(_same_kind(code, use, other) and _within(other.call, anew) for other in volatile) or (attaching is not None and _called_from_table(attaching, anew)):
                continue
            fact = ListenerNotRestored(event, use.framework.name, use.module.language)
            again = seen(fact, anew, self.name, label="made anew here after a lost connection")
            yield seen(fact, use.call, self.name, (again,))

    def _again(self, code: Code, attaching: Function, starts: list[Function]) -> bool:
        """Whether a function that attaches listeners runs for each new object, and not for the first alone."""
        return not _dropped(code, attaching, starts) and any(code.flow.reaches(each, attaching, again=True) for each in starts)


def _is_told(code: Code, attaching: Function) -> bool:
    """Whether a function is a handler, or is called in one alone: `bus.on("connected", () => watch())`."""
    calls = code.origins.calls_of(attaching)
    around = [function_of(call) for call in calls]
    return bool(code.idioms.handled_by(attaching)) or (bool(calls) and all(each is not None and code.idioms.handled_by(each) for each in around))


def _made_again(code: Code, use: Use, losses: list[Function]) -> tuple[Node | None, Function | None]:
    """What is made again after a loss, by which function: the object itself, or what it was given as it was made."""
    for made in _holders(code, use):
        maker = _maker(made)
        if maker is not None and any(code.flow.reaches(each, maker) for each in losses):
            return made, maker
    return None, None


def _holders(code: Code, use: Use) -> Iterator[Node]:
    """The object that is listened to, the one that it is a part of (`sock.ev`), and those that it was given when it was made: `new Contract(address, abi, provider)`."""
    made = use.receiver.node
    yield from (node for node in (made, use.receiver.whole.node) if node is not None)
    for given in made.args if isinstance(made, Call) else ():
        for origin in (code.origins.of(given), *code.origins.may_be(given)):
            if origin.kind == "made" and origin.qualified and isinstance(origin.node, Call):
                yield origin.node


def _maker(made: Node | None) -> Function | None:
    """The function that makes an object, or that is handed it as it is made: `connection.createChannel((err, channel) => …)`."""
    if isinstance(made, Param):
        return made.parent if isinstance(made.parent, Function) and isinstance(made.parent.parent, Call) else None
    return function_of(made) if isinstance(made, Call) else None


def _same_kind(code: Code, use: Use, other: Use) -> bool:
    """Whether another registration may stand in for one: the same idiom and event, in code that is run again."""
    if other is use or other.idiom is not use.idiom:
        return False
    one, two = set(code.idioms.events(use)), set(code.idioms.events(other))
    return not one.isdisjoint(two) or any(not name or "*" in name for name in one | two)


def _dropped(code: Code, attaching: Function, losses: list[Function]) -> bool:
    """Whether it is a callback that the first call is given, and the one after a loss is not: `open(attach)`, later `setTimeout(open, 1000)`."""
    call = attaching.parent
    opener = code.origins.of(call.callee).node if isinstance(call, Call) and attaching in call.args else None
    if not isinstance(call, Call) or not isinstance(opener, Function):
        return False
    place = call.args.index(attaching)
    again = [each for each in code.origins.calls_of(opener) if _inside(each, losses)]
    passed = [each for each in code.origins.callers.passing(opener) if _inside(each, losses) and any(code.origins.of(arg).node is opener for arg in each.args)]
    # `setTimeout(open, 1000, attach)`
    return bool(again or passed) and not any(len(each.args) > place for each in again) and not any(len(each.args) > place + 2 for each in passed)


def _inside(call: Call, functions: list[Function]) -> bool:
    return any(each.top is call.top and each.at <= call.at < each.end for each in functions)


def _another(code: Code, use: Use, losses: list[tuple[Function, Node | None]]) -> Call | None:
    """The call that makes another such object when this one is lost: `worker.on("exit", () => { worker = new Worker(file); })`."""
    made = use.receiver.node
    if not isinstance(made, Call) or use.receiver.base is not None or not use.receiver.qualified:
        return None
    identity = code.lifetimes.identity(use.receiver)
    for handler, of in losses:
        if not identity or of is None or code.lifetimes.identity(code.origins.of(of)) != identity:
            continue
        for function in (handler, *code.flow.called(handler)):
            again = (call for call in function.inside(Call) if call is not made and last_name(call.callee) == last_name(made.callee) and function_of(made) is not function)
            found = next((call for call in again if code.origins.of(call).qualified == use.receiver.qualified and _kept(call, use.call)), None)
            if found is not None:
                return found
    return None


def _kept(made: Call, heard: Call) -> bool:
    """Whether a new object takes the place of the one that is listened to: it is given to the same name."""
    value: Node = made.parent if isinstance(made.parent, Await) else made
    target = value.parent.targets[0] if isinstance(value.parent, Assign) else None
    return target is not None and isinstance(heard.callee, Member) and dotted(target) == dotted(heard.callee.object)


def _called_from_table(attaching: Function, anew: Node) -> bool:
    """Whether the function that attaches is put into a list, which is gone over where the object is made anew: `again.push(attach)`, `for (const each of again) each()`."""
    held, maker = attaching.parent, function_of(anew)
    name = held.targets[0].id if isinstance(held, Assign) and isinstance(held.targets[0], Name) else ""
    around = function_of(attaching)
    if around is None or maker is None:
        return False
    put = (call for call in around.inside(Call) if last_name(call.callee) in PUTS and any(each is attaching or (isinstance(each, Name) and each.id == name) for each in call.args))
    tables = {dotted(call.callee.object) for call in put if isinstance(call.callee, Member)}
    gone_over = {dotted(each.over if not isinstance(each.over, Call) else each.over.callee) for each in maker.inside(Loop) if each.over is not None}
    gone_over |= {dotted(call.callee) for call in maker.inside(Call) if last_name(call.callee) in ("map", "forEach")}
    return any(table and (over == table or over.startswith(f"{table}.")) for table in tables for over in gone_over)


def _within(call: Call, made: Node) -> bool:
    """Whether a call stands in the function in which an object is made anew."""
    function = function_of(made)
    return function is not None and call.top is function.top and function.at <= call.at < function.end


def _loss_handlers(code: Code) -> list[tuple[Function, Node | None]]:
    """The functions that run when a connection is lost, each with the object that tells of it."""
    found: list[tuple[Function | None, Node | None]] = []
    for call in code.project.calls("on", "once", "addEventListener", "addListener"):
        if len(call.args) >= 2 and code.idioms.text(call.args[0]) in _LOSSES:
            found.append((_function(code, call.args[1]), call.callee.object if isinstance(call.callee, Member) else None))
    for assign in (each for module in code.project.chosen.values() for each in module.all(Assign)):
        target = next((t for t in assign.targets if isinstance(t, Member) and t.name in _LOSSES), None)
        if target is not None and assign.value is not None:
            found.append((_function(code, assign.value), target.object))
    return [(function, of) for function, of in found if function is not None]


def _function(code: Code, node: Node) -> Function | None:
    if isinstance(node, Function):
        return node
    node = unbound(node)
    origin = code.origins.of(node) if isinstance(node, (Name, Member)) else None
    return origin.node if origin is not None and isinstance(origin.node, Function) else None


PROBE = Rebuilt()
