"""Which synchronous calls stop an event loop?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import LoopBlocked
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.grids import MARKS, doubling, grids
from callcheck.sources.code.held_rounds import held_rounds
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.lengths import is_brief
from callcheck.sources.code.long_loops import long_loops
from callcheck.sources.code.said_lengths import own_length
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    ClassDef,
    Function,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Yield,
    dotted,
    last_name,
)
from callcheck.sources.code.work_limits import limit_of

_HOOKS = pattern(r"^(?:on_\w+|receive(?:_json|_bytes)?|handle(?:_\w+)?|process_\w+|dispatch)$")
_REGISTERS = frozenset("on route routes handler handle event listener listen message command subscribe subscriber consumer callback action procedure method rpc hook task endpoint".split())
"""Names of decorators by which libraries take in handlers."""
_SERVED = frozenset({"request", "connection", "message", "job"})
_TIME = pattern(r"(?i)(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)\b")
_PATIENCE_S = 60
_STARTS = ("gather", "create_task", "ensure_future", "run_coroutine_threadsafe")
DEEPEST = 3
"""How many plain helper functions may lie between the async one and the blocking call."""


class EventLoop:
    """Finds blocking calls in async functions that serve requests, and in the plain helpers that these call directly."""

    name = "event-loop"
    looks_at = Sight.SOURCE
    about = ("block", "block-loop", "block-rounds")
    marks = ("seconds", "minutes", "hour", "Date.now()", "performance.now()", "_000", "0000", "1e5", "1e6", "1e7", "1e8", "1e9", *MARKS)
    answers = frozenset({LoopBlocked})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._known(code)
        yield from self._iterated(code)
        yield from self._spinning(code)
        yield from self._remarked(code)
        for named, long in [*(("a loop of millions of rounds", each) for each in long_loops(code)), *(("a loop over a whole grid", each) for each in grids(code))]:
            yield from self._served(code, long, function_of(long), named)
        for use in {id(use.call): use for use in code.idioms.of("block-rounds")}.values():
            if (held := held_rounds(code, use.call)) is not None:
                yield from self._served(code, held, function_of(held), clean(f"a loop of {dotted(use.call.callee)}()", 60))
        for function in doubling(code):
            yield from self._served(code, function, function, f"{clean(function.name, 40)}, which calls itself twice each time,")

    def _known(self, code: Code) -> Iterator[Evidence]:
        """Calls that are known to block."""
        # Two libraries may each know one call.
        for use in {id(use.call): use for use in code.idioms.of("block")}.values():
            found = self._async_above(code, use.call, 0)
            if found is None:
                continue
            function, call = found
            role = "message" if _in_loop(code, call, function, _is_stream, DEEPEST) else code.lifetimes.role(function)
            role = "message" if role == "helper" and _registered(code, function) else role
            role = "message" if role in ("helper", "startup") and _in_loop(code, call, function, _is_endless, 1) and (_others(code, function) or _beside(code, function)) else role
            if "endless" in use.idiom.traits:
                role = "message" if role in ("helper", "startup", "module") and _others(code, function) else role
            fact = LoopBlocked(clean(dotted(use.call.callee) or last_name(use.call.callee), 60), role, use.framework.name, use.module.language)
            yield seen(fact, use.call, self.name, self._called_from(fact, call) if function is not use.function else ())

    def _iterated(self, code: Code) -> Iterator[Evidence]:
        """Plain loops over what waits for each item, in a coroutine."""
        for loop, use in _iterated(code):
            outer = function_of(loop)
            if outer is not None and outer.is_async and (code.lifetimes.role(outer) in _SERVED or _others(code, outer)):
                fact = LoopBlocked(clean(f"for … in {dotted(use.call.callee)}", 60), "message", use.framework.name, "python")
                yield seen(fact, loop, self.name, (seen(fact, use.call, self.name, label="it waits for each message in the thread that iterates it"),))

    def _spinning(self, code: Code) -> Iterator[Evidence]:
        """Loops that only time ends."""
        for loop in _spinning(code):
            asked = next(iter(loop.test.inside(Call)), None) if loop.test is not None else None
            found = self._async_above(code, asked, 0) if asked is not None else None
            if found is not None:
                fact = LoopBlocked("a loop that waits for the clock", code.lifetimes.role(found[0]), "", module_of(loop).language)
                yield seen(fact, loop, self.name, self._called_from(fact, found[1]) if found[0] is not function_of(loop) else ())

    def _remarked(self, code: Code) -> Iterator[Evidence]:
        """Calls of functions that take seconds by their own remark."""
        for function, call in _said_to_last(code):
            found = self._async_above(code, call, 0)
            if found is not None and (code.lifetimes.role(found[0]) in _SERVED or _in_loop(code, found[1], found[0], _is_stream, DEEPEST)):
                role = code.lifetimes.role(found[0]) if code.lifetimes.role(found[0]) in _SERVED else "message"
                fact = LoopBlocked(clean(dotted(call.callee) or function.name, 60), role, "", "python")
                yield seen(fact, call, self.name, (seen(fact, function, self.name, label="by its own remark it takes so long"),))

    def _called_from(self, fact: LoopBlocked, call: Call) -> tuple[Evidence, ...]:
        return (seen(fact, call, self.name, label="it is called on the event loop from here"),)

    def _served(self, code: Code, long: Node, around: Function | None, named: str) -> Iterator[Evidence]:
        """A long computation, where somebody is served in it or by what calls the function that it stands in."""
        role = code.lifetimes.role(around)
        at = None
        if around is not None and role not in _SERVED:
            found = next((found for each in code.origins.calls_of(around) if function_of(each) is not around and (found := self._async_above(code, each, 1)) is not None), None)
            role, at = (code.lifetimes.role(found[0]), found[1]) if found is not None else ("", None)
        if role in _SERVED:
            fact = LoopBlocked(named, role, "", module_of(long).language)
            yield seen(fact, long, self.name, self._called_from(fact, at) if at is not None else ())

    def _async_above(self, code: Code, call: Call, depth: int, blocking: Call | None = None) -> tuple[Function, Call] | None:
        """The function on whose loop a call runs, and the call in it that leads there directly.

        In Python that is an async one; in Node.js whatever is called for a request, message or job. `blocking`: what is waited for, by way of this call.
        """
        blocking = blocking or call
        function = function_of(call)
        if function is None or depth > DEEPEST:
            return None
        served = module_of(function).language != "python" and code.lifetimes.role(function) in ("request", "connection", "message", "job")
        if function.is_async or served:
            return function, call
        if any("io-thread" in use.idiom.traits for use in code.idioms.handled_by(function)):
            # One connection waits here, whose peers wait for a minute: what is over in seconds does not matter, and how long a pause is tells `probes.outlasted`.
            limit = limit_of(code.origins, blocking)
            lengthy = last_name(blocking.callee) != "sleep" and any(use.idiom.does == "lengthy" for use in code.idioms.at(blocking))
            return (function, call) if lengthy and not is_brief(code, blocking) and (limit is None or limit.seconds >= _PATIENCE_S) else None
        above = (self._async_above(code, each, depth + 1, blocking) for each in code.origins.calls_of(function))
        return next((found for found in above if found is not None), None)


def _others(code: Code, function: Function) -> bool:
    """Whether the loop serves anybody else meanwhile: a handler of requests, connections or messages."""
    handled = (use for use in code.idioms.of("serve", "register") if use.idiom.role in _SERVED and use.module.language == "python")
    return any(each is not function for use in handled for each in code.idioms.handlers(use) if isinstance(each, Function))


def _beside(code: Code, function: Function) -> bool:
    """Whether an async function is started together with another one, which then stands still: `gather(tick(), poll())`, `create_task(poll())` beside `create_task(tick())`."""
    started = [node for call in code.project.calls(*_STARTS) for given in call.args if isinstance(given, Call) and isinstance(node := code.origins.of(given.callee).node, Function) and node.is_async]
    return function in started and any(each is not function and module_of(each).language == "python" for each in started)


def _in_loop(code: Code, call: Call, function: Function, fits: Callable[[Loop], bool], calls_above: int) -> bool:
    """Whether a call stands in such a loop, in its async function or in one that awaits it, over so many calls."""
    for above in call.up():
        if above is function:
            break
        if isinstance(above, Loop) and fits(above):
            return True
    calls = code.origins.calls_of(function) if calls_above else []
    return any((outer := function_of(each)) is not None and outer.is_async and _in_loop(code, each, outer, fits, calls_above - 1) for each in calls)


def _is_endless(loop: Loop) -> bool:
    """A loop without end: a poller beside a server."""
    return isinstance(loop.test, Literal) and bool(loop.test.value)


def _is_stream(loop: Loop) -> bool:
    """`async for message in consumer`, whose body runs for each message."""
    return loop.is_async


def _registered(code: Code, function: Function) -> bool:
    """Whether a decorator of some library, known or not, takes an async function as a handler: `@on(Action.boot_notification)`."""
    for decorator in function.decorators if function.is_async else ():
        named = decorator.callee if isinstance(decorator, Call) else decorator
        if last_name(named) in _REGISTERS and code.origins.of(named).kind == "external":
            return True
    cls = function.parent
    if function.is_async and isinstance(cls, ClassDef) and _HOOKS.search(function.name):
        # A method that a library's class calls: `class Bot(discord.Client): async def on_message(…)`.
        return any(code.origins.of(base).kind == "external" for base in cls.bases)
    return False


def _said_to_last(code: Code) -> Iterator[tuple[Function, Call]]:
    """Plain functions of Python whose remark says that they take seconds or more, with their calls."""
    for module in code.project.chosen.values():
        if module.language != "python" or not _TIME.search(module.written):
            continue
        for function in module.all(Function):
            if function.is_async or (said := own_length(function)) is None or said.seconds < 1 or any(True for _ in function.inside(Yield)):
                continue
            yield from ((function, call) for call in code.origins.calls_of(function))


def _spinning(code: Code) -> Iterator[Loop]:
    """`while (Date.now() < end) {}`: nothing is awaited, and only time ends it."""
    for call in code.project.calls("now"):
        for above in call.up():
            if isinstance(above, Function):
                break
            if isinstance(above, Loop) and above.test is not None and above.test.at <= call.at < above.test.end:
                if module_of(above).language != "python" and not any(True for _ in above.inside(Await)):
                    yield above
                break


def _iterated(code: Code) -> Iterator[tuple[Loop, Use]]:
    """Plain loops over what waits for each item (`block-loop`)."""
    made = {code.lifetimes.identity(code.lifetimes.born(use.call)): use for use in code.idioms.of("block-loop")}
    for loop in (each for module in code.project.chosen.values() for each in module.all(Loop)) if made else ():
        use = made.get(code.lifetimes.identity(code.origins.of(loop.over))) if isinstance(loop.over, (Name, Member, Call)) and not loop.is_async else None
        if use is not None:
            yield loop, use


PROBE = EventLoop()
