"""Which listeners stand on classes that a container makes anew for each request, where their library attaches only to lasting ones?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerPerCall
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import ClassDef


class Scoped:
    """Looks at the classes around `scoped` idioms, and at what they are injected with."""

    name = "scoped"
    looks_at = Sight.SOURCE
    about = ("scoped",)
    answers = frozenset({ListenerPerCall})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("scoped"):
            cls = enclosing(use.call, ClassDef)
            if not isinstance(cls, ClassDef) or code.lifetimes.of_class(cls) is not Lifetime.REQUEST:
                continue
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            fact = ListenerPerCall(event, "request", use.framework.name, use.module.language)
            made = cls.decorators[0] if cls.decorators else cls
            yield seen(fact, use.call, self.name, (seen(fact, made, self.name, label="the class is made anew for each request"),))


PROBE = Scoped()
