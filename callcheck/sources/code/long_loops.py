"""Which loops take so many rounds, with nothing awaited in them, that they last a second or more?

    for (let i = 0; i < 50_000_000; i += 1) total += i * i;
    function price(legs, draws) { for (let n = 0; n < draws; n++) for (const leg of legs) sum += walk(leg); }      price(legs, 200_000)
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Literal,
    Loop,
    Name,
    Node,
    Operation,
    Param,
    Return,
    Yield,
    dotted,
)

_BELOW = ("<", "<=", "!=", "!==")
_MANY = 1_000_000
"""Rounds that take a second or more if each calls something; ten times as many of others."""
_SOME = 10
"""Rounds that an inner loop over data is taken to have."""


def long_loops(code: Code) -> Iterator[Loop]:
    """Those that count so far, by themselves or with the loops that each of their rounds goes through."""
    for module in code.project.chosen.values():
        for loop in module.all(Loop):
            bound = bound_of(loop)
            rounds = _told(code, bound) if bound is not None else 0
            if bound is None or rounds <= 1:
                continue
            works = any(not bound.at <= call.at < bound.end for call in loop.inside(Call))
            rounds *= max((_rounds(code, inner) for inner in loop.inside(Loop) if inner is not loop and within_round(inner, loop)), default=1)
            asks = module.language != "python" and any(True for _ in bound.inside(Call))
            if rounds >= (_MANY if works else _MANY * 10) and not asks and not any(True for kind in (Await, Yield, Return) for _ in loop.inside(kind)):
                yield loop


def rounds_of(code: Code, loop: Loop) -> float:
    """How many rounds a loop counts at most; 0 if none are told."""
    bound = bound_of(loop)
    return _told(code, bound) if bound is not None else 0


def bound_of(loop: Loop) -> Node | None:
    """What says how far a loop counts: `range(n)`, or the comparison in JavaScript."""
    if loop.is_async:
        return None
    if module_of(loop).language == "python":
        return loop.over if isinstance(loop.over, Call) and dotted(loop.over.callee) == "range" else None
    return loop.test if isinstance(loop.test, Operation) and loop.test.operator in _BELOW else None


def within_round(inner: Node, outer: Loop) -> bool:
    """Whether a loop runs in each round of another, and is not part of a function that stands there."""
    for above in inner.up():
        if above is outer or isinstance(above, Function):
            return above is outer
    return False


def _rounds(code: Code, loop: Loop) -> float:
    """How many rounds an inner loop has: as many as are told, or a few if it goes over data."""
    bound = bound_of(loop)
    return max(_told(code, bound) if bound is not None else 1, _SOME)


def _told(code: Code, bound: Node) -> float:
    """The largest number that a bound tells, by itself or by what a name in it stands for; the step of a `range` is none."""
    parts = bound.args[:2] if isinstance(bound, Call) else [bound]
    written = max((each.value for part in parts for each in part.walk() if isinstance(each, Literal) and isinstance(each.value, (int, float))), default=0)
    return max([written, *(_named(code, name) for part in parts for name in part.walk() if isinstance(name, Name))])


def _named(code: Code, name: Name) -> float:
    """The number that a name is given once, or the largest that the calls of its function give it as a parameter; 0 if none is told."""
    param = code.origins.of(name).node
    kept = next((number for node in (name, param) if (number := number_of(code.origins, node)) is not None), None)
    if kept is not None:
        return kept
    if not isinstance(param, Param) or not isinstance(param.parent, Function) or param.name != name.id:
        return 0
    given = (value for call in code.origins.calls_of(param.parent) for each, value in given_by(param.parent, call) if each is param and isinstance(value, Node))
    return max((number for value in given if (number := number_of(code.origins, value)) is not None), default=0)
