"""What work is started in a request and goes on after its response?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import WorkAfterResponse
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, is_statement, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Member,
    Module,
    Node,
    Operation,
    Return,
    dotted,
)

_HANDLER_NAMES = frozenset({"handler", "lambda_handler", "fetch", "scheduled", "queue", "default"})


class Background:
    """Finds promises and tasks nobody awaits in request functions."""

    name = "background"
    looks_at = Sight.SOURCE
    answers = frozenset({WorkAfterResponse})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in code.project.modules.values():
            for node in module.all(Call):
                yield from self._floating(code, node, module)
            for node in module.calls("on", "once"):
                yield from self._finish(code, node, module)
        for use in code.idioms.of("after"):
            if code.lifetimes.role(use.function) == "request":
                fact = WorkAfterResponse(_name_of(use.call.args[0]) if use.call.args else "a task", use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name)

    def _floating(self, code: Code, call: Call, module: Module) -> Iterator[Evidence]:
        """`work()` of an async function, as a statement, in a function that answers a request."""
        function = function_of(call)
        if function is None or not _statement(call):
            return
        chain = call
        while isinstance(chain.callee, Member) and chain.callee.name in ("catch", "then", "finally") and isinstance(chain.callee.object, Call):
            chain = chain.callee.object
        origin = code.origins.of(chain.callee)
        target = origin.node if origin.kind == "function" else None
        spawned = origin.qualified in ("asyncio.create_task", "asyncio.ensure_future")
        if not spawned and not (isinstance(target, Function) and target.is_async and module.language != "python"):
            return
        if not self._answers(code, function, module):
            return
        name = _name_of(chain.args[0]) if spawned and chain.args else _name_of(chain.callee)
        yield seen(WorkAfterResponse(name, "", module.language), call, self.name)

    def _finish(self, code: Code, call: Call, module: Module) -> Iterator[Evidence]:
        """`res.on("finish", async () => …)`: work that begins when the response is complete."""
        if not (isinstance(call.callee, Member) and len(call.args) == 2):
            return
        if code.idioms.text(call.args[0]) not in ("finish", "close") or dotted(call.callee.object).rsplit(".", 1)[-1] not in ("res", "response", "raw"):
            return
        handler = call.args[1]
        origin = code.origins.of(handler)
        function = handler if isinstance(handler, Function) else origin.node
        if isinstance(function, Function) and _works(code, function):
            yield seen(WorkAfterResponse("the listener of the finished response", "", module.language), call, self.name)

    def _answers(self, code: Code, function: Function, module: Module) -> bool:
        if code.lifetimes.role(function) == "request":
            return True
        return function.name in _HANDLER_NAMES and bool(function.params) and _last_returns(function)


def _name_of(node: Node) -> str:
    if isinstance(node, Call):
        node = node.callee
    return clean(dotted(node).rsplit(".", 1)[-1], 60) or "a function"


def _statement(call: Call) -> bool:
    void = isinstance(call.parent, Operation) and call.parent.operator == "void"
    return is_statement(call.parent if void and call.parent else call)


def _works(code: Code, function: Function) -> bool:
    """Whether a function does anything that takes time: awaits, or calls an async function."""
    for node in within(function):
        if isinstance(node, Await):
            return True
        if isinstance(node, Call):
            origin = code.origins.of(node.callee)
            if origin.kind == "function" and isinstance(origin.node, Function) and origin.node.is_async:
                return True
    return False


def _last_returns(function: Function) -> bool:
    return any(isinstance(n, Return) and n.value is not None for n in within(function))


PROBE = Background()
