"""Are handlers attached to one object while another one of its kind is served?

    socketio = SocketIO(app)       # in views.py, with the handlers
    socketio = SocketIO(app)       # in run.py, which serves this one
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.mains import Mains
from callcheck.sources.code.origin import keeps
from callcheck.sources.code.scopes import function_of, is_main_guard, is_script, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Member, Module, Name, Node

_TEXTS = ("Procfile*", "Dockerfile*", "*.yml", "*.yaml", "*.toml", "*.ini", "*.service", "*.sh", "*.conf", "Makefile")
_DEEPEST = 3
_NAMED = pattern(r"(?:-A|--app)[=\"',\s]{1,4}([\w.]+)(?::(\w+))?|\b([a-zA-Z_][\w.]*):([a-zA-Z_]\w*)")
_OBJECTS = frozenset({"one-serves", "serves-itself"})
_ATTACHES = ("register", "hook", "serve", "subscribe", "schedule", "attach")


class Hubs:
    """Compares the objects of a `one-serves` kind: which of them are started or named by a command, and which have the handlers.

    Of a `serves-itself` kind several may be served, so such a one is asked alone whether its script is run and imported.
    """

    name = "hubs"
    looks_at = Sight.SOURCE
    about = ("one-serves", "serves-itself")
    answers = frozenset({EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        made: dict[str, list[Use]] = {}
        for maker in code.idioms.of("make"):
            for use in _each(code, maker) if not _OBJECTS.isdisjoint(maker.idiom.traits) else ():
                # One that is made once and never started is told as that.
                known = "needs-start" not in maker.idiom.traits
                if not is_test(use.module.path) and (use is not maker or known and code.lifetimes.lifetime(code.lifetimes.born(use.call)) is Lifetime.PROCESS):
                    made.setdefault(use.framework.name, []).append(use)
        for uses in made.values():
            for use in uses:
                yield from self._again(code, use)
        for name, uses in made.items():
            if len(uses) > 1 and "one-serves" in uses[0].idiom.traits:
                yield from self._compare(eyes, code, name, uses)

    def _compare(self, eyes: Eyes, code: Code, framework: str, made: list[Use]) -> Iterator[Evidence]:
        by_id = {code.lifetimes.identity(code.lifetimes.born(use.call)): use for use in made}
        started = self._served(eyes, code, made)
        attached: dict[str, Use] = {}
        for use in code.idioms.of(*_ATTACHES, "publish"):
            # A task of Celery is one of all applications; to which of them it is sent is its own application's broker's matter.
            elsewhere = "of-all-apps" in use.idiom.traits and _has_broker(code, use)
            if use.framework.name == framework and not elsewhere and (use.idiom.does != "publish" or use.idiom.role == "job"):
                attached.setdefault(code.lifetimes.identity(use.receiver.whole), use)
        served = next((use for identity, use in by_id.items() if identity in started), None)
        if served is None:
            return
        for identity, use in by_id.items():
            if identity in started or identity not in attached or _loose(code, use, started):
                continue
            event = clean(next(iter(code.idioms.events(attached[identity])), ""), 80) or "a handler"
            fact = EmittersApart(event, framework, use.module.language)
            because = (
                seen(fact, attached[identity].call, self.name, label="handlers are attached to this one"),
                seen(fact, served.call, self.name, label="and this one is served"),
            )
            yield seen(fact, use.call, self.name, because)

    def _again(self, code: Code, use: Use) -> Iterator[Evidence]:
        """A script that starts its own object, and is imported by the module that attaches the handlers: it then exists twice."""
        identity = code.lifetimes.identity(code.lifetimes.born(use.call))
        starts = [c for c in use.module.calls(*use.idiom.event_is.split("|")) if isinstance(c.callee, Member) and code.lifetimes.identity(code.origins.of(c.callee.object)) == identity]
        starts += [each.call for each in code.idioms.of("serves") if each.module is use.module and identity in _wrapped(code, each)]
        born = code.lifetimes.born(use.call).site
        if not starts or born is None or function_of(born) is not None or not is_script(use.module):
            return
        below, mains = any(_in_guard(c) for c in starts), Mains(code)
        if not mains.started(use.module.path):
            return
        # A start that is not below the guard says nothing of how the file is run; and what the guard has served by its name is the import.
        said = mains.commanded(use.module.path) or any(function_of(c) is not None for c in starts)
        if not below and (not said or mains.again(use.module.path) is None or mains.served_by_name(use.module) is not None):
            return
        # What a server imports by its name has one object, whatever a guard would start; and handlers that the script never loads are on none of its two.
        if "serves-itself" in use.idiom.traits and mains.again(use.module.path) is None:
            return
        importers = code.project.importers(use.module.path)
        for other in code.idioms.of(*_ATTACHES):
            # What is handed to a function of another module is the script's own object still.
            if other.module is not use.module and other.module.path in importers and not is_test(other.module.path) and other.framework is use.framework and code.lifetimes.identity(other.receiver) == identity:
                event = clean(next(iter(code.idioms.events(other)), ""), 80) or "a handler"
                fact = EmittersApart(event, use.framework.name, "python")
                because = (
                    seen(fact, use.call, self.name, label="made once as __main__, and once more when this module is imported"),
                    seen(fact, starts[0], self.name, label="the one of __main__ is served"),
                )
                yield seen(fact, other.call, self.name, because)
                return

    def _served(self, eyes: Eyes, code: Code, made: list[Use]) -> set[str]:
        """The identities of the objects that something starts, or that a command names as `module:variable`."""
        found: set[str] = set()
        starts = {name for use in made for name in use.idiom.event_is.split("|") if name}
        for call in code.project.calls(*starts) if starts else ():
            if isinstance(call.callee, Member):
                found.add(code.lifetimes.identity(code.origins.of(call.callee.object)))
        for use in code.idioms.of("serves"):
            found |= _wrapped(code, use)
        named = _named(eyes)
        for use in made:
            path = use.module.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for module, variable in named:
                if module in (path, path.rsplit(".", 1)[0]) or path == f"src.{module}":
                    if not variable or variable == _variable(code.lifetimes.born(use.call).site) or module == path:
                        found.add(code.lifetimes.identity(code.lifetimes.born(use.call)))
        return found - {""}


def _each(code: Code, use: Use, depth: int = 0) -> list[Use]:
    """One use for each object that a call makes: where it stands in a function that gives back a new one each time, one for each call of that at start."""
    function = function_of(use.call)
    given = code.project.returned(function) if function is not None and not any(keeps(each) for each in function.decorators) else []
    fresh = [origin for value in given if (origin := code.origins.of(value)).site is use.call and not origin.kept]
    if function is None or not fresh or depth > _DEEPEST:
        return [use]
    sites = [site for site in code.origins.calls_of(function) if code.lifetimes.role(function_of(site)) in ("module", "startup", "helper")]
    return [each for site in sites for each in _each(code, replace(use, call=site, module=module_of(site)), depth + 1)] or [use]


def _wrapped(code: Code, use: Use) -> set[str]:
    """The identities of what a call that serves something is given."""
    return {code.lifetimes.identity(code.origins.of(node)) for node in code.idioms.placed(use.call, use.idiom.object)}


def _in_guard(node: Node) -> bool:
    return any(map(is_main_guard, node.up()))


def _named(eyes: Eyes) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for file in eyes.tree.named(*_TEXTS):
        text = eyes.readable(file)
        found |= {(m[1] or m[3], m[2] or m[4] or "") for m in _NAMED.finditer(text)}
    return found


def _variable(made: Node | None) -> str:
    held = made.parent if made is not None else None
    return held.targets[0].id if isinstance(held, Assign) and isinstance(held.targets[0], Name) else ""


def _has_broker(code: Code, use: Use) -> bool:
    """Whether the application that a task is one of is told a broker, or where its settings are."""
    identity, made = code.lifetimes.identity(use.receiver.whole), use.receiver.whole.site
    told = [call.callee.object for call in code.project.calls("config_from_object", "config_from_envvar") if isinstance(call.callee, Member)]
    return (isinstance(made, Call) and made.keyword("broker") is not None) or any(code.lifetimes.identity(code.origins.of(each)) == identity for each in told)


def _loose(code: Code, use: Use, started: set[str]) -> bool:
    """Whether the object is handed to a call that may serve it: mounted, included, wrapped."""
    identity = code.lifetimes.identity(code.lifetimes.born(use.call))
    name = _variable(code.lifetimes.born(use.call).site)
    for module in code.project.naming(name):
        for node in module.all(Name):
            if node.id == name and isinstance(node.parent, Call) and node.parent.callee is not node and _of(code, node, identity, module):
                return True
    return False


def _of(code: Code, node: Name, identity: str, module: Module) -> bool:
    return code.lifetimes.identity(code.origins.of(node)) == identity


PROBE = Hubs()
