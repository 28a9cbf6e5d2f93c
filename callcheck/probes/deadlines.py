"""Do handlers that a sender waits for answer in time, or at all?

    @app.command("/report")
    def report(ack, say):        # Slack waits three seconds for ack()
        say(model.create(...))
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused
from callcheck.model.facts.handlers import CallNoted, WorkSlow
from callcheck.model.facts.meeting import AckLate
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import is_statement
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Keyword, Member, Name, Spread, last_name

_DEEPEST = 4


class Deadlines:
    """Follows handlers with a `deadline` to slow calls, and looks whether those that must call a parameter of theirs do."""

    name = "deadlines"
    looks_at = Sight.SOURCE
    about = ("deadline", "must-call-ack", "must-call-next")
    answers = frozenset({WorkSlow, AckLate, CallNoted, ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        slow: dict[int, list[Use]] = {}
        for use in code.idioms.of("block", "wait"):
            if "slow" in use.idiom.traits and use.function is not None:
                slow.setdefault(id(use.function), []).append(use)
        for use in code.idioms.uses:
            for trait in use.idiom.traits:
                for handler in code.idioms.handlers(use) if trait == "deadline" or trait.startswith("must-call-") else ():
                    if isinstance(handler, Function) and trait == "deadline":
                        yield from self._slow(code, use, handler, slow)
                    elif isinstance(handler, Function):
                        yield from self._must_call(code, use, handler, trait.removeprefix("must-call-"))

    def _slow(self, code: Code, use: Use, handler: Function, slow: dict[int, list[Use]]) -> Iterator[Evidence]:
        found = self._within(code, handler, slow, 0)
        if found is None:
            return
        at, waits = found
        method = clean(last_name(waits.call.callee), 60)
        because = (seen(WorkSlow(method, use.framework.name, use.module.language), waits.call, self.name, label="this may take seconds"),) if at is not waits.call else ()
        because = (*because, seen(WorkSlow(method, use.framework.name, use.module.language), use.call, self.name, label="the sender waits for this handler"))
        yield seen(WorkSlow(method, use.framework.name, use.module.language), at, self.name, because)
        acks = [c for c in handler.inside(Call) if last_name(c.callee) == "ack"]
        lazy = use.call.keyword("lazy") is not None
        if "must-call-ack" in use.idiom.traits and acks and not lazy and min(c.at for c in acks) > at.at:
            yield seen(AckLate(method, use.framework.name, use.module.language), acks[0], self.name, (seen(WorkSlow(method, use.framework.name, use.module.language), at, self.name),))

    def _within(self, code: Code, function: Function, slow: dict[int, list[Use]], depth: int) -> tuple[Call, Use] | None:
        """The first slow call in a function or what it calls, and the place of the function's own at which it happens."""
        if id(function) in slow:
            return slow[id(function)][0].call, slow[id(function)][0]
        for call in function.inside(Call) if depth < _DEEPEST else ():
            origin = code.origins.of(call.callee)
            if origin.kind == "function" and isinstance(origin.node, Function) and origin.node is not function:
                found = self._within(code, origin.node, slow, depth + 1)
                if found is not None:
                    return call, found[1]
        return None

    def _must_call(self, code: Code, use: Use, handler: Function, name: str) -> Iterator[Evidence]:
        calls = [c for c in handler.inside(Call) if isinstance(c.callee, Name) and c.callee.id == name]
        handed = any(n.id == name and isinstance(n.parent, (Call, Keyword)) and n not in [c.callee for c in calls] for n in handler.inside(Name))
        whole = {param.name for param in handler.params if param.name}
        handed |= any(member.name == name for member in handler.inside(Member))
        handed |= any(node.id in whole and isinstance(node.parent, (Call, Keyword, Spread)) for node in handler.inside(Name))
        lazy = use.call.keyword("ack") is not None or use.call.keyword("lazy") is not None
        if name == "ack" and not calls and not handed and not lazy and not any(p.kind for p in handler.params):
            event = clean(next((e for e in code.idioms.events(use) if e), handler.name), 80)
            yield seen(CallNoted("never-acknowledged", handler.name, event, "message", use.framework.name, use.module.language), handler, self.name)
        if name == "next":
            for call in calls:
                if is_statement(call):
                    yield seen(ResultUnused("coroutine", "next", use.framework.name, use.module.language), call, self.name)


PROBE = Deadlines()
