"""In what kind of function does code run, and how long does an object live?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.model.words import Lifetime
from callcheck.sources.code.answers import Answers, Asking
from callcheck.sources.code.callers import takers
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.index import once
from callcheck.sources.code.invoked import Invoked
from callcheck.sources.code.origins import Origin, Origins
from callcheck.sources.code.scopes import CTORS, fills_when_empty, function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    Import,
    Member,
    Module,
    Node,
    Object,
    Sequence,
    dotted,
    last_name,
)

PER_CALL = frozenset({"request", "job", "connection", "render", "effect", "component", "message"})
"""Roles of functions that run again and again; an effect is what a component hands to a hook (`useEffect(() => …)`), component what is called as one comes into the page."""
_HOOK = pattern(r"^use[A-Z]")
_REQUEST_TYPES = pattern(r"\b(Request|NextRequest|HttpRequest|WSGIRequest|FastifyRequest|APIGatewayProxyEvent\w*|VercelRequest|NextApiRequest)\b")
_ROUTE_VERBS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_HTTP_DECORATORS = frozenset({"Get", "Post", "Put", "Patch", "Delete", "All", "Sse"})
_SHARED_CLASSES = frozenset({"Injectable", "Controller", "WebSocketGateway", "Resolver", "Global", "Module", "Processor"})


_STARTS = frozenset(
    "main create_app make_app build_app app_factory create_application get_application get_app bootstrap createApp buildApp makeApp createServer buildServer startServer".split()
)
"""Functions that a server's command line, or a starter outside the project, calls once."""
_ONCE = frozenset({"lru_cache", "cache", "cached", "singleton", "cache_resource"})
_MOST_CALLERS = 60
"""Callers that are followed from one function."""


class Lifetimes:
    """Roles and lifetimes in one project."""

    def __init__(self, idioms: Idioms) -> None:
        self.idioms = idioms
        self.origins = idioms.origins
        self._invoked = Invoked(idioms.origins.project)
        self.asking = Asking()
        self._roles = Answers[str](self.asking)
        self._buses = {made: bus for each in self.origins.project.frameworks for bus, types in each.injected.items() for made in types}

    def role(self, function: Function | None) -> str:
        """request, job, connection, render, message, startup, callback, helper; "module" for no function at all.

        A function that is only called from functions of one role has that role.
        """
        if function is None:
            return "module"
        return self._roles.of(id(function), lambda: self._own_role(function) or self._callers_role(function), "helper")

    def roles(self, function: Function | None) -> frozenset[str]:
        """Every role in which a function runs: its own, or those of all that call it."""
        found: set[str] = set()
        waiting, seen = [function], {id(function)}
        while waiting and len(seen) < _MOST_CALLERS:
            here = waiting.pop()
            own = "module" if here is None else self._own_role(here)
            if own or here is None:
                found.add(own)
                continue
            callers = [function_of(call) for call in self.origins.calls_of(here)]
            found |= set() if callers else {self.role(here)}
            waiting += [each for each in callers if id(each) not in seen]
            seen |= {id(each) for each in callers}
        return frozenset(found)

    def call_from(self, function: Function | None, role: str) -> Call | None:
        """The call, on the shortest way from a function of that role, by which this function is reached; None if it is that function."""
        waiting: list[Function | None] = [function]
        seen = {id(function)}
        while waiting and len(seen) < _MOST_CALLERS:
            here = waiting.pop(0)
            for call in self.origins.calls_of(here) if here is not None and self._own_role(here) != role else ():
                above = function_of(call)
                if above is not None and self._own_role(above) == role:
                    return call
                if id(above) not in seen:
                    seen.add(id(above))
                    waiting.append(above)
        return None

    def _own_role(self, function: Function) -> str:
        if not function.params and any(_decorator_name(d) in _ONCE for d in function.decorators):
            return "startup"  # runs once, whoever asks first: `@lru_cache def get_broker()`
        for use in self.idioms.handled_by(function):
            if use.idiom.role:
                return use.idiom.role
        module = module_of(function)
        cls = function.parent if isinstance(function.parent, ClassDef) else None
        if any(_decorator_name(d) in _HTTP_DECORATORS for d in function.decorators) and cls is not None and module.language != "python":
            return "request"
        if cls is not None and function.name in _VIEW_METHODS and _takes_request(function, 1):
            return "request"
        if _takes_request(function, 0) or _takes_request(function, 1) or _takes_invocation(function):
            return "request"
        if self._invoked.any_of(function, lambda: (name_of(function), *wrapped_as(self.origins, function))):
            return "request"
        base = module.path.rsplit("/", 1)[-1].split(".")[0]
        if base == "route" and function.name in _ROUTE_VERBS:
            return "request"
        if _is_component(function, module):
            return "render"
        from callcheck.sources.code.mounted import is_mounting

        return "component" if is_mounting(function) else ""

    def _callers_role(self, function: Function) -> str:
        parent = function.parent
        if isinstance(parent, Call) and parent.callee is not function:
            outer = self.role(function_of(parent))
            if outer == "render" and _HOOK.search(last_name(parent.callee)):
                return "effect"
            return outer if outer in PER_CALL else "callback"
        # `new ReadableStream({ start(controller) {} })`: handed over in place, by a name.
        if isinstance(parent, Entry) and isinstance(parent.parent, Object) and isinstance(parent.parent.parent, Call):
            outer = self.role(function_of(parent.parent.parent))
            if outer == "request":
                return outer
        calls = self.origins.calls_of(function)
        # What is made on the first call and kept is made once, whoever calls first.
        roles = {"startup" if isinstance(call.parent, Assign) and fills_when_empty(call.parent) else self.role(function_of(call)) for call in calls}
        roles |= {self.role(each) for each in (*self.origins.dependents(function), *takers(function))}
        if isinstance(function.parent, ClassDef) and function.name in CTORS:
            roles = {self.role(function_of(call)) for call in self.origins.calls_of(function.parent)}
        from callcheck.sources.code.mounted import draws, mounts

        passing = self.origins.callers.passing(function) if draws(module_of(function)) else ()
        if any(map(mounts, passing)):
            return "component"
        rendered = "render" in roles | {self.role(function_of(function))}
        if rendered and any(_HOOK.search(last_name(call.callee)) for call in passing):
            return "effect"  # `const listen = () => {…}; useEffect(listen, [])`
        if not roles:
            return "startup" if function.name in _STARTS and not isinstance(function.parent, ClassDef) else "helper"
        for role in ("request", "job", "connection", "message", "render", "effect", "component"):
            if role in roles:
                return role
        return "startup" if roles <= {"module", "startup"} else "helper"

    def lifetime(self, origin: Origin, depth: int = 0) -> Lifetime:
        """How long an object lives, as far as it can be followed."""
        if depth > 6:
            return Lifetime.UNKNOWN
        if origin.kept or self.named(origin):
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
            return self.of_class(cls, depth + 1) if cls is not None and module_of(site).language != "python" else Lifetime.PROCESS
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
            if _decorator_name(decorator) in _SHARED_CLASSES:
                return Lifetime.REQUEST if "REQUEST" in _scope_of(decorator) or self._needs_request(cls, depth) else Lifetime.PROCESS
        sites = self._made_at(cls)
        found = {Lifetime.PROCESS if self._made_once(site) else self.at(site, depth + 1) for site in sites}
        return found.pop() if len(found) == 1 else Lifetime.UNKNOWN

    def _made_once(self, call: Call) -> bool:
        """Whether what a call makes is kept under a name that was empty: `if _hub is None: _hub = Hub()`."""
        return isinstance(call.parent, Assign) and any(self.origins.of(target).kept for target in call.parent.targets)

    def _needs_request(self, cls: ClassDef, depth: int) -> bool:
        """Whether a container must make a class anew for each request, because it is injected with what lives that long."""
        for method in cls.body:
            for param in method.params if isinstance(method, Function) and method.name in CTORS else ():
                if any(isinstance(d, Call) and any(last_name(a) == "REQUEST" for a in d.args) for d in param.decorators):
                    return True
                typed = self.origins.binding(param, param.name).cls
                if typed is not None and typed is not cls and typed.decorators and self.of_class(typed, depth + 1) is Lifetime.REQUEST:
                    return True
        return False

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
            sites = self._made_at(origin.cls)
            if len(sites) == 1 and (born := self._born(sites[0])) is not None:
                return _place(born)
            return f"instance of {origin.cls.name} at {_place(origin.cls)}"
        if origin.kind == "made" and origin.site is not None:
            return _place(origin.site)
        if origin.kind == "param" and getattr(origin.node, "property", False):
            if origin.cls is not None:
                return self.identity(Origin("self", origin.cls, cls=origin.cls))
            return self._buses.get(origin.qualified, f"injected {origin.qualified}") if origin.qualified else ""
        if origin.kind == "value" and origin.site is not None:
            return _place(origin.site)
        return ""

    def _made_at(self, cls: ClassDef, depth: int = 0) -> list[Call]:
        """Where the objects of a class are made: by its name, or by that of a class below it."""
        below = self._heirs.get(id(cls), []) if depth < 4 else []
        return [*self.origins.calls_of(cls), *(site for heir in below for site in self._made_at(heir, depth + 1))]

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


def has_one_instance(cls: ClassDef) -> bool:
    """Whether all calls of a Python class give one object: its `__new__` keeps the first, or a decorator or metaclass called a singleton does."""
    meta = next((keyword.value for keyword in cls.keywords if keyword.name == "metaclass"), None)
    if "singleton" in dotted(meta).lower() or any("singleton" in _decorator_name(each).lower() or _decorator_name(each) in _ONCE for each in cls.decorators):
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


def _decorator_name(node: Node) -> str:
    callee = node.callee if isinstance(node, Call) else node
    return dotted(callee).rsplit(".", 1)[-1]


def _scope_of(decorator: Node) -> str:
    value = decorator.keyword("scope") if isinstance(decorator, Call) else None
    return dotted(value)


_VIEW_METHODS = ("get", "post", "put", "patch", "delete", "dispatch")


def _takes_request(function: Function, index: int) -> bool:
    if index >= len(function.params):
        return False
    param = function.params[index]
    if _REQUEST_TYPES.search(param.annotation):
        return True
    if index == 0 and param.name in ("req", "request") and len(function.params) > 1 and function.params[1].name in ("res", "reply", "response", "rep"):
        return True
    python = module_of(function).language == "python"
    # `def view(request)`, and a view class's `def post(self, request)`
    own = index == 1 and isinstance(function.parent, ClassDef) and function.name in _VIEW_METHODS and bool(function.parent.bases)
    return python and param.name == "request" and (own or index == 0 and isinstance(function.parent, (Module, ClassDef))) and not param.annotation


def _takes_invocation(function: Function) -> bool:
    """Whether a function platform calls it: `handler(event, context)`, `fetch(request, env, ctx)`."""
    first = function.params[0].name if function.params else ""
    second = function.params[1].name if len(function.params) > 1 else ""
    name = name_of(function)
    return (name in ("handler", "lambda_handler") and first in ("event", "evt", "_event")) or (name == "fetch" and first in ("request", "req") and second in ("env", "_env"))


_ATTACHES = frozenset("on once addListener addEventListener then catch finally use get post put patch delete all subscribe register".split())
_DEEPEST_WRAP = 3


def name_of(function: Function) -> str:
    """A function's name, or that of the constant or key that it is kept under, as it is or wrapped: `const handler = withUser(async (event) => …)`."""
    if function.name:
        return function.name
    return _held_as(function)


def wrapped_as(origins: Origins, function: Function) -> Iterator[str]:
    """The names under which a named function is kept once others have wrapped it: `export const handler = middy(vote).use(cors())`."""
    for call in origins.callers.passing(function):
        if last_name(call.callee) not in _ATTACHES and any(origins.of(arg).node is function for arg in call.args):
            if name := _held_as(call):
                yield name


def _held_as(node: Node) -> str:
    """The name of the constant or key that an expression is kept under."""
    for _ in range(2 * _DEEPEST_WRAP):
        outer = node.parent
        if isinstance(outer, Call) and outer.callee is not node and last_name(outer.callee) not in _ATTACHES:
            node = outer  # what a wrapper gives for it
        elif isinstance(outer, Member) and isinstance(outer.parent, Call) and outer.parent.callee is outer and isinstance(node, Call):
            node = outer.parent  # `.use(cors())` on what a wrapper gave
        else:
            break
    holder = node.parent
    if isinstance(holder, Assign) and len(holder.targets) == 1:
        return last_name(holder.targets[0])
    return holder.key or "" if isinstance(holder, Entry) else ""


def _is_component(function: Function, module: Module) -> bool:
    """Whether a function renders: a capitalised name in a module with JSX, or a hook of the project's own in one that imports React."""
    if module.path.endswith((".tsx", ".jsx")) and function.name[:1].isupper():
        return True
    hook = module.language != "python" and _HOOK.search(name_of(function)) is not None
    return hook and isinstance(function.parent, (Module, Assign)) and any(each.module == "react" for each in module.all(Import))

