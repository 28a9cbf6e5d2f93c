"""Is one handler attached twice to the same event of the same object while the program starts?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerTwice
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.chains import Chain
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import bindings, function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Catch, Conditional, If, Loop, Module, Name, Node
from callcheck.sources.code.wording import readings


class DoubleRegistrations:
    """Counts the ways in which registrations are run, up to the modules that start the program."""

    name = "double-registrations"
    looks_at = Sight.SOURCE
    about = ("repeats",)
    answers = frozenset({ListenerTwice})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        removed = {code.lifetimes.identity(use.receiver) for use in code.idioms.of("remove")}
        found: dict[tuple[str, str, int, str], list[tuple[Use, Chain]]] = {}
        for use in code.idioms.of("register"):
            identity = code.lifetimes.identity(use.receiver) if "repeats" in use.idiom.traits and not use.idiom.once else ""
            if not identity or identity in removed or identity.startswith("instance of"):
                continue
            for handler in code.idioms.handlers(use):
                for event in code.idioms.events(use):
                    for way in _ways(code, use):
                        found.setdefault((identity, event, id(handler), _made_with(handler, way)), []).append((use, way))
        for (_, event, *_), known in found.items():
            together = _together(code, known)
            if event and "*" not in event and together:
                (use, way), (_, other) = together
                fact = ListenerTwice(clean(event, 80), use.framework.name, use.module.language)
                again = [seen(fact, step[-1][1], self.name, label="run from here") for step in (way, other)]
                yield seen(fact, use.call, self.name, tuple(again))


def _ways(code: Code, use: Use) -> list[Chain]:
    """How a registration is run at start: chains up to module level without a branch or loop on the way."""
    chains = code.chains.of(use.call) or []
    return [chain for chain in chains if isinstance(chain[-1][0], Module) and not any(_branched(node) for _, node in chain)]


def _made_with(handler: Node, way: Chain) -> str:
    """The call by which a function made the handler that reads what is its own: `section({ name: "header" })` makes another one than `section({ name: "footer" })`."""
    maker = function_of(handler)
    own = bindings(maker) if maker is not None and maker.params else {}
    if not any(name.id in own for name in handler.inside(Name)):
        return ""
    return next((readings(call)[0] for (scope, _), (_, call) in pairwise(way) if scope is maker), "")


def _together(code: Code, ways: list[tuple[Use, Chain]]) -> tuple[tuple[Use, Chain], tuple[Use, Chain]] | None:
    """Two ways that one program goes: from one module, or from two that one program loads."""
    for index, one in enumerate(ways):
        for other in ways[index + 1 :]:
            if one[1][-1][1] is not other[1][-1][1] and code.chains.loaded_together(one[1][-1][1], other[1][-1][1]):
                return one, other
    return None


def _branched(node: Node) -> bool:
    return any(isinstance(above, (If, Loop, Catch, Conditional)) for above in node.up())


PROBE = DoubleRegistrations()
