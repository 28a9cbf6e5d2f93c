"""Which coroutines of a library are never awaited, and which background work ends with the program?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.left_alone import left_alone
from callcheck.sources.code.read_as_answer import read_as_answer
from callcheck.sources.code.scopes import function_of, is_statement, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Member,
    Module,
    Node,
    Return,
    dotted,
)  # fmt: skip

_RUNNERS = frozenset({"asyncio.run", "anyio.run", "trio.run", "uvloop.run"})
_DEEPEST = 3
"""How many plain functions may give a coroutine on."""
_SPAWNS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})


class Unused:
    """Looks at calls of a library's coroutine functions, and at what `asyncio.run` leaves behind."""

    name = "unused"
    looks_at = Sight.SOURCE
    about = ("awaited",)
    marks = ("asyncio", "anyio", "trio", "uvloop")
    answers = frozenset({ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.uses:
            if "awaited" not in use.idiom.traits:
                continue
            fact = ResultUnused("coroutine", _method(use.call), use.framework.name, use.module.language)
            if is_statement(use.call):
                yield seen(fact, use.call, self.name)
            read = read_as_answer(use.call)
            if read is not None:
                yield seen(fact, use.call, self.name, (seen(fact, read, self.name, label="the coroutine is read here as if it were its answer"),))
            for call in _handed_up(code, use.call):
                yield seen(fact, call, self.name, (seen(fact, use.call, self.name, label="this coroutine is given back"),))
        for module in code.project.naming("asyncio", "anyio", "trio", "uvloop"):
            for node in module.calls("run"):
                if isinstance(node.callee, Member) and code.origins.of(node.callee).qualified in _RUNNERS:
                    yield from self._ends(code, node, module)

    def _ends(self, code: Code, run: Call, module: Module) -> Iterator[Evidence]:
        """`asyncio.run(main())` cancels what `main` has spawned and does not wait for."""
        inner = run.args[0] if run.args else None
        main = code.origins.of(inner.callee).node if isinstance(inner, Call) else None
        if not isinstance(main, Function) or not main.is_async:
            return
        nodes = list(within(main))
        for node in nodes:
            if isinstance(node, Call) and code.origins.of(node.callee).qualified in _SPAWNS and left_alone(node):
                if not any(isinstance(n, Await) and (n.line > node.line or _around(n, node)) for n in nodes) and not _in_loop(node, main):
                    name = _method(node.args[0]) if node.args and isinstance(node.args[0], Call) else "the task"
                    fact = ResultUnused("task", name, "", module.language)
                    label = "the loop is closed when this returns, and the task with it"
                    yield seen(fact, node, self.name, (seen(fact, run, self.name, label=label),))


def _handed_up(code: Code, coroutine: Call, depth: int = 0) -> Iterator[Call]:
    """The statements that drop a coroutine which a plain function gives back to them: `def alert(text): return bot.send_message(chat, text)`."""
    maker = function_of(coroutine) if isinstance(coroutine.parent, Return) else None
    for call in code.origins.calls_of(maker) if maker is not None and not maker.is_async and not maker.decorators and depth < _DEEPEST else ():
        if is_statement(call):
            yield call
        yield from _handed_up(code, call, depth + 1)


def _around(outer: Node, inner: Node) -> bool:
    return any(above is outer for above in inner.up())


def _in_loop(node: Node, main: Function) -> bool:
    from callcheck.sources.code.tree import Loop, Opaque, With

    return any(isinstance(above, (Loop, With)) and not (isinstance(above.parent, Opaque) and above.parent.kind == "comprehension") for above in node.up() if above is not main)


def _method(call: Node) -> str:
    callee = call.callee if isinstance(call, Call) else call
    return clean(dotted(callee).rsplit(".", 1)[-1], 60) or "it"


PROBE = Unused()
