"""Does a handler wait for a class of which only heirs are ever made, in a library that goes by the very class?

    @message_handler                                          # autogen-core: handlers.get(type(message))
    async def on_notice(self, message: Notice, ctx): ...
    await runtime.publish_message(Delayed(...), topic)        # class Delayed(Notice)

Where either of the two is sent from one place, an agent that takes the class alone misses the heirs, which another one may take beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import TopicUnsubscribed
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.heirs import below
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Conditional,
    Function,
    Name,
    last_name,
)  # fmt: skip

_NAME = pattern(r"[A-Za-z_]\w*")
_TAKES_ALL = pattern(r"\bdef (?:on_unhandled_message|on_message_impl)\b|register_closure|accept_event_subclasses\s*=\s*True")
"""What hears other classes than those of its handlers' parameters."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A handler of a class of the project's own."""

    cls: ClassDef
    handler: Function
    framework: str


class ExactClasses:
    """Silent where the class itself is made (unless one place makes either), where each heir that is made has a handler, and where something hears all classes."""

    name = "exact-classes"
    looks_at = Sight.SOURCE
    about = ("by-class",)
    answers = frozenset({TopicUnsubscribed})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        uses = [use for use in code.idioms.of("by-class") if not is_test(use.module.path)]
        if not uses or any(_TAKES_ALL.search(use.module.text) for use in uses):
            return
        waiting: dict[int, list[_Waiting]] = {}
        named: set[str] = set()
        for use in uses:
            for handler in code.idioms.handlers(use):
                for param in handler.params if isinstance(handler, Function) else ():
                    named.update(_NAME.findall(param.annotation))
                    cls = code.origins.binding(param, param.name).cls if _NAME.fullmatch(param.annotation.strip("\"'")) else None
                    if cls is not None and isinstance(handler, Function):
                        waiting.setdefault(id(cls), []).append(_Waiting(cls, handler, use.framework.name))
        takers = _takers(code, uses)
        for each in waiting.values():
            yield from self._alone(code, each[0], named)
            yield from self._beside(code, each, takers)

    def _alone(self, code: Code, each: _Waiting, named: set[str]) -> Iterator[Evidence]:
        """The class itself is never made."""
        lost = next((made for heir in below(code.origins, each.cls) if heir.name not in named and (made := _made(code, heir))), None)
        if lost is not None and _made(code, each.cls) is None:
            yield self._lost(each, lost)

    def _beside(self, code: Code, waiting: list[_Waiting], takers: dict[int, set[str]]) -> Iterator[Evidence]:
        """One place sends the class or its heir, by what it is told: somebody who takes the class alone gets no heir, unless the heir is for others alone."""
        cls = waiting[0].cls
        for heir in below(code.origins, cls):
            made = _either(code, cls, heir)
            taking = [names for names in takers.values() if heir.name in names]
            if made is None or any(cls.name not in names for names in taking):
                continue
            lost = next((each for each in waiting if heir.name not in takers.get(id(each.handler.parent), {heir.name})), None)
            if lost is not None:
                yield self._lost(lost, made)
                return

    def _lost(self, each: _Waiting, made: Call) -> Evidence:
        cls = each.cls
        fact = TopicUnsubscribed(clean(last_name(made.callee), 80), clean(cls.name, 80), each.framework, module_of(each.handler).language)
        label = f"an heir of {clean(cls.name, 40)} is made, and goes to handlers of its very class alone"
        return seen(fact, each.handler, self.name, (seen(fact, made, self.name, label=label),))


def _takers(code: Code, uses: list[Use]) -> dict[int, set[str]]:
    """The names of the classes that each class of handlers takes."""
    found: dict[int, set[str]] = {}
    for use in uses:
        for handler in code.idioms.handlers(use):
            if isinstance(handler, Function) and isinstance(handler.parent, ClassDef):
                found.setdefault(id(handler.parent), set()).update(name for param in handler.params for name in _NAME.findall(param.annotation))
    return found


def _either(code: Code, cls: ClassDef, heir: ClassDef) -> Call | None:
    """Where an heir is made for a name that the same function gives the class itself, too: `call = Rush(…) if row.rush else Order(…)`."""
    own = [place for call in code.origins.calls_of(cls) if (place := _place(call)) is not None]
    return next((call for call in code.origins.calls_of(heir) if not is_test(module_of(call).path) and _place(call) in own), None)


def _place(call: Call) -> tuple[int, str] | None:
    """The function that makes something, and the name that it gets there."""
    above = call.parent
    while isinstance(above, Conditional):
        above = above.parent
    target = above.targets[0] if isinstance(above, Assign) and len(above.targets) == 1 else None
    function = function_of(call)
    return (id(function), target.id) if function is not None and isinstance(target, Name) else None


def _made(code: Code, cls: ClassDef) -> Call | None:
    """Where the program makes an object of the class itself."""
    return next((call for call in code.origins.calls_of(cls) if not is_test(module_of(call).path)), None)


PROBE = ExactClasses()
