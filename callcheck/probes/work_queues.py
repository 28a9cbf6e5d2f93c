"""Which work does the code hand to other processes, and which does it take itself?

    imports.enqueue(run, path)          # an RQ worker is to take it
    report.delay(month)                 # a Celery worker, from the queue that routes say
    new Worker("mail", send)            # takes work in whatever process loads it
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.work import WorkHandedOff, WorkTaken
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.begun import main_only
from callcheck.sources.code.celery_settings import DEFAULT_QUEUE, QUEUES, ROUTES, rows_of, settings
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import enclosing, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Member,
    Name,
    Node,
    Object,
    Sequence,
    last_name,
)
from callcheck.sources.environment.told import Told

_DEFAULTS = {"celery": "celery", "dramatiq": "default", "arq": "arq:queue", "rq": "default", "procrastinate": "default"}
_WORD = pattern(r"\w+")
_SCHEDULES = frozenset({"beat_schedule", "CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE"})


class WorkQueues:
    """States what is handed off and taken; a queue whose name is computed is ""."""

    name = "work-queues"
    looks_at = Sight.SOURCE
    about = ("hand-off", "take-work", "task", "routes-work")  # settings of a worker alone say nothing
    answers = frozenset({WorkHandedOff, WorkTaken})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, told = eyes.code, Told(eyes)
        for use in code.idioms.of("hand-off"):
            if use.idiom.reason.startswith("bull") and code.lifetimes.role(use.function) in ("job", "message"):
                continue  # a step further on: whoever takes it may well be in another repository
            queue = _queue(code, use, told)
            if use.idiom.reason == "celery" and not queue:
                queue = _routed(code, code.idioms.text(next(iter(use.call.args), None)))
            yield self._handed(use.call, queue, use)
        for use in code.idioms.of("take-work"):
            fact = WorkTaken(clean(_queue(code, use, told), 100), use.idiom.reason, use.framework.name, use.module.language, main_only(use.call))
            yield seen(fact, use.call, self.name)
        yield from self._by_name(code)
        tasks = list(code.idioms.of("task"))
        for use in tasks:
            yield from self._called(code, use, told)
        if next(iter(code.idioms.of(*self.about)), None) is not None:
            yield from self._settled(code)
        celery = next((use for use in tasks if use.idiom.reason == "celery"), None)
        if celery is not None:
            yield from self._scheduled(code, celery)
            yield from self._default(code, celery)

    def _by_name(self, code: Code) -> Iterator[Evidence]:
        """What is sent to a name for which a table has the consumer, wherever the sending call is: `await layer.send("thumbs", {…})`, `send("thumbs", {…})`."""
        for use in code.idioms.of("routes-work"):
            tables = [held for node in code.idioms.placed(use.call, use.idiom.event) if isinstance(held := node if isinstance(node, Object) else code.origins.of(node).node, Object)]
            for entry in (each for table in tables for each in table.entries):
                name = entry.key or code.idioms.text(entry.computed)
                modules = code.project.naming("get_channel_layer", "channel_layer", *_WORD.findall(name)) if name else []
                calls = (call for module in modules if not is_test(module.path) for call in module.all(Call) if call is not use.call and call.args)
                sent = next((call for call in calls if code.idioms.text(call.args[0]) == name), None)
                if sent is not None:
                    fact = WorkHandedOff(clean(name, 100), use.idiom.reason, use.framework.name, use.module.language)
                    yield seen(fact, sent, self.name, (seen(fact, entry, self.name, label="this consumer is for it"),))

    def _handed(self, node: Node, queue: str, use: Use) -> Evidence:
        queue = queue or _DEFAULTS.get(use.idiom.reason, "")
        return seen(WorkHandedOff(clean(queue, 100), use.idiom.reason, use.framework.name, use.module.language), node, self.name)

    def _called(self, code: Code, use: Use, told: Told) -> Iterator[Evidence]:
        """Every place that asks for a decorated function to be called by its worker."""
        task = next((above for above in use.call.up() if isinstance(above, Function)), None)
        own = code.idioms.text(next(iter(code.idioms.placed(use.call, use.idiom.event)), None))
        plain = task.name if task is not None and "()" in use.idiom.says else ""
        for call in code.project.calls(*use.idiom.says.split(), *([plain] if plain else ())):
            asked = call.callee if last_name(call.callee) == plain else call.callee.object if isinstance(call.callee, Member) else None
            if task is None or asked is None or code.origins.of(asked).node is not task:
                continue
            given = next((option for each in _sent(call) if (option := code.idioms.option(each, "queue")) is not None), None)
            queue = told.text(given) if given is not None else own
            if given is not None and not queue:
                queue = "*"
            if not queue and use.idiom.reason == "celery":
                queue = _routed(code, _named(code, task, use))
            yield self._handed(call, queue, use)

    def _default(self, code: Code, use: Use) -> Iterator[Evidence]:
        """The one queue from which a Celery worker takes that is told none, unless the configuration lists several."""
        if next(settings(code, QUEUES), None) is None:
            told = next((node for _, node in settings(code, DEFAULT_QUEUE)), None)
            queue = "celery" if told is None else code.idioms.text(told)
            if queue:
                yield seen(WorkTaken(clean(queue, 100), "celery without -Q", use.framework.name, "python"), told or use.call, self.name)

    def _settled(self, code: Code) -> Iterator[Evidence]:
        """The queue from which a worker takes that is set up by a class of settings (arq's `functions` and `queue_name`)."""
        for use in code.idioms.of("ask"):
            cls = enclosing(use.call, ClassDef)
            if use.idiom.medium in _DEFAULTS and isinstance(cls, ClassDef):
                values = [each.value for each in cls.inside(Assign) if any(isinstance(t, Name) and t.id == "queue_name" for t in each.targets)]
                queue = (code.idioms.text(values[0]) or "*") if values else _DEFAULTS[use.idiom.medium]
                fact = WorkTaken(clean(queue, 100), f"{use.idiom.medium} without -Q", use.framework.name, "python")
                yield seen(fact, use.call, self.name)

    def _scheduled(self, code: Code, use: Use) -> Iterator[Evidence]:
        """What Celery's beat is to hand off, and to which queue."""
        language = "python"
        for name, node in settings(code, _SCHEDULES):
            if not (isinstance(node, Object) and not node.entries):
                yield seen(WorkHandedOff("", "celery beat", "celery", language), node, self.name, label=f"{name} is what beat is to send")
            for entry in node.entries if isinstance(node, Object) else ():
                due = entry.value
                task = code.idioms.text(due.get("task")) if isinstance(due, Object) else ""
                if isinstance(due, Object) and task:
                    options = due.get("options")
                    told = options.get("queue") if isinstance(options, Object) else None
                    queue = "*" if options is not None and not isinstance(options, Object) else (code.idioms.text(told) or "*") if told is not None else ""
                    yield self._handed(due, queue or _own_queue(code, task) or _routed(code, task), use)
        for call in code.project.calls("add_periodic_task"):
            yield seen(WorkHandedOff("", "celery beat", "celery", language), call, self.name, label="beat is to send this")


def _sent(call: Call) -> Iterator[Call]:
    """The call that names a task, and those around it that may say how it is sent: `chain(mail.s(address).set(queue="mail"), note.s())`."""
    yield call
    if last_name(call.callee) not in ("delay", "apply_async"):
        yield from (above for above in call.up() if isinstance(above, Call) and last_name(above.callee) in ("set", "apply_async", "chain", "group", "chord", "delay"))


def _queue(code: Code, use: Use, told: Told) -> str:
    """The queue's name: the call's, or what the queue was made with; "" if it is computed or the default."""
    if use.idiom.event_is:
        return use.idiom.event_is
    if use.idiom.event:
        named = code.idioms.placed(use.call, use.idiom.event)
        return told.text(named[0]) or "*" if named else ""
    if not use.idiom.scope:
        return ""
    if not isinstance(use.receiver.node, Call):
        return "*"
    named = code.idioms.placed(use.receiver.node, use.idiom.scope)
    return told.text(named[0]) or "*" if named else ""


def _named(code: Code, task: Function, use: Use) -> str:
    """The name of a Celery task: its own, or that of its module and function."""
    explicit = use.call.keyword("name")
    return code.idioms.text(explicit) if explicit is not None else f"{module_of(task).path.removesuffix('.py').replace('/', '.')}.{task.name}"


def _own_queue(code: Code, name: str) -> str:
    """The queue that the decorator of the task of that name tells; "" if it tells none."""
    for use in code.idioms.of("task"):
        task = next((above for above in use.call.up() if isinstance(above, Function)), None)
        if use.idiom.reason == "celery" and task is not None and _named(code, task, use).endswith(name):
            return code.idioms.text(next(iter(code.idioms.placed(use.call, use.idiom.event)), None))
    return ""


def _routed(code: Code, name: str) -> str:
    """The queue that Celery's routes, else its default, give a task; "*" if routes are computed."""
    for _, node in settings(code, ROUTES):
        table = node if isinstance(node, (Object, Sequence)) else code.origins.of(node).node
        rows = list(rows_of(code, table))
        for wanted, where in rows:
            if not wanted or not name:
                return "*"
            if fnmatchcase(name, wanted) or name.endswith(f".{wanted}"):
                queue = where.get("queue") if isinstance(where, Object) else where
                return code.idioms.text(queue) or "*"
        if not rows:
            return "*"
    default = next((node for _, node in settings(code, DEFAULT_QUEUE)), None)
    return (code.idioms.text(default) or "*") if default is not None else ""


PROBE = WorkQueues()
