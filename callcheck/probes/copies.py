"""Is one module evaluated several times in one process, so that listener and emission each have an emitter of their own?

A framework that builds each server entry by itself (route handlers, pages, instrumentation) gives each a copy of what it imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen


class Copies:
    """Lays the graphs in which a module-level emitter is listened to beside those in which it emits."""

    name = "copies"
    looks_at = Sight.SOURCE
    about = ("graphs",)
    answers = frozenset({EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        graphs = _graphs(code)
        if len(graphs) < 2:
            return
        emits = list(code.idioms.of("emit"))
        for heard in code.idioms.of("register"):
            if not heard.idiom.on or {"transport", "shared"} & set(heard.idiom.traits) or not _copied(code, heard.receiver):
                continue
            identity = code.lifetimes.identity(heard.receiver)
            for event in code.idioms.events(heard):
                sent = [u for u in emits if event in code.idioms.events(u) and code.lifetimes.identity(u.receiver) == identity]
                here, there = _in(graphs, [heard]), _in(graphs, sent)
                if event and here and there and not here & there:
                    fact = EmittersApart(clean(event, 80), heard.framework.name, heard.module.language)
                    made = (seen(fact, heard.receiver.site, self.name, label="evaluated once for each server entry"),) if heard.receiver.site else ()
                    yield seen(fact, heard.call, self.name, (*made, seen(fact, sent[0].call, self.name, label="emitted in another entry's copy")))


def _graphs(code: Code) -> dict[str, frozenset[str]]:
    """Name of each graph -> the files that its entries load."""
    used = {part for name in code.project.outside for part in (name, name.split("/")[0])} | code.project.others.depends_on
    found: dict[str, frozenset[str]] = {}
    for framework in code.project.frameworks:
        if not set(framework.packages) & used:
            continue
        for name, paths in framework.graphs.items():
            entries = [path for path in code.project.sources if re.search(paths, path)]
            if entries:
                found[name] = frozenset().union(*(code.reach.loads(entry) for entry in entries))
    return found


def _copied(code: Code, origin: Origin) -> bool:
    """Whether an object is made when its module is evaluated, and not kept in a place that all copies share."""
    root = origin.root
    return root.site is not None and not root.kept and function_of(root.site) is None and code.lifetimes.lifetime(root) is Lifetime.PROCESS


def _in(graphs: dict[str, frozenset[str]], uses: list[Use]) -> set[str]:
    return {name for name, paths in graphs.items() for use in uses if use.module.path in paths}


PROBE = Copies()
