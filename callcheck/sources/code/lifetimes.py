"""How long does an object live, and is it the same as another?"""

from __future__ import annotations

import functools

from callcheck.model.words import Lifetime
from callcheck.sources.code.decorators import RUNS_ONCE, decorator_name
from callcheck.sources.code.function_roles import PER_CALL, FunctionRoles
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.index import once
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.request_scopes import RequestScopes
from callcheck.sources.code.scopes import CTORS, fills_when_empty, function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    Member,
    Module,
    Node,
    Sequence,
    dotted,
    last_name,
)
from callcheck.sources.code.unkept import Unkept

_SHARED_CLASSES = frozenset({"Injectable", "Controller", "WebSocketGateway", "Resolver", "Global", "Module", "Processor"})


class Lifetimes:
    """Lifetimes in one project, and the roles of functions, on which they rest."""

    def __init__(self, idioms: Idioms) -> None:
        self.idioms = idioms
        self.origins = idioms.origins
        functions = FunctionRoles(idioms)
        self.role, self.roles, self.call_from, self.asking = functions.role, functions.roles, functions.call_from, functions.asking
        self._makers: dict[int, str] = {}
        self._scopes, self._unkept = RequestScopes(idioms), Unkept(idioms)
        self._buses = {made: bus for each in self.origins.project.frameworks for bus, types in each.injected.items() for made in types}

    def lifetime(self, origin: Origin, depth: int = 0) -> Lifetime:
        """How long an object lives, as far as it can be followed."""
        if depth > 6:
            return Lifetime.UNKNOWN
        if (origin.kept and origin not in self._unkept) or self.named(origin):
            return Lifetime.PROCESS
        if origin.kind == "external":
            return Lifetime.PROCESS
        if origin.kind == "part" and origin.base is not None:
            return self.lifetime(origin.base, depth + 1)
        if origin.kind == "self" and origin.cls is not None:
            return self.of_class(origin.cls, depth + 1)
        if origin.kind == "param" and isinstance(origin.node, Node):
            return self._of_param(origin, depth)
        if origin.kind not in ("made", "value") or origin.site is None:
            return Lifetime.UNKNOWN
        return self.at(origin.site, depth + 1)

    def named(self, origin: Origin) -> str:
        """The identity of what a library keeps under a name, so that each call gives the same object; "" for anything else."""
        if origin.kind != "made" or not isinstance(origin.node, Call):
            return ""
        for use in self.idioms.at(origin.node):
            if "one-per-process" in use.idiom.traits:
                return use.framework.name
            if "same-object" in use.idiom.traits:
                return self.identity(use.receiver)
            if "named" in use.idiom.traits:
                name = next(iter(self.idioms.events(use)), "")
                space = self.identity(use.receiver) if use.idiom.on else use.framework.name
                return f"{space}:{name}" if name and space else ""
        return ""

    def _of_param(self, origin: Origin, depth: int) -> Lifetime:
        function = origin.node.parent if origin.node else None
        if getattr(origin.node, "property", False):
            return Lifetime.PROCESS
        if isinstance(function, Function) and self.role(function) in PER_CALL and self.idioms.kinds(origin):
            return Lifetime.REQUEST
        return Lifetime.UNKNOWN

    def at(self, site: Node, depth: int = 0) -> Lifetime:
        """How long something lives that is made at this place."""
        function = function_of(site)
        if function is None:
            cls = next((a for a in site.up() if isinstance(a, ClassDef)), None)
            return self.of_class(cls, depth + 1) if cls is not None and not _of_class_itself(site, cls) else Lifetime.PROCESS
        if isinstance(function.parent, ClassDef) and function.name in ("constructor", "__init__", "__new__"):
            return self.of_class(function.parent, depth + 1)
        role = self.role(function)
        if role in PER_CALL:
            return Lifetime.REQUEST
        return Lifetime.PROCESS if role == "startup" else Lifetime.UNKNOWN

    def of_class(self, cls: ClassDef, depth: int = 0) -> Lifetime:
        """How long the instances of a class of the project live."""
        if depth > 6:
            return Lifetime.UNKNOWN
        if has_one_instance(cls):
            return Lifetime.PROCESS
        for decorator in cls.decorators:
            if decorator_name(decorator) in _SHARED_CLASSES:
                return Lifetime.REQUEST if "REQUEST" in _scope_of(decorator) or self.needs_request(cls, depth) is not None else Lifetime.PROCESS
        sites = self.made_at(cls)
        found = {Lifetime.PROCESS if self._made_once(site) else self.at(site, depth + 1) for site in sites}
        return found.pop() if len(found) == 1 else Lifetime.UNKNOWN

    def _made_once(self, call: Call) -> bool:
        """Whether what a call makes is kept under a name that was empty: `if _hub is None: _hub = Hub()`."""
        return isinstance(call.parent, Assign) and any(self.origins.of(target).kept for target in call.parent.targets)

    def needs_request(self, cls: ClassDef, depth: int = 0) -> Node | None:
        """What a class is injected with that lives as long as a request, so that a container must make it anew for each; None if there is nothing."""
        for method in cls.body:
            for param in method.params if isinstance(method, Function) and method.name in CTORS else ():
                if any(isinstance(d, Call) and any(last_name(a) == "REQUEST" for a in d.args) for d in param.decorators):
                    return param
                provider = self._scopes.provider(self._scopes.asked_for(param))
                if provider is not None:
                    return provider
                typed = self.origins.binding(param, param.name).cls
                if typed is not None and typed is not cls and typed.decorators and self.of_class(typed, depth + 1) is Lifetime.REQUEST:
                    return param
        return None

    def identity(self, origin: Origin) -> str:
        """The same text for the same object; "" if that cannot be told."""
        if origin.kind == "external":
            return origin.qualified
        named = self.named(origin)
        if named:
            return named
        if origin.kind == "part" and origin.base is not None:
            inner = self.identity(origin.base)
            return f"{inner}.{origin.qualified}" if inner else ""
        if origin.kind in ("self", "made") and origin.cls is not None and has_one_instance(origin.cls):
            return f"instance of {origin.cls.name} at {_place(origin.cls)}"
        if origin.kind == "self" and origin.cls is not None:
            sites = self.made_at(origin.cls)
            if len(sites) == 1 and (born := self._born(sites[0])) is not None:
                return _place(born)
            return f"instance of {origin.cls.name} at {_place(origin.cls)}"
        if origin.kind == "made" and origin.site is not None:
            return self._made_by(origin.site) if isinstance(origin.site, Call) else _place(origin.site)
        if origin.kind == "param" and getattr(origin.node, "property", False):
            if origin.cls is not None:
                return self.identity(Origin("self", origin.cls, cls=origin.cls))
            return self._buses.get(origin.qualified, f"injected {origin.qualified}") if origin.qualified else ""
        if origin.kind == "value" and origin.site is not None:
            return _place(origin.site)
        return ""

    def _made_by(self, site: Call) -> str:
        """An object that a factory makes and gives back is known to its caller by the call: `function feed() { const bus = new EventEmitter(); poll(bus); return bus; }`."""
        if id(site) not in self._makers:
            born = self._born(site)
            maker = function_of(site) if born is None else None
            self._makers[id(site)] = _place(born or site) if maker is None else f"instance of what {maker.name} gives at {_place(maker)}"
        return self._makers[id(site)]

    def made_at(self, cls: ClassDef, depth: int = 0) -> list[Call]:
        """Where the objects of a class are made: by its name, or by that of a class below it."""
        below = self._heirs.get(id(cls), []) if depth < 4 else []
        return [*self.origins.calls_of(cls), *(site for heir in below for site in self.made_at(heir, depth + 1))]

    @functools.cached_property
    def _heirs(self) -> dict[int, list[ClassDef]]:
        """The classes right below each one of the project."""
        found: dict[int, list[ClassDef]] = {}
        for cls in (each for module in self.origins.project.chosen.values() for each in module.all(ClassDef) if each.bases):
            for above in {id(base): base for each in cls.bases if (base := self.origins.of(each).cls) is not None and base is not cls}.values():
                found.setdefault(id(above), []).append(cls)
        return found

    def born(self, call: Call) -> Origin:
        """What a call makes, as those know it who have it: of a factory that is called once, what its call gives."""
        return self.origins.of(self._born(call) or call)

    def _born(self, site: Call) -> Call | None:
        """Where the only object of a class comes to be: the call of the factory that gives it back, rather than the `new` inside; None if there are several."""
        for _ in range(4):
            maker = function_of(site)
            if maker is None or not any(self.origins.of(given).node is site for given in self.origins.project.returned(maker)):
                return site
            made = self.origins.of(site)
            if made.kept or any(self.origins.of(given).kept for given in self.origins.project.returned(maker)):
                return site
            calls = self.origins.calls_of(maker)
            if len(calls) != 1:
                return site if not calls else None
            site = calls[0]
        return site


def _of_class_itself(site: Node, cls: ClassDef) -> bool:
    """Whether it is made once for the class and not for each object: in Python's body of a class, and by `static bus = new Bus()`; not by a field of a
    dataclass that has its maker, `parts: dict = field(default_factory=dict)`."""
    held = next((above for above in (site, *site.up()) if above.parent is cls), None)
    made = held.value if isinstance(held, Assign) else None
    if isinstance(made, Call) and any(made.keyword(name) is not None for name in ("default_factory", "factory")):
        return False
    return module_of(site).language == "python" or (isinstance(held, Assign) and held.declared == "static")


def has_one_instance(cls: ClassDef) -> bool:
    """Whether all calls of a Python class give one object: its `__new__` keeps the first, or a decorator or metaclass called a singleton does."""
    meta = next((keyword.value for keyword in cls.keywords if keyword.name == "metaclass"), None)
    if "singleton" in dotted(meta).lower() or any("singleton" in decorator_name(each).lower() or decorator_name(each) in RUNS_ONCE for each in cls.decorators):
        return True
    makes = next((node for node in cls.body if isinstance(node, Function) and node.name == "__new__"), None)
    kept = makes.inside(Assign) if makes is not None else []
    return any(fills_when_empty(each) and any(isinstance(t, Member) and dotted(t.object) in ("cls", cls.name) for t in each.targets) for each in kept)


def _place(node: Node) -> str:
    """The file and line of what makes an object, and its column where the line makes several: `const a = new A(), b = new A();`, `{"a": A(), "b": A()}`."""
    module = module_of(node)
    made = next((above for above in node.up() if isinstance(above, Assign)), None)
    first = _first_on(module).get(node.line)
    beside = made is not None and made.line == node.line and first is not None and (made.at > first or isinstance(node.parent, (Entry, Sequence)))
    return f"{module.path}:{node.line}:{node.column}" if beside else f"{module.path}:{node.line}"


@once
def _first_on(module: Module) -> dict[int, int]:
    """For each line with assignments the first of them."""
    found: dict[int, int] = {}
    for assign in module.all(Assign):
        if not isinstance(assign.value, Function):
            found.setdefault(assign.line, assign.at)
    return found


def _scope_of(decorator: Node) -> str:
    value = decorator.keyword("scope") if isinstance(decorator, Call) else None
    return dotted(value)
