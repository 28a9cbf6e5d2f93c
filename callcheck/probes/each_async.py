"""Is an async function handed to a method of arrays that drops the promises it gives?

    rows.forEach(async (row) => { sent.push(await send(row)); });
    return sent;                                                  // still empty
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused
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
_FILLS = frozenset({"push", "set", "add", "unshift", "append"})
_CLOSES = frozenset({"exit", "$disconnect", "disconnect", "end", "close", "quit", "destroy", "release", "kill"})


class EachAsync:
    """Looks at `forEach(async …)`: is what the function fills read below, is what it needs closed below, or does a request end with it?"""

    name = "each-async"
    looks_at = Sight.SOURCE
    marks = ("async",)
    signs = (Sign(pattern=r"\.(?:forEach|map|filter|some|every|find|findIndex|sort)\(\s*async\b|\.forEach\(\s*\(?\w{0,60}\)?\s*=>\s*[\w.]{1,80}\("),)
    answers = frozenset({ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, asked = eyes.code, Asked(eyes)
        for module in code.project.chosen.values():
            if module.language == "python" or is_test(module.path):
                continue
            for call in module.calls(*_DROPS, *_JUDGES):
                work = _work(code, call) if len(call.args) == 1 and isinstance(call.callee, Member) else None
                if work is None or not work.is_async or not _waits(work):
                    continue
                method = last_name(call.callee)
                if method in _JUDGES:
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
        elif asked.answers(outer, 0):
            yield _told(code, call, "promise", "", self.name)


def _work(code: Code, call: Call) -> Function | None:
    """What is done for each item: the function that is given, or the one whose promise an arrow gives on: `rows.forEach((row) => keep(row))`."""
    given = function_at(code, call.args[0])
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
    """Where, after the loop or after the call of the function that it is in, the program or a connection is ended."""
    places = [call, *(code.origins.calls_of(outer) if outer is not None else ())]
    for place in places:
        around = function_of(place)
        later = around.inside(Call) if around is not None else module_of(place).all(Call)
        for each in later:
            if each.at >= place.end and function_of(each) is around and last_name(each.callee) in _CLOSES and _ends_all(each):
                return each
    return None


def _ends_all(call: Call) -> bool:
    """`process.exit()`, or the end of a connection that is waited for: `await db.end()`."""
    return dotted(call.callee) == "process.exit" or (isinstance(call.parent, Await) and isinstance(call.callee, Member) and not call.args)


PROBE = EachAsync()
