"""Does the first error end a stream of events that is meant to go on?

    positions$.pipe(switchMap(route), catchError(() => EMPTY)).subscribe(show)   // the outer stream completes
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import SubscriptionEnds
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Member, Name, Node, Object, Return, Try


class Ends:
    """Looks at the operators between a lasting source and its subscriber: a rescue that stands after what can fail replaces the source."""

    name = "ends"
    looks_at = Sight.SOURCE
    about = ("piped",)
    answers = frozenset({SubscriptionEnds})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register"):
            if "piped" in use.idiom.traits and isinstance(use.call.callee, Member):
                yield from self._judge(code, use, use.call.callee.object)

    def _judge(self, code: Code, use: Use, stream: Node) -> Iterator[Evidence]:
        steps = _steps(code, stream)
        kinds = [_does(code, step) for step in steps]
        last = max((i for i, kind in enumerate(kinds) if kind == "rescue"), default=-1)
        risky = [i for i, kind in enumerate(kinds) if kind == "flatten" and not _safe(code, steps[i])]
        fact = SubscriptionEnds("", "error", use.framework.name, use.module.language)
        if last >= 0:
            before = [i for i in risky if i < last]
            if before and "resume" not in kinds[before[0] :] and not _gives_source(steps[last]):
                may_fail = seen(fact, steps[before[0]], self.name, label="what fails in here")
                yield seen(fact, steps[last], self.name, (may_fail, seen(fact, use.call, self.name, label="then this subscriber is told nothing more")))
        elif risky and "resume" not in kinds and _takes_error(use.call):
            yield seen(fact, use.call, self.name, (seen(fact, steps[risky[0]], self.name, label="an error in here ends the stream"),))


def _steps(code: Code, stream: Node) -> list[Call]:
    """The operators of a chain of pipes, in order; follows names to where the stream is made."""
    found: list[Call] = []
    for _ in range(6):
        node = stream
        if not isinstance(node, Call) or not isinstance(node.callee, Member):
            # A name, or a function of the project's own that gives the stream back.
            given = _given(code, node) if isinstance(node, Call) else None
            origin = code.origins.of(given or node)
            node = given or (origin.node if origin.kind == "made" and origin.node is not None else node)
        if not (isinstance(node, Call) and isinstance(node.callee, Member)):
            break
        if node.callee.name == "pipe":
            found = [arg for arg in node.args if isinstance(arg, Call)] + found
        stream = node.callee.object
    return found


def _given(code: Code, call: Call) -> Node | None:
    """What a function of the project gives back, if it is one thing."""
    callee = code.origins.of(call.callee)
    given = code.project.returned(callee.node) if callee.kind == "function" and isinstance(callee.node, Function) else []
    return given[0] if len(given) == 1 else None


def _does(code: Code, step: Call) -> str:
    return next((u.idiom.does for u in code.idioms.at(step) if u.idiom.does in ("flatten", "rescue", "resume")), "")


def _safe(code: Code, step: Call) -> bool:
    """Whether errors inside an inner stream stay there, or there is nothing that may fail."""
    for call in step.inside(Call):
        if call is not step and (_does(code, call) == "rescue" or (isinstance(call.callee, Member) and call.callee.name == "catch")):
            return True
    inner = step.args[0] if step.args else None
    origin = code.origins.of(inner)
    function = inner if isinstance(inner, Function) else origin.node
    if not isinstance(function, Function):
        return True
    if any(isinstance(node, Try) for node in function.body):
        return True
    called = [code.origins.of(call.callee).node for call in function.inside(Call)]
    if any(isinstance(each, Function) and each.body and isinstance(each.body[0], Try) for each in called):
        return True
    return not (function.is_async or any(isinstance(node, Call) for top in function.body for node in top.walk()))


def _gives_source(rescue: Call) -> bool:
    """`catchError((error, caught) => caught)`."""
    handler = rescue.args[0] if rescue.args else None
    if not isinstance(handler, Function) or len(handler.params) < 2:
        return False
    name = handler.params[1].name
    return any(isinstance(node, Name) and node.id == name for ret in handler.inside(Return) if ret.value is not None for node in ret.value.walk())


def _takes_error(call: Call) -> bool:
    first = call.args[0] if call.args else None
    return len(call.args) > 1 or (isinstance(first, Object) and first.get("error") is not None)


PROBE = Ends()
