"""Where are listeners attached and removed, and where are events emitted?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered, ListenerRemoved
from callcheck.model.meets import IN_MEMORY
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.attached_once import attached_once
from callcheck.sources.code.call_forms import decorated
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.just_made import just_made
from callcheck.sources.code.relays import OWN
from callcheck.sources.code.repeats import Repeats
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tables import CALLED_FROM_A_TABLE, PUT_INTO_A_TABLE
from callcheck.sources.code.tree import Assign, Call, Function, Literal, Name, Return, Sequence, With, dotted, last_name

_BINDING = ("partial", "MethodType", "bind")
"""What makes a function of a method and the name that it is to be called with."""


class Listeners:
    """Reads registrations, removals and emissions from the sources by the idioms of the known frameworks."""

    name = "listeners"
    looks_at = Sight.SOURCE
    signs = tuple(Sign(pattern=PUT_INTO_A_TABLE, beside=text) for text in CALLED_FROM_A_TABLE)
    answers = frozenset({ListenerRegistered, ListenerRemoved, EventEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        repeats = Repeats(code.origins) if any(use.idiom.once for use in code.idioms.of("register")) else None
        for use in code.idioms.of("register", "remove", "emit"):
            for event in code.idioms.events(use):
                yield self._state(code, use, clean(event or _signal(code, use), 120), repeats)
        yield from self._elsewhere(code)
        yield from code.project.lost_at_first

    def _elsewhere(self, code: Code) -> Iterator[Evidence]:
        """Emissions on objects that cannot be told, and those that are handed on with their name (`partial(bus.emit, "x")`), of what is listened to and goes out nowhere else."""
        heard = {event for use in code.idioms.of("register") if use.idiom.on in IN_MEMORY for event in code.idioms.events(use)}
        missing = heard - {event for use in code.idioms.of("emit") for event in code.idioms.events(use)}
        for call in code.project.calls("emit", *_BINDING) if missing else ():
            at = 0 if last_name(call.callee) == "emit" else 1
            given = call.args[at] if len(call.args) > at else None
            if isinstance(given, Literal) and given.value in missing and not code.idioms.at(call) and not is_test(module_of(call).path):
                role = code.lifetimes.role(function_of(call))
                yield seen(EventEmitted(clean(str(given.value), 120), "", Lifetime.UNKNOWN, role, "", "", module_of(call).language, "", False), call, self.name)

    def _state(self, code: Code, use: Use, event: str, repeats: Repeats | None) -> Evidence:
        known = use.idiom.bus or (code.lifetimes.identity(use.receiver) if use.idiom.on else use.framework.name)
        emitter = clean(known, 120)
        lifetime = Lifetime.PROCESS if use.idiom.bus else code.lifetimes.lifetime(use.receiver)
        role, framework, language = code.lifetimes.role(_attaching(use)), use.framework.name, use.module.language
        if use.idiom.does == "remove":
            everything = not code.idioms.placed(use.call, use.idiom.handler) and "consumes" not in use.idiom.traits
            gone = ListenerRemoved(event, emitter, everything, role, framework, language, _handler(code, use))
            within = (seen(gone, use.inner, self.name, label="this is where it is taken away"),) if use.inner is not None else ()
            return seen(gone, use.call, self.name, within)
        if use.idiom.does == "emit":
            source = use.idiom.on or ("signal" if "global" in use.idiom.traits else "")
            again = repeats is not None and (repeats.again(use.call) is not None or repeats.looped(use.call))
            return seen(EventEmitted(event, emitter, lifetime, role, framework, source, language, _payload(code, use), again), use.call, self.name)
        durable = "durable" in use.idiom.traits and not _drained(code, use)
        repeated = use.idiom.once and repeats is not None and repeats.looped(use.call)
        source = use.idiom.on or ("emitter" if use.idiom.bus else "signal" if "global" in use.idiom.traits else "")
        fact = ListenerRegistered(event, emitter, lifetime, role, framework, source, language, durable, use.idiom.once, _released(code, use), _handler(code, use), repeated)
        inside = (seen(fact, use.inner, self.name, label="this is where it is attached"),) if use.inner is not None else ()
        return seen(fact, use.call, self.name, inside)


def _attaching(use: Use) -> Function | None:
    """The function by whose call it happens: the one around it, or that below a decorator, to whose stream the library subscribes."""
    below = decorated(use.call) if use.idiom.object == "streamed-below" else None
    return below if isinstance(below, Function) else use.function


def _released(code: Code, use: Use) -> bool:
    """Whether the registration itself brings what ends it: an abort signal, a `with`, or a returned function or object that is kept; or is made once only, for this object at least."""
    if attached_once(use.call) or just_made(code, use.call, use.receiver):
        return True
    if isinstance(use.call.parent, With) or code.idioms.option(use.call, "signal") is not None:
        return True
    if code.lifetimes.role(use.function) == "component" and not is_statement(use.call) and not isinstance(use.call.parent, Return):
        return True  # `this.subscription = items.subscribe(add)`: a component keeps what it is to end
    own = use.framework is OWN or "gives-release" in use.idiom.traits
    return own and use.idiom.handler != "decorated" and not is_statement(use.call) and not _forgotten(use.call)


def _forgotten(call: Call) -> bool:
    """Whether what a call gives is kept under a name that its function never mentions again."""
    held, function = call.parent, function_of(call)
    while isinstance(held, Sequence):
        held = held.parent
    named = {target.id for target in held.targets if isinstance(target, Name)} if isinstance(held, Assign) and held.declared and len(held.targets) == 1 else set()
    return bool(named) and function is not None and sum(name.id in named for name in function.inside(Name)) < 2


def _drained(code: Code, use: Use) -> bool:
    """Whether who makes the object attaches the listener too, and what a request gets of it is worked off in the request: `await runtime.stop_when_idle()`."""
    waits = (wait.receiver.site for wait in code.idioms.of("wait") if "until-idle" in wait.idiom.traits)
    return use.function is not None and any(isinstance(made, Call) and code.origins.of(made.callee).node is use.function for made in waits)


def _handler(code: Code, use: Use) -> str:
    """Where the only handler is written, if it is a function of the project that can be followed."""
    found = code.idioms.handlers(use)
    if len(found) != 1 or not isinstance(found[0], Function):
        return ""
    return clean(f"{module_of(found[0]).path}:{found[0].at}", 160)


def _payload(code: Code, use: Use) -> str:
    if not use.idiom.payload:
        return ""
    from callcheck.sources.code.contents import payload_of

    return clean(payload_of(code, use))


def _signal(code: Code, use: Use) -> str:
    """The name of a signal, which is an object and its event at once: as the library keeps it, or of the variable that holds it."""
    if use.idiom.event or use.idiom.on not in ("signal", "app-signal"):
        return ""
    origin = use.receiver
    if origin.kind == "external":
        return origin.qualified.rsplit(".", 1)[-1]
    named = code.lifetimes.named(origin)
    if named:
        return named.rsplit(":", 1)[-1]
    held = origin.node.parent if origin.node is not None else None
    return dotted(held.targets[0]).rsplit(".", 1)[-1] if isinstance(held, Assign) and origin.kind == "made" else ""


PROBE = Listeners()
