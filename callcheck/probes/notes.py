"""Which calls are there of which a framework file notes something?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import CallNoted
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tokens import TRAITS, by_a_command
from callcheck.sources.code.tree import dotted


class Notes:
    """States one fact for each trait of the idioms that do `note`."""

    name = "notes"
    looks_at = Sight.SOURCE
    about = ("note",)
    answers = frozenset({CallNoted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("note"):
            method = clean(dotted(use.call.callee).rsplit(".", 1)[-1], 60)
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            role = code.lifetimes.role(use.function)
            if "role" in use.idiom.where and role not in use.idiom.where["role"]:
                continue
            options = (code.idioms.option(use.call, name) for name in use.idiom.needs if not name.isdigit())
            at = next((node for node in options if node is not None), use.call)
            for trait in use.idiom.traits:
                if trait in TRAITS and by_a_command(code, use):
                    continue
                yield seen(CallNoted(trait, method, event, role, use.framework.name, use.module.language), at, self.name)


PROBE = Notes()
