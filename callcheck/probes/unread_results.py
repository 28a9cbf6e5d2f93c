"""Which results hold the errors of deliveries, and are never looked at?

    await Promise.allSettled(guests.map(invite));      await asyncio.gather(*calls, return_exceptions=True)      pool.submit(draw, frame)
    done, _ = await asyncio.wait(tasks)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ErrorDropped
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.blocks import block_of, index_in
from callcheck.sources.code.delivers import Delivers, put_into
from callcheck.sources.code.scopes import enclosing, function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Operation,
    Return,
    Sequence,
    Spread,
    Try,
    last_name,
)

_ENDING = pattern(r"close|stop|shut|dispose|teardown|clean|cancel|exit|disconnect|drain|destroy|flush", re.I)
_ASKS = ("result", "exception", "add_done_callback", "gather", "as_completed")


class UnreadResults:
    """Looks at calls that turn errors into results, and at what becomes of the results."""

    name = "unread-results"
    looks_at = Sight.SOURCE
    about = ("silent-work",)
    marks = ("allSettled",)
    answers = frozenset({ErrorDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        delivers = Delivers(code.idioms, outward=True)
        uses = list(code.idioms.of("silent-work"))
        silent = [use.call for use in uses if not ("awaits" in use.idiom.traits and _asked_singly(use.call))]
        for call in dict.fromkeys([*silent, *code.project.calls("allSettled")]):
            around = delivers.of([*call.args, *(k.value for k in call.keywords)]) or _given_back(code, call)
            if around and not _read(call) and not _ends(call) and not _told_inside(code, call):
                function = function_of(call)
                form = "unread" if _promises(call) else "unread-each"
                fact = ErrorDropped(clean(function.name if function else "", 80), form, clean(around, 60), module_of(call).language)
                yield seen(fact, call, self.name)


def _promises(call: Call) -> bool:
    """Whether anything is said or done afterwards, as if all had gone well; one round of a loop ends with the call, and says nothing of it."""
    for each in (call, *call.up()):
        if isinstance(each, (Function, Module, Loop)):
            return not isinstance(each, Loop)
        block = block_of(each)
        if block is not None and index_in(block, each) < len(block) - 1:
            return True
    return True


def _told_inside(code: Code, call: Call) -> bool:
    """Whether the work itself catches whatever goes wrong, and calls something with it: a logger, a second attempt."""
    given = [arg.value if isinstance(arg, Spread) else arg for arg in call.args]
    kept = [held.value for arg in given if isinstance(arg, Name) and (held := given_once(code.origins, arg)) is not None and held.value is not None]
    given += kept  # `const calls = guests.map(async (guest) => { … });`
    inner = [each for arg in given for part in (arg, *put_into(arg)) for each in part.inside(Call)]
    works = [origin.node for each in inner if (origin := code.origins.of(each.callee)).kind == "function"]
    written = [each for arg in given for each in (arg, *arg.inside(Function)) if isinstance(each, Function)]
    whole = [part for work in (*works, *written) if isinstance(work, Function) for part in work.body]
    whole += [part for loop in whole if isinstance(loop, Loop) for part in loop.body]  # one attempt a round
    told = [catch for part in whole if isinstance(part, Try) for catch in part.catches if not catch.types]
    ends = [last for part in whole if (last := _ends_in(part)) is not None and last_name(last.callee) == "catch"]
    return any(next(iter(each.inside(Call)), None) is not None for each in (*told, *(arg for last in ends for arg in last.args)))


def _ends_in(part: Node) -> Call | None:
    """The last call of a statement: of `await a().catch(tell)`, and of `return a().catch(tell)`, that of `catch`."""
    node: Node | None = part
    while isinstance(node, (Await, Return)):
        node = node.value
    return node if isinstance(node, Call) else None


def _given_back(code: Code, call: Call) -> str:
    """The callback that a call is handed for its result: without the result, it is not called."""
    callback = code.idioms.option(call, "callback")
    return "the work before its callback" if callback is not None else ""


def _read(call: Call) -> bool:
    """Whether the result of a call, waited for or not, goes anywhere but into a name that is not read again."""
    node: Node = call
    while isinstance(node.parent, Await) or (isinstance(node.parent, Operation) and node.parent.operator == "void"):
        node = node.parent
    if is_statement(node):
        return False
    assign = node.parent
    target = assign.targets[0] if isinstance(assign, Assign) and len(assign.targets) == 1 else None
    if isinstance(target, Sequence) and target.items and last_name(call.callee) == "wait":
        target = target.items[0]  # `done, pending = await asyncio.wait(tasks)`
    if isinstance(target, Name):
        name = target.id
        scope = enclosing(target, Function, Module)
        reads = [n for n in scope.inside(Name) if n.id == name and n is not target] if scope is not None else []
        return any(not (isinstance(n.parent, Member) and n.parent.name == "length") and not _counted(n) for n in reads)
    return True


def _asked_singly(call: Call) -> bool:
    """Whether the tasks that a call waits for are asked one by one in the same function, or told when they are made."""
    function = function_of(call)
    return function is not None and any(last_name(each.callee) in _ASKS for each in function.inside(Call))


def _ends(call: Call) -> bool:
    """Whether the work is being ended: cancelled before, or waited for in a `finally` or in a function that closes something."""
    function = function_of(call)
    if function is not None and _ENDING.search(function.name):
        return True
    if any(isinstance(above, Try) and any(call is n or (n.at <= call.at < n.end) for n in above.final) for above in call.up()):
        return True
    return function is not None and any(last_name(c.callee) in ("cancel", "abort") for c in function.inside(Call))


def _counted(name: Name) -> bool:
    """`len(results)`: looked at from outside only."""
    return isinstance(name.parent, Call) and isinstance(name.parent.callee, Name) and name.parent.callee.id == "len"


PROBE = UnreadResults()
