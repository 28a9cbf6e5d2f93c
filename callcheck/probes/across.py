"""Is something of this process's memory used by code that a worker process runs?

    bus = EventEmitter()                       # the web process listens
    @celery.task
    def build(): bus.emit("done")              # the worker emits, on a bus of its own
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import DeliveryAcross
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.module_tables import touches, while_loading
from callcheck.sources.code.relays import OWN
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.socket_servers import LAYER, told_here
from callcheck.sources.code.tree import (
    Call,
    Function,
    Node,
    last_name,
)

_ANEW = pattern(r"(?:get_context|set_start_method)\(\s*(?:method\s*=\s*)?[\"'](?:spawn|forkserver)[\"']|\bSpawn(?:Context|Process)\b")
_COMMANDS = ("Procfile*", "Dockerfile*", "*compose*.y*ml", "*.yaml", "*.yml", "*.sh", "*.service", "supervisor*.conf", "Makefile")
_ONE_CHILD = pattern(
    r"(?i)celery\b[^\n]{0,200}(?:(?:-P|--pool)[ =\"',]{1,4}(?:solo|threads|gevent|eventlet)|(?:-c|--concurrency)[ =\"',]{1,4}1\b)"
    r"|worker_(?:concurrency\s*=\s*1\b|pool\s*=\s*[\"'](?:solo|threads|gevent|eventlet))"
)


class Across:
    """Finds the functions that other processes run (`other-process`), what they reach, and what both sides use."""

    name = "across"
    looks_at = Sight.SOURCE
    about = ("other-process",)
    answers = frozenset({DeliveryAcross})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        there: dict[int, tuple[Function, Use]] = {}
        for use in code.idioms.uses:
            if "other-process" in use.idiom.traits and not is_test(use.module.path):
                for handler in code.idioms.handlers(use):
                    if isinstance(handler, Function):
                        self._reach(code, handler, use, there, 0)
        if not there:
            return
        yield from self._emits(code, there)
        yield from self._sockets(code, there)
        yield from self._tables(code, there)
        yield from self._children(code, there)

    def _reach(self, code: Code, function: Function, use: Use, there: dict[int, tuple[Function, Use]], depth: int) -> None:
        if id(function) in there or depth > 4:
            return
        there[id(function)] = (function, use)
        for call in function.inside(Call):
            origin = code.origins.of(call.callee)
            if origin.kind == "function" and isinstance(origin.node, Function):
                self._reach(code, origin.node, use, there, depth + 1)
            for sent in code.idioms.at(call):
                if sent.idiom.does == "emit" and _direct(sent):
                    # What listens there, listens in that process: a forked one has the listeners of its parent.
                    heard = (each for event in code.idioms.events(sent) for each in _listening(code, sent, event))
                    for handler in (node for each in heard for node in code.idioms.handlers(each)):
                        if isinstance(handler, Function):
                            self._reach(code, handler, use, there, depth + 1)

    def _emits(self, code: Code, there: dict[int, tuple[Function, Use]]) -> Iterator[Evidence]:
        """An emission on the far side, and a listener that only a request, a connection or the start of the web process attaches."""
        far = [(u, there[id(u.function)][1]) for u in code.idioms.of("emit") if _direct(u) and u.function is not None and id(u.function) in there]
        for sent, runs in far:
            for event in code.idioms.events(sent):
                heard = _listening(code, sent, event)
                near = [u for u in heard if self._here_alone(code, u, there, runs, sent)]
                if not near or len(near) < len(heard):
                    continue
                process = runs.framework.name if runs.idiom.does != "spawn" else last_name(runs.call.callee)
                fact = DeliveryAcross(clean(event or near[0].framework.name, 80), clean(process, 40), near[0].framework.name, "python")
                because = (seen(fact, near[0].call, self.name, label="registered here, in this process"), seen(fact, runs.call, self.name, label="another process runs it"))
                yield seen(fact, sent.call, self.name, because)
                break

    def _sockets(self, code: Code, there: dict[int, tuple[Function, Use]]) -> Iterator[Evidence]:
        """An emission on the far side, on a realtime server whose clients are connected to this one, with nothing in between."""
        emitted = [use for use in code.idioms.of("emit") if use.function is not None and id(use.function) in there]
        layered = next((use for use in emitted if "channel-layer" in use.idiom.traits), None)
        if layered is not None:
            _, runs = there[id(layered.function)]
            fact = DeliveryAcross(clean(next(iter(code.idioms.events(layered)), "") or "a group", 80), clean(runs.framework.name, 40), LAYER, "python")
            yield seen(fact, layered.call, self.name, (seen(fact, runs.call, self.name, label="another process runs it"),))
        for made, sent in told_here(code, [use for use in emitted if "transport" in use.idiom.traits and use.module.language == "python"]):
            _, runs = there[id(sent[0].function)]
            process = runs.framework.name if runs.idiom.does != "spawn" else last_name(runs.call.callee)
            event = next(iter(code.idioms.events(sent[0])), "")
            fact = DeliveryAcross(clean(event or "an emit", 80), clean(process, 40), made.framework.name, "python")
            because = (seen(fact, made.call, self.name, label="its clients are connected to the process that serves it, and no queue is between"), seen(fact, runs.call, self.name, label="another process runs it"))
            yield seen(fact, sent[0].call, self.name, because)

    def _here_alone(self, code: Code, heard: Use, there: dict[int, tuple[Function, Use]], runs: Use, sent: Use) -> bool:
        """Whether a listener is attached in this process alone: by a function that the other one does not run, or by a module that it does not load."""
        if heard.function is not None:
            return id(heard.function) not in there and code.lifetimes.role(heard.function) in (*PER_CALL, "startup", "helper") and not _set_up_there(code, heard.function, runs)
        # A forked process has all modules of its parent; one that is started anew imports what its function needs.
        return runs.idiom.does == "spawn" and _ANEW.search(runs.module.text) is not None and heard.module.path not in code.reach.loads(sent.module.path)

    def _tables(self, code: Code, there: dict[int, tuple[Function, Use]]) -> Iterator[Evidence]:
        """A module's table that this side fills while it serves, and the far side reads."""
        filled: dict[str, Node] = {}
        taken: dict[str, tuple[Node, Use, str]] = {}
        far = code.project.in_order(module_of(function) for function, _ in there.values())
        for holder, function, fills in touches(code, far):
            identity = code.lifetimes.identity(code.origins.of(holder)) if id(function) in there and not fills else ""
            if identity:
                taken.setdefault(identity, (holder, there[id(function)][1], last_name(holder)))
        sites = [site for holder, _, _ in taken.values() if (site := code.origins.of(holder).site) is not None]
        for holder, function, fills in touches(code, code.project.using(sites)) if taken else ():
            identity = code.lifetimes.identity(code.origins.of(holder)) if id(function) not in there and fills else ""
            if identity in taken and code.lifetimes.role(function) in (*PER_CALL, "helper", "callback") and not while_loading(code, function):
                filled.setdefault(identity, holder)
        for identity, (node, runs, name) in taken.items():
            if identity in filled:
                process = runs.framework.name if runs.idiom.does != "spawn" else last_name(runs.call.callee)
                fact = DeliveryAcross(clean(name, 60), clean(process, 40), runs.framework.name, "python")
                because = (seen(fact, filled[identity], self.name, label="kept here, in this process"), seen(fact, runs.call, self.name, label="another process runs it"))
                yield seen(fact, node, self.name, because)

    def _children(self, code: Code, there: dict[int, tuple[Function, Use]]) -> Iterator[Evidence]:
        """A module's table that one task of Celery fills and another one reads: the worker's children are forked, and each has its own."""
        filled: dict[str, list[tuple[Node, int]]] = {}
        taken: dict[str, list[tuple[Node, int]]] = {}
        own: set[str] = set()
        for holder, function, fills in touches(code, code.project.in_order(module_of(function) for function, _ in there.values())):
            identity = code.lifetimes.identity(code.origins.of(holder))
            runs = there[id(function)][1] if id(function) in there else None
            if runs is None or runs.framework.name != "celery":
                own.add(identity)
            elif identity:
                (filled if fills else taken).setdefault(identity, []).append((holder, id(runs.call)))
        for identity, reads in taken.items():
            tasks = {task for _, task in filled.get(identity, ())}
            apart = [holder for holder, task in reads if task not in tasks]
            if tasks and apart and identity not in own and not _of_one_child(code):
                name = clean(last_name(apart[0]), 60)
                fact = DeliveryAcross(name, "celery", "celery", "python")
                site = code.origins.of(apart[0]).site
                made = (seen(fact, site, self.name, label="one for each child"),) if site is not None else ()
                yield seen(fact, apart[0], self.name, (*made, seen(fact, filled[identity][0][0], self.name, label="filled in one child of the worker, and this task may run in another")))


def _of_one_child(code: Code) -> bool:
    """Whether some command or setting lets a Celery worker run its tasks in one process."""
    texts = (code.project.text_of(file) for file in code.project.files_named(*_COMMANDS))
    return any(_ONE_CHILD.search(text) for text in texts) or any(_ONE_CHILD.search(module.text) for module in code.project.naming("worker_concurrency", "worker_pool", "CELERY_WORKER_CONCURRENCY", "CELERY_WORKER_POOL"))



def _set_up_there(code: Code, function: Function, runs: Use, depth: int = 0) -> bool:
    """Whether the far process calls a function, too, as it loads what it runs: `app = create_app()` at the top of the worker's module."""
    loaded = {runs.module.path, *code.reach.loads(runs.module.path)}
    for call in code.origins.calls_of(function):
        caller = function_of(call)
        if module_of(call).path in loaded and caller is None or caller is not None and depth < 3 and _set_up_there(code, caller, runs, depth + 1):
            return True
    return False


def _direct(sent: Use) -> bool:
    """Whether the emission calls its listeners there and then, as a bus of the project's own does."""
    return "direct" in sent.idiom.traits or sent.framework is OWN


def _listening(code: Code, sent: Use, event: str) -> list[Use]:
    """The registrations that an emission of an event is for."""
    identity = _bus(code, sent)
    return [u for u in code.idioms.of("register") if _bus(code, u) == identity and event in code.idioms.events(u)] if identity else []


def _bus(code: Code, use: Use) -> str:
    return code.lifetimes.identity(use.receiver) if use.idiom.on else use.framework.name


PROBE = Across()
