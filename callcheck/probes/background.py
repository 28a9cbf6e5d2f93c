"""What work is started in a request and goes on after its response?

    void notify(order);                            asyncio.create_task(notify(order))
    setTimeout(() => sync(id), 0);                 threading.Thread(target=notify).start()
    bus.emit("paid", order);  // an async listener does the work
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import WorkAfterResponse
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.choice import HANDLERS_NAMED
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.lifetimes import name_of
from callcheck.sources.code.scopes import function_of, is_statement, module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Entry,
    Function,
    Member,
    Module,
    Name,
    Node,
    Operation,
    Return,
    dotted,
    last_name,
)

_HANDLER_NAMES = frozenset({"handler", "lambda_handler", "fetch", "scheduled", "queue", "default"})
_CONFIGURED = pattern(r"^\s*[\"']?[Hh]andler[\"']?\s*:\s*[\"']?[\w./-]+\.(\w+)", re.MULTILINE)
_ASKED = frozenset({"req", "request", "_req", "event", "ctx", "context"})
_CHAINS = frozenset({"catch", "then", "finally"})
_SPAWNS = pattern(r"(?:^|\.)(?:create_task|ensure_future|run_in_executor|start_soon|run_coroutine_threadsafe)$")
_LATER = frozenset({"setTimeout", "setImmediate", "queueMicrotask", "nextTick", "defer"})
_ALIVE = frozenset({"waitUntil", "after", "unstable_after", "runInBackground"})
"""What a platform offers to keep the process alive for a promise."""
_ANSWERS = frozenset({"json", "send", "end", "sendStatus", "redirect"})
_MATCHES_REQUESTS = 3
"""Calls that are followed up to a function that answers."""


class Background:
    """Finds promises, tasks, threads, timers and listeners' work that nobody awaits in request functions."""

    name = "background"
    looks_at = Sight.SOURCE
    signs = (
        Sign(dropped=("promise",), served=True),
        Sign(words=(*_LATER, "fetch", "create_task", "ensure_future", "run_in_executor", "start_soon", "run_coroutine_threadsafe", "submit", "Thread", "Timer"), served=True),
        Sign(pattern=r"\bPromise\.\w+\(|\.(?:catch|then|finally)\(|\bforEach\(\s*async\b|[;{}]\s*\(async\b", served=True),
        Sign(words=("res", "response", "reply"), pattern=r"\.(?:json|send|end|sendStatus|redirect)\([^;\n]*\);?\s[\s\S]{0,2000}?\bawait\b", served=True),
        Sign(words=("finish", "close"), also=("res", "response", "raw"), pattern=r"\.on(?:ce)?[ \t]*\(", served=True),
    )
    answers = frozenset({WorkAfterResponse})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, asked = eyes.code, _Asked(eyes)
        for module in code.project.chosen.values():
            for node in module.all(Call):
                name = _floating(code, node, module)
                if name and asked.answers(function_of(node), 0) and not _kept_alive(node):
                    yield seen(WorkAfterResponse(name, "", module.language), node, self.name)
            for node in module.calls("on", "once"):
                yield from self._finish(code, node, module)
            for node in module.calls(*_ANSWERS):
                yield from self._answered(code, node, module)
        for use in code.idioms.of("after"):
            if code.lifetimes.role(use.function) == "request":
                fact = WorkAfterResponse(_name_of(use.call.args[0]) if use.call.args else "a task", use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name)
        yield from self._emitted(code, asked)

    def _finish(self, code: Code, call: Call, module: Module) -> Iterator[Evidence]:
        """`res.on("finish", async () => …)`: work that begins when the response is complete."""
        if not (isinstance(call.callee, Member) and len(call.args) == 2):
            return
        if code.idioms.text(call.args[0]) not in ("finish", "close") or dotted(call.callee.object).rsplit(".", 1)[-1] not in ("res", "response", "raw"):
            return
        function = _function(code, call.args[1])
        if function is not None and _works(code, function):
            yield seen(WorkAfterResponse("the listener of the finished response", "", module.language), call, self.name)

    def _answered(self, code: Code, call: Call, module: Module) -> Iterator[Evidence]:
        """`res.json(…); await work();`: the answer is out, the function goes on."""
        function = function_of(call)
        if function is None or dotted(call.callee).split(".")[0] not in ("res", "response", "reply") and not _on_response(call):
            return
        if not is_statement(call) or code.lifetimes.role(function) != "request" or not any(call is each for each in function.body):
            return
        later = next((n for n in function.inside(Await) if n.at > call.at and function_of(n) is function and not isinstance(n.parent, Return)), None)
        if later is not None and isinstance(later.value, Call):
            yield seen(WorkAfterResponse(_name_of(later.value), "", module.language), later, self.name)

    def _emitted(self, code: Code, asked: _Asked) -> Iterator[Evidence]:
        """`bus.emit(…)` returns at once; what an async listener does afterwards nobody awaits."""
        listeners: dict[str, list[Use]] = {}
        for use in code.idioms.of("register"):
            identity = code.lifetimes.identity(use.receiver)
            if identity and "transport" not in use.idiom.traits:
                listeners.setdefault(identity, []).append(use)
        for use in code.idioms.of("emit"):
            if use.module.language == "python" or last_name(use.call.callee) != "emit" or isinstance(use.call.parent, Await):
                continue
            names = [name for name in code.idioms.events(use) if name]
            for heard in listeners.get(code.lifetimes.identity(use.receiver), ()):
                handler = next((h for h in code.idioms.handlers(heard) if isinstance(h, Function)), None)
                if handler is None or not set(names) & set(code.idioms.events(heard)) or not (handler.is_async or _works(code, handler)):
                    continue
                if any(last_name(call.callee) in _ALIVE for call in handler.inside(Call)):
                    continue
                if asked.answers(use.function, 0):
                    fact = WorkAfterResponse(f"the listener of {names[0]}", use.framework.name, use.module.language)
                    yield seen(fact, use.call, self.name, (seen(fact, heard.call, self.name, label="this listener's work is awaited by nobody"),))
                    break


class _Asked:
    """Knows which functions answer a request or an invocation."""

    def __init__(self, eyes: Eyes) -> None:
        self.code = eyes.code
        self._eyes = eyes

    @functools.cached_property
    def configured(self) -> frozenset[str]:
        """Names of functions that a platform's file names as handlers."""
        found: set[str] = set()
        for file in self._eyes.tree.named(*HANDLERS_NAMED):
            try:
                found |= set(_CONFIGURED.findall(self._eyes.text(file)))
            except SourceError:
                continue
        return frozenset(found)

    def answers(self, function: Function | None, depth: int) -> bool:
        """Whether a function's end, or that of one which calls it, is the end of a request."""
        if function is None or depth > _MATCHES_REQUESTS:
            return False
        if _waits_by_itself(function):
            return False
        if self.code.lifetimes.role(function) == "request":
            return True
        name = _known_as(function)
        if name in self.configured or (function.params and name in _HANDLER_NAMES and _last_returns(function)):
            return True
        outer = function_of(function)
        if outer is None and self._exported(function):
            return True
        if outer is not None and isinstance(function.parent, Call):
            return self.answers(outer, depth + 1)
        return any(self.answers(function_of(call), depth + 1) for call in self.code.origins.calls_of(function))


    def _exported(self, function: Function) -> bool:
        """`export default async (req) => new Response(…)`: what a platform calls."""
        module = module_of(function)
        if module.language == "python" or not function.params or function.params[0].name not in _ASKED or not _last_returns(function):
            return False
        whole = self.code.project.exports(module).get("default")
        return whole is function or (isinstance(whole, str) and whole == function.name)


def _waits_by_itself(function: Function) -> bool:
    """Whether Lambda waits for an empty event loop: a handler with a callback, not async, that does not turn it off."""
    if function.is_async or len(function.params) != 3 or function.params[2].name not in ("callback", "cb", "done"):
        return False
    return name_of(function) in _HANDLER_NAMES and "callbackWaitsForEmptyEventLoop" not in module_of(function).text


def _floating(code: Code, call: Call, module: Module) -> str:
    """What goes on after a call that stands as a statement of its own; "" if nothing does, as far as is known."""
    if function_of(call) is None or not _statement(call):
        return ""
    chain, chained = call, False
    while isinstance(chain.callee, Member) and chain.callee.name in _CHAINS and isinstance(chain.callee.object, Call):
        chain, chained = chain.callee.object, True
    if module.language == "python":
        return _spawned(code, call)
    if isinstance(chain.callee, Function):
        return "an async function" if chain.callee.is_async else ""
    name = last_name(chain.callee)
    if name in _LATER or (name == "forEach" and isinstance(chain.callee, Member)):
        given = _function(code, chain.args[0]) if chain.args else None
        works = given is not None and (given.is_async if name == "forEach" else _works(code, given))
        return f"what {name} is given" if works else ""
    if dotted(chain.callee) in ("Promise.all", "Promise.allSettled", "Promise.any", "fetch") or (chained and name != "import"):
        return clean(dotted(chain.callee).rsplit(".", 1)[-1], 60) or "a promise"
    target = _function(code, chain.callee)
    return _name_of(chain.callee) if target is not None and _promises(target) else ""


def _spawned(code: Code, call: Call) -> str:
    """A task, thread or pool's job that a Python statement starts."""
    name = dotted(call.callee) or last_name(call.callee)
    if _SPAWNS.search(name):
        index = 1 if name.endswith("run_in_executor") else 0
        return _name_of(call.args[index]) if len(call.args) > index else "a task"
    if not isinstance(call.callee, Member) or call.callee.name not in ("start", "submit"):
        return ""
    made = code.origins.of(call.callee.object)
    if call.callee.name == "start" and made.qualified in ("threading.Thread", "multiprocessing.Process", "threading.Timer"):
        target = made.node.keyword("target") if isinstance(made.node, Call) else None
        return _name_of(target) if target is not None else "a thread"
    if call.callee.name == "submit" and made.qualified.endswith(("ThreadPoolExecutor", "ProcessPoolExecutor")):
        return _name_of(call.args[0]) if call.args else "a pool's job"
    return ""


def _function(code: Code, node: Node) -> Function | None:
    if isinstance(node, Function):
        return node
    origin = code.origins.of(node)
    return origin.node if origin.kind == "function" and isinstance(origin.node, Function) else None


def _known_as(function: Function) -> str:
    """The name of a function: its own, or that of the constant or key that holds it."""
    above = function.parent
    if function.name or above is None:
        return function.name
    if isinstance(above, Assign) and isinstance(above.targets[0], (Name, Member)):
        return last_name(above.targets[0])
    return above.key or "" if isinstance(above, Entry) else ""


def _promises(function: Function) -> bool:
    """Whether a function gives a promise."""
    return not function.is_generator and (function.is_async or function.returns.startswith("Promise"))


def _name_of(node: Node) -> str:
    if isinstance(node, Call):
        node = node.callee
    return clean(dotted(node).rsplit(".", 1)[-1], 60) or "a function"


def _statement(call: Call) -> bool:
    void = isinstance(call.parent, Operation) and call.parent.operator == "void"
    return is_statement(call.parent if void and call.parent else call)


def _kept_alive(node: Node) -> bool:
    """Whether the platform is told to wait for it."""
    return any(isinstance(above, Call) and last_name(above.callee) in _ALIVE for above in node.up())


def _on_response(call: Call) -> bool:
    """`res.status(202).json(…)`."""
    inner: Node = call
    while isinstance(inner, Call) and isinstance(inner.callee, Member):
        inner = inner.callee.object
    return dotted(inner) in ("res", "response", "reply")


def _works(code: Code, function: Function) -> bool:
    """Whether a function does anything that takes time: awaits, or calls an async function."""
    for node in within(function):
        if isinstance(node, Await):
            return True
        if isinstance(node, Call):
            target = _function(code, node.callee)
            if dotted(node.callee) == "fetch" or (target is not None and target.is_async):
                return True
    return False


def _last_returns(function: Function) -> bool:
    return any(isinstance(n, Return) and n.value is not None for n in within(function))


PROBE = Background()
