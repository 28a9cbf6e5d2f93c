"""Is a name that is listened to over a broker, or a socket, one that goes out over it?

    await publisher.publish("orders:created", text);       // one service
    await subscriber.subscribe("order:created", ship);     // another: nobody ever publishes on this

Names are compared within one name space (`Idiom.medium`) of one project, and only where both ends of it are seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.alike import alike, kin, meets, takes_all
from callcheck.sources.code.bridges import Bridges
from callcheck.sources.code.cases import Cases, handling
from callcheck.sources.code.contents import payload_of
from callcheck.sources.code.filled import filled
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origin import Origin
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Function,
    Literal,
    Node,
    Object,
    Operation,
    Param,
    Template,
    dotted,
    last_name,
)

_ADDRESS = pattern(r"^(?:https?://[\w.:-]{1,200}|\*|[\w.]{1,200})?(/[\w/-]{1,100})?$")
_LABEL = pattern(r"(?:^|\n)event:\s*([^\s*]+|\*)")
"""The name of an event in the text of a stream of events; `*` for a computed one."""
_OUT, _IN, _CASE = "channel-out", "channel-in", "channel-case"


@dataclass(frozen=True, slots=True, eq=False)
class _Named:
    """One name at one place: `*` stands for what is computed in it, "" for a name that is computed as a whole."""

    name: str
    at: Node
    use: Use


class Channels:
    """States each end of a named channel, and a name that is listened to and never sent, if one that is much like it is sent and listened to by nobody."""

    name = "channels"
    looks_at = Sight.SOURCE
    about = (_OUT, _IN)
    answers = frozenset({EventNeverEmitted, ChannelEnd})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        spaces: dict[str, tuple[list[_Named], list[_Named]]] = {}
        for use in code.idioms.of(_OUT, _IN, _CASE):
            if is_test(use.module.path):
                continue
            out, heard = spaces.setdefault(_space(code, use), ([], []))
            (out if use.idiom.does == _OUT else heard).extend(_names(code, use))
        for space, (out, heard) in spaces.items():
            bare = [each for each in heard if "nameless" in each.use.idiom.traits]
            heard = [each for each in heard if "nameless" not in each.use.idiom.traits]
            yield from self._ends(code, space, out, heard)
            yield from self._compare(out, heard)
            yield from self._nameless(code, out, heard, bare)
            yield from self._ways(out, heard)
            yield from self._namespaces(code, out, heard)

    def _ends(self, code: Code, space: str, out: list[_Named], heard: list[_Named]) -> Iterator[Evidence]:
        """Whoever sends, with the fields that it sends, or listens, name by name; not what only compares names with those that its own subscription asks for."""
        contents = {id(use.call): payload_of(code, use) for use in code.idioms.of("message-out")} if out else {}
        for each in (*out, *heard):
            use = each.use
            if "compared" in use.idiom.traits:
                continue
            does = "emits" if use.idiom.does == _OUT else "listens"
            fact = ChannelEnd(clean(each.name, 120), clean(space.strip(), 120), does, use.framework.broker, code.lifetimes.role(use.function), use.framework.name, use.module.language, clean(contents.get(id(use.call), "")))
            yield seen(fact, each.at, self.name)

    def _namespaces(self, code: Code, out: list[_Named], heard: list[_Named]) -> Iterator[Evidence]:
        """A name that is listened to, or a room that is joined, in one namespace of Socket.IO, and that goes out in another alone."""
        for each in heard:
            if "namespaced" not in each.use.idiom.traits or not each.name.strip("*"):
                continue
            here = _namespace(code, each.use)
            same = [sent for sent in out if meets(each.name, sent.name)]
            theirs = {_namespace(code, sent.use) for sent in same}
            if here and theirs and "" not in theirs and here not in theirs:
                said = f"{each.name} in {min(theirs)}"
                fact = EventNeverEmitted(clean(f"{each.name} in {here}", 80), clean(said, 80), each.use.framework.name, each.use.module.language)
                yield seen(fact, each.at, self.name, (seen(fact, same[0].at, self.name, label=f"{clean(said, 60)} is what goes out"),))

    def _ways(self, out: list[_Named], heard: list[_Named]) -> Iterator[Evidence]:
        """A name that goes out as a question and is heard as a message, or the reverse: `ipcRenderer.invoke` never reaches `ipcMain.on`."""
        asked = {each.name for each in (*out, *heard) if "answered" in each.use.idiom.traits}
        for name in sorted(asked - {""}):
            sent, got = [each for each in out if each.name == name], [each for each in heard if each.name == name]
            ways = {("answered" in each.use.idiom.traits) for each in sent}
            if sent and got and not ways & {("answered" in each.use.idiom.traits) for each in got}:
                fact = EventNeverEmitted(_by(got[0]), _by(sent[0]), got[0].use.framework.name, got[0].use.module.language)
                yield seen(fact, got[0].at, self.name, (seen(fact, sent[0].at, self.name, label=f"it goes out by {last_name(sent[0].use.call.callee)}()"),))

    def _compare(self, out: list[_Named], heard: list[_Named]) -> Iterator[Evidence]:
        """Silent as soon as one end has a name that is computed as a whole: it may be any."""
        if not all(each.name.strip("*") for each in (*out, *heard)):
            return
        names = {sent.name for sent in out}
        some = [each for each in heard if not takes_all(each.name, names, each.use.idiom.wildcard)]
        lost = [sent for sent in out if not any(meets(each.name, sent.name, each.use.idiom.wildcard) for each in some)]
        told: set[str] = set()
        for each in heard:
            if each.name in told or any(meets(each.name, sent.name, each.use.idiom.wildcard) for sent in out):
                continue
            near = next((sent for sent in lost if alike(each.name, sent.name, each.use.idiom.wildcard)), None)
            if near is None and "closed" in each.use.idiom.traits:
                near = next(iter(lost), None)
            if near is None and "one-app" in each.use.idiom.traits:
                near = _only_kin(each, heard, lost, out)
            if near is not None:
                told.add(each.name)
                fact = EventNeverEmitted(clean(each.name, 80), clean(near.name, 80), each.use.framework.name, each.use.module.language)
                sent_at = seen(fact, near.at, self.name, label=f"{clean(near.name, 60)} is what goes out")
                yield seen(fact, each.at, self.name, (sent_at,))

    def _nameless(self, code: Code, out: list[_Named], heard: list[_Named], bare: list[_Named]) -> Iterator[Evidence]:
        """What hears events without a name alone, where each that is written has one: `onmessage` beside `event: berth`, which nobody listens to."""
        if not bare or any(each.name in ("", "*", "message") for each in (*out, *heard)) or _writes_nameless(code):
            return
        for lost in [sent for sent in out if not any(meets(each.name, sent.name) for each in heard)][:1]:
            for each in bare:
                fact = EventNeverEmitted("message", clean(lost.name, 80), each.use.framework.name, each.use.module.language)
                yield seen(fact, each.at, self.name, (seen(fact, lost.at, self.name, label=f"{clean(lost.name, 60)} is what goes out"),))


def _only_kin(mine: _Named, heard: list[_Named], lost: list[_Named], out: list[_Named]) -> _Named | None:
    """What one app sends itself and nobody hears, if it has a word in common with a name that waits in vain, and neither has another such: `export-done`, `export-finished`."""
    theirs = [sent for sent in lost if kin(mine.name, sent.name)]
    waiting = {each.name for each in heard if not any(meets(each.name, sent.name, each.use.idiom.wildcard) for sent in out)}
    alone = len({sent.name for sent in theirs}) == 1 and [name for name in waiting if kin(name, theirs[0].name)] == [mine.name]
    return theirs[0] if alone else None


def _writes_nameless(code: Code) -> bool:
    """Whether an event without a name may be written to a stream: one that has data alone, or a text that is computed; not what a program prints."""
    for use in code.idioms.of(_OUT):
        for node in code.idioms.placed(use.call, use.idiom.event) if "labelled" in use.idiom.traits else ():
            text = code.idioms.known_text(node)
            if ("data:" in text and not _LABEL.search(text)) or (not text.strip("*") and not dotted(use.call.callee).startswith("process.")):
                return True
    return False


def _labels(code: Code, node: Node) -> Iterator[tuple[str, Node]]:
    """The names of events in what is written to a stream; where the function around is given one (`push("berth", row)`), those of its calls."""
    label = _LABEL.search(code.idioms.known_text(node))
    if label is None:
        return
    frame = node if isinstance(node, (Template, Operation)) else code.origins.of(node).node
    function = function_of(frame) if isinstance(frame, (Template, Operation)) else None
    calls = code.origins.calls_of(function) if function is not None and label[1] == "*" else []
    told = [(_LABEL.search(code.idioms.text(frame, 0, filled(function, call, code.idioms.text))), call) for call in calls] if function is not None else []
    named: list[tuple[str, Node]] = [(each[1], call) for each, call in told if each is not None]
    yield from named or [(label[1], node)]


def _by(each: _Named) -> str:
    return clean(f"{each.name} by {last_name(each.use.call.callee)}()", 80)


def _space(code: Code, use: Use) -> str:
    """The name space: the medium, and within it the exchange or queue where names belong to one."""
    if use.idiom.scope == "receiver":
        return f"{use.idiom.medium} {code.idioms.text(_named_by(_decorated_class(use.call) or use.receiver.node))}"
    if use.idiom.scope:
        held = next(iter(code.idioms.placed(use.call, use.idiom.scope)), None)
        return f"{use.idiom.medium} {code.idioms.text(held)}"
    return use.idiom.medium


def _decorated_class(call: Call) -> Node | None:
    """The decorator of the class whose method a call decorates: `@Processor("pipes")` for `@Process("tune")`."""
    method = call.parent
    if not isinstance(method, Function) or not any(each is call for each in method.decorators) or not isinstance(method.parent, ClassDef):
        return None
    return next((each for each in method.parent.decorators if isinstance(each, Call) and each.args), None)


def _named_by(made: Node | None) -> Node | None:
    """What an object is made for: the first argument of the call that makes it, or of the decorator by which a container hands it over."""
    if isinstance(made, Param):
        made = next((each for each in made.decorators if isinstance(each, Call)), None)
    return made.args[0] if isinstance(made, Call) and made.args else None


def _namespace(code: Code, use: Use) -> str:
    """The namespace that a socket is of: named by `io.of("/admin")`, or by the path of the address that a client connects to; "" if not known."""
    if use.module.language == "python":
        # A function that answers whoever asked goes by the namespace of the request.
        named = code.idioms.option(use.call, "namespace")
        return code.idioms.text(named) if named is not None else "/" if use.idiom.on else ""
    if use.framework.name == "socket.io":
        return _served(code, use.receiver)
    made = use.receiver.node
    if use.receiver.kind != "made" or not isinstance(made, Call):
        return ""
    found = _ADDRESS.match(code.idioms.text(made.args[0])) if made.args else None
    return (found[1] or "/") if found else ""


def _served(code: Code, origin: Origin) -> str:
    """The namespace of a server's object: of what `of` gives, of the server itself, or of the socket that a handler of either is given."""
    while True:
        if isinstance(origin.node, Call) and last_name(origin.node.callee) == "of" and origin.node.args:
            said = code.idioms.text(origin.node.args[0])
            return said if said.startswith("/") and "*" not in said else ""
        if origin.base is None:
            break
        origin = origin.base
    made, outer = origin.node, origin.node.parent if origin.node is not None else None
    if isinstance(made, Param) and isinstance(outer, Function) and made in outer.params:
        index = outer.params.index(made)
        spaces = {_served(code, use.receiver) for use in code.idioms.handled_by(outer) if "socket" in use.idiom.gives[index : index + 1]}
        return spaces.pop() if len(spaces) == 1 else ""
    return "/" if origin.kind == "made" and isinstance(made, Call) and (made.new or last_name(made.callee) in ("Server", "io", "socketio")) else ""


def _names(code: Code, use: Use) -> Iterator[_Named]:
    idiom = use.idiom
    if idiom.does == _CASE:
        index, _, field = idiom.payload.partition(".")
        cases = Cases(code.idioms)
        for handler in handling(code.idioms, use):
            found = list(cases.of(handler, int(index), field))
            # A handler that looks at no name takes every message.
            yield from (_Named(name, at, use) for name, at in found)
            if not found:
                yield _Named("", use.call, use)
        return
    if idiom.only or idiom.but:
        yield from (_Named(name, use.call, use) for name in code.idioms.events(use))
        return
    if "labelled" in idiom.traits:
        written = (each for node in code.idioms.placed(use.call, idiom.event) for each in _labels(code, node))
        yield from (_Named(name, use.call if at.parent is use.call else at, use) for name, at in written)
        return
    places = code.idioms.placed(use.call, idiom.event) if not idiom.event_is else []
    if idiom.event == "*":
        # `subscribe("a", "b", listener)`: names, and what is called.
        places = [node for node in places if not isinstance(node, Function) and code.origins.of(node).kind != "function"]
    for node in places:
        text = _text(code, node)
        given = [] if text else code.once(Bridges).given(node)
        yield from (_Named(_text(code, each), each, use) for each in given or [node])
    if not places and "if-given" not in idiom.traits:
        yield _Named(idiom.event_is, use.call, use)


def _text(code: Code, node: Node) -> str:
    """The name: a text, or the fields of a pattern (`{ cmd: "sum" }`)."""
    if isinstance(node, Object):
        texts = [f"{entry.key}:{code.idioms.text(entry.value)}" for entry in node.entries if entry.key and isinstance(entry.value, Literal)]
        return ",".join(sorted(texts)) if len(texts) == len(node.entries) else ""
    return code.idioms.known_text(node)


PROBE = Channels()
