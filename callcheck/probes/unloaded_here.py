"""Does one program of the deployment emit without the listeners that another one loads?

    web: uvicorn shop.web:app            imports shop.receivers, whose listeners wait for `paid`
    worker: python -m shop.worker        emits `paid` as well, and imports no receivers
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import ModuleUnloaded
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen

_IN_MEMORY = ("emitter", "signal", "target")


class UnloadedHere:
    """Looks at listeners that Python attaches when a module is imported, or a function called, in some programs and not in others."""

    name = "unloaded-here"
    looks_at = Sight.SOURCE
    about = ("register in python",)
    answers = frozenset({ModuleUnloaded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        attached = [use for use in code.idioms.of("register") if use.module.language == "python" and not is_test(use.module.path) and _for_all(code, use)]
        if not attached or "django" in code.idioms.imported:
            return  # Django loads what its settings list in every process.
        from callcheck.sources.code.processes import Processes, only_in
        from callcheck.sources.code.sends import Sends

        processes = code.once(Processes)
        if len(processes.programs) < 2 or processes.imports.dynamic:
            return
        sends = Sends(code)
        told: set[tuple[str, str]] = set()
        for use in attached:
            alike = [other for other in attached if _same(code, use, other)]
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


def _same(code: Code, use: Use, other: Use) -> bool:
    """Whether two registrations are for the same events of the same object: either will do."""
    return code.lifetimes.identity(use.receiver) == code.lifetimes.identity(other.receiver) and set(code.idioms.events(use)) == set(code.idioms.events(other))


PROBE = UnloadedHere()
