"""Which listeners stand on classes that a container makes anew for each request, where their library attaches only to lasting ones?

    @Injectable({ scope: Scope.REQUEST })                   // not made when the application starts, and only if a request asks for it
    class Trail { constructor(source: DataSource) { source.subscribers.push(this); } }
"""

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
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import enclosing, function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Entry, Function, Member, last_name

_AT_START = frozenset({"constructor", "onModuleInit", "onApplicationBootstrap"})
"""What runs when the application starts, in classes that are made then."""


class Scoped:
    """Looks at the classes around `scoped` idioms, and at what they are injected with; and at what classes `made-anew` attach when they are made."""

    name = "scoped"
    looks_at = Sight.SOURCE
    about = ("scoped", "made-anew")
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
            reason = code.lifetimes.needs_request(cls)
            because = [seen(fact, made, self.name, label="the class is made anew for each request")]
            because += [seen(fact, reason, self.name, label="for it is injected with what is made for each request")] if reason is not None else []
            yield seen(fact, use.call, self.name, tuple(because))
        told: set[int] = set()
        for use in code.idioms.of("made-anew"):
            cls = enclosing(use.call, ClassDef)
            if not isinstance(cls, ClassDef) or id(cls) in told or is_test(use.module.path) or not _not_at_start(code, use, cls):
                continue
            told.add(id(cls))
            for call, event in _attached(code, cls):
                fact = ListenerPerCall(clean(event, 80), "request", use.framework.name, use.module.language)
                yield seen(fact, call, self.name, (seen(fact, use.call, self.name, label="so the class is not made when the application starts"),))


def _not_at_start(code: Code, use: Use, cls: ClassDef) -> bool:
    """Whether no instance is made at start: one is made for each request, or for each that is injected with it, and nobody is."""
    if "for-each-user" not in use.idiom.traits:
        return code.lifetimes.of_class(cls) is Lifetime.REQUEST
    return not any(cls.name in param.annotation for module in code.project.naming(cls.name) for each in module.all(Function) for param in each.params)


def _attached(code: Code, cls: ClassDef) -> Iterator[tuple[Call, str]]:
    """What the constructor and the hooks of the start attach to an object that outlives the instance, and for which event."""
    for method in (each for each in cls.body if isinstance(each, Function) and each.name in _AT_START):
        for call in method.inside(Call):
            if any(isinstance(above, Entry) for above in call.up() if above.at > method.at):
                continue
            for use in code.idioms.at(call):
                lasting = code.lifetimes.lifetime(use.receiver) is not Lifetime.REQUEST
                if use.idiom.does in ("register", "subscribe") and lasting and function_of(call) is method:
                    yield call, next(iter(code.idioms.events(use)), "")
                    break
                joined = last_name(call.callee.object) if isinstance(call.callee, Member) else ""
                if use.idiom.does == "joins-list" and joined == use.idiom.scope and any(last_name(arg) == "this" for arg in call.args):
                    yield call, use.idiom.event_is
                    break


PROBE = Scoped()
