"""Does a library's object, in the version that runs here, emit the events that are listened to?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.model.events import OPTIONS, Emitter
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventForeign
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.heard import Heard, heard
from callcheck.sources.code.seen import seen
from callcheck.sources.packages.entries import Resolved
from callcheck.sources.packages.installed_events import emits, emits_somewhere, emitter

_ALIKE = 0.75
"""How much two names must look the same to be taken for a slip, where nothing else shows that the library was meant."""


class LibraryEvents:
    """Compares names with `rules/events`, and with the installed package where there is one; open sets are never judged."""

    name = "library-events"
    looks_at = Sight.SOURCE
    answers = frozenset({EventForeign})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        known: tuple[Emitter, ...] = eyes.knowledge.events() if eyes.knowledge.events else ()
        for each in heard(eyes.code, known, lambda name, path: emitter(eyes.packages, name, path)):
            found = self._foreign(each, known, eyes)
            if found:
                yield found

    def _foreign(self, each: Heard, known: tuple[Emitter, ...], eyes: Eyes) -> Evidence | None:
        table = each.emitter
        near = each.module.path
        running = eyes.packages.version(table.package, near)
        version = running.version if running and not running.open_ended else ""
        if table.has(each.name, version):
            return None
        known_place = _elsewhere(each, known, version)
        nearest = known_place or (_alike(each.name, tuple(table.names(version))) if table.judge != "former" else "")
        if (table.judge != "all" and not nearest) or emits(eyes.packages, each.of, each.name, near):
            return None
        if not known_place and emits_somewhere(eyes.packages, table.package, each.of, each.name, near):
            return None
        hint = nearest or table.hint or f"it emits {', '.join(table.names(version)[:6])}"
        fact = EventForeign(
            clean(each.name, 80), each.of, table.form, clean(hint, 160), clean(version, 40), table.package, each.module.language
        )
        return seen(fact, each.node, self.name, self._because(running))

    def _because(self, running: Resolved | None) -> tuple[Evidence, ...]:
        from callcheck.sources.packages.seen import seen as version_seen

        return (version_seen(running, "", self.name),) if running else ()


def _elsewhere(each: Heard, known: tuple[Emitter, ...], version: str) -> str:
    """Where the name does exist: in other versions, or on other objects of the library; "" for nowhere."""
    table = each.emitter
    had = [versions for versions in table.versions_of(each.name) if versions]
    if had:
        return f"{table.package} has it in {' and '.join(had)} only{f'; {table.hint}' if table.hint else ''}"
    others = [
        other.of[0]
        for other in known
        if table.judge == "all" and other.package == table.package and other.form == table.form != OPTIONS and other.has(each.name, version)
    ]
    return f"{' and '.join(dict.fromkeys(others))} emits it" if others else ""


@functools.cache
def _alike(name: str, names: tuple[str, ...]) -> str:
    import difflib

    plain = {"".join(c for c in each.lower() if c.isalnum()): each for each in names}
    near = difflib.get_close_matches("".join(c for c in name.lower() if c.isalnum()), list(plain), 1, _ALIKE)
    return f"its name is {plain[near[0]]}" if near else ""


PROBE = LibraryEvents()
