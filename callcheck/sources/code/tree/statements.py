"""What is done in a file: assignments, branches, loops, and how they are left?

An expression statement is the expression itself.
"""

from __future__ import annotations

from callcheck.model.noun import dataclass, field
from callcheck.sources.code.tree.nodes import Node


@dataclass(slots=True, eq=False, repr=False)
class Assign(Node):
    """`target = value`; a declaration has `declared` "const", "let", "var" or, for class fields, "field" and "static"; Python's are "".

    Destructuring (`const { a: b } = x`, `a, b = x`): `targets` holds one Object or Sequence of the target names. An annotated or
    bare declaration has `annotation`, and value None if there is none. `+=` and its like give `operator`.
    """

    targets: list[Node]
    value: Node | None
    declared: str = ""
    annotation: str = ""
    operator: str = ""
    decorators: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Return(Node):
    """`return x`."""

    value: Node | None


@dataclass(slots=True, eq=False, repr=False)
class Raise(Node):
    """`raise x`, `throw x`; value None re-raises."""

    value: Node | None


@dataclass(slots=True, eq=False, repr=False)
class If(Node):
    """`if`; `switch` and `match` are an If a case, chained in `orelse`."""

    test: Node
    then: list[Node]
    orelse: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Loop(Node):
    """`for x in y`, `for (const x of y)` (target and over), `for await` and `async for` (is_async), `while` and `for(;;)` (test).
    A comprehension is a Loop inside an Opaque "comprehension"."""

    body: list[Node]
    target: Node | None = None
    over: Node | None = None
    test: Node | None = None
    is_async: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Catch(Node):
    """`except (A, B) as e`, `catch (e)`; types are dotted names as written, [] catches all."""

    types: list[str]
    name: str
    body: list[Node]

    @property
    def broad(self) -> bool:
        """Whether it takes any error: it names none, or the class of all."""
        return not self.types or not {"Exception", "BaseException"}.isdisjoint(self.types)


@dataclass(slots=True, eq=False, repr=False)
class Try(Node):
    """`try`; Python's `else` is the end of `body`."""

    body: list[Node]
    catches: list[Catch]
    final: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class With(Node):
    """`with a as b` (items: a, and Assign(b, a) where named); is_async for `async with`."""

    items: list[Node]
    body: list[Node]
    is_async: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Block(Node):
    """A bare block or a labelled statement."""

    body: list[Node]
