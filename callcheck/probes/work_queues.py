"""Which work does the code hand to other processes, and which does it take itself?

    imports.enqueue(run, path)          # an RQ worker is to take it
    report.delay(month)                 # a Celery worker, from the queue that routes say
    new Worker("mail", send)            # takes work in whatever process loads it
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.deployment import WorkHandedOff, WorkTaken
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Function, Literal, Member, Name, Node, Object, last_name

_DEFAULTS = {"celery": "celery", "dramatiq": "default", "arq": "arq:queue", "rq": "default"}
_SCHEDULES = frozenset({"beat_schedule", "CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE"})
_ROUTES = frozenset({"task_routes", "CELERY_TASK_ROUTES", "CELERY_ROUTES"})
_QUEUES = frozenset({"task_queues", "CELERY_TASK_QUEUES", "CELERY_QUEUES"})
_DEFAULT_QUEUE = frozenset({"task_default_queue", "CELERY_TASK_DEFAULT_QUEUE", "CELERY_DEFAULT_QUEUE"})


class WorkQueues:
    """States what is handed off and taken; a queue whose name is computed is ""."""

    name = "work-queues"
    looks_at = Sight.SOURCE
    about = ("hand-off", "take-work", "task")
    answers = frozenset({WorkHandedOff, WorkTaken})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("hand-off"):
            if use.idiom.reason.startswith("bull") and code.lifetimes.role(use.function) in ("job", "message"):
                continue  # a step further on: whoever takes it may well be in another repository
            yield self._handed(use.call, _queue(code, use), use)
        for use in code.idioms.of("take-work"):
            fact = WorkTaken(clean(_queue(code, use), 100), use.idiom.reason, use.framework.name, use.module.language)
            yield seen(fact, use.call, self.name)
        tasks = list(code.idioms.of("task"))
        for use in tasks:
            yield from self._called(code, use)
        if any(use.idiom.reason == "celery" for use in tasks):
            yield from self._scheduled(code)
            yield from self._default(code, next(use for use in tasks if use.idiom.reason == "celery"))

    def _handed(self, node: Node, queue: str, use: Use) -> Evidence:
        queue = queue or (_DEFAULTS.get(use.idiom.reason, "") if not use.idiom.scope else "")
        return seen(WorkHandedOff(clean(queue, 100), use.idiom.reason, use.framework.name, use.module.language), node, self.name)

    def _called(self, code: Code, use: Use) -> Iterator[Evidence]:
        """Every place that asks for a decorated function to be called by its worker."""
        task = next((above for above in use.call.up() if isinstance(above, Function)), None)
        own = code.idioms.text(next(iter(code.idioms.placed(use.call, use.idiom.event)), None))
        for call in code.project.calls(*use.idiom.says.split()):
            if task is None or not isinstance(call.callee, Member) or code.origins.of(call.callee.object).node is not task:
                continue
            told = code.idioms.option(call, "queue")
            queue = code.idioms.text(told) if told is not None else own
            if told is not None and not queue:
                queue = "*"
            if not queue and use.idiom.reason == "celery":
                queue = _routed(code, task, use)
            yield self._handed(call, queue, use)

    def _default(self, code: Code, use: Use) -> Iterator[Evidence]:
        """The one queue from which a Celery worker takes that is told none, unless the configuration lists several."""
        if next(_settings(code, _QUEUES), None) is None:
            told = next((node for _, node in _settings(code, _DEFAULT_QUEUE)), None)
            queue = "celery" if told is None else str(told.value) if isinstance(told, Literal) else ""
            if queue:
                yield seen(WorkTaken(clean(queue, 100), "celery without -Q", use.framework.name, "python"), told or use.call, self.name)

    def _scheduled(self, code: Code) -> Iterator[Evidence]:
        """What Celery's beat is to hand off."""
        language = "python"
        for name, node in _settings(code, _SCHEDULES):
            if not (isinstance(node, Object) and not node.entries):
                yield seen(WorkHandedOff("", "celery beat", "celery", language), node, self.name, label=f"{name} is what beat is to send")
        for call in code.project.calls("add_periodic_task"):
            yield seen(WorkHandedOff("", "celery beat", "celery", language), call, self.name, label="beat is to send this")


def _queue(code: Code, use: Use) -> str:
    """The queue's name: the call's, or what the queue was made with; "" if it is computed or the default."""
    if use.idiom.event_is:
        return use.idiom.event_is
    if use.idiom.event:
        named = code.idioms.placed(use.call, use.idiom.event)
        return code.idioms.text(named[0]) or "*" if named else ""
    if not use.idiom.scope or not isinstance(use.receiver.node, Call):
        return ""
    named = code.idioms.placed(use.receiver.node, use.idiom.scope)
    return code.idioms.text(named[0]) if named else ""


def _settings(code: Code, names: frozenset[str]) -> Iterator[tuple[str, Node]]:
    """What a setting of Celery is set to: by assignment, or in `conf.update(…)`."""
    for module in code.project.naming(*names):
        for assign in module.all(Assign):
            for target in assign.targets:
                if isinstance(target, (Name, Member)) and last_name(target) in names and assign.value is not None:
                    yield last_name(target), assign.value
        for call in module.calls("update", "Celery"):
            for keyword in call.keywords:
                if keyword.name in names:
                    yield keyword.name, keyword.value


def _routed(code: Code, task: Function, use: Use) -> str:
    """The queue that Celery's routes, else its default, give a task; "*" if routes are computed."""
    explicit = use.call.keyword("name")
    name = code.idioms.text(explicit) if explicit is not None else f"{module_of(task).path.removesuffix('.py').replace('/', '.')}.{task.name}"
    for _, node in _settings(code, _ROUTES):
        table = node if isinstance(node, Object) else code.origins.of(node).node
        if not isinstance(table, Object):
            return "*"
        for entry in table.entries:
            pattern = entry.key or ""
            if not pattern:
                return "*"
            if fnmatchcase(name, pattern) or name.endswith(f".{pattern}"):
                queue = entry.value.get("queue") if isinstance(entry.value, Object) else entry.value
                return code.idioms.text(queue) or "*"
    default = next((node for _, node in _settings(code, _DEFAULT_QUEUE)), None)
    if default is not None:
        return str(default.value) if isinstance(default, Literal) else "*"
    return ""


PROBE = WorkQueues()
