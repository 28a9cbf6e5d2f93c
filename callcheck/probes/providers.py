"""Does a container make several of what is to be one bus or one job, because several modules list its provider?

    const pubSub = { provide: PUB_SUB, useFactory: () => new PubSub() };
    @Module({ providers: [BedsService, pubSub] })      @Module({ providers: [BoardResolver, pubSub] })      // two of them
    @Module({ imports: [ReportsModule], providers: [TasksService] })      // and so does ReportsModule: @Cron() of TasksService runs twice

Each module of Nest makes what its own list names (docs.nestjs.com/modules, shared modules).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Member,
    Name,
    Node,
    Object,
    Return,
    Sequence,
    dotted,
)

_BUSES = frozenset(
    "graphql-subscriptions.engine graphql-subscriptions.local graphql-subscriptions.yoga node-events.emitter node-events.plain "
    "eventemitter2.emitter rxjs.subject".split()
)
_TWICE = "several modules list this class, each makes one of its own, and {} is called for each of them; list it in one module, which exports it"
"""@nestjs/schedule 4.1 schedule.explorer.js and @nestjs/event-emitter 2.0 event-subscribers.loader.js go over the instances of all modules."""


class Providers:
    """Classes that hold a bus or are called by themselves, and factories that make a bus, in the lists of two modules or more."""

    name = "providers"
    looks_at = Sight.SOURCE
    about = ("module",)
    answers = frozenset({EmittersApart, LibraryTrap})

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
            if len({id(use.call) for use, _ in places}) < 2:
                continue
            use, node = places[-1]
            if (called := _called(code, what)) is not None and _one_program(code):
                trap = LibraryTrap("duplicate-delivery", "strong", _TWICE.format(f"@{dotted(called.call.callee)}()"), clean(dotted(called.call.callee), 80), use.framework.name, use.module.language)
                yield seen(trap, node, self.name, tuple(seen(trap, other, self.name, label="this module makes one of its own") for _, other in places[:-1][:2]))
            elif (made := _bus(code, what)) is not None:
                name = clean(what.name if isinstance(what, ClassDef) else getattr(node, "id", "") or "the provider", 80)
                fact = EmittersApart(name, use.framework.name, use.module.language)
                because = [seen(fact, other, self.name, label="this module makes one of its own") for _, other in places[:-1][:2]]
                yield seen(fact, node, self.name, (*because, seen(fact, made, self.name, label="made once for each module that lists it")), label="and so does this one")


def _provided(code: Code, module: Call) -> Iterator[Node]:
    given = code.idioms.option(module, "providers")
    yield from (item for item in given.items if isinstance(item, (Name, Member))) if isinstance(given, Sequence) else ()


def _called(code: Code, what: Node) -> Use | None:
    """The first decorator by which each instance of a class is called on time, or for an event of the app's one bus."""
    uses = (use for use in code.idioms.of("schedule", "register") if use.framework.name == "nestjs" and use.idiom.handler == "decorated" and (use.idiom.does == "schedule" or use.idiom.bus))
    return next((use for use in uses if next((node for node in use.call.up() if isinstance(node, ClassDef)), None) is what), None)


def _one_program(code: Code) -> bool:
    """Modules of two programs are made apart in any case."""
    made = (call for call in code.project.calls("create", "createMicroservice", "createApplicationContext") if dotted(call.callee).startswith("NestFactory."))
    return len({id(call) for call in made if not is_test(module_of(call).path)}) < 2


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
