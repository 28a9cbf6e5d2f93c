"""Which readers of a Redis stream begin behind what it holds when they start?

    last = "$"                                        # what is added from the first XREAD on
    while entries := r.xread({"results": last}, block=20000): ...

For a program that stays that is as good as any; one that a timetable starts anew passes over all that came since its last run.
Source: redis.io/docs/latest/commands/xread, "The special $ ID".
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import CallNoted
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Sequence,
    dotted,
    last_name,
)

_READS = ("xread", "xRead")
_ADDS = ("xadd", "xAdd")


class StreamEnds:
    """Silent where the file adds to a stream itself: it may wait for the answer to what it asks."""

    name = "stream-ends"
    looks_at = Sight.SOURCE
    about = ("subscribe", "stream")
    answers = frozenset({CallNoted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        told: set[int] = set()
        for use in code.idioms.of("subscribe", "stream"):
            method = last_name(use.call.callee)
            if method not in _READS or id(use.call) in told or is_test(use.module.path) or any(True for _ in use.module.calls(*_ADDS)):
                continue
            told.add(id(use.call))
            begins = [_dollar(use.call, node) for node in _ids(code, use.call)]
            first = begins[0] if begins and all(begins) else None
            if first is not None:
                event = clean(next(iter(code.idioms.events(use)), ""), 80)
                fact = CallNoted("reads-from-now", method, event, code.lifetimes.role(use.function), use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, first, self.name, label="$ is the end of the stream at the time of the call"),))


def _ids(code: Code, call: Call) -> list[Node]:
    """The ids after which a call reads, one for each stream."""
    if module_of(call).language == "python":
        given = call.keyword("streams") or next(iter(call.args), None)
        held = given_once(code.origins, given) if isinstance(given, (Name, Member)) else None
        given = held.value if held is not None else given
        return [entry.value for entry in given.entries] if isinstance(given, Object) else []
    words = [str(each.value).upper() if isinstance(each, Literal) else "" for each in call.args]
    if "STREAMS" in words:
        rest = call.args[words.index("STREAMS") + 1 :]
        return rest[len(rest) // 2 :]
    objects = [each for arg in call.args for each in (arg.items if isinstance(arg, Sequence) else [arg]) if isinstance(each, Object)]
    return [node for each in objects if (node := each.get("id")) is not None]


def _dollar(call: Call, node: Node) -> Node | None:
    """Where an id is said to be `$`: at its place, or as the first value of its variable, which only the loop of the reader changes."""
    if isinstance(node, Literal):
        return node if node.value == "$" else None
    if not isinstance(node, (Name, Member)):
        return None
    wanted = dotted(node)
    for scope in _scopes(call, node):
        assigned = scope.all(Assign) if isinstance(scope, Module) else scope.inside(Assign)
        given = [each for each in assigned if each.value is not None and any(dotted(target) == wanted for target in each.targets)]
        if given:
            begins = [each for each in given if not any(isinstance(above, Loop) for above in each.up())]
            return begins[0] if len(begins) == 1 and isinstance(begins[0].value, Literal) and begins[0].value.value == "$" else None
    return None


def _scopes(call: Call, node: Node) -> Iterator[Function | Module]:
    """The functions around a call, from within, and its file; for a field of an object the file alone."""
    if isinstance(node, Name):
        yield from (above for above in call.up() if isinstance(above, Function))
    yield module_of(call)


PROBE = StreamEnds()
