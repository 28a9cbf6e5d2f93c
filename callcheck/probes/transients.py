"""Does a container make a bus anew for each class that asks for it?

    @injectable() export class Bus extends EventEmitter {}                  // tsyringe: transient, unless @singleton()
    container.bind(Bus).toSelf();                                           // inversify: transient, unless .inSingletonScope()
    constructor(private bus: Bus) { bus.on("signup", greet); }              // one of them
    constructor(private bus: Bus) {}  run() { this.bus.emit("signup"); }    // another one

Both make what is injected anew unless they are told otherwise (tsyringe's README, "Injectable"; inversify.io/docs/fundamentals/binding, scope).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import CTORS, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Import, Member, Module, Node, Param, last_name

_CONTAINERS = ("tsyringe", "inversify")
_EMITTERS = frozenset({"node-events.emitter", "eventemitter2.emitter", "rxjs.subject"})
_SENDS, _HEARS = frozenset({"emit", "next", "emitAsync"}), frozenset({"on", "once", "addListener", "subscribe"})
_KEPT = r"registerSingleton\([^)]*\b{0}\b|registerInstance\([^)]*\b{0}\b|\b{0}\b[^;]*?(?:inSingletonScope|inRequestScope|toConstantValue|Lifecycle\.|instanceCachingFactory)|defaultScope"
"""What makes one of it, or one a request or scope, somewhere in the project."""


class Transients:
    """Classes that are a bus, or hold one, which two others are injected with, in a project with a container that makes what is not declared a singleton anew."""

    name = "transients"
    looks_at = Sight.SOURCE
    marks = _CONTAINERS
    answers = frozenset({EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in code.project.naming("injectable"):
            container = next((each.module for each in module.all(Import) if each.module in _CONTAINERS), "")
            for cls in module.all(ClassDef) if container and not is_test(module.path) else ():
                if [last_name(each.callee) for each in cls.decorators if isinstance(each, Call) and not each.args] == ["injectable"] and _is_bus(code, cls):
                    yield from self._apart(code, cls, container)

    def _apart(self, code: Code, cls: ClassDef, container: str) -> Iterator[Evidence]:
        modules = [each for each in code.project.naming(cls.name) if not is_test(each.path)]
        kept = re.compile(_KEPT.format(re.escape(cls.name)))
        if any(kept.search(each.text) for each in modules) or any("defaultScope" in each.text for each in code.project.naming("defaultScope")):
            return
        asking = [param for each in modules for param in each.all(Param) if _asks(code, param, cls)]
        hears = next((param for param in asking if _uses(param, _HEARS)), None)
        sends = next((param for param in asking if param.parent is not getattr(hears, "parent", None) and _uses(param, _SENDS)), None)
        if hears is None or sends is None or not (container == "tsyringe" or _bound(modules, cls)):
            return
        fact = EmittersApart(clean(cls.name, 80), container, module_of(cls).language)
        because = (seen(fact, hears, self.name, label="this class listens on one of its own"), seen(fact, cls, self.name, label=f"{container} makes it anew for each class that asks for it"))
        yield seen(fact, sends, self.name, because, label="and this one emits on another")


def _is_bus(code: Code, cls: ClassDef) -> bool:
    """Whether a class extends an emitter, or holds one in a field."""
    fields = (node.value for node in cls.body if isinstance(node, Assign) and node.value is not None)
    origins = (Origin("class", cls, cls=cls), *(code.origins.of(value) for value in fields))
    return any(code.idioms.kinds(origin) & _EMITTERS for origin in origins)


def _asks(code: Code, param: Param, cls: ClassDef) -> bool:
    above = param.parent
    return isinstance(above, Function) and above.name in CTORS and param.annotation == cls.name and code.origins.binding(param, param.name).cls is cls


def _uses(param: Param, methods: frozenset[str]) -> bool:
    """Whether a class calls one of these methods on what its constructor is given, or on a part of it."""
    cls = param.parent.parent if param.parent is not None else None
    calls = (call.callee for call in cls.inside(Call)) if cls is not None else ()
    return any(isinstance(callee, Member) and callee.name in methods and param.name in _path(callee.object) for callee in calls)


def _path(node: Node) -> set[str]:
    """The names of an expression of members: `this.bus.events`."""
    found = set[str]()
    while isinstance(node, Member):
        found.add(node.name)
        node = node.object
    return found | {last_name(node)}


def _bound(modules: list[Module], cls: ClassDef) -> bool:
    """Whether a container is told of a class: `bind(Bus).toSelf()`, `bind<Bus>(TYPES.Bus).to(Bus)`."""
    return any(re.search(rf"\bbind(?:<[^()]*>)?\((?:{cls.name}\)|[^()]*\)\s*\.to\(\s*{cls.name}\b)", each.text) for each in modules)


PROBE = Transients()
