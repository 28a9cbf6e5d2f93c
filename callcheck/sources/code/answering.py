"""Which functions answer a request, or an invocation of a function platform, so that their end is the end of it?"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.called_back import CHAINS
from callcheck.sources.code.choice import HANDLERS_NAMED
from callcheck.sources.code.decorators import wrapped_by
from callcheck.sources.code.kept_as import name_of, wrapped_as
from callcheck.sources.code.scopes import function_of, module_of, within
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Member,
    Name,
    Node,
    Return,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.code import Code

_HANDLER_NAMES = frozenset({"handler", "lambda_handler", "fetch", "scheduled", "queue", "default"})
_CONFIGURED = pattern(r"(?:^|[{,])\s*[\"']?[Hh]andler[\"']?\s*:\s*[\"']?[\w./-]+\.(\w+)", re.MULTILINE)
_ASKED = frozenset({"req", "request", "_req", "event", "ctx", "context"})
_PROMISED = frozenset({"fetch", "Promise.all", "Promise.allSettled", "Promise.race", "Promise.any"})
_PROMISING = ("fs/promises.", "axios", "got", "ky", "node-fetch", "undici.fetch", "undici.request")
"""Modules whose functions give promises."""
ALIVE = frozenset({"waitUntil", "after", "unstable_after", "runInBackground"})
"""What a platform offers to keep the process alive for a promise."""
_RESPONSES = ("res", "response", "reply")
_ONWARD = frozenset({"next", "callback", "cb", "done", "resolve", "reject"})
"""What a handler hands on with, or answers with."""
_MATCHES_REQUESTS = 3
"""Calls that are followed up to a function that answers."""
_DEEPEST = 3
"""Calls that are followed down to one that gives a promise."""


class Asked:
    """Knows which functions answer a request or an invocation."""

    def __init__(self, eyes: Eyes) -> None:
        self.code = eyes.code
        self._eyes = eyes

    @functools.cached_property
    def configured(self) -> frozenset[str]:
        """Names of functions that a platform's file names as handlers."""
        found: set[str] = set()
        for file in self._eyes.tree.named(*HANDLERS_NAMED):
            found |= set(_CONFIGURED.findall(self._eyes.readable(file)))
        return frozenset(found)

    @functools.cached_property
    def _waits_for_listeners(self) -> bool:
        """Whether a bot's listeners run inside the request that brings the message: Bolt on Lambda, webhooks of Telegram's bots."""
        return any(True for _ in self.code.project.calls("AwsLambdaReceiver", "webhookCallback", "createWebhook"))

    def answers(self, function: Function | None, depth: int) -> bool:
        """Whether a function's end, or that of one which calls it, is the end of a request."""
        if function is None or depth > _MATCHES_REQUESTS:
            return False
        if _waits_by_itself(function, self.configured):
            return False
        role = self.code.lifetimes.role(function)
        if role == "request" or (role == "message" and self._waits_for_listeners):
            return True
        names = {name_of(function), *wrapped_as(self.code.origins, function)}
        if names & self.configured or (function.params and names & _HANDLER_NAMES and _last_returns(function)):
            return True
        outer = function_of(function)
        if outer is None and self._exported(function):
            return True
        if outer is not None and isinstance(function.parent, Call):
            return self.answers(outer, depth + 1)
        if outer is not None and any(self.answers(each, depth + 1) for each in wrapped_by(self.code.origins, outer)):
            return True  # it runs in the place of those that it decorates
        return any(self.answers(function_of(call), depth + 1) for call in self.code.origins.calls_of(function))

    def _exported(self, function: Function) -> bool:
        """`export default async (req) => new Response(…)`: what a platform calls."""
        module = module_of(function)
        if module.language == "python" or not function.params or function.params[0].name not in _ASKED or not _last_returns(function):
            return False
        whole = self.code.project.exports(module).get("default")
        return whole is function or (isinstance(whole, str) and whole == function.name)


def _waits_by_itself(function: Function, configured: frozenset[str]) -> bool:
    """Whether Lambda waits for an empty event loop: a handler with a callback, not async, that does not turn it off."""
    if function.is_async or len(function.params) != 3 or function.params[2].name not in ("callback", "cb", "done"):
        return False
    return name_of(function) in _HANDLER_NAMES | configured and "callbackWaitsForEmptyEventLoop" not in module_of(function).text


def function_at(code: Code, node: Node) -> Function | None:
    if isinstance(node, Function):
        return node
    origin = code.origins.of(node)
    return origin.node if origin.kind == "function" and isinstance(origin.node, Function) else None


def works(code: Code, function: Function) -> bool:
    """Whether a function does anything that takes time: awaits, or calls what gives a promise."""
    return any(isinstance(node, Await) or (isinstance(node, Call) and _takes_time(code, node)) for node in within(function))


def promises(code: Code, function: Function, depth: int = 0) -> bool:
    """Whether a function gives a promise: it is async, says so, or gives back what somebody else promises."""
    if function.is_generator:
        return False
    if function.is_async or function.returns.startswith("Promise"):
        return True
    if module_of(function).language == "python" or depth >= _DEEPEST:
        return False
    return any(isinstance(given, Call) and _takes_time(code, given, depth + 1) for given in code.project.returned(function))


def _takes_time(code: Code, call: Call, depth: int = 0) -> bool:
    """Whether a call gives a promise, as far as it can be told."""
    if dotted(call.callee) in _PROMISED or (call.new and last_name(call.callee) == "Promise"):
        return True
    if isinstance(call.callee, Member) and call.callee.name in (*CHAINS, "promise") and (call.args or call.callee.name == "promise"):
        return module_of(call).language != "python"
    target = function_at(code, call.callee)
    if target is not None:
        return promises(code, target, depth)
    origin = code.origins.of(call.callee)
    if origin.kind == "external" and origin.qualified.startswith(_PROMISING):
        return True
    return module_of(call).language != "python" and any(use.idiom.does in ("outward", "wait") for use in code.idioms.at(call))


def _last_returns(function: Function) -> bool:
    return any(isinstance(n, Return) and n.value is not None for n in within(function))


def kept_alive(node: Node) -> bool:
    """Whether the platform is told to wait for it."""
    return any(isinstance(above, Call) and last_name(above.callee) in ALIVE for above in node.up())


def goes_on(call: Call) -> bool:
    """Whether the answer comes out of the promise itself: `store(x).then(() => next(), next)`, `work.then((r) => callback(null, r))`, `list(req, res)`."""
    while isinstance(call.callee, Member) and call.callee.name in CHAINS and isinstance(call.callee.object, Call):
        if call.callee.name != "catch" and call.args and _hands_on(call.args[0]):
            return True
        call = call.callee.object
    return any(isinstance(each, Name) and each.id in _RESPONSES for each in call.args)


def _hands_on(then: Node) -> bool:
    """Whether a continuation hands the request on, or answers it."""
    answers = (dotted(each.callee).removeprefix("context.").partition(".") for each in then.inside(Call))
    return any(name.id in _ONWARD for name in then.inside(Name)) or any(first in _RESPONSES or (first, rest) == ("done", "") for first, _, rest in answers)
