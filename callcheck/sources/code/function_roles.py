"""On what occasion does a function run: for each request, job or message, as a page is drawn, at the start, or whenever somebody calls it?"""

from __future__ import annotations

from callcheck.sources.code.answers import Answers, Asking
from callcheck.sources.code.called_back import CHAINS
from callcheck.sources.code.callers import takers
from callcheck.sources.code.decorators import RUNS_ONCE, decorator_name
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.invoked import Invoked
from callcheck.sources.code.kept_as import name_of, wrapped_as
from callcheck.sources.code.origin import KEEPS
from callcheck.sources.code.scopes import CTORS, fills_when_empty, function_of, module_of
from callcheck.sources.code.service_schemas import PACKAGE, called_as
from callcheck.sources.code.tree import Assign, Call, ClassDef, Entry, Function, Object, last_name
from callcheck.sources.code.views import (
    HOOK,
    VERBS,
    VIEW_METHODS,
    is_component,
    is_exported_for_requests,
    takes_invocation,
    takes_request,
)

PER_CALL = frozenset({"request", "job", "connection", "render", "effect", "component", "message"})
"""Roles of functions that run again and again; an effect is what a component hands to a hook (`useEffect(() => …)`), component what is called as one comes into the page."""
_HTTP_DECORATORS = frozenset({"Get", "Post", "Put", "Patch", "Delete", "All", "Sse"})
_CQRS, _TAKES = frozenset({"EventsHandler", "CommandHandler", "QueryHandler"}), frozenset({"handle", "execute"})
"""Decorators of @nestjs/cqrs on a class, and the methods that its buses call."""
_STARTS = frozenset(
    "main create_app make_app build_app app_factory create_application get_application get_app bootstrap createApp buildApp makeApp createServer buildServer startServer".split()
)
"""Functions that a server's command line, or a starter outside the project, calls once."""
_MOST_CALLERS = 60
"""Callers that are followed from one function."""


class FunctionRoles:
    """The roles of the functions of one project."""

    def __init__(self, idioms: Idioms) -> None:
        self.idioms = idioms
        self.origins = idioms.origins
        self._invoked = Invoked(idioms.origins.project)
        self.asking = Asking()
        self._known = Answers[str](self.asking)

    def role(self, function: Function | None) -> str:
        """request, job, connection, render, message, startup, callback, helper; "module" for no function at all.

        A function that is only called from functions of one role has that role.
        """
        if function is None:
            return "module"
        return self._known.of(id(function), lambda: self._own_role(function) or self._callers_role(function), "helper")

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
        if _runs_once(function):
            return "startup"  # whoever asks first: `@lru_cache def get_broker()`
        for use in self.idioms.handled_by(function):
            if use.idiom.role:
                return use.idiom.role
        module = module_of(function)
        cls = function.parent if isinstance(function.parent, ClassDef) else None
        if any(decorator_name(d) in _HTTP_DECORATORS for d in function.decorators) and cls is not None and module.language != "python":
            return "request"
        if cls is not None and function.name in _TAKES and any(decorator_name(d) in _CQRS for d in cls.decorators):
            return "job"
        if cls is not None and function.name in VIEW_METHODS and takes_request(function, 1):
            return "request"
        if takes_request(function, 0) or takes_request(function, 1) or takes_invocation(function):
            return "request"
        if PACKAGE in self.origins.project.others.dependencies and (called := called_as(function)):
            return called
        if self._invoked.any_of(function, lambda: (name_of(function), *wrapped_as(self.origins, function))):
            return "request"
        base = module.path.rsplit("/", 1)[-1].split(".")[0]
        if base == "route" and function.name in VERBS or is_exported_for_requests(function, module):
            return "request"
        if is_component(function, module):
            return "render"
        from callcheck.sources.code.mounted import is_mounting

        return "component" if is_mounting(function) else ""

    def _callers_role(self, function: Function) -> str:
        parent = function.parent
        if isinstance(parent, Call) and parent.callee is not function:
            outer = self.role(function_of(parent))
            if outer == "render" and HOOK.search(last_name(parent.callee)):
                return "effect"
            # What a module chains on a promise runs once: `connect().then((made) => { db = made; })`.
            return outer if outer in PER_CALL else "startup" if outer == "module" and last_name(parent.callee) in CHAINS else "callback"
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
        if rendered and any(HOOK.search(last_name(call.callee)) for call in passing):
            return "effect"  # `const listen = () => {…}; useEffect(listen, [])`
        if not roles:
            return "startup" if function.name in _STARTS and not isinstance(function.parent, ClassDef) else "helper"
        for role in ("request", "job", "connection", "message", "render", "effect", "component"):
            if role in roles:
                return role
        return "startup" if roles <= {"module", "startup"} else "helper"


def _runs_once(function: Function) -> bool:
    """Whether what a function makes is kept: by a library's decorator, or by a project's own, which keeps it on the object (`@cache_in_self`)."""
    names = [decorator_name(each) for each in function.decorators]
    if [param.name for param in function.params] == ["self"]:
        return any(KEEPS.search(name) for name in names)
    return not function.params and any(name in RUNS_ONCE or KEEPS.search(name) for name in names)
