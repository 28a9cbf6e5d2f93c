"""What work is started in a request and goes on after its response?

    void notify(order);                            asyncio.create_task(notify(order))
    setTimeout(() => sync(id), 0);                 threading.Thread(target=notify).start()
    bus.emit("paid", order);  // an async listener does the work
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import WorkAfterResponse
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.answering import ALIVE, Asked, function_at, goes_on, kept_alive, works
from callcheck.sources.code.floating import LATER, floating, statement
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of, is_statement
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spawned import name_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Await,
    Call,
    Entry,
    Function,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Return,
    dotted,
    last_name,
)

_ENDS = frozenset({"end", "finish", "close", "complete", "done", "exit", "data", "row"})
_TELLS = frozenset({"resolve", "reject", "callback", "cb", "done", "res", "response", "reply", "controller", "writer", "context"})
"""What a listener uses that tells somebody who waits for it."""
_ITERATES = frozenset({"on", "once", "forEach", "map", "filter", "sort", "reduce", "some", "every", "find", "addListener", "use"})
_LISTENS = frozenset({"on", "addListener", "addEventListener", "subscribe"})
_COLLECTS = frozenset({"push", "add", "unshift"})
_RESPONSES = frozenset({"res", "response", "raw"})
_ANSWERS = frozenset({"json", "send", "end", "sendStatus", "redirect"})


class Background:
    """Finds promises, tasks, threads, timers and listeners' work that nobody awaits in request functions."""

    name = "background"
    looks_at = Sight.SOURCE
    signs = (
        Sign(dropped=("promise",), served=True),
        Sign(words=(*LATER, "fetch", "create_task", "ensure_future", "run_in_executor", "start_soon", "run_coroutine_threadsafe", "submit", "apply_async", "spawn", "start_new_thread", "Thread", "Timer"), served=True),
        Sign(pattern=r"\bPromise\.\w+\(|\.(?:catch|then|finally)\(|\bforEach\(\s*async\b|[;{}]\s*\(async\b", served=True),
        Sign(words=("res", "response", "reply"), pattern=r"\.(?:json|send|end|sendStatus|redirect)\([^;\n]*\);?\s[\s\S]{0,2000}?\bawait\b", served=True),
        Sign(words=tuple(sorted(_ENDS)), pattern=r"\.on(?:ce)?[ \t]*\([^,\n]{1,30},[ \t]*async\b", served=True),
        Sign(words=("callbackWaitsForEmptyEventLoop",)),
        Sign(words=("onFinished", "onResponse"), served=True),
        Sign(words=("finish", "close"), also=("res", "response", "raw"), pattern=r"\.on(?:ce)?[ \t]*\(", served=True),
    )
    answers = frozenset({WorkAfterResponse})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, asked = eyes.code, Asked(eyes)
        for module in code.project.chosen.values():
            for node in module.all(Call):
                name = floating(code, node, module)
                if name and asked.answers(function_of(node), 0) and not kept_alive(node) and not goes_on(node) and not _meanwhile(code, function_of(node)):
                    yield seen(WorkAfterResponse(name, "", module.language), _begun(node), self.name)
            for node in module.calls("on", "once", "addListener", "onFinished", "finished", "addHook"):
                yield from self._finish(code, node, module)
            for node in module.calls("on", "once"):
                yield from self._left(code, asked, node, module)
            for node in module.calls("callback", "cb", "done"):
                yield from self._too_early(code, asked, node, module)
            for node in module.calls(*_ANSWERS):
                yield from self._answered(code, node, module)
        for use in code.idioms.of("after"):
            if asked.answers(use.function, 0):
                fact = WorkAfterResponse(name_of(use.call.args[0]) if use.call.args else "a task", use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name)
        yield from self._emitted(code, asked)

    def _finish(self, code: Code, call: Call, module: Module) -> Iterator[Evidence]:
        """`res.on("finish", …)`, `onFinished(res, …)`, `app.addHook("onResponse", …)`: work that begins when the response is complete."""
        if len(call.args) != 2:
            return
        name, first = last_name(call.callee), call.args[0]
        if name in ("on", "once", "addListener"):
            done = isinstance(call.callee, Member) and code.idioms.text(first) in ("finish", "close") and _is_response(code, call.callee.object)
        else:
            done = code.idioms.text(first) == "onResponse" if name == "addHook" else _is_response(code, first)
        function = function_at(code, call.args[1]) if done else None
        if function is not None and works(code, function):
            yield seen(WorkAfterResponse("the listener of the finished response", "", module.language), call, self.name)

    def _left(self, code: Code, asked: Asked, call: Call, module: Module) -> Iterator[Evidence]:
        """`parser.on("end", async () => store(rows)); return { ok: true }`: the function ends while what it reads is still coming."""
        handler = _outermost_listener(function_of(call))
        if not (isinstance(call.callee, Member) and len(call.args) == 2) or handler is None or not handler.is_async:
            return
        if code.idioms.text(call.args[0]) not in _ENDS or not statement(call) or module.language == "python":
            return
        listener = function_at(code, call.args[1])
        if listener is None or not works(code, listener) or any(name.id in _TELLS for name in listener.inside(Name)):
            return
        origin = code.origins.of(_first(call))
        here = origin.kind == "param" if handler is not function_of(call) else origin.site is not None and function_of(origin.site) is handler
        if here and asked.answers(handler, 0) and not _waited_for(handler, call):
            fact = WorkAfterResponse(f"the listener of {code.idioms.text(call.args[0])}", "", module.language)
            yield seen(fact, call, self.name)

    def _too_early(self, code: Code, asked: Asked, call: Call, module: Module) -> Iterator[Evidence]:
        """`db.query(sql, (err) => …); callback(null, ok)`: Lambda is told not to wait, and the answer is out before the work."""
        handler = function_of(call)
        if handler is None or handler.is_async or len(handler.params) < 3 or last_name(call.callee) != handler.params[2].name or not statement(call):
            return
        if "callbackWaitsForEmptyEventLoop" not in module.text or not asked.answers(handler, 0):
            return
        for work in handler.inside(Call):
            given = work.args[-1] if work.args else None
            heard = last_name(work.callee) in _ITERATES or not isinstance(work.callee, Member)
            if work.at < call.at and statement(work) and function_of(work) is handler and isinstance(given, Function) and not heard:
                if not any(name.id == handler.params[2].name for name in given.inside(Name)):
                    yield seen(WorkAfterResponse(name_of(work.callee), "", module.language), work, self.name)

    def _answered(self, code: Code, call: Call, module: Module) -> Iterator[Evidence]:
        """`res.json(…); await work();`: the answer is out, the function goes on."""
        function = function_of(call)
        if function is None or dotted(call.callee).split(".")[0] not in ("res", "response", "reply") and not _on_response(call):
            return
        if not is_statement(call) or code.lifetimes.role(function) != "request" or not any(call is each for each in function.body):
            return
        later = next((n for n in function.inside(Await) if n.at >= call.end and function_of(n) is function and not isinstance(n.parent, Return)), None)
        if later is not None and isinstance(later.value, Call):
            yield seen(WorkAfterResponse(name_of(later.value), "", module.language), later, self.name)

    def _emitted(self, code: Code, asked: Asked) -> Iterator[Evidence]:
        """`bus.emit(…)` returns at once; what an async listener does afterwards nobody awaits."""
        for use in code.idioms.of("emit"):
            if use.module.language == "python" or last_name(use.call.callee) != "emit" or isinstance(use.call.parent, Await):
                continue
            names = [name for name in code.idioms.events(use) if name]
            identity = code.lifetimes.identity(use.receiver)
            for heard in (each for name in names for each in _hearing(code, identity, name) if "transport" not in each.idiom.traits):
                handler = next((h for h in code.idioms.handlers(heard) if isinstance(h, Function)), None)
                if handler is None or not (handler.is_async or works(code, handler)):
                    continue
                if any(last_name(call.callee) in ALIVE for call in handler.inside(Call)) or (_hands_back(handler) and use.function is not None and next(iter(use.function.inside(Await)), None) is not None):
                    continue
                if asked.answers(use.function, 0):
                    fact = WorkAfterResponse(f"the listener of {names[0]}", use.framework.name, use.module.language)
                    yield seen(fact, use.call, self.name, (seen(fact, heard.call, self.name, label="this listener's work is awaited by nobody"),))
                    break


def _hearing(code: Code, identity: str, name: str) -> Sequence[Use]:
    """What listens for an event of an object, or for one of those that a name with holes (`offer.*`) may be."""
    if not name.strip("*") or "*" not in name:
        return code.meetings.at("register", identity, name)
    fits = re.compile(".+".join(map(re.escape, name.split("*"))))
    return [use for use in code.meetings.on("register", identity) if any(fits.fullmatch(event) for event in code.idioms.events(use) if "*" not in event)]


def _hands_back(listener: Function) -> bool:
    """Whether a plain listener puts its work into what came with the event, where the emitter finds it: `(order, pending) => { pending.push(save(order)); }`."""
    given = {param.name for param in listener.params}
    return not listener.is_async and any(
        isinstance(call.callee, Member) and call.callee.name in _COLLECTS and dotted(call.callee.object).split(".")[0] in given and any(isinstance(arg, Call) for arg in call.args)
        for call in listener.inside(Call)
    )


def _is_response(code: Code, node: Node) -> bool:
    """Whether an expression is a response by its name: `res`, `ctx.res`, `reply.raw`, or a variable that one of these is given to."""
    held = given_once(code.origins, node) if isinstance(node, Name) else None
    return not dotted(node).startswith(("req.", "request.")) and any(dotted(each).rsplit(".", 1)[-1] in _RESPONSES for each in (node, held.value if held is not None else None) if isinstance(each, (Name, Member)))


def _begun(call: Call) -> Call:
    """The first call of a chain over several lines: who starts the work stands there, and its `.catch` far below."""
    begun, node = call, call.callee
    while isinstance(node, (Call, Member)):
        begun = node if isinstance(node, Call) else begun
        node = node.callee if isinstance(node, Call) else node.object
    return begun


def _outermost_listener(function: Function | None) -> Function | None:
    """The function in which a listener is attached, that of the outer one where a listener attaches another."""
    while function is not None and isinstance(function.parent, Call) and last_name(function.parent.callee) in ("on", "once"):
        function = function_of(function.parent)
    return function


def _first(call: Call) -> Node:
    """`x` of `x.on(…).on(…)`."""
    node: Node = call
    while isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in ("on", "once"):
        node = node.callee.object
    return node


def _waited_for(handler: Function, call: Call) -> bool:
    """Whether a handler waits, after it has listened, for what may well be the end of the same: an `await`, or a loop over what comes."""
    loops = (loop for loop in handler.inside(Loop) if loop.is_async and loop.at > call.at)
    gives = (given.value for given in handler.inside(Return) if given.at > call.at and function_of(given) is handler)
    later = (each for each in handler.inside(Await) if each.at > call.at and function_of(each) is handler)
    return any(True for _ in loops) or any(True for _ in later) or any(isinstance(value, (Name, Call)) for value in gives)


def _meanwhile(code: Code, function: Function | None, known: frozenset[int] = frozenset()) -> bool:
    """Whether all that leads to a function are listeners in a function that waits on after it has attached them: `channel.subscribe({ next: feed }); await session(channel)`."""
    if function is None or id(function) in known:
        return False
    known |= {id(function)}
    listening = next((above for above in function.up() if not isinstance(above, (Entry, Object))), None)
    outer = function_of(function)
    if outer is not None and isinstance(listening, Call) and last_name(listening.callee) in _LISTENS:
        return outer.is_async and any(each.at >= listening.end and function_of(each) is outer for each in outer.inside(Await))
    callers = [each for call in code.origins.calls_of(function) if not _in(each := function_of(call), function)]
    return bool(callers) and all(_meanwhile(code, each, known) for each in callers)


def _in(function: Function | None, outer: Function) -> bool:
    return function is not None and (function is outer or any(above is outer for above in function.up()))


def _on_response(call: Call) -> bool:
    """`res.status(202).json(…)`."""
    inner: Node = call
    while isinstance(inner, Call) and isinstance(inner.callee, Member):
        inner = inner.callee.object
    return dotted(inner) in ("res", "response", "reply")


PROBE = Background()
