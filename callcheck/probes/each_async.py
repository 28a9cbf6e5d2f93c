"""Is an async function handed to a method of arrays, or to a function of a library that does the same, which drops the promises it gives?

    rows.forEach(async (row) => { sent.push(await send(row)); });
    return sent;                                                  // still empty
    _.each(rows, async (row) => { await send(row); });
    process.exit(0);                                              // nothing is sent

lodash 4.17.21 (arrayEach), underscore 1.13.7 (each), ramda 0.30.1 (forEach), cheerio 1.0.0 and jQuery 3.7.1 (each) call the function and await nothing;
`each` of async and of Bluebird waits, so that name is read of these libraries alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.answering import Asked, function_at
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Await, Call, Function, Member, Name, Node, Subscript, dotted, last_name

_DROPS = frozenset({"forEach", "map"})
_JUDGES = frozenset({"filter", "some", "every", "find", "findIndex", "sort"})
"""They take a promise for true."""
_OF_LISTS = pattern(r"^(?:lodash(?:-es)?|underscore|ramda|jquery)[./](?:fp[./])?(\w+?)(?:\.js)?$")
"""A function of a library that takes the list beside the function: `lodash.forEach`, `lodash/forEach`."""
_LISTS_DROP = frozenset({"forEach", "each", "forEachRight", "eachRight", "forOwn", "forOwnRight", "forIn", "forInRight", "forEachObjIndexed", "map", "times"})
_LISTS_JUDGE = frozenset({"filter", "reject", "some", "any", "every", "all", "find", "findLast", "findIndex", "findLastIndex", "partition"})
_WRAPPERS = frozenset({"_", "$", "jQuery"})
"""What makes an object out of a list, or of elements, that has `each` as a method."""
_FILLS = frozenset({"push", "set", "add", "unshift", "append"})
_CLOSES = frozenset({"exit", "$disconnect", "disconnect", "end", "close", "quit", "destroy", "release", "kill"})
_CALLERS = 6
"""Functions, one calling the other, above the loop."""


class EachAsync:
    """Looks at `forEach(async …)`: is what the function fills read below, is what it needs closed below, or does a request end with it?"""

    name = "each-async"
    looks_at = Sight.SOURCE
    marks = ("async",)
    signs = (
        Sign(pattern=r"\.(?:forEach|each|map|filter|some|every|find|findIndex|sort)\(\s*async\b|\.forEach\(\s*\(?\w{0,60}\)?\s*=>\s*[\w.]{1,80}\("),
        Sign(pattern=r"[\"'](?:lodash|underscore|ramda|jquery)\b", also=("async",)),
    )
    answers = frozenset({ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, asked = eyes.code, Asked(eyes)
        for module in code.project.chosen.values():
            if module.language == "python" or is_test(module.path):
                continue
            for call in module.calls(*_DROPS, *_JUDGES, *_LISTS_DROP, *_LISTS_JUDGE):
                does, given = _does(code, call)
                work = _work(code, given) if given is not None else None
                if work is None or not work.is_async or not _waits(work):
                    continue
                if does == "judges":
                    yield _told(code, call, "judgement", "a promise is always true", self.name)
                elif is_statement(call):
                    yield from self._dropped(code, asked, call, work)

    def _dropped(self, code: Code, asked: Asked, call: Call, work: Function) -> Iterator[Evidence]:
        outer = function_of(call)
        for node, label in ((_read_below(call, work, outer), "it is read here, while the work is still going on"), (_closed_below(code, call, outer), "what the work needs is closed here, while it is still going on")):
            if node is not None:
                yield _told(code, call, "promises", label, self.name, node)
                return
        if outer is not None and any("closes-after" in use.idiom.traits for use in code.idioms.handled_by(outer)):
            yield _told(code, call, "promises", "what this function is given is closed as it ends, while the work is still going on", self.name, outer)
        elif outer is not None and outer.is_async and code.lifetimes.role(outer) == "job":
            yield _told(code, call, "promises", "the job is done as this function ends, while the work is still going on", self.name, outer)
        elif asked.answers(outer, 0):
            yield _told(code, call, "promise", "", self.name)


def _does(code: Code, call: Call) -> tuple[str, Node | None]:
    """Whether a call drops what the function gives that it is handed, or judges by it, and that function; ("", None) for a call of another kind."""
    name, named = last_name(call.callee), _OF_LISTS.match(code.origins.of(call.callee).qualified)
    if named is not None and len(call.args) == 2:
        given = next((arg for arg in call.args if isinstance(function_at(code, arg), Function)), None)
        return ("drops", given) if named[1] in _LISTS_DROP else ("judges", given) if named[1] in _LISTS_JUDGE else ("", None)
    if named is not None or len(call.args) != 1 or not isinstance(call.callee, Member):
        return "", None
    if name in _DROPS or name == "each" and _wrapped(call.callee.object):
        return "drops", call.args[0]
    return ("judges", call.args[0]) if name in _JUDGES else ("", None)


def _wrapped(node: Node) -> bool:
    """Whether a chain begins with a wrapper: `$("tr").slice(1)`."""
    while isinstance(node, (Call, Member)):
        if isinstance(node, Call) and isinstance(node.callee, Name):
            return node.callee.id in _WRAPPERS
        node = node.callee if isinstance(node, Call) else node.object
    return False


def _work(code: Code, handed: Node) -> Function | None:
    """What is done for each item: the function that is given, or the one whose promise an arrow gives on: `rows.forEach((row) => keep(row))`."""
    given = function_at(code, handed)
    results = code.project.returned(given) if given is not None and given.arrow and not given.is_async else []
    onward = function_at(code, results[0].callee) if len(results) == 1 and isinstance(results[0], Call) else None
    return onward if onward is not None and onward.is_async else given


def _told(code: Code, call: Call, form: str, label: str, probe: str, below: Node | None = None) -> Evidence:
    module = module_of(call)
    fact = ResultUnused(form, clean(last_name(call.callee), 60), "", module.language)
    because = (seen(fact, below, probe, label=label),) if below is not None else ()
    return seen(fact, call, probe, because, "" if below is not None else label)


def _waits(work: Function) -> bool:
    return any(function_of(each) is work for each in work.inside(Await))


def _read_below(call: Call, work: Function, outer: Function | None) -> Node | None:
    """Where a local collection is read that the work fills once it has waited."""
    if outer is None:
        return None
    filled = {name for name in _filled(work) if any(isinstance(t, Name) and t.id == name and a.at < call.at for a in outer.inside(Assign) if a.declared and function_of(a) is outer for t in a.targets)}
    reads = (name for name in outer.inside(Name) if name.id in filled and name.at >= call.end and function_of(name) is outer)
    return next((name for name in reads if not (isinstance(name.parent, Assign) and name in name.parent.targets)), None)


def _filled(work: Function) -> Iterator[str]:
    """The names of what a function fills after, or with, what it has waited for."""
    first = min(each.at for each in work.inside(Await) if function_of(each) is work)
    for call in work.inside(Call):
        if isinstance(call.callee, Member) and call.callee.name in _FILLS and isinstance(call.callee.object, Name) and call.end > first:
            yield call.callee.object.id
    for assign in work.inside(Assign):
        for target in assign.targets if not assign.declared and assign.end > first else ():
            root: Node = target
            while isinstance(root, (Member, Subscript)):
                root = root.object
            if isinstance(root, Name):
                yield root.id


def _closed_below(code: Code, call: Call, outer: Function | None) -> Call | None:
    """Where, after the loop or after a call that leads to it, the program or a connection is ended."""
    places, reached = [(call, False)], [outer] if outer is not None else []
    for function in reached:
        calls = code.origins.calls_of(function)
        places += [(each, function is not outer) for each in calls]
        reached += [above for each in calls if (above := function_of(each)) is not None and above not in reached and len(reached) < _CALLERS]
    for place, far in places:
        around = function_of(place)
        scope = around or module_of(place)
        waits = (wait.end for wait in scope.inside(Await) if wait.at >= place.end and function_of(wait) is around) if far else ()
        until = min(waits, default=scope.end)  # what a caller further up waits for may give the work its time
        for each in scope.inside(Call):
            if place.end <= each.at < until and last_name(each.callee) in _CLOSES and (_ends_all(each) if function_of(each) is around else _ends_chain(each, place)):
                return each
    return None


def _ends_all(call: Call) -> bool:
    """`process.exit()`, or the end of a connection that is waited for: `await db.end()`."""
    return dotted(call.callee) == "process.exit" or (isinstance(call.parent, Await) and isinstance(call.callee, Member) and not call.args)


def _ends_chain(call: Call, place: Call) -> bool:
    """Whether a call ends things in what is done once `place` is: `main().then(() => process.exit(0))`, `main().finally(() => pool.end())`."""
    handler = function_of(call)
    step = handler.parent if handler is not None else None
    if not isinstance(step, Call) or last_name(step.callee) not in ("then", "finally") or not (dotted(call.callee) == "process.exit" or isinstance(call.callee, Member) and not call.args):
        return False
    return handler is step.args[0] and any(node is place for node in step.callee.walk())


PROBE = EachAsync()
