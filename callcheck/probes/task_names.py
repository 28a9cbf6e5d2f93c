"""Is there a task of the name that a schedule or a sender asks for?

    beat_schedule = {"nightly": {"task": "shop.tasks.nightly_report", ...}}      # the function is called nightly
    async_task("shop.task.nightly")                                              # its module is called tasks
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import CallNoted
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Function, Import, Imported, Keyword, Literal, Node, Object
from callcheck.sources.code.wraps import reference

ALIKE = 0.8


class TaskNames:
    """Lays names of tasks beside the tasks; silent about a name that resembles none, which another project may have."""

    name = "task-names"
    looks_at = Sight.SOURCE
    about = ("task", "task-name", "hand-out")
    answers = frozenset({CallNoted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        yield from self._referred(eyes.code)
        yield from self._registered(eyes.code)

    def _referred(self, code: Code) -> Iterator[Evidence]:
        """Functions that are handed out by a text with their module, which has none of that name."""
        for use in code.idioms.of("hand-out"):
            for node in code.idioms.placed(use.call, use.idiom.handler) if use.idiom.handler and not is_test(use.module.path) else ():
                near = _like(code, node)
                if near:
                    fact = CallNoted("unknown-task", clean(near, 100), clean(code.idioms.text(node), 100), "", use.framework.name, "python")
                    yield seen(fact, node, self.name, label="no function has this name")

    def _registered(self, code: Code) -> Iterator[Evidence]:
        """Names of Celery's tasks in schedules, and where one is sent by its name."""
        tasks = {name: task for use in code.idioms.of("task") if use.idiom.reason == "celery" for name, task in _named(code, use)}
        if not tasks or any("*" in name for name in tasks):
            return
        for node, asked in _asked(code):
            near = _near(asked, tasks) if not any(name == asked or (name.endswith(f".{asked}") and asked.count(".") > _packages(task)) for name, task in tasks.items()) else ""
            if near:
                fact = CallNoted("unknown-task", clean(near, 100), clean(asked, 100), "", "celery", "python")
                yield seen(fact, node, self.name, (seen(fact, tasks[near], self.name, label=f"the task is called {clean(near, 80)}"),), label="no task has this name")


def _named(code: Code, use: Use) -> Iterator[tuple[str, Function]]:
    """A task's name: as it is told, else its module and function."""
    task = next((above for above in use.call.up() if isinstance(above, Function)), None)
    if task is not None and not is_test(use.module.path):
        told = use.call.keyword("name")
        module = module_of(task).path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        yield (code.idioms.text(told) or "*") if told is not None else f"{module}.{task.name}", task


def _packages(task: Function) -> int:
    """In how many packages the module of a task lies at least: as many as its relative imports go up, and its name begins with them."""
    return max((len(each.module) - len(each.module.lstrip(".")) for each in module_of(task).all(Import)), default=0)


def _asked(code: Code) -> Iterator[tuple[Node, str]]:
    """Every written name of a task: in a schedule's entries, and where one is sent by its name."""
    for use in code.idioms.of("task-name"):
        for node in code.idioms.placed(use.call, use.idiom.event) if not is_test(use.module.path) else ():
            yield from ((node, text) for text in (code.idioms.text(node),) if text and "*" not in text)
    for module in code.project.naming("beat_schedule", "CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE", "CELERY"):
        for held in module.all(Object) if not is_test(module.path) else ():
            task, schedule = held.get("task"), held.get("schedule")
            if isinstance(task, Literal) and isinstance(task.value, str) and schedule is not None and not isinstance(held.parent, Keyword):
                yield task, task.value


def _near(asked: str, tasks: dict[str, Function]) -> str:
    """The task that was meant: of the same last name in another module, or of the same module with a name like it."""
    module, _, last = asked.rpartition(".")
    same = [name for name in tasks if name.rpartition(".")[2] == last]
    if len(same) == 1:
        return same[0]
    import difflib

    beside = {name.rpartition(".")[2]: name for name in tasks if module and (name.rpartition(".")[0] == module or name.rpartition(".")[0].endswith(f".{module}"))}
    close = difflib.get_close_matches(last, list(beside), 1, 0.5) or [each for each in beside if each in last or last in each]
    whole = difflib.get_close_matches(asked, list(tasks), 1, ALIKE)
    return beside[close[0]] if close else whole[0] if whole else ""


def _like(code: Code, node: Node) -> str:
    """The function that a text which names none of the project must mean: one of its module with a name like it, or that of its name in a module beside."""
    named = reference(node)
    if named is None:
        return ""
    import difflib

    name, function = named
    module = code.project.find(module_of(node), name)
    if module is not None:
        if function in code.project.scope(module) or any(each.imported == "*" for each in module.all(Imported)):
            return ""
        close = difflib.get_close_matches(function, [each.name for each in module.body if isinstance(each, Function)], 1, ALIKE)
        return f"{name}.{close[0]}" if close else ""
    package = name.rpartition(".")[0]
    folder = package.replace(".", "/")
    beside = [path for path in code.project.sources if package and f"/{path}".rpartition("/")[0].endswith(f"/{folder}") and path.endswith(".py")]
    having = [path for path in beside if (other := code.project.module(path)) is not None and any(isinstance(each, Function) and each.name == function for each in other.body)]
    return f"{package}.{having[0].rpartition('/')[2].removesuffix('.py')}.{function}" if len(having) == 1 else ""


PROBE = TaskNames()
