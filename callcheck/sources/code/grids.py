"""Which computations go over so many cells, or call themselves so often, that they last seconds however small the data looks?

    const cols = Math.ceil((maxX - minX) / cell);
    for (let y = 0; y < rows; y++) for (let x = 0; x < cols; x++) sum += heightAt(points, x, y);      each cell goes over all points
    function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }                                   each step doubles the calls
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.long_loops import bound_of, within_round
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Return,
    Yield,
    last_name,
)

MARKS = ("Math.ceil(", "Math.floor(", "Math.round(", "ceil(", "int(", "* 4", "*4", "- 2)", "-2)")
"""One of these stands in whatever has such a computation."""
_CHANNELS = (3, 4)
"""Bytes of one pixel in a raw picture."""
_REMEMBERED = pattern(r"(?i)memo|cache|seen|\.has\(|\.get\(|\[n\]")
_DIVIDES = frozenset({"/", "//"})
_FEW = pattern(r"(?i)day|hour|min|sec|ms$|slot|week|month|year|page|per|chunk|batch|limit|size$|interval|duration")
"""Last names of what time and lists are divided by: there are few days and pages."""
_OVER_ALL = frozenset({"reduce", "forEach", "map", "filter", "some", "every", "find"})


def grids(code: Code) -> Iterator[Loop]:
    """Outer loops over a grid whose sides are quotients, or over a picture's pixels, with a loop over data in each cell."""
    for module in code.project.chosen.values():
        for loop in module.all(Loop):
            if not _is_side(code, loop):
                continue
            inner = next((each for each in loop.inside(Loop) if each is not loop and within_round(each, loop) and _is_side(code, each)), None)
            waits = any(within_round(each, loop) for kind in (Await, Yield, Return) for each in loop.inside(kind))
            if inner is not None and not waits and _goes_over(code, inner):
                yield loop


def doubling(code: Code) -> Iterator[Function]:
    """Functions of which each call makes two more of the next smaller sizes, and that keep no answer."""
    for module in code.project.chosen.values():
        for operation in module.all(Operation):
            function = function_of(operation)
            if operation.operator != "+" or len(operation.operands) != 2 or function is None or not function.name:
                continue
            if all(_on_less(each, function) for each in operation.operands) and not _REMEMBERED.search(module.text[function.at : function.end]):
                yield function


def _on_less(node: Node, function: Function) -> bool:
    """`fib(n - 1)`, where `n` is the function's own parameter."""
    if isinstance(node, Await) or not isinstance(node, Call) or last_name(node.callee) != function.name or len(node.args) != 1:
        return False
    less = node.args[0]
    return (
        isinstance(less, Operation)
        and less.operator == "-"
        and isinstance(less.operands[0], Name)
        and less.operands[0].id in {param.name for param in function.params}
        and isinstance(less.operands[-1], Literal)
    )


def _is_side(code: Code, loop: Loop) -> bool:
    """Whether a loop counts along one side of a grid: to a quotient (`extent / cell`), or over pixels."""
    bound = bound_of(loop)
    if bound is None:
        return False
    if any(_quotient(code, name) for name in bound.walk() if isinstance(name, (Name, Operation))):
        return True
    sides = {last_name(each) for each in bound.walk() if isinstance(each, (Name, Member))}
    pixels = (each for each in loop.inside(Operation) if each.operator == "*" and any(isinstance(part, Literal) and part.value in _CHANNELS for part in each.operands))
    return bool(sides & {"width", "height", "w", "h"}) and any(True for _ in pixels)


def _quotient(code: Code, node: Node) -> bool:
    """Whether a number is what two computed ones divide to, rounded or not."""
    held = given_once(code.origins, node) if isinstance(node, Name) else None
    value: Node | None = held.value if isinstance(held, Assign) else node if isinstance(node, Operation) else None
    divided = (each for each in value.walk() if isinstance(each, Operation) and each.operator in _DIVIDES) if value is not None else ()
    return any(not isinstance(part, Literal) and not _FEW.search(last_name(part)) for each in divided for part in each.operands[1:])


def _goes_over(code: Code, cell: Loop) -> bool:
    """Whether each round of the innermost side goes over data: by a loop of its own, or in a plain function that it calls."""
    if any(within_round(each, cell) for each in cell.inside(Loop) if each is not cell):
        return True
    for call in cell.inside(Call):
        made = code.origins.of(call.callee).node
        if isinstance(made, Function) and not made.is_async and any(True for _ in made.inside(Loop)):
            return True
        if last_name(call.callee) in _OVER_ALL and call.args:
            return True
    return False
