"""Which schedulers run in every process that loads the application?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import SchedulerAlone, SchedulerInProcess
from callcheck.model.facts.work import WorkBeside
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.floating import STARTERS
from callcheck.sources.code.for_one import for_one_process
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.import_time import at_import
from callcheck.sources.code.let_in import let_in
from callcheck.sources.code.nest_schedules import starts_of
from callcheck.sources.code.scopes import function_of, is_script, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.to_people import tells_people
from callcheck.sources.code.tree import (
    Call,
    Function,
    Loop,
    Module,
    dotted,
    last_name,
)

_LOCKS = pattern(r"lock|leader|acquire|setnx|claim|once", re.I)
_PLAIN = frozenset({"fetch", "axios", "got", "ky", "post", "put", "patch"})
"""Requests of which it cannot be told whether doing them twice is wrong."""
_BEATS = pattern(r"(?i)beat|health|\bping|alive|metric|telemetry|uptime|statsd|consul|eureka|\bself_?url")
_SPAWNS = ("create_task", "ensure_future", *STARTERS)


class Schedulers:
    """Schedulers that start-up code starts, below no test that picks one process."""

    name = "schedulers"
    looks_at = Sight.SOURCE
    about = ("start", "schedule", "outward in python")
    marks = ("setInterval",)
    answers = frozenset({SchedulerInProcess, SchedulerAlone, WorkBeside})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for item, call in self._found(eyes.code):
            yield from _where(eyes, item, call)

    def _found(self, code: Code) -> Iterator[tuple[Evidence, Call]]:
        for use in code.idioms.of("start", "schedule"):
            if use.idiom.does == "start" and "scheduler" not in use.idiom.on or _read_by_one(code, use):
                continue
            role = code.lifetimes.role(use.function)
            if role not in ("module", "startup", "helper") or _harmless(code, use.call, use):
                continue
            if "blocks" in use.idiom.traits or _own_process(code, use.module):
                yield seen(SchedulerAlone(use.framework.name, use.module.language), use.call, self.name), use.call
            else:
                yield seen(SchedulerInProcess(use.framework.name, use.module.language, role, at_import(code, use.call)), use.call, self.name), use.call
        yield from self._timers(code)
        yield from self._loops(code)

    def _loops(self, code: Code) -> Iterator[tuple[Evidence, Call]]:
        """`asyncio.create_task(remind())`, `Thread(target=remind)` at start, of a Python function that works and sleeps in turn: its work reaches somebody outside, a person if each process may not do it."""
        reaches = {id(use.function): use for use in code.idioms.of("outward") if use.function is not None and use.module.language == "python"}
        for call in code.project.calls(*_SPAWNS) if reaches else ():
            given = call.keyword("target") or call.keyword("coro") or next(iter(call.args), None)
            origin = code.origins.of(given.callee if isinstance(given, Call) else given)
            target = origin.node
            if not isinstance(target, Function) or not _in_turn(target) or code.lifetimes.role(function_of(call)) not in ("module", "startup", "helper"):
                continue
            found = [reaches[id(each)] for each in (target, *code.flow.called(target)) if id(each) in reaches]
            if found and not _own_process(code, module_of(call)) and not _one_has_it(code, target):
                if not all(map(_beats, found)):
                    yield seen(WorkBeside(clean(target.name, 60), "", "python"), call, self.name), call
                fact = SchedulerInProcess("", "python", code.lifetimes.role(function_of(call)), at_import(code, call))
                told = next((use for use in found if _reaches(code, use)), None)
                if told is not None:
                    yield seen(fact, call, self.name, (seen(fact, told.call, self.name, label="each process does this"),)), call

    def _timers(self, code: Code) -> Iterator[tuple[Evidence, Call]]:
        """`setInterval` at start whose work reaches somebody outside, a person if each process may not do it: other work of this kind (a cache, a heartbeat) is right in each."""
        reaches = {id(use.function): use for use in code.idioms.of("outward") if use.function is not None}
        for call in code.project.calls("setInterval") if reaches else ():
            origin = code.origins.of(call.args[0]) if call.args else None
            given = call.args[0] if call.args and isinstance(call.args[0], Function) else origin.node if origin is not None else None
            if not isinstance(given, Function) or code.lifetimes.role(function_of(call)) not in ("module", "startup", "helper"):
                continue
            found = [reaches[id(each)] for each in (given, *code.flow.called(given)) if id(each) in reaches]
            if found and not _own_process(code, module_of(call)) and not _harmless(code, call):
                language = module_of(call).language
                if not all(map(_beats, found)):
                    yield seen(WorkBeside("setInterval", "", language), call, self.name), call
                fact = SchedulerInProcess("", language, code.lifetimes.role(function_of(call)))
                told = next((use for use in found if _reaches(code, use)), None)
                if told is not None:
                    yield seen(fact, call, self.name, (seen(fact, told.call, self.name, label="each process does this"),)), call


def _where(eyes: Eyes, item: Evidence, call: Call) -> Iterator[Evidence]:
    """The start of a scheduler in the units that get past the tests on variables above it; as it is where there is no such test, or where a unit gets past that
    is given none of the variables, unless a test picks one process."""
    gates = let_in(eyes, call)
    chosen = (gates is None or gates.plain) and for_one_process(eyes.code, call)
    if gates is None or (gates.plain and not gates.shut):
        if not chosen:
            yield item
        return
    for each in gates.by if not chosen else ():
        told = Evidence(item.fact, Basis.DECLARED, item.probe, each.where, label=f"{clean(each.name, 40)} lets {clean(each.unit, 40) or 'each unit'} start it")
        yield replace(item, service=clean(each.unit, 80), because=(*item.because, told))
    for unit in gates.others if gates.plain and not chosen else ():
        yield replace(item, service=clean(unit, 80))


def _read_by_one(code: Code, use: Use) -> bool:
    """Whether Nest's ScheduleModule, which reads the decorators and starts the jobs, is imported by a chosen process alone."""
    roots = starts_of(code, use)
    return bool(roots) and all(for_one_process(code, call) for call in roots)


def _reaches(code: Code, use: Use) -> bool:
    """Whether a person is reached: of plain requests only by those whose address says so."""
    return last_name(use.call.callee) not in _PLAIN or tells_people(code, use.call)


def _beats(use: Use) -> bool:
    """Whether a request tells that the process lives, which one that stands still need not."""
    lines = use.module.lines[use.call.line - 1 : max(use.call.end_line, use.call.line)]
    return any(_BEATS.search(line) for line in lines)


def _in_turn(function: Function) -> bool:
    """Whether a function goes on for ever, with a pause in each round."""
    loops = (loop for loop in function.inside(Loop) if loop.over is None)
    return any(last_name(call.callee) in ("sleep", "wait", "wait_for", "run_pending") for loop in loops for call in loop.inside(Call))


def _own_process(code: Code, module: Module) -> bool:
    """Whether a module is a program of its own: one that loops by itself, or that is run as a script, and imported by nobody."""
    if any(isinstance(node, Loop) and node.over is None for node in module.body):
        return True
    if not is_script(module):
        return False
    if any(use.module is module and use.idiom.role == "request" for use in code.idioms.of("serve")):
        return False
    return not code.project.importers(module.path)


def _harmless(code: Code, call: Call, use: Use | None = None) -> bool:
    """Whether the job, or each job of the scheduler that is started, takes a lock or claims its work before it works, or only renews what its process has in memory."""
    given = [code.origins.of(arg).node if not isinstance(arg, Function) else arg for arg in call.args]
    jobs = [each for each in (*given, *(code.idioms.handlers(use) if use is not None else ())) if isinstance(each, Function)]
    if any(_right_in_each(code, job) for job in jobs):
        return True
    identity = code.lifetimes.identity(use.receiver) if use is not None and use.idiom.does == "start" else ""
    added = [each for each in code.idioms.of("publish") if each.idiom.role == "job" and code.lifetimes.identity(each.receiver) == identity] if identity else []
    handlers = [code.idioms.handlers(each) for each in added]
    return bool(handlers) and all(any(isinstance(node, Function) and _right_in_each(code, node) for node in nodes) for nodes in handlers)


def _right_in_each(code: Code, job: Function) -> bool:
    """Whether each process may have a job for itself: one of them claims the work, or there is none but to read anew what the process has in memory."""
    from callcheck.sources.code.own_renewal import renews_own

    return _one_has_it(code, job) or renews_own(code, job)


def _one_has_it(code: Code, job: Function) -> bool:
    from callcheck.sources.code.claims import claims

    functions = [job, *code.flow.called(job)]
    return any(claims(code, f) or any(_LOCKS.search(dotted(c.callee)) for c in f.inside(Call)) for f in functions)


PROBE = Schedulers()
