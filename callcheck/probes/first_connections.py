"""Who leaves it to a client to connect again, and asks its first connection alone for what ends with each?

    client.onConnect = () => resolve();                    // runs at each connection, and resolves a promise at the first
    await opened(client);
    client.subscribe("/topic/gates", show);                // ends with its connection, and the next one has none
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import SubscribedOnce
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.first_only import first_only
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.quiet import LEVELS
from callcheck.sources.code.repeats import Repeats
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.standing import Standing
from callcheck.sources.code.tree import Assign, Call, Function, Member, Node, Param, last_name
from callcheck.sources.code.waiters import executor

_DEEPEST = 3
_SETTLES = frozenset({"resolve", "reject"})
_CHANGES_NOTHING = frozenset({*LEVELS, "clearTimeout", "clearInterval", "clear_timeout", "now", "stringify", "toISOString", "String", "Date", "Error"})
_ENDS = frozenset({"deactivate", "forceDisconnect", "disconnect", "close"})
_WATCHED = frozenset({"value"})
"""A field whose change is heard: `connected.value = true`, of a reference of Vue."""


class FirstConnections:
    """Lays what holds for one connection beside the handlers that run at each of them and at each loss: these must do nothing but tell of it."""

    name = "first-connections"
    looks_at = Sight.SOURCE
    about = ("connects-again",)
    answers = frozenset({SubscribedOnce})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        opened = [use for use in code.idioms.of("connects-again") if not is_test(use.module.path)]
        standing = Standing(code) if any(use.idiom.without for use in opened) else None
        opened = [use for use in opened if standing is None or standing.stands(use)]
        repeats = Repeats(code.origins)
        for framework in {use.framework.name: use.framework for use in opened}.values():
            hears, losses = ([use for use in code.idioms.of(does) if use.framework is framework and not is_test(use.module.path)] for does in ("hears-connection", "hears-loss"))
            first = next((use for use in hears if _waited_for(code, use)), None)
            if first is None or not all(_settles(code, use) for use in (*hears, *losses)):
                continue
            for use in code.idioms.of("per-connection"):
                if use.framework is framework and not is_test(use.module.path) and _asked_once(code, use, hears) and not _short(use) and repeats.again(use.call) is None:
                    fact = SubscribedOnce(clean(next(iter(code.idioms.events(use)), ""), 80), framework.name, use.module.language)
                    yield seen(fact, use.call, self.name, (seen(fact, first.call, self.name, label="this runs at each connection, and does not ask again"),))


def _asked_once(code: Code, use: Use, hears: Iterable[Use]) -> bool:
    """Whether no handler of a connection asks, but for the first time; one that is taken off after the first asks once, whatever it does."""
    for each in hears:
        for handler in code.idioms.handlers(each) if not each.idiom.once else ():
            if isinstance(handler, Function) and use.function is not None and code.flow.reaches(handler, use.function, again=True) and not first_only(use.call):
                return False
    return True


def _short(use: Use) -> bool:
    """Whether the client is ended where it asks, or by what it is told: it was there for an answer or two, and seldom has to connect again."""
    ends = module_of(use.call).calls(*_ENDS)
    return any(function_of(call) is use.function or use.call.at < call.at < use.call.end for call in ends)


def _waited_for(code: Code, use: Use) -> bool:
    """Whether somebody waits for the first connection: its handler settles a promise, or asks behind a mark that it sets itself."""
    for handler in code.idioms.handlers(use):
        calls = handler.inside(Call) if isinstance(handler, Function) else ()
        if _resolver(code, handler) or any(first_only(call) or _resolver(code, call.callee) for call in calls):
            return True
    return False


def _settles(code: Code, use: Use) -> bool:
    """Whether a handler does nothing that could lead to another request: it resolves a promise, sets a mark or writes a line."""
    handlers = code.idioms.handlers(use)
    return use.idiom.once or bool(handlers) and all(_harmless(code, handler) for handler in handlers)


def _harmless(code: Code, handler: Node, depth: int = 0) -> bool:
    if not isinstance(handler, Function):
        return _resolver(code, handler)
    if any(isinstance(target, Member) and target.name in _WATCHED for assign in handler.inside(Assign) for target in assign.targets):
        return False
    calls = list(handler.inside(Call))
    once = [call for call in calls if first_only(call)]
    return all(any(each.at <= call.at < each.end for each in once) or _changes_nothing(code, call, depth) for call in calls)


def _changes_nothing(code: Code, call: Call, depth: int) -> bool:
    name = last_name(call.callee)
    if name in _CHANGES_NOTHING or _resolver(code, call.callee):
        return True
    followed = code.origins.of(call.callee).node
    return isinstance(followed, Function) and depth < _DEEPEST and function_of(call) is not followed and _harmless(code, followed, depth + 1)


def _resolver(code: Code, node: Node) -> bool:
    """Whether a name is the one by which a promise is settled, once for all: a parameter of its executor, or `deferred.resolve`."""
    given = code.origins.of(node).node
    return isinstance(given, Param) and executor(given) or isinstance(node, Member) and node.name in _SETTLES


PROBE = FirstConnections()
