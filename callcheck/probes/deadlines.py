"""Do handlers that a sender waits for answer in time, or at all?

    @app.command("/report")
    def report(ack, say):        # Slack waits three seconds for ack()
        say(model.create(...))
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused
from callcheck.model.facts.handlers import CallNoted, WorkSlow
from callcheck.model.facts.meeting import AckLate
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.lengths import rests
from callcheck.sources.code.long_waits import long_wait_s
from callcheck.sources.code.routes import path_of_method
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Await, Call, Function, Keyword, Literal, Member, Name, Spread, last_name
from callcheck.sources.code.work_limits import limit_of

_DEEPEST = 4
_HURRIED = pattern(r"(?:^|[/_-])(?:slack|github|shopify|discord|twilio|pusher)(?:$|[/_-])", re.IGNORECASE)
"""Paths for senders that give up, and send again, after 3 to 15 s."""
_HEADERS = pattern(r"^x-(?:slack-|github-|hub-signature|shopify-|twilio-)", re.IGNORECASE)
_PROGRAMS = pattern(r"\b(?:make|docker|deploy\w*|build\w*|npm|yarn|pip|pytest|tox|ansible\S*|terraform|kubectl|helm|rsync|ffmpeg|pull|clone)\b|\.sh\b|timeout\s*=\s*\d{2,}")
_LONG_S = 3
_LONG_WAIT_S = 15
"""No hurried sender waits longer than this."""


class Deadlines:
    """Follows handlers with a `deadline` to slow calls, and looks whether those that must call a parameter of theirs do."""

    name = "deadlines"
    looks_at = Sight.SOURCE
    about = ("deadline", "must-call-ack", "must-call-next", "lengthy", "serve in python")
    answers = frozenset({WorkSlow, AckLate, CallNoted, ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        slow: dict[int, list[Call]] = {}
        for use in code.idioms.of("block", "wait"):
            if "slow" in use.idiom.traits and use.function is not None:
                slow.setdefault(id(use.function), []).append(use.call)
        for use in code.idioms.uses:
            for trait in use.idiom.traits:
                for handler in code.idioms.handlers(use) if trait == "deadline" or trait.startswith("must-call-") else ():
                    if isinstance(handler, Function) and trait == "deadline":
                        yield from self._slow(code, use, handler, slow)
                    elif isinstance(handler, Function) and trait == "must-call-ack" and (rest := _rest_before(code, handler)) is not None:
                        yield _rest_told(self.name, use, *rest)
                    elif isinstance(handler, Function):
                        yield from self._must_call(code, use, handler, trait.removeprefix("must-call-"))
        yield from self._hooks(code)

    def _hooks(self, code: Code) -> Iterator[Evidence]:
        """Routes for a sender that waits some seconds, whose handlers run a model or a program before they answer."""
        long: dict[int, list[Call]] = {}
        for use in code.idioms.of("lengthy"):
            if use.function is not None and _takes_long(code, use.call):
                long.setdefault(id(use.function), []).append(use.call)
        for call in code.project.calls("get", "post", "put", "patch", "request", "create_and_poll", "sleep"):
            if (function := function_of(call)) is not None and module_of(call).language == "python" and long_wait_s(code.origins, call) >= _LONG_WAIT_S:
                long.setdefault(id(function), []).append(call)
        for use, paths, handler in _routed(code) if long else ():
            if any(_HURRIED.search(path) for path in paths) or _reads_header(handler):
                found = self._within(code, handler, long, 0)
                if found is not None:
                    method, work = clean(last_name(found[1].callee), 60), WorkSlow("", use.framework.name, use.module.language)
                    because = (seen(work, use.call, self.name, label="the sender waits for this route's answer"),)
                    yield seen(AckLate(method, use.framework.name, use.module.language), found[0], self.name, because)

    def _slow(self, code: Code, use: Use, handler: Function, slow: dict[int, list[Call]]) -> Iterator[Evidence]:
        found = self._within(code, handler, slow, 0)
        if found is None:
            return
        at, waits = found
        method = clean(last_name(waits.callee), 60)
        because = (seen(WorkSlow(method, use.framework.name, use.module.language), waits, self.name, label="this may take seconds"),) if at is not waits else ()
        because = (*because, seen(WorkSlow(method, use.framework.name, use.module.language), use.call, self.name, label="the sender waits for this handler"))
        yield seen(WorkSlow(method, use.framework.name, use.module.language), at, self.name, because)
        acks = [c for c in handler.inside(Call) if last_name(c.callee) == "ack"]
        lazy = use.call.keyword("lazy") is not None
        if "must-call-ack" in use.idiom.traits and acks and not lazy and min(c.at for c in acks) > at.at:
            yield seen(AckLate(method, use.framework.name, use.module.language), acks[0], self.name, (seen(WorkSlow(method, use.framework.name, use.module.language), at, self.name),))

    def _within(self, code: Code, function: Function, slow: dict[int, list[Call]], depth: int) -> tuple[Call, Call] | None:
        """The first slow call in a function or what it calls, and the place of the function's own at which it happens."""
        if id(function) in slow:
            return slow[id(function)][0], slow[id(function)][0]
        for call in function.inside(Call) if depth < _DEEPEST else ():
            origin = code.origins.of(call.callee)
            started = isinstance(origin.node, Function) and origin.node.is_async and not isinstance(call.parent, Await) and module_of(call).language == "python"
            if origin.kind == "function" and isinstance(origin.node, Function) and origin.node is not function and not started:
                found = self._within(code, origin.node, slow, depth + 1)
                if found is not None:
                    return call, found[1]
        return None

    def _must_call(self, code: Code, use: Use, handler: Function, name: str) -> Iterator[Evidence]:
        calls = [c for c in handler.inside(Call) if isinstance(c.callee, Name) and c.callee.id == name]
        handed = any(n.id == name and isinstance(n.parent, (Call, Keyword)) and n not in [c.callee for c in calls] for n in handler.inside(Name))
        # In Python each parameter is one thing, and `args` alone is all of them.
        whole = {param.name for param in handler.params if param.name and (module_of(handler).language != "python" or param.name == "args")}
        handed |= any(member.name == name for member in handler.inside(Member))
        handed |= any(node.id in whole and isinstance(node.parent, (Call, Keyword, Spread)) and node is not getattr(node.parent, "callee", None) for node in handler.inside(Name))
        lazy = use.call.keyword("ack") is not None or use.call.keyword("lazy") is not None
        if name == "ack" and not calls and not handed and not lazy and not any(p.kind for p in handler.params):
            event = clean(next((e for e in code.idioms.events(use) if e), handler.name), 80)
            yield seen(CallNoted("never-acknowledged", handler.name, event, "message", use.framework.name, use.module.language), handler, self.name)
        if name == "next":
            for call in calls:
                if is_statement(call):
                    yield seen(ResultUnused("coroutine", "next", use.framework.name, use.module.language), call, self.name)


def _rest_before(code: Code, handler: Function) -> tuple[Call, Call] | None:
    """The ack() of a handler, and what rests for longer than the sender waits before it: a pause, or a loop of them here or in what is called."""
    if module_of(handler).language == "python":
        return None
    acks = [call for call in handler.inside(Call) if last_name(call.callee) == "ack"]
    first = min(acks, key=lambda each: each.at, default=None)
    own = {id(call): limit.seconds for call, limit in rests(code, handler)}
    for call in (each for each in handler.inside(Call) if first is not None and each.at < first.at and isinstance(each.parent, Await)):
        limit, function = limit_of(code.origins, call), code.origins.of(call.callee).node
        inner = (each.seconds for _, each in rests(code, function)) if isinstance(function, Function) and function is not handler else ()
        if first is not None and max(own.get(id(call), 0), limit.seconds if limit is not None and limit.kind == "pause" else 0, *inner) >= _LONG_S:
            return first, call
    return None


def _rest_told(probe: str, use: Use, ack: Call, rest: Call) -> Evidence:
    """That a handler rests before it answers."""
    method = clean(last_name(rest.callee), 60)
    return seen(AckLate(method, use.framework.name, use.module.language), ack, probe, (seen(WorkSlow(method, use.framework.name, use.module.language), rest, probe, label="this rests for longer than the sender waits"),))


def _routed(code: Code) -> Iterator[tuple[Use, list[str], Function]]:
    """Each route, its paths, and what answers there."""
    for use in code.idioms.of("serve", "lists-route"):
        listed = use.idiom.does == "lists-route"
        view = code.origins.of(use.call.args[1]).node if listed and len(use.call.args) > 1 else None
        handlers = [view] if listed else code.idioms.handlers(use) if use.idiom.role == "request" else []
        paths = [path_of_method(code, use) or ""] if use.framework.name == "nestjs" else list(code.idioms.events(use))
        yield from ((use, paths, handler) for handler in handlers if isinstance(handler, Function))


def _takes_long(code: Code, call: Call) -> bool:
    """Whether a call that may wait does so for long; a pause says how long."""
    if last_name(call.callee) in ("run", "call", "check_call", "check_output", "system"):
        lines = module_of(call).lines[call.line - 1 : max(call.end_line, call.line)]
        return any(_PROGRAMS.search(line) for line in lines)
    if last_name(call.callee) != "sleep":
        return True
    limit = limit_of(code.origins, call)
    return limit is not None and limit.seconds >= _LONG_S


def _reads_header(handler: Function) -> bool:
    return any(isinstance(node.value, str) and _HEADERS.search(node.value) for node in handler.inside(Literal))


PROBE = Deadlines()
