"""What is set on an object that has no routes of its own, though it is meant for those of others?

    app.register(async (child) => child.addHook("onResponse", note))     # Fastify: holds for the routes of this child, and there are none
    errors.use((err, req, res, next) => …); app.use(errors)              # Express: a router is no error handler, so errors pass it by
    app.param("id", load); orders.get("/:id", …)                         # a router does not take over what its app has for a parameter
    errors.onError(f); app.route("/", errors)                            # Hono: only for the handlers of `errors`

Sources: fastify.dev/docs/latest/Reference/Encapsulation (5.5); express 4.21, lib/router/layer.js, and expressjs.com/en/api.html#app.param; hono 4.6, hono-base.js route(), and hono.dev/docs/api/hono#not-found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of, told_by_calls
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Function, Literal, Member, Name, Node, last_name

_ROUTES = frozenset({"get", "post", "put", "patch", "delete", "head", "all", "options", "route", "register", "use", "inject", "after", "ready", "on"})
"""What a child may have that its hooks are for, or by which it may get it."""
_SETS = ("addHook", "setErrorHandler", "addContentTypeParser", "decorate", "decorateRequest", "decorateReply")
_OF_REQUESTS = frozenset({"onRequest", "preParsing", "preValidation", "preHandler", "preSerialization", "onSend", "onResponse", "onError", "onTimeout", "onRequestAbort"})
_AUTOLOADS = ("@fastify/autoload", "fastify-autoload")
_PARAMETER = pattern(r"^\w{1,80}$")
_FIX = "wrap the plugin in fastify-plugin"
_SAYS = {
    "addHook": ("wrong-instance", f"a plugin's hook is set on an instance of its own, which has no routes, so it never runs; {_FIX}"),
    "setErrorHandler": ("wrong-instance", f"a plugin sets its error handler on an instance of its own, which has no routes, so no error comes to it; {_FIX}"),
    "addContentTypeParser": ("callback-rejected", f"a plugin's parser holds for an instance of its own, which has no routes; the others answer 415, or parse as before; {_FIX}"),
    "decorate": ("wrong-instance", f"a plugin decorates an instance of its own, so what the others read under this name is undefined; {_FIX}"),
}
_ERRORS = "a router is no error handler, and errors of other routes pass it by with what it has; put this on the app itself, behind the routes"
_PARAM = "what the app has for a parameter its routers do not take over, so this never runs for their paths; call param() on the router of the path"
_ON_ERROR = "what a mounted app has for errors holds for its own handlers, and it has none, so this never runs; call onError() on the app that serves"
_NOT_FOUND = "what a mounted app has for unknown paths is never asked, only that of the app that serves; call notFound() there"
_LATE = "route() copies the routes that are there by now, and those below come later, so they are never reached; call route() behind them"


class Encapsulated:
    """Lays what plugins, routers and mounted apps set beside the routes that they have."""

    name = "encapsulated"
    looks_at = Sight.SOURCE
    marks = ("addHook", "setErrorHandler", "addContentTypeParser", ".decorate(", "Router(", ".param(", "Hono(")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        if any(name in code.idioms.imported for name in ("fastify", "fastify-plugin")):
            yield from self._fastify(code)
        if "express" in code.idioms.imported:
            yield from self._express(code)
        if "hono" in code.idioms.imported:
            yield from self._hono(code)

    def _fastify(self, code: Code) -> Iterator[Evidence]:
        starts = [use for use in code.idioms.of("start") if use.framework.name == "fastify"]
        registered: dict[int, Call] = {}
        shared: set[int] = set()
        for use in starts:
            for handler in code.idioms.handlers(use):
                if isinstance(handler, Function) and use.idiom.calls:
                    shared.add(id(handler))
                elif isinstance(handler, Function):
                    registered.setdefault(id(handler), use.call)
        folders = dict(_autoloaded(code))
        told: set[int] = set()
        for call in code.project.calls(*_SETS):
            plugin = function_of(call)
            if plugin is None or id(plugin) in told or id(plugin) in shared or not _on_its_own(plugin, call) or is_test(module_of(call).path):
                continue
            module = module_of(plugin)
            at = registered.get(id(plugin)) or (folders.get(PurePosixPath(module.path).parent.name) if _is_default(code, plugin) else None)
            if at is None or code.origins.calls_of(plugin) or "skip-override" in module.text or _has_routes(plugin) or not _matters(code, call, plugin):
                continue
            told.add(id(plugin))
            name = last_name(call.callee)
            effect, says = _SAYS["decorate" if name.startswith("decorate") else name]
            fact = LibraryTrap(effect, "strong", says, name, "fastify", module.language)
            yield seen(fact, call, self.name, (seen(fact, at, self.name, label="the plugin is registered here"),))

    def _express(self, code: Code) -> Iterator[Evidence]:
        for call in code.project.calls("use"):
            handler = code.origins.of(call.args[-1]).node if call.args else None
            router = _router(code, call)
            if not isinstance(handler, Function) or len(handler.params) != 4 or not router or not _made_by(code, call, "Router") or is_test(module_of(call).path):
                continue
            mounted = next((each for each in code.project.calls("use") for arg in each.args if _router(code, each) != router and code.lifetimes.identity(code.origins.of(arg)) == router), None)
            others = (each for each in code.project.calls("get", "post", "put", "patch", "delete", "all", "use", "route") if each is not call and _router(code, each) == router)
            if mounted is not None and not any(True for _ in others):
                fact = LibraryTrap("wrong-instance", "strong", _ERRORS, "use", "express", module_of(call).language)
                yield seen(fact, call, self.name, (seen(fact, mounted, self.name, label="the router is put here"),))
        for call in code.project.calls("param"):
            app, name = _router(code, call), code.idioms.text(call.args[0]) if len(call.args) > 1 else ""
            if not app or not _PARAMETER.search(name) or not _made_by(code, call, "express") or is_test(module_of(call).path):
                continue
            paths = [each for each in code.project.calls("get", "post", "put", "patch", "delete", "all", "use", "route") if each.args and f":{name}" in code.idioms.text(each.args[0])]
            own = [each for each in paths if _router(code, each) == app]
            if paths and not own and all(_made_by(code, each, "Router") for each in paths):
                fact = LibraryTrap("wrong-instance", "strong", _PARAM, "param", "express", module_of(call).language)
                yield seen(fact, call, self.name, (seen(fact, paths[0], self.name, label="the path is a router's"),))

    def _hono(self, code: Code) -> Iterator[Evidence]:
        for mount in code.project.calls("route"):
            made = code.origins.of(mount.args[1]) if len(mount.args) == 2 else None
            inner = code.lifetimes.identity(made) if made is not None else ""
            if made is None or not inner or last_name(made.node.callee if isinstance(made.node, Call) else None) != "Hono" or is_test(module_of(mount).path):
                continue
            routes = [each for each in code.project.calls("get", "post", "put", "patch", "delete", "all", "on", "route") if each is not mount and _router(code, each) == inner]
            for call in code.project.calls("onError", "notFound"):
                name = last_name(call.callee)
                if _router(code, call) == inner and (name == "notFound" or not routes) and not _chained(made.node):
                    fact = LibraryTrap("wrong-instance", "strong", _NOT_FOUND if name == "notFound" else _ON_ERROR, name, "hono", module_of(call).language)
                    yield seen(fact, call, self.name, (seen(fact, mount, self.name, label="it is mounted here"),))
            beside = all(function_of(each) is function_of(mount) and module_of(each) is module_of(mount) and each.at > mount.at for each in routes)
            again = any(each is not mount and len(each.args) == 2 and code.lifetimes.identity(code.origins.of(each.args[1])) == inner for each in code.project.calls("route"))
            if routes and beside and not again and not _chained(made.node) and module_of(mount) is module_of(made.node or mount):
                fact = LibraryTrap("late-registration", "strong", _LATE, "route", "hono", module_of(mount).language)
                yield seen(fact, mount, self.name, (seen(fact, routes[0], self.name, label="this route comes later"),))


def _autoloaded(code: Code) -> Iterator[tuple[str, Call]]:
    """The last names of folders whose files @fastify/autoload registers, each in an instance of its own."""
    for call in code.project.calls("register"):
        loader = code.origins.of(call.args[0]) if call.args else None
        if loader is None or not loader.qualified.startswith(_AUTOLOADS):
            continue
        kept = code.idioms.option(call, "encapsulate")
        folder = code.idioms.text(code.idioms.option(call, "dir")).rstrip("/").rpartition("/")[2]
        if folder and not (isinstance(kept, Literal) and kept.value is False):
            yield folder, call


def _is_default(code: Code, plugin: Function) -> bool:
    """Whether a function is what its module exports as a whole."""
    exports = code.project.exports(module_of(plugin))
    whole = exports.get("default", exports.get("*"))
    return whole is plugin or (isinstance(whole, str) and whole == plugin.name)


def _on_its_own(plugin: Function, call: Call) -> bool:
    """Whether a call is made on what the plugin is given first."""
    first = next(iter(told_by_calls(plugin)), None)
    return first is not None and isinstance(call.callee, Member) and isinstance(call.callee.object, Name) and call.callee.object.id == first.name


def _has_routes(plugin: Function) -> bool:
    """Whether a plugin has routes, may get some from another function, or keeps its instance for later."""
    first = told_by_calls(plugin)[0].name
    for name in plugin.inside(Name):
        if name.id != first:
            continue
        above = name.parent
        if not isinstance(above, Member) or above.object is not name:
            return True
        if isinstance(above.parent, Call) and above.parent.callee is above and above.name in _ROUTES:
            return True
    return False


def _matters(code: Code, call: Call, plugin: Function) -> bool:
    """Whether what is set is for requests, or is read elsewhere."""
    name, said = last_name(call.callee), code.idioms.text(call.args[0]) if call.args else ""
    if name == "addHook":
        return said in _OF_REQUESTS
    if name.startswith("decorate"):
        return len(said) > 2 and any(last_name(member.object) in ("app", "fastify", "server", "instance", "request", "req", "reply", "this") for member in _members(code, said) if module_of(member) is not module_of(plugin))
    return True


def _members(code: Code, name: str) -> Iterator[Member]:
    for module in code.project.naming(name):
        yield from (member for member in module.all(Member) if member.name == name)


def _router(code: Code, call: Call) -> str:
    """The router or app that a call is made on."""
    return code.lifetimes.identity(code.origins.of(call.callee.object)) if isinstance(call.callee, Member) else ""


def _made_by(code: Code, call: Call, name: str) -> bool:
    """Whether what a call is made on came from a function of this last name."""
    made = code.origins.of(call.callee.object).node if isinstance(call.callee, Member) else None
    return isinstance(made, Call) and last_name(made.callee) == name


def _chained(made: Node | None) -> bool:
    """Whether more is called on an object where it is made."""
    return made is None or not isinstance(made.parent, Assign)


PROBE = Encapsulated()
