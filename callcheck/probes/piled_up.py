"""Which listeners are attached again and again to an object that outlives the code that attaches them, whatever library it is of?

    for (const advert of adverts) {
      page.on("response", (response) => note(advert, response));     // one page for all adverts
      await page.goto(advert);
    }
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerGrows
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.attached_once import attached_once
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.just_made import just_made
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.repeats import Repeats
from callcheck.sources.code.scopes import function_of, is_statement, module_of, next_call
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    dotted,
    last_name,
    unbound,
)

_ATTACH = ("on", "addListener", "addEventListener")
_DETACH = ("off", "removeListener", "removeAllListeners", "removeEventListener")
_SINGLE = pattern(
    r"(?i)^(?:open|ready|load|loaded|\w*connect\w*|close[d]?|end|error|exit|finish|abort|timeout|listening|spawn|stop|destroy|dispose|DOMContentLoaded|SIG\w+|beforeunload|pagehide|\w*(?:init|auth|login|register|hello|handshake|identify|setup|start|subscribe)\w*)$"
)
"""Events that come once to an object, or of which a second one does nothing new: nothing piles up below them, nor of them."""
_SPACED = pattern(r"(?:^|:)(?:attached|mounted|ready|load|loaded)$")
"""The same with a name space before them: `phx:live_reload:attached`."""
_SHOWN = pattern(r"^(?:shown?|hidden|hide)(?:\.|$)")
"""What comes once to a dialog that is made for one showing."""
_REFS = frozenset({"ref", "shallowRef", "useTemplateRef", "useRef", "createRef", "viewChild"})
"""What they make holds an element of a component, another one each time."""
_FIRST = 2
"""Arguments that a listener is attached with: its event and the function."""


class PiledUp:
    """Follows each object with a listener to where it was made, and the code that attaches to the loop or timer that runs it."""

    name = "piled-up"
    looks_at = Sight.SOURCE
    marks = tuple(f".{name}(" for name in _ATTACH)
    answers = frozenset({ListenerGrows})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        repeats = Repeats(code.origins)
        for call in code.project.calls(*_ATTACH):
            event = _event(code, call)
            if event and isinstance(call.callee, Member) and not is_test(module_of(call).path):
                yield from self._attached(code, repeats, call, call.callee.object, event)

    def _attached(self, code: Code, repeats: Repeats, call: Call, held: Node, event: str) -> Iterator[Evidence]:
        known = any(use.idiom.does == "register" for use in code.idioms.at(call))
        role = code.lifetimes.role(function_of(call))
        if known and role in PER_CALL:
            return  # what `listeners` states is enough for the link
        origin = code.origins.of(held)
        outer = _outer(call)
        if outer is not None and not attached_once(call) and not _removed(code, call, origin, event):
            fact = ListenerGrows(clean(event, 120), "message", "", module_of(call).language)
            yield seen(fact, call, self.name, (seen(fact, outer, self.name, label="each of these adds one more to the same object"),))
            return
        if not known and not _foreign(origin):
            return
        repeater = repeats.again(call) if role not in PER_CALL else None
        if role not in PER_CALL and (repeater is None or _fresh(code, held, origin, repeater) or _own(code, call, held, origin, repeater)):
            return
        if code.lifetimes.lifetime(origin) is not Lifetime.PROCESS or attached_once(call) or just_made(code, call, origin) or _removed(code, call, origin, event):
            return
        fact = ListenerGrows(clean(event, 120), role if role in PER_CALL else "round", "", module_of(call).language)
        because = (seen(fact, repeater, self.name, label="this runs it again and again"),) if repeater is not None else ()
        yield seen(fact, call, self.name, because)


def _event(code: Code, call: Call) -> str:
    """The constant name of the event that a statement attaches a lasting function for, "" for anything else."""
    if len(call.args) < _FIRST or not isinstance(call.args[0], (Literal, Name, Member)) or not _stays(call):
        return ""
    handler = call.args[1]
    if not isinstance(handler, Function) and code.origins.of(handler).kind != "function":
        return ""
    return code.idioms.text(call.args[0]) if isinstance(call.args[0], Literal) else ""


def _stays(call: Call) -> bool:
    """Whether nothing that the call gives back, or is given, could end the listening."""
    node: Node = call
    while (further := next_call(node)) is not None and last_name(further.callee) in _ATTACH:
        node = further
    return is_statement(node) and call.keyword("signal") is None and call.keyword("once") is None and len(call.args) == _FIRST


def _foreign(origin: Origin) -> bool:
    """Whether an object is made by a package, directly or through others of its objects."""
    root = origin.root
    return root.kind == "made" and root.cls is None and bool(root.qualified) and root.qualified.rpartition(".")[2] not in _REFS


def _fresh(code: Code, held: Node, origin: Origin, repeater: Node) -> bool:
    """Whether the object may be another one in each turn: it is made, or its name bound, inside of what is repeated."""
    root = held
    while isinstance(root, (Member, Call)):
        root = root.callee if isinstance(root, Call) else root.object
    if isinstance(root, Name) and root.id not in ("this", "self") and not origin.kept:
        bound = [each for scope in code.origins.scopes_of(root) for each in code.project.scope(scope).get(root.id, ())]
        if any(_within(each, repeater) and (len(bound) > 1 or _varies(each)) for each in bound):
            return True
    site = origin.site or origin.node
    return site is not None and not origin.kept and _within(site, repeater)


def _own(code: Code, call: Call, held: Node, origin: Origin, repeater: Node) -> bool:
    """Whether the function that attaches makes the object itself and is called anew in each turn: `async function open() { const page = await browser.newPage(); … }`."""
    function = function_of(call)
    if function is None or origin.kept or not isinstance(held, Name) or _within(repeater, function):
        return False
    return any(_within(each, function) for scope in code.origins.scopes_of(held) for each in code.project.scope(scope).get(held.id, ()) if isinstance(each, Assign) and isinstance(each.value, (Call, Await)))


def _varies(binding: Node) -> bool:
    """Whether a declaration may bind another object each time: all but `const page = kept`, which is followed to where that was made."""
    return not isinstance(binding, Assign) or not isinstance(binding.targets[0], Name)


def _within(node: Node, outer: Node) -> bool:
    return module_of(node) is module_of(outer) and outer.at <= node.at < outer.end


def _outer(call: Call) -> Call | None:
    """The call that attaches, to the same object, the handler of an event that comes again and again, in which a call stands.

    `socket.on("enter", (id) => { socket.on("bid", …) })`, be the handler a function of its own (`socket.on("enter", onEnter)`).
    """
    held = dotted(call.callee).rpartition(".")[0]
    if not held or _is_single(call):
        return None
    for above in call.up():
        if isinstance(above, If):
            return None  # what it asks for may come once: `if (message.type === "join")`
        if isinstance(above, Function):
            attached = (
                each
                for each in module_of(call).calls("on", "addListener", "addEventListener")
                if len(each.args) == _FIRST and dotted(each.callee).rpartition(".")[0] == held and each is not call and _hands_over(each.args[1], above)
            )
            found = next(attached, None)
            if found is not None:
                return None if _is_single(found) or _binds(above, held) or _shown_once(found, held) else found
            if _binds(above, held):
                return None
    return None


def _hands_over(arg: Node, function: Function) -> bool:
    """Whether an argument is a function, its name, or its name with `bind`."""
    arg = unbound(arg)
    return arg is function or (bool(function.name) and isinstance(arg, (Name, Member)) and last_name(arg) == function.name)


def _binds(function: Function, held: str) -> bool:
    """Whether the object is a parameter of a function, or declared in it: another one each time."""
    root = held.split(".")[0]
    declared = {last_name(target) for each in function.inside(Assign) if each.declared and function_of(each) is function for target in each.targets}
    return root in declared or root in {param.name for param in function.params}


def _shown_once(call: Call, held: str) -> bool:
    """Whether an event is that of a dialog's showing, and the dialog is given to a function around: another one each time."""
    event = call.args[0]
    around = (each for each in call.up() if isinstance(each, Function))
    return isinstance(event, Literal) and bool(_SHOWN.search(str(event.value))) and any(_binds(each, held) for each in around)


def _is_single(call: Call) -> bool:
    event = call.args[0]
    if not isinstance(event, Literal) or not isinstance(event.value, str):
        return True
    return bool(_SINGLE.search(event.value) or _SPACED.search(event.value))


def _removed(code: Code, call: Call, origin: Origin, event: str) -> bool:
    """Whether something takes listeners of the event off the same object, or off one of the same name in the file."""
    identity = code.lifetimes.identity(origin)
    written = dotted(call.callee).rpartition(".")[0]
    for each in code.project.calls(*_DETACH):
        if not isinstance(each.callee, Member) or (each.args and code.idioms.text(each.args[0]) not in (event, "")):
            continue
        same = bool(identity) and code.lifetimes.identity(code.origins.of(each.callee.object)) == identity
        if same or (module_of(each) is module_of(call) and dotted(each.callee).rpartition(".")[0] == written):
            return True
    return False


PROBE = PiledUp()
