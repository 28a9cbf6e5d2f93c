"""Where are the errors of a run caught and dropped?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ErrorDropped
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.called_back import begun_by
from callcheck.sources.code.delivers import RUN_CALL, Delivers, leads_on, of_component
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Param,
    Raise,
    Return,
    Subscript,
    Template,
    Try,
    dotted,
    last_name,
)

_QUIET_LEVELS = frozenset({"trace", "debug", "silly", "verbose"})
_REFUSALS = pattern(r"(?:^|\.)(?:\w*API\w*|\w*AI|Anthropic|HTTP\w*|Request|Response|Client|RateLimit|Model\w*|LLM\w*)(?:Error|Exception)$")
"""What a client raises when the other side fails or refuses: caught around a run, it is the run's failure."""
_QUIETLY = (
    r"(?m)\.catch\(|\bcatch\b[^{;\n]*\{\s*(?://[^\n]*\n\s*|/\*[\s\S]{0,2000}?\*/\s*)*(?:[^\n(]*(?:[\n;}]|$)|[^\n]*\b(?:trace|debug|silly|verbose)\()"
    r"|\bexcept\b[^\n]*:[ \t]*(?:#[^\n]*)?\s*(?:#[^\n]*\n\s*)*(?:[^\n(]*$|[^\n]*\b(?:trace|debug|silly|verbose)\()"
)
"""A handler of errors that may tell nobody: its first line calls nothing, or writes a quiet log line."""
_CATCHES = ("except", "catch")
_OFTEN = frozenset({"register", "subscribe"})
"""Handlers that are called for each event: what they drop, nobody hears of."""
_AT_ONCE = pattern(r"(?:completions|responses|messages|runs)\.(?:create|parse|stream)$|\.(?:chat|invoke|kickoff|complete)$")
"""Calls of a model that a synchronous client ends before it goes on."""
_READING = frozenset("parse loads decode json text get has trim split toString atob btoa now warn error info log debug print URL Number int float str validate safeParse close end destroy unlink rmSync".split())
"""Calls that may fail without any work being lost."""

_ACKNOWLEDGING = frozenset("ack ackAll acknowledge completeMessage commitOffsets resolveOffset deleteMessage next done".split())
"""Calls by which a message counts as done: alone in a `catch`, they make its failure a success."""
_QUEUES = frozenset({"delay", "apply_async", "send", "send_with_options", "enqueue", "kiq", "schedule"})
"""Methods of a task by which it is put into a queue."""
_BATCHES = (".Records", "batch.messages")
"""What the functions of a platform are handed many messages in: those of AWS Lambda, and of Cloudflare's queues."""
_HANDLER = pattern(r"(?i)handler$|listener$|callback$|consumer$|subscriber$|^on[A-Z_]\w+$")
"""What a wrapper calls the function that it wraps."""
_ENDING = frozenset(
    "disconnect close quit stop destroy end shutdown teardown dispose unsubscribe cancel abort kill terminate leave cleanup flush connect reconnect".split()
)
"""Functions that tell of their own failure by an event, or whose failure costs nothing any more."""


class Errors:
    """Finds `catch` blocks around runs and model calls that neither raise, return the error nor show it."""

    name = "errors"
    looks_at = Sight.SOURCE
    marks = _CATCHES
    signs = (Sign(words=_CATCHES, pattern=_QUIETLY, beside=RUN_CALL),)
    answers = frozenset({ErrorDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        delivers = Delivers(code.idioms)
        handlers = list(_handlers(code))
        bodies = {id(top): handler for handler in handlers for top in _items(handler)}
        emitting = (use.function for use in code.idioms.of("emit", "publish") if use.function is not None)
        sign = Sign(words=_CATCHES, pattern=_QUIETLY)
        modules = [*code.project.with_users(dict.fromkeys(emitting), code.origins.names_of, sign), *map(module_of, handlers)]
        for module in code.project.in_order(modules):
            for tried in module.all(Try):
                yield from self._caught(code, tried, module, delivers, bodies.get(id(tried)))
            for call in module.calls("catch"):
                yield from self._chained(code, call, module, delivers)

    def _caught(self, code: Code, tried: Try, module: Module, delivers: Delivers, handler: Function | None) -> Iterator[Evidence]:
        for catch in tried.catches:
            if not catch.broad and not (any(_REFUSALS.search(name) for name in catch.types) and _run_in(tried.body)):
                continue
            form = "" if _names_failed(tried.body, catch.body) else _form(catch.body, catch.name)
            around = (_run_in(tried.body) or _delivered(tried.body, delivers) or _work(tried, catch.body, handler) or _dispatched(code, tried.body) or _handed(code, tried.body) or _queued(code, tried)) if form else ""
            if around:
                yield self._state(catch, form, around, module)

    def _chained(self, code: Code, call: Call, module: Module, delivers: Delivers) -> Iterator[Evidence]:
        """A handler that stands there, or has a name."""
        given = next(iter(call.args), None)
        handler = code.origins.of(given).node if isinstance(given, Name) else given
        chain = call.callee.object if isinstance(call.callee, Member) and isinstance(handler, Function) else None
        around = _run_in([chain]) or _delivered([chain], delivers) if chain is not None else ""
        if around and given is not None and isinstance(handler, Function):
            form = _form(handler.body, handler.params[0].name if handler.params else "")
            if form:
                yield self._state(given, form, around, module)

    def _state(self, node: Node, form: str, around: str, module: Module) -> Evidence:
        function = function_of(node)
        fact = ErrorDropped(clean(function.name if function else "", 80), form, around, module.language)
        return seen(fact, node, self.name)


def _handlers(code: Code) -> Iterator[Function]:
    """What is called for each event, message or job, and what that does nothing but call."""
    for use in code.idioms.of(*_OFTEN, "serve"):
        if use.idiom.does != "serve" or use.idiom.role in ("message", "job"):
            for handler in code.idioms.handlers(use):
                if isinstance(handler, Function):
                    yield handler
                    yield from _handed_on(code, handler)
    for module in code.project.naming("Records", "batch"):
        for loop in module.all(Loop):
            function = function_of(loop)
            if function is not None and _is_batch(loop.over):
                yield function
        for call in module.calls("map", "forEach"):
            if isinstance(call.callee, Member) and _is_batch(call.callee.object):
                yield from (each for each in call.args[:1] if isinstance(each, Function))


def _is_batch(node: Node | None) -> bool:
    named = isinstance(node, Subscript) and isinstance(node.key, Literal) and node.key.value == "Records"
    return named or (isinstance(node, Member) and dotted(node).endswith(_BATCHES))


def _handed_on(code: Code, handler: Function) -> Iterator[Function]:
    """The function of the project that a handler only hands its message on to: `(payload) => this.handle(payload)`."""
    node: Node | None = handler.body[0] if len(handler.body) == 1 else None
    while isinstance(node, (Return, Await)):
        node = node.value
    if isinstance(node, Call):
        origin = code.origins.of(node.callee)
        if origin.kind == "function" and isinstance(origin.node, Function):
            yield origin.node


def _items(handler: Function) -> Iterator[Node]:
    """The statements of a handler, and those of the loops right in it: what is done with one message of many."""
    for top in handler.body:
        yield top
        if isinstance(top, Loop):
            yield from top.body


def _delivered(nodes: list[Node], delivers: Delivers) -> str:
    """The name of a call of the project's own inside that is waited for, or calls at once, and leads to an event."""
    for top in nodes:
        first = begun_by(top) if isinstance(top, Call) else top
        for call in top.inside(Call):
            waited = isinstance(call.parent, (Await, Return)) or is_statement(call) or call is first
            if waited and last_name(call.callee) not in _ENDING and not leads_on(dotted(call.callee)):
                origin = delivers.origins.of(call.callee)
                if origin.kind != "function" or not isinstance(origin.node, Function):
                    continue
                if delivers.directly(origin.node):
                    return clean(last_name(call.callee), 60)
                if isinstance(delivers.origins.binding_of(call.callee), Param) and (run := _run_in(origin.node.body)):
                    return run  # what the caller of `safely(async () => agent.run(…))` gives it
                if _run_in(origin.node.body) and any(use.idiom.does in ("emit", "publish") for each in nodes for sent in each.inside(Call) for use in delivers.idioms.at(sent)):
                    return clean(last_name(call.callee), 60)  # what it gives is told on here: `bus.emit("tagged", await ask(text))`
    return ""


def _dispatched(code: Code, nodes: list[Node]) -> str:
    """The name by which a hand-written bus calls one of its listeners inside."""
    return next((clean(last_name(call.callee), 60) or "a listener" for top in nodes for call in top.inside(Call) if code.idioms.dispatches(call)), "")


def _handed(code: Code, nodes: list[Node]) -> str:
    """The name of a function that leads to a callback, or is called one, and is wrapped or handed over to be called inside: `return await fn(*args)`."""
    for call in (call for top in nodes for call in top.inside(Call) if isinstance(call.callee, Name)):
        given = code.origins.binding_of(call.callee)
        if isinstance(given, Param) and given.parent is not function_of(call) and _HANDLER.search(given.name):
            return clean(given.name, 60)
        for origin in code.origins.may_be(call.callee):
            if isinstance(origin.node, Function) and _run_in(origin.node.body):
                return clean(origin.node.name, 60)
    return ""


def _queued(code: Code, tried: Try) -> str:
    """The name of what puts work into a queue behind other steps of the same `try`, which may fail before it comes to that; work that is queued by itself may be meant to be let go."""
    before = False
    for top in tried.body:
        for call in top.inside(Call):
            if _hands_off(code, call):
                return clean(dotted(call.callee), 60) if before else ""
        before = before or any(last_name(call.callee) not in _READING for call in top.inside(Call))
    return ""


def _hands_off(code: Code, call: Call) -> bool:
    if any(use.idiom.does == "hand-off" for use in code.idioms.at(call)):
        return True
    task = code.origins.of(call.callee.object).node if isinstance(call.callee, Member) and call.callee.name in _QUEUES else None
    return isinstance(task, Function) and bool(code.idioms.handled_by(task))


def _work(tried: Try, caught: list[Node], handler: Function | None) -> str:
    """What a handler does and waits for, where all stands in one `try`, no other value is put in its place, and nothing is done after it."""
    if handler is None or any(True for top in caught for _ in top.inside(Assign)):
        return ""
    end = max((each.end for each in tried.children()), default=tried.end)
    outer = next((above for above in tried.up() if isinstance(above, (Function, Loop))), handler)
    if any(each.at >= max(end, tried.end) and _does(each) for each in outer.inside(Await)):
        return ""
    for top in tried.body:
        for node in top.inside(Await):
            if name := _does(node):
                return clean(name, 60)
    return ""


def _does(waited: Await) -> str:
    """The name of the call that is waited for, if work is lost when it fails."""
    name = last_name(waited.value.callee) if isinstance(waited.value, Call) else ""
    return name if name not in _READING else ""


def _run_in(nodes: list[Node]) -> str:
    """The name of the awaited (or agent's) call inside that leads to a callback, "" if there is none."""
    for top in nodes:
        for node in top.walk():
            call = node.value if isinstance(node, Await) else node.over if isinstance(node, Loop) and node.is_async else node
            if isinstance(call, Call) and isinstance(call.callee, (Member, Name)):
                whole = dotted(call.callee)
                at_once = _AT_ONCE.search(whole) and module_of(call).language == "python"
                if leads_on(whole) and not of_component(call) and (call is not node or isinstance(call.parent, (Return, Member)) or at_once):
                    return clean(whole.rsplit(".", 1)[-1], 60)
    return ""


def _form(body: list[Node], error: str) -> str:
    """"silent" when nothing happens with the error, "debug" when only a quiet log line is written, "" when somebody can see it."""
    quiet = False
    for top in body:
        for node in top.walk():
            if isinstance(node, Raise):
                return ""
            if isinstance(node, Call):
                level = dotted(node.callee).rsplit(".", 1)[-1]
                if level in _ACKNOWLEDGING and not any(name.id == error for arg in node.args for name in arg.inside(Name)):
                    continue
                if level not in _QUIET_LEVELS:
                    return ""
                quiet = True
            elif isinstance(node, Name) and error and node.id == error and not _logged_quietly(node, top):
                return ""
    return "debug" if quiet else "silent"


def _names_failed(body: list[Node], caught: list[Node]) -> bool:
    """Whether what is given back says which ones failed: `return null` where it went well, `return label` where it did not."""
    well, failed = ([each.value for top in tops for each in top.inside(Return)] for tops in (body, caught))
    named = [each for each in failed if isinstance(each, (Name, Member, Object, Template))]
    return bool(well and named) and len(named) == len(failed) and all(each is None or isinstance(each, Literal) and each.value in (None, True, "") for each in well)


def _logged_quietly(node: Node, top: Node) -> bool:
    """Whether a name is an argument inside a statement of the `catch` block; its calls are looked at by themselves."""
    while node is not top and node.parent is not None:
        node = node.parent
        if isinstance(node, Call):
            return True
    return False


PROBE = Errors()
