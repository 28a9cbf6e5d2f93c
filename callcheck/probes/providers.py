"""Does a container make several of what is to be one bus, because several modules list its provider?

    const pubSub = { provide: PUB_SUB, useFactory: () => new PubSub() };
    @Module({ providers: [BedsService, pubSub] })      @Module({ providers: [BoardResolver, pubSub] })      // two of them

Each module of Nest makes what its own list names (docs.nestjs.com/modules, shared modules).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Name, Node, Object, Return, Sequence

_BUSES = frozenset(
    "graphql-subscriptions.engine graphql-subscriptions.local graphql-subscriptions.yoga node-events.emitter node-events.plain "
    "eventemitter2.emitter rxjs.subject".split()
)


class Providers:
    """Classes that hold a bus, and factories that make one, in the lists of two modules or more."""

    name = "providers"
    looks_at = Sight.SOURCE
    about = ("module",)
    answers = frozenset({EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        listed: dict[int, tuple[Node, list[tuple[Use, Node]]]] = {}
        for use in code.idioms.of("module"):
            if not is_test(use.module.path):
                for node in _provided(code, use.call):
                    held = code.origins.of(node)
                    what = held.cls if held.kind == "class" else held.node if held.kind == "value" else None
                    if what is not None:
                        listed.setdefault(id(what), (what, []))[1].append((use, node))
        for what, places in listed.values():
            if len({id(use.call) for use, _ in places}) > 1 and (made := _bus(code, what)) is not None:
                use, node = places[-1]
                name = clean(what.name if isinstance(what, ClassDef) else getattr(node, "id", "") or "the provider", 80)
                fact = EmittersApart(name, use.framework.name, use.module.language)
                because = [seen(fact, other, self.name, label="this module makes one of its own") for _, other in places[:-1][:2]]
                yield seen(fact, node, self.name, (*because, seen(fact, made, self.name, label="made once for each module that lists it")), label="and so does this one")


def _provided(code: Code, module: Call) -> Iterator[Node]:
    given = code.idioms.option(module, "providers")
    yield from (item for item in given.items if isinstance(item, (Name, Member))) if isinstance(given, Sequence) else ()


def _bus(code: Code, what: Node) -> Node | None:
    """The bus that a class is or holds in a field, or that a provider's factory makes; None if it is none, or shared by `useValue`."""
    if isinstance(what, ClassDef):
        fields = (node.value for node in what.body if isinstance(node, Assign) and node.value is not None)
        if what.bases and code.idioms.kinds(Origin("class", what, cls=what)) & _BUSES:
            return what
        return next((value for value in fields if _is_bus(code, value)), None)
    if not isinstance(what, Object):
        return None
    factory = what.get("useFactory")
    if isinstance(factory, Function):
        return next((leaves.value for leaves in factory.inside(Return) if leaves.value is not None and _is_bus(code, leaves.value)), None)
    cls = what.get("useClass")
    origin = code.origins.of(cls) if cls is not None else Origin("unknown")
    return cls if cls is not None and (_is_bus(code, cls) or (origin.cls is not None and _bus(code, origin.cls) is not None)) else None


def _is_bus(code: Code, node: Node) -> bool:
    return bool(code.idioms.kinds(code.origins.of(node)) & _BUSES)


PROBE = Providers()
