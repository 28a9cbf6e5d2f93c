"""Do the request that listens and the request that emits hold the same object?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerPerCall
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.own_ways import ways_to
from callcheck.sources.code.scopes import enclosing, function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import ClassDef, Function, Member, last_name

_IN_MEMORY = ("emitter", "signal", "target")


class SeparateCalls:
    """Looks at listeners on objects that each request makes anew, and at where the same objects emit."""

    name = "separate-calls"
    looks_at = Sight.SOURCE
    answers = frozenset({ListenerPerCall})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        emissions = [e for e in code.idioms.of("emit") if e.idiom.on in _IN_MEMORY]
        for use in code.idioms.of("register"):
            if use.idiom.on not in _IN_MEMORY or code.lifetimes.lifetime(use.receiver) is not Lifetime.REQUEST:
                continue
            identity, here = code.lifetimes.identity(use.receiver), code.entries.of(use.function)
            if not identity or not here or code.lifetimes.role(use.function) in ("effect", "component"):
                continue
            for event in code.idioms.events(use):
                sent = self._elsewhere(code, use, event, identity, here, emissions)
                if sent is not None:
                    fact = ListenerPerCall(clean(event, 80), code.lifetimes.role(use.function), use.framework.name, use.module.language)
                    made = [seen(fact, use.receiver.site, self.name, label="made anew each time")] if use.receiver.site is not None else []
                    yield seen(fact, use.call, self.name, (*made, seen(fact, sent.call, self.name, label=f"{clean(event, 60) or 'the event'} goes out from another call")))

    def _elsewhere(self, code: Code, use: Use, event: str, identity: str, here: frozenset[object], emissions: list[Use]) -> Use | None:
        """An emission that cannot reach a listener: from another handler, on the object of its own call."""
        alike = [e for e in emissions if event in code.idioms.events(e)]
        same = [e for e in alike if code.lifetimes.identity(e.receiver) == identity]
        if same:
            apart = [e for e in same if (there := code.entries.of(e.function)) and not there & here and not _begun_beside(code, e, here)]
            return apart[0] if len(apart) == len(same) else None
        others = [e for e in alike if e.idiom.on == use.idiom.on and e.framework is use.framework and (event or e.receiver.node is use.receiver.node or "" != _name(e) == _name(use))]
        known = [e for e in others if code.lifetimes.identity(e.receiver) and not code.entries.of(e.function) & here]
        computed = any(code.lifetimes.identity(e.receiver) in ("", identity) for e in emissions)
        return known[0] if known and len(known) == len(others) and not computed else None


def _begun_beside(code: Code, sent: Use, here: frozenset[object]) -> bool:
    """Whether the handlers that listen begin, by a method of the class that emits, what ends in the emission: `run.begin()`, and then `run.ended()`."""
    cls = enclosing(sent.call, ClassDef)
    method = next((each for each in sent.call.up() if isinstance(each, Function) and each.parent is cls), None)
    if not isinstance(cls, ClassDef) or method is None:
        return False
    ways = {each.name for each in ways_to(cls, [method])}
    return not ways or any(code.entries.of(function_of(call)) & here for call in code.project.calls(*ways))


def _name(use: Use) -> str:
    """What the code calls the object: the name of a signal that has no other one."""
    return last_name(use.call.callee.object) if isinstance(use.call.callee, Member) and not use.idiom.event else ""


PROBE = SeparateCalls()
