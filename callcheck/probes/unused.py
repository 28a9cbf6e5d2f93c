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
from callcheck.sources.code.scopes import is_statement, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Member,
    Module,
    Node,
    dotted,
)  # fmt: skip

_RUNNERS = frozenset({"asyncio.run", "anyio.run", "trio.run", "uvloop.run"})
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
            if "awaited" in use.idiom.traits and is_statement(use.call):
                yield seen(ResultUnused("coroutine", _method(use.call), use.framework.name, use.module.language), use.call, self.name)
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


def _around(outer: Node, inner: Node) -> bool:
    return any(above is outer for above in inner.up())


def _in_loop(node: Node, main: Function) -> bool:
    from callcheck.sources.code.tree import Loop, Opaque, With

    return any(isinstance(above, (Loop, With)) and not (isinstance(above.parent, Opaque) and above.parent.kind == "comprehension") for above in node.up() if above is not main)


def _method(call: Node) -> str:
    callee = call.callee if isinstance(call, Call) else call
    return clean(dotted(callee).rsplit(".", 1)[-1], 60) or "it"


PROBE = Unused()
