"""Do a thread, web worker or forked process and whoever started it listen where the other one speaks, and for what it says?

    const worker = new Worker(new URL("./sums.js", import.meta.url));
    worker.onmessage = (e) => show(e.data.total);            // sums.js: self.postMessage({ sum })
    if (m.type === "progres") draw(m.pct);                   // sums.js: parentPort.postMessage({ type: "progress", pct })

Sources: nodejs.org/api/worker_threads (parentPort is null outside of a thread), child_process (process.send), developer.mozilla.org, Worker.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.facts.execution import PayloadMisread
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.alike import alike, kin
from callcheck.sources.code.contents import fields
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.message_reads import reads
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Entry,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    dotted,
)
from callcheck.sources.code.unsent import Sent

_KINDS = frozenset({"type", "kind", "event", "cmd", "command", "action", "op", "topic", "name", "status"})
"""Fields by which messages are told apart."""
_SELF = ("self", "globalThis", "parentPort", "process")
_HEARS, _SAYS = ("on", "once", "addListener", "addEventListener"), ("postMessage", "send")
_THREAD, _FORK = "worker_threads.Worker", "child_process.fork"


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What one of the two says, and the handlers that it has for what the other one says."""

    said: tuple[Call, ...]
    handlers: tuple[tuple[Function, Node], ...]
    place: str
    """Where a handler finds the message: the parameter, or its field `data` in a browser."""


class WorkerMessages:
    """Looks at files that one call alone starts; silent about a direction in which something is sent that is not written out."""

    name = "worker-messages"
    looks_at = Sight.SOURCE
    about = ("spawn",)
    answers = frozenset({PayloadMisread, EventNeverEmitted, LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for path, call in code.programs.spawned.items():
            inner, made = code.project.module(path), code.origins.of(call.callee).qualified if isinstance(call, Call) else ""
            if not isinstance(call, Call) or inner is None or inner.language == "python" or is_test(path) or made not in (_THREAD, _FORK, "Worker"):
                continue
            yield from self._misplaced(inner, call, made)
            parent, child = _parent(code, call, made), _child(code, inner, made)
            yield from self._compare(code, parent, child)
            yield from self._compare(code, child, parent)

    def _misplaced(self, inner: Module, call: Call, made: str) -> Iterator[Evidence]:
        """A listener on what has no messages in such a file: `parentPort` in a forked process, `process` in a thread."""
        heard = {dotted(each.callee.object): each for each in inner.calls("on", "once") if isinstance(each.callee, Member) and _name_of(each) == "message"}
        wrong, right = ("parentPort", "process") if made == _FORK else ("process", "parentPort")
        if made != "Worker" and wrong in heard and right not in heard and f"{right}.on" not in inner.text and "isMainThread" not in inner.text:
            what = "a forked process has no parentPort, and its messages come to process" if made == _FORK else "in a worker thread the parent's messages come to parentPort, and process gets none"
            fact = LibraryTrap("wrong-instance", "strong", f"{what}; write {right}.on('message', ...)", "on", "node", inner.language)
            yield seen(fact, heard[wrong], self.name, (seen(fact, call, self.name, label="the file is started here"),))

    def _compare(self, code: Code, sends: _Side, hears: _Side) -> Iterator[Evidence]:
        given = [fields(code, call.args[0]) if call.args else None for call in sends.said]
        if not given or not hears.handlers or None in given:
            return
        sent = Sent("message", set().union(*(each for each in given if each is not None)), sends.said)
        told: set[str] = set()
        for handler, at in hears.handlers:
            for field, node in reads(code.origins, handler, hears.place):
                if field in sent.fields and field in _KINDS:
                    yield from self._named(code, field, node, sends, told)
            yield from sent.misread(code.origins, handler, hears.place, told, (self.name, "node", module_of(at).language))

    def _named(self, code: Code, field: str, node: Node, sends: _Side, told: set[str]) -> Iterator[Evidence]:
        """A kind of message that is waited for and never sent, where another one is sent in vain."""
        sent = {_text(code, call, field): call for call in sends.said}
        waited = dict(_compared(code, node))
        if "" in sent or "" in waited:
            return
        lost = [name for name in sent if name not in waited]
        for name, at in waited.items():
            near = next((each for each in lost if name not in sent and (alike(name, each) or (len(lost) == 1 and kin(name, each)))), "")
            if near and name not in told:
                told.add(name)
                fact = EventNeverEmitted(clean(name, 80), clean(near, 80), "node", module_of(at).language)
                yield seen(fact, at, self.name, (seen(fact, sent[near], self.name, label=f"{clean(near, 60)} is what is sent"),))


def _parent(code: Code, call: Call, made: str) -> _Side:
    """The side that starts the file: what it sends to the object that it gets, and its handlers for this object's messages."""
    mine = code.lifetimes.identity(code.origins.of(call))
    known = [module for module in code.project.chosen.values() if not is_test(module.path)]
    about = [each for module in known for each in module.calls(*_HEARS, *_SAYS) if isinstance(each.callee, Member) and code.lifetimes.identity(code.origins.of(each.callee.object)) == mine != ""]
    assigned = [each for module in known for each in module.all(Assign) if _sets(each) and mine != "" and any(isinstance(t, Member) and code.lifetimes.identity(code.origins.of(t.object)) == mine for t in each.targets)]
    return _side(code, about, assigned, "0.data" if made == "Worker" else "0")


def _child(code: Code, inner: Module, made: str) -> _Side:
    """The side of the file that is started, in this file alone."""
    calls = [each for each in inner.calls(*_HEARS, *_SAYS) if (dotted(each.callee.object) if isinstance(each.callee, Member) else "self") in _SELF]
    set_here = [each for each in inner.all(Assign) if _sets(each) and any(isinstance(t, Name) or (isinstance(t, Member) and dotted(t.object) in _SELF) for t in each.targets)]
    return _side(code, calls, set_here, "0.data" if made == "Worker" else "0")


def _side(code: Code, calls: list[Call], assigned: list[Assign], place: str) -> _Side:
    said = tuple(each for each in calls if dotted(each.callee).rpartition(".")[2] in _SAYS)
    heard: list[tuple[Node | None, Node]] = [(each.args[1], each) for each in calls if each not in said and _name_of(each) == "message" and len(each.args) > 1]
    functions = ((code.origins.of(given).node, at) for given, at in (*heard, *((each.value, each) for each in assigned)))
    return _Side(said, tuple((each, at) for each, at in functions if isinstance(each, Function)), place)


def _sets(assign: Assign) -> bool:
    return any(dotted(target).rpartition(".")[2] == "onmessage" for target in assign.targets)


def _name_of(call: Call) -> object:
    return call.args[0].value if call.args and isinstance(call.args[0], Literal) else None


def _text(code: Code, call: Call, field: str) -> str:
    """The kind of a message that is sent, "" for a computed one."""
    held = code.origins.of(call.args[0]).node
    value = held.get(field) if isinstance(held, Object) else None
    return code.idioms.known_text(value) if value is not None else ""


def _compared(code: Code, node: Node) -> Iterator[tuple[str, Node]]:
    """What a field is compared with, read in place or under the name that it was taken out by; "" where more is done with it."""
    value = node.value if isinstance(node, Entry) else None
    around = function_of(node)
    names = around.inside(Name) if around is not None and isinstance(value, Name) else []
    uses = [name for name in names if isinstance(value, Name) and name.id == value.id and name is not value] if value is not None else [node]
    for each in uses:
        above = each.parent
        others = [side for side in above.operands if side is not each] if isinstance(above, Operation) and above.operator in ("===", "==") else []
        yield from ((code.idioms.known_text(side), side) for side in others or [each])


PROBE = WorkerMessages()
