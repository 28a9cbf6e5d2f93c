"""Are events waited for by a name that their library no longer sends?

    HANDLERS = {"response.audio.delta": play}     # the beta's name; today it is response.output_audio.delta
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.knowledge import Framework
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Entry, Literal, Node


class Renamed:
    """Looks for the old names of a framework's table, in projects that use what sends the new ones (`names` idioms)."""

    name = "renamed"
    looks_at = Sight.SOURCE
    about = ("names",)
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        uses = {use.framework.name: use for use in code.idioms.of("names")}
        for name, use in uses.items():
            names = _names(code, use.framework)
            modules = code.project.naming(*sorted({re.split(r"\W", each)[0] for pair in names.items() for each in pair}))
            said: list[tuple[str, Node]] = [(n.value, n) for m in modules for n in m.all(Literal) if isinstance(n.value, str) and n.value in names]
            said += [(n.key, n) for m in modules for n in m.all(Entry) if n.key in names]
            texts = {n.value for m in modules for n in m.all(Literal)} | {n.key for m in modules for n in m.all(Entry)}
            for was, node in said:
                if names[was] in texts or is_test(module_of(node).path):
                    continue  # both names: written for both versions
                fact = EventNeverEmitted(clean(was, 80), clean(names[was], 80), name, use.module.language)
                yield seen(fact, node, self.name, (seen(fact, use.call, self.name, label=f"sends {clean(names[was], 60)}"),))


def _names(code: Code, framework: Framework) -> dict[str, str]:
    """The names that do not come, with those that do: the former ones, or the new ones in a project that asks for the former."""
    asked = framework.former.get("asked", ())
    if any(text in code.project.bare(path) for text in asked for path in code.project.holding([text])):
        return {framework.names[was]: was for was in framework.former.get("names", ())}
    return framework.names


PROBE = Renamed()
