"""Which JavaScript files attach listeners when they are loaded, and are loaded by nothing that runs?

    import { StandingsRow } from "./listeners/standings";   // an interface: the compiler drops the import, and the listener with it
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ReceiverMissing
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.node_programs import LOADERS
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Import
from callcheck.sources.languages import COMPONENTS

_PUBLISHED = pattern(r"\"(?:exports|types|typings|files|bin|directus:extension)\"\s*:")
"""What a package has that is made for others to call."""
_MAIN = pattern(r"\"main\"\s*:\s*\"(?:\./)?([^\"]+)\"")
_HEARD = ("emitter", "target", "plain")


class Unimported:
    """Follows imports from the programs to each file whose listeners wait for what another file emits."""

    name = "unimported"
    looks_at = Sight.SOURCE
    about = ("register", "subscribe", "serve", "take-work")
    answers = frozenset({ReceiverMissing})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._uncalled(eyes)
        attached = [use for use in code.idioms.of("register") if use.idiom.on in _HEARD and use.function is None and use.module.language != "python"]
        attached = [use for use in attached if not is_test(use.module.path)]
        if not attached or not code.programs.entries:
            return
        loaded = frozenset().union(*(code.programs.loads(entry) for entry in code.programs.entries))
        if any(LOADERS.search(code.project.text(path)) for path in loaded):
            return
        told: set[str] = set()
        for use in attached:
            sent = _emitted(code, use)
            if use.module.path in loaded or use.module.path in told or sent is None or sent.module.path not in loaded or _by_convention(code, use.module.path):
                continue
            told.add(use.module.path)
            dropped = _dropped(code, use.module.path, loaded)
            fact = ReceiverMissing(clean(use.module.path, 80), "erased" if dropped is not None else "not-imported", use.framework.name, use.module.language)
            why = (seen(fact, dropped, self.name, label="only types are imported, so the compiler drops this import"),) if dropped is not None else ()
            yield seen(fact, use.call, self.name, (*why, seen(fact, sent.call, self.name, label="emitted here, with nobody listening")))


    def _uncalled(self, eyes: Eyes) -> Iterator[Evidence]:
        """Functions of a loaded file that would start to listen, or to work, and that nothing calls."""
        code = eyes.code
        within = {id(use.function): use for use in code.idioms.of("subscribe", "serve", "take-work", "register") if use.function is not None and _works(use) and not is_test(use.module.path)}
        if not within or not code.programs.entries:
            return
        from callcheck.sources.code.uncalled import uncalled

        loaded = frozenset().union(*(code.programs.loads(entry) for entry in code.programs.entries))
        loaded -= frozenset().union(*(code.programs.loads(main) for main in _mains(eyes) if main not in code.programs.entries))
        for use in within.values():
            function = use.function
            # What a component declares its markup may call.
            if function is None or use.module.path not in loaded or use.module.path.endswith(COMPONENTS) or not uncalled(code, function) or any(_PUBLISHED.search(eyes.text(file)) for file in eyes.tree.named("package.json")):
                continue
            fact = ReceiverMissing(clean(function.name, 80), "not-called", use.framework.name, use.module.language)
            yield seen(fact, function, self.name, (seen(fact, use.call, self.name, label="nothing is attached here until it is called"),))


def _mains(eyes: Eyes) -> Iterator[str]:
    """The files by which packages are loaded from outside, as far as they are sources: `"main": "index.js"`."""
    for file in eyes.tree.named("package.json"):
        for found in _MAIN.findall(eyes.text(file)):
            path = f"{file.name[: len(file.name) - len(file.base)]}{found}"
            yield from (each for each in (path, f"{path}.js", f"{path}/index.js") if each in eyes.code.project.sources)


def _works(use: Use) -> bool:
    """Whether a use takes work or messages from outside of the process; routes, and a bus of the process's own, are not judged."""
    return use.idiom.does in ("subscribe", "take-work") or use.idiom.role in ("job", "message") or "transport" in use.idiom.traits


def _emitted(code: Code, heard: Use) -> Use | None:
    events, identity = set(code.idioms.events(heard)) - {""}, code.lifetimes.identity(heard.receiver)
    for use in code.idioms.of("emit"):
        if identity and events & set(code.idioms.events(use)) and code.lifetimes.identity(use.receiver) == identity and use.module is not heard.module:
            return use
    return None


def _by_convention(code: Code, path: str) -> bool:
    """Whether a framework loads a file by its place."""
    return any(re.search(paths, path) for framework in code.project.frameworks for paths in framework.graphs.values())


def _dropped(code: Code, path: str, loaded: frozenset[str]) -> Import | None:
    """The import by which a program seems to load a file."""
    for other in sorted(loaded):
        if path in code.reach.erased(other) and (module := code.project.module(other)) is not None:
            return next((each for each in module.all(Import) if (found := code.project.find(module, each.module)) is not None and found.path == path), None)
    return None


PROBE = Unimported()
