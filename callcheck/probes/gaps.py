"""Does an `await` stand between the call that sets something going and the listener for what it tells?

    const run = runner.start(job);       // tells of its end from a promise or a timer of its own
    await audit.write(job);              // which may well be over by then
    run.on("done", report);
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventTooEarly
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.anchors import straight
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Await, Call, Function, Loop, Node, last_name

_AGAIN = frozenset("setInterval on once addListener addEventListener subscribe watch schedule forEach map each process consume".split())
"""Calls whose callback runs again and again, or when somebody else says so."""
_ENDS = frozenset({"error", "close", "exit", "disconnect"})
_DEEPEST = 2


class Gaps:
    """Follows the calls above a listener to the only emission of its event, where it is made later than the call and once."""

    name = "gaps"
    looks_at = Sight.SOURCE
    about = ("emit",)
    answers = frozenset({EventTooEarly})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register"):
            objects = set(_objects(code, use)) - {""}
            for event in code.idioms.events(use) if objects and straight(use.call) else ():
                sent = [e for each in objects for e in code.meetings.at("emit", each, event) if "transport" not in e.idiom.traits and not is_test(e.module.path)]
                if event and event not in _ENDS and len(sent) == 1 and _once(sent[0]):
                    yield from self._between(code, use, event, sent[0])

    def _between(self, code: Code, use: Use, event: str, sent: Use) -> Iterator[Evidence]:
        scope = use.function or use.module
        nodes = list(within(scope))
        starts = [n for n in nodes if isinstance(n, Call) and n.end <= use.call.at and not isinstance(n.parent, Await) and straight(n) and _leads(code, n, sent, 0)]
        if len(starts) != 1:
            return
        waits = next((n for n in nodes if isinstance(n, Await) and starts[0].end <= n.at < use.call.at and not _around(n, use.call)), None)
        heard = any(
            other is not use and event in code.idioms.events(other) and code.lifetimes.identity(other.receiver) == code.lifetimes.identity(use.receiver) and other.call.at < use.call.at
            for other in code.idioms.of("register")
        )
        if waits is not None and not heard:
            fact = EventTooEarly(clean(event, 80), use.framework.name, use.module.language)
            because = (seen(fact, starts[0], self.name, label="this sets it going"), seen(fact, waits, self.name, label=f"{clean(event, 60)} may go out while this waits"))
            yield seen(fact, use.call, self.name, because)


def _objects(code: Code, use: Use) -> Iterator[str]:
    """The object that is listened to: as it is known here, and as the function that gives it back knows it."""
    yield code.lifetimes.identity(use.receiver)
    made = use.receiver.site
    maker = code.origins.of(made.callee).node if isinstance(made, Call) else None
    if isinstance(maker, Function):
        yield from (code.lifetimes.identity(code.origins.of(each)) for each in code.project.returned(maker))


def _once(sent: Use) -> bool:
    """Whether an emission is made later than its function is called, and not again and again: behind an `await`, or in a callback."""
    later = sent.function is not None and any(each.at < sent.call.at for each in sent.function.inside(Await))
    for above in sent.call.up():
        if isinstance(above, Loop):
            return False
        if isinstance(above, Function) and isinstance(above.parent, Call):
            if last_name(above.parent.callee) in _AGAIN:
                return False
            later = True
    return later


def _leads(code: Code, call: Call, sent: Use, depth: int) -> bool:
    """Whether a call of a function of the project runs, or schedules, the code that an emission stands in."""
    made = code.origins.of(call.callee)
    function = made.node if made.kind == "function" else None
    if not isinstance(function, Function) or depth > _DEEPEST:
        return False
    if _around(function, sent.call):
        return True
    return any(_leads(code, inner, sent, depth + 1) for inner in function.inside(Call))


def _around(outer: Node, inner: Node) -> bool:
    return outer is inner or outer.at <= inner.at < outer.end


PROBE = Gaps()
