"""Do a listener and its event live in different programs of one code base?

Two entry files that import the same module-level emitter, queue object or table each get their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import DeliveryAcross
from callcheck.model.facts.meeting import ProgramsApart
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import CTORS, function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.socket_servers import LAYER, carried, server_of, told_here
from callcheck.sources.code.tree import Call, ClassDef, Function, Member, Node, dotted, last_name

if TYPE_CHECKING:
    from callcheck.sources.code.processes import Processes, Program

_REMOTE = frozenset({"transport", "shared", "pubsub", "bus"})
"""Traits of what does cross processes, or is not an object of the project."""
_DEEPEST = 4
_COMMAND = pattern(r"(?:^|/)management/commands/(\w+)\.py$")


class Apart:
    """Lays the programs that listen beside those that emit, for objects in memory, for local events of a queue and for realtime servers."""

    name = "apart"
    looks_at = Sight.SOURCE
    about = ("programs", "transport in python", "channel-layer in python")
    answers = frozenset({ProgramsApart, DeliveryAcross})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._outside(code)
        if len(code.programs.entries) < 2:
            return
        yield from self._emitters(code)
        yield from self._queues(code)
        yield from self._servers(code)

    def _emitters(self, code: Code) -> Iterator[Evidence]:
        emits = [u for u in code.idioms.of("emit") if not _REMOTE & set(u.idiom.traits)]
        for heard in code.idioms.of("register"):
            if _REMOTE & set(heard.idiom.traits) or not heard.idiom.on:
                continue
            identity = code.lifetimes.identity(heard.receiver)
            for event in code.idioms.events(heard) if identity else ():
                if not event:
                    continue
                listeners = [u for u in code.idioms.of("register") if event in code.idioms.events(u) and code.lifetimes.identity(u.receiver) == identity]
                senders = [u for u in emits if event in code.idioms.events(u) and code.lifetimes.identity(u.receiver) == identity]
                yield from self._compare(code, event, heard, listeners, senders, "emitted here, in another process")

    def _queues(self, code: Code) -> Iterator[Evidence]:
        """Local events of a queue come in the process that works on its jobs."""
        for heard in code.idioms.of("register"):
            if "local" not in heard.idiom.traits or "worked" not in heard.idiom.traits:
                continue
            topic = topic_of(code, heard.receiver)
            workers = [u for u in code.idioms.of("serve") if u.framework is heard.framework and topic and served_topic(code, u) == topic]
            for event in code.idioms.events(heard):
                yield from self._compare(code, event, heard, [heard], workers, "the jobs are worked on here, in another process")

    def _servers(self, code: Code) -> Iterator[Evidence]:
        """A realtime server object that one program serves clients with, and another one emits on."""
        served: dict[str, list[Use]] = {}
        for use in code.idioms.of("register"):
            if use.idiom.role == "connection" and use.idiom.on:
                served.setdefault(code.lifetimes.identity(use.receiver), []).append(use)
        adapted = {code.lifetimes.identity(u.receiver) for u in code.idioms.of("adapt")}
        adapted |= {server_of(code, use) for use in code.idioms.of("realtime") if use.module.language == "python" and carried(code, use)}
        for sent in code.idioms.of("emit"):
            base = sent.receiver.root
            identity = code.lifetimes.identity(base)
            listeners = served.get(identity, []) if identity and identity not in adapted else []
            if "transport" in sent.idiom.traits and listeners and not _has_adapter(base):
                event = next(iter(code.idioms.events(sent)), "")
                yield from self._compare(code, event, sent, [sent], listeners, "its clients are connected here, in another process")

    def _outside(self, code: Code) -> Iterator[Evidence]:
        """The same in Python, with what no queue carries on: a command or a script of its own emits to clients that are connected to the web server."""
        emitted = [use for use in code.idioms.of("emit") if use.module.language == "python" and not {"transport", "channel-layer"}.isdisjoint(use.idiom.traits) and not is_test(use.module.path)]
        sent = [use for use in emitted if "transport" in use.idiom.traits]
        if not emitted:
            return
        from callcheck.sources.code.processes import Processes

        processes = code.once(Processes)
        for use in emitted:
            process = _outer_process(code, processes, use, []) if "channel-layer" in use.idiom.traits else ""
            if process:
                yield seen(DeliveryAcross(clean(next(iter(code.idioms.events(use)), "") or "a group", 80), clean(process, 40), LAYER, "python"), use.call, self.name)
                break
        for server, over in told_here(code, sent):
            identity = server_of(code, server)
            serving = [use.call for use in code.idioms.of("start", "serves") if identity and code.lifetimes.identity(use.receiver) == identity]
            for use in over:
                process = _outer_process(code, processes, use, serving)
                if process:
                    fact = DeliveryAcross(clean(next(iter(code.idioms.events(use)), "") or "an emit", 80), clean(process, 40), server.framework.name, "python")
                    because = seen(fact, server.call, self.name, label="its clients are connected to the process that serves it, and no queue is between")
                    yield seen(fact, use.call, self.name, (because,))
                    break

    def _compare(self, code: Code, event: str, use: Use, mine: Iterable[Use], others: list[Use], label: str) -> Iterator[Evidence]:
        here, there = _programs(code, mine), _programs(code, others)
        if not here or not there or here & there or not all(code.programs.of(u.module) for u in others):
            return
        if here <= code.programs.parts or there <= code.programs.parts:
            return  # on one page with the other
        fact = ProgramsApart(clean(event, 80), clean(min(here), 80), clean(min(there), 80), use.framework.name, use.module.language)
        yield seen(fact, use.call, self.name, tuple(seen(fact, o.call, self.name, label=label) for o in others[:2]))


def _programs(code: Code, uses: Iterable[Use]) -> frozenset[str]:
    return frozenset().union(*(_running(code, use.call) for use in uses))


def _running(code: Code, node: Node, depth: int = 0) -> frozenset[str]:
    """The programs that get to a piece of code: those that load its file, or if its function is called by name, those that call it."""
    loading = code.programs.of(module_of(node))
    function = function_of(node)
    while function is not None and not function.name and not code.origins.calls_of(function) and function_of(function) is not None:
        function = function_of(function)  # a callback is handed over where the function around it runs
    if function is None or len(loading) < 2 or depth >= _DEEPEST:
        return loading
    cls = function.parent if isinstance(function.parent, ClassDef) else None
    name = cls.name if cls is not None and function.name in CTORS else function.name
    calls = code.origins.calls_of(cls if cls is not None and function.name in CTORS else function)
    if not calls or not name:
        return loading
    known = {id(call) for call in calls}
    others = (call for call in code.project.calls(name) if id(call) not in known and not is_test(module_of(call).path))
    found = frozenset[str]().union(*(_running(code, call, depth + 1) for call in calls), *(code.programs.of(module_of(call)) for call in others))
    return found & loading or loading


def _outer_process(code: Code, processes: Processes, sent: Use, serving: list[Call]) -> str:
    """The program that emits and serves nobody, by the name of its command; "" if there is none."""
    tops = processes.tops(sent.call)
    for top in tops:
        name = _command(code, top)
        if name and not any(top in processes.tops(call) for call in serving) and not any(name == code.idioms.text(call.args[0]) for call in code.project.calls("call_command", "invoke") if call.args):
            return name
    from callcheck.sources.code.processes import only_in

    serves = [program for program in processes.programs if program.kind == "web" or any(processes.runs(call, program) for call in serving)]
    for program in processes.programs if serves else ():
        runs = any(each or (each is None and only_in(processes, top, [program])) for top in tops for each in (processes.runs(top, program),))
        if program not in serves and runs and not _serves_too(code, processes, program, serving):
            return program.name
    return ""


def _command(code: Code, top: Node) -> str:
    """The name of the command of Django or Flask that a function is."""
    if not isinstance(top, Function):
        return ""
    found = _COMMAND.search(module_of(top).path) if top.name == "handle" and isinstance(top.parent, ClassDef) else None
    if found:
        return found[1]
    return top.name if any(_makes_command(code, each.callee if isinstance(each, Call) else each) for each in top.decorators) else ""


def _makes_command(code: Code, decorator: Node) -> bool:
    """`@app.cli.command("tides")`, `@click.command()`, a `command` of a group of Click or of Typer's application; a bot's commands are no programs."""
    if last_name(decorator) != "command":
        return False
    if dotted(decorator).endswith("cli.command") or code.origins.of(decorator).qualified.startswith("click."):
        return True
    held = code.origins.of(decorator.object) if isinstance(decorator, Member) else None
    if held is not None and isinstance(held.node, Function):
        return any(last_name(each.callee if isinstance(each, Call) else each) == "group" for each in held.node.decorators)
    return held is not None and held.qualified.startswith(("click.", "typer.", "flask.cli."))


def _serves_too(code: Code, processes: Processes, program: Program, serving: list[Call]) -> bool:
    web = (use for use in code.idioms.of("start") if "blocks" in use.idiom.traits and any(each.role == "request" for each in use.framework.idioms))
    servers = [use.call for use in web]
    return any(processes.runs(call, program) is not False for call in (*serving, *servers))


def _has_adapter(base: Origin) -> bool:
    return isinstance(base.node, Call) and base.node.keyword("adapter") is not None


def topic_of(code: Code, origin: Origin) -> str:
    """The queue that an object stands for: the first argument of its making."""
    return code.idioms.text(origin.node.args[0]) if isinstance(origin.node, Call) and origin.node.args else ""


def served_topic(code: Code, use: Use) -> str:
    """The queue that a worker works on: named at the object, or in the call that makes the worker."""
    return topic_of(code, use.receiver) if use.idiom.on else code.idioms.text(use.call.args[0]) if use.call.args else ""


PROBE = Apart()
