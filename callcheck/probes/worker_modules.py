"""Does a worker that is told which modules to load load those with the tasks?

    worker: dramatiq app.tasks           # app/mails.py, with an actor of its own, is not among them
    worker: huey_consumer app.queue.huey
    worker: taskiq worker app.broker:broker           # the broker's module imports no tasks
    worker: taskiq worker app.broker:broker -fsd      # looks for tasks.py, and the file is called jobs.py
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.handlers import ModuleUnloaded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import Imports, is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Literal, Module
from callcheck.sources.launch.task_modules import TaskModules, told

_LIBRARIES = ("dramatiq", "huey", "taskiq")
_NAMED = pattern(r"^[A-Za-z_]\w*(?:\.\w+)+(?::\w+)?$|^[A-Za-z_]\w*:\w+$")
"""A text of the code by which something else imports a module: `taskiq_fastapi.init(broker, "app.web:app")`."""


class WorkerModules:
    """Follows imports from the modules that such commands name; silent where one of them is not found, or is left to a variable."""

    name = "worker-modules"
    looks_at = Sight.SOURCE
    about = ("task",)
    answers = frozenset({ModuleUnloaded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        tasks = [use for use in code.idioms.of("task") if use.idiom.reason in _LIBRARIES and not is_test(use.module.path)]
        if not tasks:
            return
        imports = Imports(code.project, code.origins)
        commands = list(told(eyes))
        for library in _LIBRARIES:
            own = [use for use in tasks if use.idiom.reason == library]
            starts = [each for each in commands if each.library == library]
            if own and starts and not imports.dynamic and all(each.whole for each in starts):
                yield from self._unloaded(code, imports, own, starts)

    def _unloaded(self, code: Code, imports: Imports, own: Sequence[Use], starts: Sequence[TaskModules]) -> Iterator[Evidence]:
        modules = _found(code, {name for each in starts for name in each.names}, own[0].module)
        if not modules or any(module is None for module in modules.values()):
            return
        loaded = _loaded(code, imports, {module.path for module in modules.values() if module is not None})
        patterns = [each for command in starts for each in command.patterns]
        first = next(each for each in starts if each.names)
        shown: set[str] = set()
        for use in own:
            path = use.module.path
            if path not in loaded and path not in shown and not any(fnmatchcase(f"/{path}", f"*/{each.removeprefix('**/')}") for each in patterns):
                shown.add(path)
                fact = ModuleUnloaded(clean(imports.name(use.module), 80), clean(f"{first.library} {' '.join(sorted(modules))}", 60), "", first.library, "python")
                command = Evidence(fact, Basis.DECLARED, self.name, Location(clean(first.file.name), first.line), label="the worker is told here what to load")
                yield seen(fact, use.call, self.name, (command,))


def _loaded(code: Code, imports: Imports, starts: set[str]) -> set[str]:
    """What these modules import in the end, and what their texts name for somebody else to import."""
    loaded = imports.closure(starts)
    waiting = list(loaded)
    while waiting:
        module = code.project.module(waiting.pop())
        texts = (node.value for node in module.all(Literal) if isinstance(node.value, str) and _NAMED.match(node.value)) if module is not None else ()
        more = {named.path for text in texts if module is not None and (named := code.project.find(module, text.partition(":")[0])) is not None}
        new = imports.closure(more - loaded) - loaded
        loaded |= new
        waiting += new
    return loaded


def _found(code: Code, named: set[str], near: Module) -> dict[str, Module | None]:
    """The module that each name means, None for one that is not found; a bare name that is none is an option's value."""
    found: dict[str, Module | None] = {}
    for name in named:
        whole = name.rpartition(".")[0]
        own = near.path.removesuffix(".py").replace("/", ".")
        module = near if own == name or own.endswith(f".{name}") else code.project.find(near, name)
        if module is not None or whole:
            found[name] = module or code.project.find(near, whole)
    return found


PROBE = WorkerModules()
