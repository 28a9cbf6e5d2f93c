"""Which listeners wait on an object that, by what its library does, never emits their event?"""

from __future__ import annotations

from collections.abc import Iterator
from os.path import commonprefix

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ListenerDeaf
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Member, Node


class Deaf:
    """States the uses of `deaf` idioms: events that another object, another process, another version or another call emits."""

    name = "deaf"
    looks_at = Sight.SOURCE
    about = ("deaf",)
    answers = frozenset({ListenerDeaf})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        streamed = {u.framework.name for u in code.idioms.of("run") if "streaming" in u.idiom.traits}
        for use in code.idioms.of("deaf"):
            if "unless-streamed" in use.idiom.traits and use.framework.name in streamed:
                continue
            if "if-streamed" in use.idiom.traits and use.framework.name not in streamed:
                continue
            reason = "not-inherited" if "own-run" in use.idiom.traits and _hears(code, use) else use.idiom.reason
            for event in code.idioms.events(use)[:4]:
                fact = ListenerDeaf(clean(event, 80), reason, use.idiom.says, use.framework.name, use.module.language)
                named = (node for node in code.idioms.placed(use.call, use.idiom.event) if code.idioms.text(node) == event)
                made = tuple(seen(fact, node, self.name, label="the object was made so") for node in _made_with(code, use))
                yield seen(fact, next(named, use.call), self.name, made)


def _hears(code: Code, use: Use) -> bool:
    """Whether the handler is called for other events of the family, those of the object's own run: it sits on the right object, and the runs inside do not inherit it."""
    family = commonprefix(use.idiom.only)
    names = (code.idioms.text(node) for node in code.idioms.placed(use.call, use.idiom.event))
    return any(name.startswith(family) and name not in use.idiom.only for name in names)


def _made_with(code: Code, use: Use) -> Iterator[Node]:
    """What decides about the event where the object was made, be it in another file: `new Client({ intents: [...] })`."""
    receiver = use.call.callee.object if isinstance(use.call.callee, Member) and not use.idiom.calls else None
    for made in code.idioms.parts(code.origins.of(receiver), str(use.idiom.made.get("of", ""))) if receiver is not None and use.idiom.made else ():
        for name in use.idiom.made:
            yield (code.idioms.option(made, name) if name != "of" else None) or made


PROBE = Deaf()
