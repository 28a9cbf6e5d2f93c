"""Which slots of a Qt object are never called, since another slot of it keeps their thread busy?

    self.reader.moveToThread(self.thread)          # its slots are called by the event loop of that thread
    self.begin.connect(self.reader.read)           # read() loops: while self.running: ...
    self.halt.connect(self.reader.stop)            # queued until read() has ended, which only stop() could bring about

A slot in another thread is called through the event loop of the receiver's thread (doc.qt.io/qt-6/threads-qobject.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, Literal, Loop, Member, Node, last_name

_MOVES = ("moveToThread",)
_LETS_OTHERS = ("processEvents", "isInterruptionRequested", "requestInterruption", "DirectConnection")
_SAYS = "the loop of {}() keeps the object's thread busy, so this queued slot is called only when it has ended; use a timer, or call {}() directly"


class BusyThreads:
    """Follows what is moved to a thread to its class, and what is connected to the methods of it."""

    name = "busy-threads"
    looks_at = Sight.SOURCE
    signs = (Sign(words=_MOVES),)
    marks = _MOVES
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for moved in code.project.calls(*_MOVES):
            cls = code.origins.of(moved.callee.object).cls if isinstance(moved.callee, Member) else None
            if not isinstance(cls, ClassDef) or any(word in module_of(each).text for each in (cls, moved) for word in _LETS_OTHERS):
                continue
            slots = [(connect, method) for connect in code.project.calls("connect") if (method := _connected(code, connect, cls)) is not None]
            busy = next(((method, loop) for _, method in slots if (loop := _loops(method)) is not None), None)
            if busy is None:
                continue
            held, loop = busy
            for connect, method in slots:
                if method is not held and not code.origins.calls_of(method):
                    fact = LibraryTrap("blocked-event-loop", "strong", _SAYS.format(held.name, method.name)[:160], method.name, "qt", "python")
                    yield seen(fact, loop, self.name, (seen(fact, connect, self.name, label="this slot waits for the loop"),), label="this loop keeps the thread busy")
                    break


def _connected(code: Code, connect: Call, cls: ClassDef) -> Function | None:
    """The method of a class to which a signal is connected."""
    slot = connect.args[0] if connect.args else None
    if not isinstance(slot, Member) or code.origins.of(slot.object).cls is not cls:
        return None
    return next((each for each in cls.body if isinstance(each, Function) and each.name == slot.name), None)


def _loops(method: Function) -> Loop | None:
    """A loop of the method itself that goes on while something of the object, or nothing, says so."""
    for loop in method.inside(Loop):
        if function_of(loop) is method and loop.test is not None and _lasts(loop.test) and not any(last_name(call.callee) == "exec" for call in loop.inside(Call)):
            return loop
    return None


def _lasts(test: Node) -> bool:
    """`while True`, `while self.running`, `while not self.stopped`: only another method, or the loop's own body, ends it."""
    inner = [node for node in test.walk() if isinstance(node, Member)]
    if isinstance(test, Literal):
        return bool(test.value)
    return any(last_name(node.object) == "self" for node in inner) and not any(isinstance(node, Call) for node in test.walk())


PROBE = BusyThreads()
