"""Does a thread that is begun while the app is loaded share a table with the code that serves requests?

    _screens = {}
    def join(station, box): _screens.setdefault(station, []).append(box)     # called for a request
    def listen():                                                            # the thread
        for message in pubsub.listen(): ...  _screens.get(station)
    threading.Thread(target=listen).start()                                  # at the top of the app

A server that loads the app before it forks (`server.trait` preloaded) has the thread in its first process alone, and each worker a copy of the table: fork() takes along the
thread that calls it, and no other (POSIX, fork()). gunicorn 23, arbiter.py setup(): with `preload_app` the app is loaded before the first fork.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import DeliveryAcross
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.module_tables import touches, while_loading
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.threads import begun_at_load
from callcheck.sources.code.tree import Call, Function, Member, Name, Node, last_name

_THREADED = ("spawn", "hook")
_DEEPEST = 4
_SERVED = frozenset({"request", "connection", "render"})
_ELSEWHERE = frozenset({"Process", "Popen", "submit", "apply_async"})
"""What runs a function in another process, or may do so."""
BEFORE_FORK = "before-fork"


class BeforeFork:
    """States each shared table once, for all that one thread reaches; whether the server forks is for those who know the deployment."""

    name = "before-fork"
    looks_at = Sight.SOURCE
    about = _THREADED
    answers = frozenset({DeliveryAcross})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        there: dict[int, tuple[Function, Use]] = {}
        for use in code.idioms.of(*_THREADED):
            if "thread" in use.idiom.traits and use.module.language == "python" and not is_test(use.module.path) and begun_at_load(code, use):
                for handler in code.idioms.handlers(use):
                    if isinstance(handler, Function):
                        _reach(code, handler, use, there, 0)
        if there:
            yield from self._tables(code, there)

    def _tables(self, code: Code, there: dict[int, tuple[Function, Use]]) -> Iterator[Evidence]:
        used: dict[tuple[str, bool], tuple[Node, Use]] = {}
        for holder, function, fills in touches(code, code.project.in_order(module_of(each) for each, _ in there.values())):
            if id(function) in there and (identity := code.lifetimes.identity(code.origins.of(holder))):
                used.setdefault((identity, fills), (holder, there[id(function)][1]))
        sites = [site for holder, _ in used.values() if (site := code.origins.of(holder).site) is not None]
        told: set[str] = set()
        for holder, function, fills in touches(code, code.project.using(sites)) if used else ():
            identity = code.lifetimes.identity(code.origins.of(holder))
            far = used.get((identity, not fills))
            if far is None or identity in told or id(function) in there or not _served(code, function) or while_loading(code, function):
                continue
            told.add(identity)
            at, use = far
            fact = DeliveryAcross(clean(last_name(holder), 60), clean(last_name(use.call.callee), 40), BEFORE_FORK, "python")
            because = (
                seen(fact, holder, self.name, label=f"a request {'fills' if fills else 'reads'} it"),
                seen(fact, use.call, self.name, label="this thread is begun as the app is loaded"),
            )
            yield seen(fact, at, self.name, because)


def _reach(code: Code, function: Function, use: Use, there: dict[int, tuple[Function, Use]], depth: int) -> None:
    if id(function) in there or depth > _DEEPEST:
        return
    there[id(function)] = (function, use)
    for call in function.inside(Call):
        # A library that is handed a function calls it in this thread, or in another one of the same process: `channel.basic_consume(QUEUE, on_reply)`.
        handed = () if last_name(call.callee) in _ELSEWHERE else [arg for arg in (*call.args, *(each.value for each in call.keywords)) if isinstance(arg, (Name, Member))]
        for node in (call.callee, *handed):
            called = code.origins.of(node).node
            if isinstance(called, Function):
                _reach(code, called, use, there, depth + 1)


def _served(code: Code, function: Function, depth: int = 0) -> bool:
    """Whether a function runs for a request, itself or as it is called by one that does."""
    if code.lifetimes.role(function) in _SERVED:
        return True
    callers = (function_of(call) for call in code.origins.calls_of(function)) if depth < _DEEPEST else ()
    return any(caller is not None and caller is not function and _served(code, caller, depth + 1) for caller in callers)


PROBE = BeforeFork()
