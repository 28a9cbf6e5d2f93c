"""Does a handler wait for a class of which only heirs are ever made, in a library that goes by the very class?

    @message_handler                                          # autogen-core: handlers.get(type(message))
    async def on_notice(self, message: Notice, ctx): ...
    await runtime.publish_message(Delayed(...), topic)        # class Delayed(Notice)
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import TopicUnsubscribed
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, last_name

_NAME = pattern(r"[A-Za-z_]\w*")
_TAKES_ALL = pattern(r"\bdef (?:on_unhandled_message|on_message_impl)\b|register_closure|accept_event_subclasses\s*=\s*True")
"""What hears other classes than those of its handlers' parameters."""


class ExactClasses:
    """Silent where the class itself is made anywhere, where each heir that is made has a handler, and where something hears all classes."""

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
        waiting: dict[int, tuple[ClassDef, Function, str]] = {}
        named: set[str] = set()
        for use in uses:
            for handler in code.idioms.handlers(use):
                for param in handler.params if isinstance(handler, Function) else ():
                    named.update(_NAME.findall(param.annotation))
                    cls = code.origins.binding(param, param.name).cls if _NAME.fullmatch(param.annotation.strip("\"'")) else None
                    if cls is not None and isinstance(handler, Function):
                        waiting.setdefault(id(cls), (cls, handler, use.framework.name))
        for cls, handler, framework in waiting.values():
            lost = next((made for heir in _heirs(code, cls) if heir.name not in named and (made := _made(code, heir))), None)
            if lost is not None and _made(code, cls) is None:
                fact = TopicUnsubscribed(clean(last_name(lost.callee), 80), clean(cls.name, 80), framework, module_of(handler).language)
                label = f"an heir of {clean(cls.name, 40)} is made, and goes to handlers of its very class alone"
                yield seen(fact, handler, self.name, (seen(fact, lost, self.name, label=label),))


def _heirs(code: Code, cls: ClassDef) -> Iterator[ClassDef]:
    """The classes of the project that extend a class, directly or through others."""
    waiting, found = [cls], {id(cls)}
    while waiting:
        above = waiting.pop()
        below = (each for module in code.project.naming(above.name) for each in module.all(ClassDef))
        for heir in below:
            if id(heir) not in found and any(code.origins.of(base).cls is above for base in heir.bases):
                found.add(id(heir))
                waiting.append(heir)
                yield heir


def _made(code: Code, cls: ClassDef) -> Call | None:
    """Where the program makes an object of the class itself."""
    return next((call for call in code.origins.calls_of(cls) if not is_test(module_of(call).path)), None)


PROBE = ExactClasses()
