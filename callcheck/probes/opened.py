"""Is a listener for the opening of a connection attached after that was waited for?

    await mongoose.connect(url);                             // resolves when `open` has gone out
    mongoose.connection.once("open", startJobs);             // in this function, or in one that it calls from here

The wait may hang on a switch that the deployment turns on: `if (config.connectFirst) await connecting`.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventTooEarly
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.anchors import straight
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.quiet import LEVELS
from callcheck.sources.code.scopes import Scope, function_of, module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.surroundings import branched, only_notes
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Conditional,
    Function,
    If,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Return,
    last_name,
)
from callcheck.sources.environment import settings

_DEEPEST = 3
"""Calls that are followed up, from what opens to who waits for it, and from a listener to what has it attached."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wait:
    """A place behind which the connection is open: an `await`, or the callback of a `then()`; and the variable that decides whether it is come to, or ""."""

    scope: Scope
    node: Node
    variable: str = ""


class Opened:
    """Lays what `opens` beside what `hears-opening` of the same object."""

    name = "opened"
    looks_at = Sight.SOURCE
    about = ("opens",)
    answers = frozenset({EventTooEarly})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        opens = [(use, set(use.idiom.event_is.split("|"))) for use in code.idioms.of("opens") if not is_test(use.module.path)]
        told: set[Node] = set()
        for heard in code.idioms.of("hears-opening") if opens else ():
            event = next(iter(code.idioms.events(heard)), "")
            if is_test(heard.module.path) or heard.call in told or only_notes(code, heard) or code.lifetimes.role(heard.function) in PER_CALL:
                continue
            for use, events in opens:
                wait = self._before(code, use, heard) if event in events and use.framework is heard.framework and _same(code, use, heard) else None
                if wait is not None and not _done_once(code, heard, wait):
                    told.add(heard.call)
                    yield self._stated(eyes, heard, event, wait)
                    break

    def _before(self, code: Code, use: Use, heard: Use) -> _Wait | None:
        """The wait after which a listener is attached, wherever that happens."""
        waits = list(_waits(code, use.call, 0))
        for scope, place in _places(code, heard.call, 0):
            found = next((each for each in waits if each.scope is scope and each.node.end <= place.at and not isinstance(each.node, Function)), None)
            found = found or next((each for each in waits if each.node is scope), None)
            if found is not None:
                return found
        return None

    def _stated(self, eyes: Eyes, heard: Use, event: str, wait: _Wait) -> Evidence:
        fact = EventTooEarly(clean(event, 80), heard.framework.name, heard.module.language)
        because = [seen(fact, wait.node, self.name, label=f"{clean(event, 60)} has gone out when this has been waited for")]
        told = next((each for each in settings(eyes) if each.name == wait.variable), None) if wait.variable else None
        if told is not None:
            because.append(Evidence(fact, Basis.DECLARED, self.name, told.where, label=f"{clean(wait.variable, 60)} has it waited for"))
        return seen(fact, heard.call, self.name, tuple(because))


def _done_once(code: Code, heard: Use, wait: _Wait) -> bool:
    """Whether what a listener for each opening does is done for this one between the wait and it, so that it is there for the next."""
    scope: Scope = heard.function or heard.module
    later = [each for each in within(scope) if isinstance(each, Call) and wait.node.end <= each.at and each is not heard.call]
    handlers = [each for each in code.idioms.handlers(heard) if isinstance(each, Function)]
    if any(code.origins.of(each.callee).node is handler for each in later for handler in handlers):
        return True  # `await joined(); bus.on("connect", joined)`
    done = {last_name(each.callee) for each in later if each.at < heard.call.at}
    does = {name for each in handlers for call in each.inside(Call) if (name := last_name(call.callee)) not in LEVELS}
    return bool(does) and does <= done


def _same(code: Code, opens: Use, heard: Use) -> bool:
    """Whether a listener is on what is opened, on that as a factory gives it back, or on what a library keeps as its own: `mongoose.connect()` and `mongoose.connection`."""
    listened, made = code.lifetimes.identity(heard.receiver), opens.receiver.node
    given = [code.lifetimes.born(made)] if isinstance(made, Call) else []
    opened = {code.lifetimes.identity(each) for each in (code.origins.of(opens.call), opens.receiver, *given)} - {""}
    return any(listened == each or listened.startswith(f"{each}.") for each in opened) if listened else False


def _waits(code: Code, call: Call, depth: int) -> Iterator[_Wait]:
    """Where a promise that a call gives is waited for: there, under the name that keeps it, or by who calls the function that gives it or waits for it."""
    function = function_of(call)
    scope: Scope = function or module_of(call)
    for taken in (call, *_kept(code, call, scope)):
        above = taken.parent
        if isinstance(above, Await):
            came, variable = _comes_to(code, above)
            if not came:
                continue
            yield _Wait(scope, above, variable)
            if function is not None and not variable:
                yield from _of_callers(code, function, depth)
        elif isinstance(above, Return) and function is not None:
            yield from _of_callers(code, function, depth)
        elif isinstance(above, Member) and above.name == "then" and isinstance(above.parent, Call):
            for given in above.parent.args[:1]:
                held = code.origins.of(given).node
                if isinstance(held, Function):
                    yield _Wait(held, held)
            if isinstance(above.parent.parent, Await):
                yield _Wait(scope, above.parent.parent)


def _of_callers(code: Code, function: Function, depth: int) -> Iterator[_Wait]:
    for each in code.origins.calls_of(function) if depth < _DEEPEST else ():
        yield from _waits(code, each, depth + 1)


def _kept(code: Code, call: Call, scope: Scope) -> list[Name]:
    """The uses of the name that a promise is kept under, in the same function."""
    kept = call.parent
    if not isinstance(kept, Assign) or kept.value is not call or not isinstance(kept.targets[0], Name):
        return []
    return [each for each in within(scope) if isinstance(each, Name) and each.id == kept.targets[0].id and each.at > kept.end]


def _comes_to(code: Code, wait: Await) -> tuple[bool, str]:
    """Whether an `await` is come to, and the variable that decides on it, "" if it always is."""
    below: Node = wait
    variable = ""
    for above in wait.up():
        if isinstance(above, Function):
            break
        if isinstance(above, Loop):
            return False, ""
        if isinstance(above, (If, Conditional)) and below is not above.test:
            held = above.then if isinstance(above.then, list) else [above.then]
            switch = code.idioms.switch(above.test)
            if switch.answers != {any(each is below for each in held)}:
                return False, ""
            variable = switch.variable
        elif isinstance(above, Operation) and above.operator in ("&&", "||", "??") and below is not above.operands[0]:
            switch = code.idioms.switch(above.operands[0])
            if switch.answers != {above.operator == "&&"}:
                return False, ""
            variable = switch.variable
        below = above
    return True, variable


def _places(code: Code, call: Call, depth: int) -> Iterator[tuple[Scope, Node]]:
    """Where a listener is attached, function by function upwards: its own place, and the only call of the function around it."""
    if not straight(call) or branched(call):
        return
    function = function_of(call)
    yield function or module_of(call), call
    calls = code.origins.calls_of(function) if function is not None and depth < _DEEPEST else []
    if len(calls) == 1:
        yield from _places(code, calls[0], depth + 1)


PROBE = Opened()
