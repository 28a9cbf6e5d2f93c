"""Does a worker that is told which modules to load load those with the tasks?

    worker: dramatiq app.tasks           # app/mails.py, with an actor of its own, is not among them
    worker: huey_consumer app.queue.huey
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import ModuleUnloaded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import Imports, is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Module

_TEXTS = ("Procfile*", "Dockerfile*", "*.yml", "*.yaml", "*.sh", "*.conf", "*.service", "*.toml", "Makefile")
_COMMANDS = {
    "dramatiq": pattern(r"\bdramatiq[\"',\s]{1,4}((?:[A-Za-z_][\w.]*(?::\w+)?[\"',\t ]{0,4})+)"),
    "huey": pattern(r"\bhuey_consumer(?:\.py)?[\"',\s]{1,4}([\w.]+)"),
}
"""Library -> how a command names what its worker loads."""


class WorkerModules:
    """Follows imports from the modules that such a command names; silent where one of them is not found, or loads others by a pattern."""

    name = "worker-modules"
    looks_at = Sight.SOURCE
    about = ("task",)
    answers = frozenset({ModuleUnloaded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        tasks = [use for use in code.idioms.of("task") if use.idiom.reason in _COMMANDS and not is_test(use.module.path)]
        if not tasks:
            return
        imports = Imports(code.project, code.origins)
        texts = list(_read(eyes))
        for library, command in _COMMANDS.items():
            own = [use for use in tasks if use.idiom.reason == library]
            named = {word.split(":")[0] for text in texts for found in command.findall(text) for word in found.replace('"', " ").replace("'", " ").replace(",", " ").split()}
            modules = _found(code, named, own[0].module) if own else {}
            if not modules or imports.dynamic or any(module is None for module in modules.values()):
                continue
            loaded = imports.closure(module.path for module in modules.values() if module is not None)
            told: set[str] = set()
            for use in own:
                if use.module.path not in loaded and use.module.path not in told:
                    told.add(use.module.path)
                    fact = ModuleUnloaded(clean(imports.name(use.module), 80), clean(f"{library} {' '.join(sorted(modules))}", 60), "", library, "python")
                    yield seen(fact, use.call, self.name)


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


def _read(eyes: Eyes) -> Iterator[str]:
    for file in eyes.tree.named(*_TEXTS):
        try:
            yield eyes.text(file)
        except SourceError:
            continue


PROBE = WorkerModules()
