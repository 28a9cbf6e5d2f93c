"""Is a function that is handed to one of the project's own called with all that it takes?

    contextBridge.exposeInMainWorld("desk", { onPage: (fn) => ipcRenderer.on("page", (_event, page) => fn(page)) });
    window.desk.onPage((_event, page) => show(page.number))        one argument comes, so `page` is undefined

JavaScript calls it all the same; the error comes where the missing argument is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import HandlerMisfit
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.bridges import Bridges
from callcheck.sources.code.called_back import handed
from callcheck.sources.code.fits import Given, takes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Conditional,
    Function,
    If,
    Member,
    Name,
    Node,
    Operation,
    Param,
    Spread,
    last_name,
)


class OwnCallbacks:
    """Silent where the function that takes it does anything with it but call it, and where the missing argument is asked for before it is read."""

    name = "own-callbacks"
    looks_at = Sight.SOURCE
    answers = frozenset({HandlerMisfit})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        bridges = code.once(Bridges)
        for module in code.project.chosen.values():
            for handler in module.all(Function) if module.language != "python" else ():
                if handler.params:
                    yield from self._handed(code, bridges, handler)

    def _handed(self, code: Code, bridges: Bridges, handler: Function) -> Iterator[Evidence]:
        for call, place, key in handed(handler):
            taker = bridges.taker(call.callee) if not key and code.origins.of(call.args[place]).node is handler else None
            inner = _fullest(code, taker, place) if taker is not None else None
            if inner is not None and _misses(code, handler, len(inner.args)):
                given = Given(tuple(clean(last_name(arg) or "…", 30) for arg in inner.args))
                fact = HandlerMisfit(clean(handler.name or "the handler", 60), "", clean(takes(handler), 80), clean(str(given), 120), "", module_of(handler).language)
                yield seen(fact, handler, self.name, (seen(fact, inner, self.name, label=f"it is called with ({clean(str(given), 60)})"),))
                return


def _fullest(code: Code, taker: Function, place: int) -> Call | None:
    """The call with the most arguments that a function makes of its parameter; None if it does anything else with it, or calls it with an unknown number."""
    param = taker.params[place] if place < len(taker.params) else None
    if param is None or param.kind or not param.name:
        return None
    names = taker.inside(Name)
    if any(name.id == "arguments" for name in names):
        return None
    calls = []
    for name in _uses(code, taker, param):
        call = name.parent
        if isinstance(call, Call) and call.callee is name and not any(isinstance(arg, Spread) for arg in call.args):
            calls.append(call)
        elif not _asked(name):
            return None
    return max(calls, key=lambda call: len(call.args), default=None)


def _misses(code: Code, handler: Function, count: int) -> bool:
    """Whether a handler reads a parameter that a call with so many arguments leaves undefined, without asking whether it is there."""
    for param in handler.params[count:]:
        if param.kind or param.default is not None:
            return False
        if param.destructures:
            return True
        uses = list(_uses(code, handler, param))
        if not uses or any(_asked(name) or f"{param.name}?." in module_of(handler).line_of(name) for name in uses):
            continue
        read = any((isinstance(name.parent, Member) and name.parent.object is name) or (isinstance(name.parent, Call) and name.parent.callee is name) for name in uses)
        if read or (count and not any(True for given in handler.params[:count] for _ in _uses(code, handler, given))):
            return True
    return False


def _uses(code: Code, function: Function, param: Param) -> Iterator[Name]:
    """Where a parameter is named in its function."""
    return (name for name in function.inside(Name) if name.id == param.name and code.origins.binding_of(name) is param)


def _asked(name: Name) -> bool:
    """Whether a name stands where it is asked for or replaced, and not read: `if (done)`, `done && done()`, `typeof done`, `page ?? {}`, `page = {}`."""
    if isinstance(name.parent, (Operation, Assign)) and not (isinstance(name.parent, Assign) and name.parent.value is name):
        return True
    below: Node = name
    for above in name.up():
        if isinstance(above, (If, Conditional)) and above.test is below:
            return not isinstance(name.parent, Member)
        if isinstance(above, Function):
            return False
        below = above
    return False


PROBE = OwnCallbacks()
