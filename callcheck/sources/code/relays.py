"""Which of the project's own functions register or emit what their caller tells them: buses written by hand, and wrappers around a library's?

    function subscribe(topic, fn) { bus.on(topic, fn) }      # subscribe("paid", mail) registers mail for paid
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.noun import dataclass, replace
from callcheck.sources.code.dispatch import Dispatch, weakly
from callcheck.sources.code.handed_on import HandedOn
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tables import Tables, Touch, origin_of
from callcheck.sources.code.told_by import decorated_by, of_whom, root, where
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Function,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    Subscript,
    last_name,
)
from callcheck.sources.code.views import HOOK

if TYPE_CHECKING:
    from callcheck.sources.code.idioms import Idioms, Use

OWN = Framework(name="own", title="the project's own bus", languages=("python", "javascript", "typescript"), packages=("",), distributions={}, objects={}, idioms=())
RELAYED = ("register", "remove", "emit")
_AT_ONCE = frozenset({"forEach", "map", "filter", "some", "every", "find", "reduce", "flatMap"})
"""Methods that call what they are given before they return."""


@dataclass(frozen=True, slots=True)
class Relay:
    """What calling one function of the project does."""

    idiom: Idiom
    framework: Framework
    receiver: Origin
    function: Function
    inner: Node
    """Where it happens inside the function."""
    by_instance: bool = False
    """The object is the one whose method is called."""


class Relays:
    """The relaying functions of one project, with the calls that they stand for."""

    def __init__(self, idioms: Idioms) -> None:
        self.idioms = idioms
        self.by_function: dict[int, list[Relay]] = {}
        self.replaced: set[int] = set()
        """Calls inside relaying functions; their callers stand for them."""
        self.handed = HandedOn(idioms)
        self.passed: set[int] = set()
        """The same for what is sent or heard under a name."""
        self.dispatches: frozenset[int] = frozenset()
        """The calls by which hand-written buses call what they hold."""

    def find(self) -> None:
        """Look once, before any use is asked for."""
        touches = Tables(self.idioms.origins).touches()
        dispatch = Dispatch(touches)
        self.dispatches = frozenset(id(touch.at) for touch in touches if touch.does == "emit")
        for touch in touches:
            relay = self._of_touch(touch, dispatch)
            if relay is not None:
                self._add(relay)
        self.widen()

    def widen(self) -> None:
        """Look at what the calls that are known so far are handed on from."""
        for call in [call for module in self.idioms.project.chosen.values() for call in self.idioms.candidates(module)]:
            if id(call) not in self.replaced and function_of(call) is not None:
                for use in self.idioms.known(call):
                    if self._else_of(use):
                        self.replaced.add(id(call))
                        continue
                    if self.handed.take(use):
                        self.__dict__.pop("names", None)
                        self.passed.add(id(call))
                        continue
                    relay = self._of_use(use)
                    if relay is not None and self.idioms.origins.calls_of(relay.function):
                        self._add(relay)
                        self.replaced.add(id(call))

    def _add(self, relay: Relay) -> None:
        self.__dict__.pop("names", None)
        known = self.by_function.setdefault(id(relay.function), [])
        if relay.idiom.does == "register" and (released := self._released(relay)):
            # `return () => bus.off(topic, fn)`: taken off by whoever keeps what the function gives back.
            self.replaced |= released
            relay = replace(relay, idiom=replace(relay.idiom, traits=(*relay.idiom.traits, "gives-release")))
        if not any(r.idiom == relay.idiom and r.inner is relay.inner for r in known):
            known.append(relay)

    def _released(self, relay: Relay) -> set[int]:
        """The removals that stand in what a registering function gives back."""
        given = [node for value in self.idioms.project.returned(relay.function) for node in (value, self.idioms.origins.of(value).node)]
        inner = {id(f): f for node in given if isinstance(node, (Function, Object)) for f in node.inside(Function)}
        calls = [call for function in inner.values() if function is not relay.function and relay.function.at < function.at < relay.function.end for call in function.inside(Call)]
        return {id(call) for call in calls if any(use.idiom.does == "remove" for use in self.idioms.known(call))}

    def at(self, call: Call) -> list[tuple[Relay, Origin]]:
        """The relays that a call sets off, each with the object that it is about."""
        return self.called(call, call.callee)

    def named(self, call: Call) -> list[tuple[Call, Call]]:
        """The library's calls, under a name that it tells, which a call stands for, each as it is there and as it is written."""
        if not self.handed.by_function or not isinstance(call.callee, (Name, Member)) or last_name(call.callee) not in self.names:
            return []
        return self.handed.at(call, self.idioms.origins.of(call.callee).node)

    def called(self, call: Call, named: Node) -> list[tuple[Relay, Origin]]:
        """The same for a call whose callee stands elsewhere: a decorator without parentheses."""
        if not self.by_function or not isinstance(named, (Name, Member)) or last_name(named) not in self.names:
            return []
        callee = self.idioms.origins.of(named)
        if callee.kind != "function":
            return []
        return [(relay, self._receiver(relay, named)) for relay in self.by_function.get(id(callee.node), ())]

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """The names by which relaying functions are called."""
        functions = [relay.function for found in self.by_function.values() for relay in found]
        functions += [each.function for found in self.handed.by_function.values() for each in found]
        return frozenset(name for function in functions for name in self.idioms.origins.names_of(function))

    def _receiver(self, relay: Relay, named: Node) -> Origin:
        if relay.by_instance and isinstance(named, Member):
            return self.idioms.origins.of(named.object)
        return relay.receiver

    def _of_touch(self, touch: Touch, dispatch: Dispatch) -> Relay | None:
        function, key = touch.function, next(iter(touch.keys), None)
        event = where(key, function) if key is not None else ""
        # What a part of a parameter is would have to be asked at every call, and is no name that stands in the code.
        text = self.idioms.text(key) if key is not None and not (isinstance(key, (Member, Subscript)) and where(root(key), function)) else ""
        event_is = "" if event else (text or "*" if key is not None else touch.field)
        if touch.cls is not None and function.parent is not touch.cls:
            return None
        handler = payload = ""
        if touch.does != "emit" and touch.given is not None:
            handler = where(touch.given, function) or decorated_by(touch.given, function)
            if touch.does == "register" and not handler:
                return None
        if touch.does == "register" and handler.isdigit() is False and handler != "decorated":
            handler += "|decorated"
        if touch.does == "emit":
            sent = next(iter(touch.args), None)
            payload = where(sent.value if isinstance(sent, Spread) else sent, function) if sent is not None else ""
        traits = ("consumes",) if touch.consumes else ("repeats",) if touch.does == "register" and touch.repeats else ()
        held = weakly(touch) if touch.does == "register" else ""
        traits = (*traits, *dispatch.traits(touch), *([f"by-{held}"] if held else []), *(["later"] if touch.does == "emit" and _later(touch) else []))
        idiom = Idiom(
            touch.does, "emitter", event=event, event_is=event_is, handler=handler, payload=payload, traits=traits,
            takes="" if held else dispatch.takes(touch), weak=bool(held),
        )  # fmt: skip
        return Relay(idiom, OWN, origin_of(touch), function, touch.at, touch.cls is not None or touch.closed)

    def _else_of(self, use: Use) -> bool:
        """Whether it removes all where its function is given no listener to remove: `fn ? bus.off(topic, fn) : bus.off(topic)` is one removal."""
        if use.idiom.does != "remove" or use.function is None or self.idioms.placed(use.call, use.idiom.handler):
            return False
        name, given = last_name(use.call.callee), len(use.call.args)
        return any(last_name(each.callee) == name and len(each.args) > given for each in use.function.inside(Call))

    def _of_use(self, use: Use) -> Relay | None:
        idiom = use.idiom
        function = of_whom(use) if idiom.does in ("register", "remove") else use.function
        if idiom.does not in RELAYED or function is None or (idiom.does == "register" and _of_effect(use)):
            return None
        key = next(iter(self.idioms.placed(use.call, idiom.event)), None) if idiom.event else None
        event = where(key, function) if key is not None else ""
        given = next(iter(self.idioms.placed(use.call, idiom.handler)), None) if idiom.handler not in ("", "decorated") else None
        handler = where(given, function) if given is not None else ""
        # `mute(topic) { bus.off(topic) }` takes away all listeners of what its caller names.
        of_all = idiom.does == "remove" and idiom.handler not in ("", "decorated") and given is None
        if not (event if idiom.does == "emit" or of_all else handler):
            return None
        event_is = "" if event else (idiom.event_is or (self.idioms.text(key) or "*" if key is not None else ""))
        sent = next(iter(self.idioms.placed(use.call, idiom.payload)), None) if idiom.payload else None
        payload = where(sent.value if isinstance(sent, Spread) else sent, function) if sent is not None else ""
        made = Idiom(
            idiom.does, idiom.on, event=event, event_is=event_is, handler=handler, payload=payload, role=idiom.role, once=idiom.once,
            weak=idiom.weak, gives=idiom.gives, traits=idiom.traits, replays=idiom.replays,
        )  # fmt: skip
        own = isinstance(function.parent, ClassDef) and use.receiver.kind == "self"
        return Relay(made, use.framework, use.receiver, function, use.call, own)


def _of_effect(use: Use) -> bool:
    """Whether what an effect gives back takes the listener off again: `useEffect(() => listen(fn), [fn])`, in a function that each component calls."""
    inner = use.function
    effect = inner.parent if inner is not None else None
    gives = isinstance(use.call.parent, Return) and (use.framework is OWN or "gives-release" in use.idiom.traits)
    return gives and isinstance(effect, Call) and effect.callee is not inner and HOOK.search(last_name(effect.callee)) is not None


def _later(touch: Touch) -> bool:
    """Whether what calls the listeners stands in a callback that is handed to something else: `socket.on("message", () => this.handlers.forEach(…))`."""
    for above in touch.at.up():
        if above is touch.function:
            return False
        if isinstance(above, Function) and isinstance(above.parent, Call) and above is not above.parent.callee and last_name(above.parent.callee) not in _AT_ONCE:
            return True
    return False
