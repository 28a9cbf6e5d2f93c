"""Which handlers leave a stream unread, on which the library waits before it goes on?

    form.on("file", (field, stream, info) => {
      if (!accepted.has(info.mimeType)) return;            // nobody reads it, so neither the next file nor the end comes
      saves.push(save(stream));
    });
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Function, Node, last_name
from callcheck.sources.code.ways import turn_of, unread_way


class LeftStreams:
    """Goes every way through the handlers of libraries that hand out one stream after the other."""

    name = "left-streams"
    looks_at = Sight.SOURCE
    about = ("hands-stream",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("hands-stream"):
            for body, name in _handed(code, use) if not is_test(use.module.path) else ():
                way = unread_way(body, name, looped=not use.idiom.handler)
                if way is not None:
                    fact = LibraryTrap("unconsumed-call", "strong", clean(use.idiom.says, 160), last_name(use.call.callee), use.framework.name, use.module.language)
                    because = (seen(fact, way.leaves, self.name, label=f"on this way nobody reads {clean(name, 40)}"),) if way.leaves is not None else ()
                    yield seen(fact, use.call, self.name, because)
                    break


def _handed(code: Code, use: Use) -> Iterator[tuple[Sequence[Node], str]]:
    """The code that is run for each stream, and what it is called there: a handler's parameter, or the variable of a loop."""
    if not use.idiom.handler:
        turn = turn_of(use.call)
        if turn is not None:
            yield turn[1], turn[0]
        return
    place = int(use.idiom.payload)
    for handler in code.idioms.handlers(use):
        if isinstance(handler, Function) and not ("alone" in use.idiom.traits and len(handler.params) > 1) and not any(param.kind for param in handler.params):
            param = handler.params[place] if place < len(handler.params) else None
            if param is None or param.name:
                yield handler.body, param.name if param is not None else ""


PROBE = LeftStreams()
