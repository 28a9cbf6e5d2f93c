"""Does one program of the deployment emit without the listeners that another one loads?

    web: uvicorn shop.web:app            imports shop.receivers, whose listeners wait for `paid`
    worker: python -m shop.worker        emits `paid` as well, and imports no receivers

Likewise `node src/server.js`, which requires ./listeners, and `node src/worker.js`, which does not; and receivers of Django that wsgi.py alone
imports, of a signal that a task of Celery or Huey sends: `celery worker` and `manage.py run_huey` load no wsgi.py; and handlers of what the
worker's library itself sends (`in-worker`), in a module that no worker loads.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import ModuleUnloaded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Module

if TYPE_CHECKING:
    from callcheck.sources.code.processes import Processes

_IN_MEMORY = ("emitter", "signal", "target")
_REMOTE = frozenset({"transport", "shared", "pubsub", "bus", "other-process"})
"""Traits of what does not stay within a process."""
_BY_WORKERS = "in-worker"
"""The trait of what is sent by the process that runs the tasks, whoever queues them. Celery's are told apart in `loaded`, which knows what its worker loads."""
_BY_NAME = ("__init__", "apps", "models", "admin", "tasks", "actors", "urls", "translation", "wagtail_hooks")
"""Modules of an application that Django, or a library for it, imports by their names."""
_EAGER = pattern(r"ALWAYS_EAGER\W{1,6}True\b|\bimmediate[\"']?\s{0,4}[:=]\s{0,4}True\b|ImmediateBackend\b")


class UnloadedHere:
    """Looks at listeners that are attached when a module is loaded, or a function called, in some programs and not in others."""

    name = "unloaded-here"
    looks_at = Sight.SOURCE
    about = ("register",)
    answers = frozenset({ModuleUnloaded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        yield from self._of_python(eyes.code)
        yield from self._of_node(eyes.code)

    def _of_node(self, code: Code) -> Iterator[Evidence]:
        attached = [use for use in code.idioms.of("register") if use.module.language != "python" and not is_test(use.module.path) and any(code.idioms.events(use)) and _for_all(code, use) and not _answers_clients(code, use)]
        if not attached:
            return
        from callcheck.sources.code.node_programs import NodePrograms
        from callcheck.sources.code.sends import Sends

        programs, sends = NodePrograms(code), Sends(code)
        told: set[tuple[str, str]] = set()
        alike: dict[tuple[str, frozenset[str]], list[Use]] = {}
        for use in code.idioms.of("register"):
            alike.setdefault(_of_what(code, use), []).append(use)
        for use in attached if len(programs.entries) > 1 else ():
            if use.module.path in programs.entries:
                continue  # a listener that the program attaches itself is one of that process, and no file that others forgot
            lacks = [entry for entry in programs.entries if all(programs.runs(each.call, entry) is False for each in alike[_of_what(code, use)])]
            if not any(programs.runs(use.call, entry) for entry in programs.entries if entry not in lacks and programs.lasting(entry)):
                continue
            for entry in filter(programs.lasting, lacks):
                sent = next((node for node in sends.of(use) if programs.runs(node, entry)), None)
                if sent is None or (use.module.path, entry) in told:
                    continue
                told.add((use.module.path, entry))
                event = clean(next(filter(None, code.idioms.events(use)), ""), 80)
                fact = ModuleUnloaded(clean(use.module.path, 80), clean(entry, 60), event, use.framework.name, use.module.language)
                first = code.project.module(entry)
                starts = [seen(fact, first.body[0], self.name, label="this program starts here, and attaches no listener")] if first and first.body else []
                yield seen(fact, use.call, self.name, (seen(fact, sent, self.name, label="here this program sends what the listener waits for"), *starts))

    def _of_python(self, code: Code) -> Iterator[Evidence]:
        attached = [use for use in code.idioms.of("register") if use.module.language == "python" and not is_test(use.module.path) and (_for_all(code, use) or _BY_WORKERS in use.idiom.traits)]
        if "django" in code.idioms.imported:
            yield from self._of_django(code, [use for use in attached if use.framework.name == "django" and use.function is None])
            yield from self._of_workers(code)
            return  # Django loads what its settings list in every process.
        if not attached:
            return
        from callcheck.sources.code.processes import Processes, only_in
        from callcheck.sources.code.sends import Sends

        processes = code.once(Processes)
        if len(processes.programs) < 2 or processes.imports.dynamic:
            return
        yield from self._of_workers(code)
        sends = Sends(code)
        told: set[tuple[str, str]] = set()
        for use in attached:
            alike = [other for other in attached if _of_what(code, use) == _of_what(code, other)]
            has = {program for program in processes.programs if any(processes.runs(each.call, program) is not False for each in alike)}
            certain = any(processes.runs(use.call, program) for program in has)
            lacks = [program for program in processes.programs if program not in has]
            for program in lacks if certain else ():
                sent = next((node for node in sends.of(use) if any(_goes_out(processes.runs(top, program), only_in(processes, top, lacks)) for top in processes.tops(node))), None)
                if sent is None or (use.module.path, program.path) in told:
                    continue
                told.add((use.module.path, program.path))
                event = clean(next(iter(code.idioms.events(use)), ""), 80)
                fact = ModuleUnloaded(clean(processes.imports.name(use.module), 80), clean(program.text, 60), event, use.framework.name, "python")
                first = code.project.module(program.path)
                starts = [seen(fact, first.body[0], self.name, label="this program starts here, and attaches no listener")] if first and first.body else []
                yield seen(fact, use.call, self.name, (seen(fact, sent, self.name, label="here this program sends what the listener waits for"), *starts))

    def _of_django(self, code: Code, attached: list[Use]) -> Iterator[Evidence]:
        """Receivers in modules that only the file of a server imports, which tasks and commands run without."""
        alone = [use for use in attached if _of_servers(code, use.module)]
        if not alone:
            return
        from callcheck.sources.code.processes import Processes
        from callcheck.sources.code.sends import Sends

        processes, sends = code.once(Processes), Sends(code)
        if processes.imports.dynamic or _runs_at_once(code):
            return
        told: set[str] = set()
        for use in alone:
            sent, worker = next(((node, top) for node in sends.of(use) for top in processes.tops(node) if isinstance(top, Function) and _apart(code, top)), (None, None))
            if sent is None or worker is None or use.module.path in told:
                continue
            told.add(use.module.path)
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            fact = ModuleUnloaded(clean(processes.imports.name(use.module), 80), clean(f"the process that runs {worker.name}", 60), event, "django", "python")
            yield seen(fact, use.call, self.name, (seen(fact, sent, self.name, label="sent here, by a process that loads no wsgi.py"),))


    def _of_workers(self, code: Code) -> Iterator[Evidence]:
        """Handlers of what a worker's library sends where the tasks run, in modules that only servers load."""
        own = [use for use in code.idioms.of("register") if _BY_WORKERS in use.idiom.traits and use.function is None and use.framework.name != "celery" and not is_test(use.module.path)]
        if not own or _runs_at_once(code):
            return
        from callcheck.sources.code.processes import Processes

        processes, told = code.once(Processes), set[str]()
        if processes.imports.dynamic:
            return
        for use in own:
            if use.module.path in told or not (_of_servers(code, use.module) if "django" in code.idioms.imported else _loaded_by_servers(processes, use)):
                continue
            told.add(use.module.path)
            fact = ModuleUnloaded(clean(processes.imports.name(use.module), 80), "the worker", clean(next(iter(code.idioms.events(use)), ""), 80), use.framework.name, "python")
            loads = [statement for _, statement in processes.imports.importers(use.module.path) or ()]
            yield seen(fact, use.call, self.name, tuple(seen(fact, each, self.name, label="only a server loads the module; the worker sends this") for each in loads[:1]))


def _loaded_by_servers(processes: Processes, use: Use) -> bool:
    """Whether a server surely loads a handler, and no worker, of which there is one, may."""
    workers = [program for program in processes.programs if program.kind == "worker"]
    return bool(workers) and all(processes.runs(use.call, each) is False for each in workers) and any(processes.runs(use.call, each) for each in processes.programs if each.kind == "web")


def _runs_at_once(code: Code) -> bool:
    """Whether tasks may run where they are queued."""
    return any(_EAGER.search(module.text) for module in code.project.naming("CELERY_TASK_ALWAYS_EAGER", "CELERY_ALWAYS_EAGER", "task_always_eager", "immediate", "HUEY", "TASKS"))


def _of_servers(code: Code, module: Module) -> bool:
    """Whether nothing imports a module but wsgi.py and asgi.py, nor does a text name it for somebody to import."""
    from callcheck.sources.code.processes import Processes

    imports = code.once(Processes).imports
    stem = posixpath.basename(module.path).removesuffix(".py")
    loaders = imports.loaders(module.path) if stem not in _BY_NAME else []
    if not loaders or any(not each.calls("get_wsgi_application", "get_asgi_application") or imports.loaders(each.path) for each in loaders):
        return False
    name = imports.name(module)
    texts = (node.value for each in code.project.naming(stem) for node in each.all(Literal) if isinstance(node.value, str))
    return not any(text == stem or name in text or text.endswith(f".{stem}") for text in texts)


def _apart(code: Code, top: Function) -> bool:
    """Whether a function is run by a worker of a queue or by manage.py, and by no server."""
    return "/management/commands/" in f"/{module_of(top).path}" or any(use.idiom.does == "task" or use.idiom.does == "serve" and "other-process" in use.idiom.traits for use in code.idioms.handled_by(top))


def _goes_out(runs: bool | None, alone: bool) -> bool:
    return runs is True or (runs is None and alone)


def _for_all(code: Code, use: Use) -> bool:
    """Whether a listener is there for as long as its process, on an object that another module makes."""
    if use.function is not None and code.lifetimes.role(use.function) not in ("startup", "module", "helper"):
        return False
    if not ("orm" in use.idiom.traits or use.idiom.on in _IN_MEMORY or "needs-import" in use.idiom.traits) or "other-process" in use.idiom.traits:
        return False
    origin = use.receiver.whole
    if origin.kind == "external":
        # What a library itself sends on: SQLAlchemy's Session, Celery's signals.
        return use.framework.name in ("sqlalchemy", "celery")
    made = origin.site or origin.node
    return made is not None and (module_of(made) is not use.module or use.function is not None)


def _answers_clients(code: Code, use: Use) -> bool:
    """Whether a listener hands on to those who are connected to its own process: loaded elsewhere, it would reach nobody."""
    bodies = [each for each in code.idioms.handlers(use) if isinstance(each, Function)]
    return any(not _REMOTE.isdisjoint(other.idiom.traits) for body in bodies for call in body.inside(Call) for other in code.idioms.at(call))


def _of_what(code: Code, use: Use) -> tuple[str, frozenset[str]]:
    """The object and the events that a registration is for: of two that are for the same, either will do."""
    return code.lifetimes.identity(use.receiver), frozenset(code.idioms.events(use))


PROBE = UnloadedHere()
