"""Does each request listen on, and emit on, an emitter of its own?

    app.use((req, res, next) => { req.events = new EventEmitter(); next(); });
    app.get("/stream", (req, res) => req.events.on("called", send));
    app.post("/call", (req, res) => req.events.emit("called", ticket));
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerPerCall
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.flow import outermost
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.own_ways import ways_to
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, Member, Node, last_name

_CHAINED = "must-call-next"


class Strangers:
    """Finds listeners on an object of one request whose event is only emitted on the object of another."""

    name = "strangers"
    looks_at = Sight.SOURCE
    answers = frozenset({ListenerPerCall, EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for heard in code.idioms.of("register"):
            if not heard.idiom.on or {"transport", "shared", "durable"} & set(heard.idiom.traits):
                continue
            for event in code.idioms.events(heard):
                if event:
                    yield from self._own(code, heard, event)
                    yield from self._instances(code, heard, event)
                yield from self._made_anew(code, heard, event)
            if _CHAINED in heard.idiom.traits:
                yield from self._run_apart(code, heard)

    def _own(self, code: Code, heard: Use, event: str) -> Iterator[Evidence]:
        """One variable, one object a request: the handler that listens and the one that emits serve different requests."""
        if code.lifetimes.lifetime(heard.receiver) is not Lifetime.REQUEST:
            return
        identity = code.lifetimes.identity(heard.receiver)
        sent = [u for u in code.idioms.of("emit") if event in code.idioms.events(u) and code.lifetimes.identity(u.receiver) == identity]
        here = _route(code, heard.call)
        there = [_route(code, u.call) for u in sent]
        if here is None or not there or any(each is None or each is here for each in there):
            return
        fact = ListenerPerCall(clean(event, 80), "request", heard.framework.name, heard.module.language)
        made = (seen(fact, heard.receiver.site, self.name, label="made anew for each request"),) if heard.receiver.site else ()
        yield seen(fact, heard.call, self.name, (*made, seen(fact, sent[0].call, self.name, label="emitted by another request, on its own object")))

    def _instances(self, code: Code, heard: Use, event: str) -> Iterator[Evidence]:
        """A class of the project that emits on itself, and whose emitting method is only called on other instances."""
        holder = _holder(code, heard)
        cls = holder.cls
        identity = code.lifetimes.identity(holder)
        if cls is None or holder.kind != "made" or not identity:
            return
        methods = ways_to(cls, _emitting(code, cls, event, "" if holder is heard.receiver else code.lifetimes.identity(heard.receiver)))
        calls = [c for m in methods for c in code.origins.calls_of(m) if enclosing(c, ClassDef) is not cls and (is_test(heard.module.path) or not is_test(module_of(c).path))]
        objects = {id(c): code.origins.of(c.callee.object) for c in calls if isinstance(c.callee, Member)}
        on = {code.lifetimes.identity(objects[id(c)]): c for c in calls if id(c) in objects}
        if any(each.kept and each.node is holder.node for each in objects.values()):
            return  # where it was made it was put away, and this is what was put away
        if not methods or not on or "" in on or identity in on or any(name.startswith(("instance of", "injected")) for name in (identity, *on)):
            return
        other = next(iter(on.values()))
        fact: ListenerPerCall | EmittersApart
        if code.lifetimes.lifetime(holder) is Lifetime.REQUEST and code.lifetimes.role(heard.function) in PER_CALL:
            fact = ListenerPerCall(clean(event, 80), code.lifetimes.role(heard.function), heard.framework.name, heard.module.language)
        else:
            fact = EmittersApart(clean(event, 80), heard.framework.name, heard.module.language)
        yield seen(fact, heard.call, self.name, (seen(fact, other, self.name, label=f"{clean(event, 40)} goes out on the instance that is used here"),))

    def _run_apart(self, code: Code, heard: Use) -> Iterator[Evidence]:
        """A filter of an object that a function gave, where all runs are on others that the same function gave."""
        made, identity = heard.receiver.node, code.lifetimes.identity(heard.receiver)
        maker = _given_back(code, made)
        if maker is None or not identity or heard.function is maker:
            return
        runs = [u for u in code.idioms.of("run") if u.framework is heard.framework and u.idiom.on == heard.idiom.on]
        filtered = {code.lifetimes.identity(u.receiver) for u in code.idioms.of("register") if _CHAINED in u.idiom.traits}
        if runs and all(u.receiver.node is made and code.lifetimes.identity(u.receiver) not in {"", *filtered} for u in runs):
            fact = EmittersApart(clean(next(iter(code.idioms.events(heard)), "").rsplit(".", 1)[-1], 80), heard.framework.name, heard.module.language)
            because = (seen(fact, runs[0].call, self.name, label="this runs on another one"), seen(fact, maker, self.name, label="makes one for each who asks"))
            yield seen(fact, heard.call, self.name, because)

    def _made_anew(self, code: Code, heard: Use, event: str) -> Iterator[Evidence]:
        """A getter that makes an object on each call: `Hub.get().on(…)` here, `Hub.get().emit(…)` there."""
        getter = _getter(code, heard)
        if getter is None or code.lifetimes.role(heard.function) in PER_CALL:
            return
        sent = [u for u in code.idioms.of("emit") if event in code.idioms.events(u)]
        if sent and all(_getter(code, u) is getter and u.receiver.site is not heard.receiver.site for u in sent):
            named = event or (last_name(heard.call.callee.object) if isinstance(heard.call.callee, Member) else "")
            fact = EmittersApart(clean(named, 80), heard.framework.name, heard.module.language)
            because = (seen(fact, sent[0].call, self.name, label="this is another object"), seen(fact, getter, self.name, label="it makes an object on each call"))
            yield seen(fact, heard.call, self.name, because)


def _given_back(code: Code, made: Node | None) -> Function | None:
    """The function that makes an object and gives it back."""
    function = function_of(made) if made is not None else None
    return function if function is not None and any(code.origins.of(each).node is made for each in code.project.returned(function)) else None


def _getter(code: Code, use: Use) -> Function | None:
    """The function of the project that gave the object of a use, if all that it returns is made in that very statement."""
    made = use.receiver.site
    if isinstance(made, Member):
        function = code.origins.member(code.origins.of(made.object), made.name).node  # a property
    else:
        function = code.origins.of(made.callee).node if isinstance(made, Call) and not made.new else None
    if not isinstance(function, Function) or function.is_async or use.receiver.kept or code.lifetimes.named(use.receiver):
        return None
    given = code.project.returned(function)
    python = use.module.language == "python"
    anew = all(isinstance(each, Call) and (each.new or python and each is use.receiver.node) for each in given)
    return function if given and anew else None


def _route(code: Code, call: Call) -> Function | None:
    """The handler of one route in which a call stands; None if it is none, or stands before all routes."""
    function = outermost(call)
    if function is None:
        return None
    uses = [u for u in code.idioms.handled_by(function) if u.idiom.role == "request"]
    return function if uses and not any("before" in u.idiom.traits for u in uses) else None


def _holder(code: Code, heard: Use) -> Origin:
    """The object that is listened to, or, where it is an emitter that a class of the project makes for itself, the instance that has it."""
    named = heard.call.callee.object if isinstance(heard.call.callee, Member) else None
    site = heard.receiver.site
    if not isinstance(named, Member) or site is None or heard.receiver.cls is not None:
        return heard.receiver
    holder = code.origins.of(named.object)
    return holder if holder.cls is not None and enclosing(site, ClassDef) is holder.cls else heard.receiver


def _emitting(code: Code, cls: ClassDef, event: str, field: str) -> list[Function]:
    """The methods of a class in which it emits an event on itself, or on the emitter of that identity; nothing once another place emits it on an instance."""
    found: list[Function] = []
    for use in code.idioms.of("emit"):
        if event not in code.idioms.events(use) or (code.lifetimes.identity(use.receiver) != field if field else use.receiver.cls is not cls):
            continue
        method = outermost(use.call)
        if (enclosing(use.call, ClassDef) is not cls if field else use.receiver.kind != "self") or method is None:
            return []
        found.append(method)
    return [m for m in found if m.name != "constructor"]


PROBE = Strangers()
