"""Which work in the background can fail without anybody hearing of it?

    pool.apply_async(classify, (tile,), callback=add)     no error_callback, and nobody calls get()
    await asyncio.gather(*jobs, return_exceptions=True)   and nobody looks at what it gives
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ErrorDropped
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, is_statement
from callcheck.sources.code.seen import seen
from callcheck.sources.code.throws import tells
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Member,
    Name,
    Node,
    dotted,
    last_name,
)

_ENDS = frozenset("close aclose aexit stop shutdown disconnect cancel cleanup terminate teardown".split())


class Unasked:
    """States the `silent-work` idioms whose result is thrown away."""

    name = "unasked"
    looks_at = Sight.SOURCE
    about = ("silent-work",)
    answers = frozenset({ErrorDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for use in eyes.code.idioms.of("silent-work"):
            if _thrown_away(use.call) and not _winding_up(use.function, use.call) and _does_work(eyes.code, use.call):
                work = use.call.args[0] if use.call.args and isinstance(use.call.args[0], Name) else use.call.callee
                name = clean(dotted(work).rsplit(".", 1)[-1], 60)
                function = use.function.name if use.function is not None else ""
                yield seen(ErrorDropped(clean(function, 80), "unasked", name, use.module.language), use.call, self.name)


def _does_work(code: Code, call: Call) -> bool:
    """Whether a function of the project, which is no mere wrapper made on the spot, is the work: what is handed on from elsewhere is not ours to judge."""
    if call.keyword("callback") is not None:
        return True  # somebody waits for it
    handed: list[Node] = [arg for arg in call.args[:1] if isinstance(arg, (Name, Member))]
    if last_name(call.callee) == "gather":
        handed += [inner.callee for arg in call.args for inner in arg.inside(Call)]
    works = [origin.node for node in handed if (origin := code.origins.of(node)).kind == "function"]
    return any(isinstance(work, Function) and function_of(work) is None and not tells(work) for work in works)


def _thrown_away(call: Node) -> bool:
    node = call.parent if isinstance(call.parent, Await) else call
    if isinstance(node.parent, Assign):
        target = node.parent.targets[0]
        return isinstance(target, Name) and target.id == "_"
    return is_statement(node)


def _winding_up(function: Function | None, call: Call) -> bool:
    """Whether the work is waited for because things are cancelled or closed: then nobody wants its errors."""
    if any(last_name(each.callee) in _ENDS for each in call.inside(Call)):
        return True
    return function is not None and (function.name.strip("_") in _ENDS or any(last_name(each.callee) == "cancel" for each in function.inside(Call)))


PROBE = Unasked()
