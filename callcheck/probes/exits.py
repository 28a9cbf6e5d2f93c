"""Does the program end itself while work goes on that nobody waits for?

    notify(order);                                     // a promise, in a statement of its own
    process.exit(0);                                   // which ends the program at once

    main().finally(() => process.exit());              // the same where main() leaves something behind
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.answering import function_at, promises, works
from callcheck.sources.code.called_back import begun_by
from callcheck.sources.code.floating import statement
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of, up_to, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spawned import name_of
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    If,
    Literal,
    Loop,
    Member,
    Module,
    Node,
    Try,
    dotted,
    last_name,
)

_EACH = frozenset({"map", "forEach"})


class Exits:
    """Looks back from each `process.exit()` in the straight run of a function, or behind the promise of a function, to what was started and not waited for."""

    name = "exits"
    looks_at = Sight.SOURCE
    marks = ("process.exit",)
    answers = frozenset({ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for call in code.project.calls("exit"):
            if dotted(call.callee) != "process.exit" or is_test(module_of(call).path) or _fails(call):
                continue
            for scope, end in _ended(code, call):
                left = next((node for node in _straight(scope) if isinstance(node, Call) and node.at < end and _goes_on(code, node)), None)
                if left is not None and not any(isinstance(node, Await) and left.end <= node.at < end for node in within(scope)):
                    fact = ResultUnused("work", name_of(begun_by(left).callee), "", module_of(left).language)
                    yield seen(fact, left, self.name, (seen(fact, call, self.name, label="the program is ended here, and with it what still goes on"),))
                    break


def _ended(code: Code, call: Call) -> Iterator[tuple[Function | Module, int]]:
    """The functions, or the file, that an exit ends, each with the place up to which it has run by then."""
    scope = function_of(call) or module_of(call)
    if call in _straight(scope):
        yield scope, call.at
    chain = scope.parent if isinstance(scope, Function) else None
    if isinstance(chain, Call) and last_name(chain.callee) in ("then", "finally"):
        run = function_at(code, begun_by(chain).callee)
        if run is not None:
            yield run, run.end


def _straight(scope: Function | Module) -> list[Node]:
    """What always runs in a function, or a file: nothing in a branch or a loop."""
    return [node for node in within(scope) if not any(isinstance(above, (If, Loop)) for above in up_to(node, scope))]


def _fails(call: Call) -> bool:
    """Whether the program says that it failed (`process.exit(1)`), or ends in what handles an error."""
    given = call.args[0] if call.args else None
    failed = given is not None and not (isinstance(given, Literal) and given.value in (0, None))
    return failed or any(isinstance(above, Try) and not any(call.at >= part.at and call.end <= part.end for part in (*above.body, *above.final)) for above in call.up())


def _goes_on(code: Code, call: Call) -> bool:
    """Whether a call stands as a statement and starts work of the project, or a request, whose promise is dropped."""
    if not statement(call):
        return False
    first = begun_by(call)
    if isinstance(first.callee, Member) and first.callee.name in _EACH and first is call:
        work = function_at(code, first.args[0]) if first.args else None
        return work is not None and promises(code, work) and works(code, work)
    if any(isinstance(each, Call) and dotted(each.callee) == "process.exit" for each in call.inside(Call)):
        return False
    work = function_at(code, first.callee)
    if work is None:
        return dotted(first.callee) == "fetch"
    return promises(code, work) and works(code, work) and not any(dotted(each.callee) == "process.exit" for each in work.inside(Call))


PROBE = Exits()
