"""How does any source file look once its language no longer matters?

One small tree for Python, JavaScript, TypeScript and TSX. Readers (`read_js.py`, `read_py.py`) build it from tree-sitter's; everything
after them (scopes, roles, origins, idioms) knows this tree alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from callcheck.model.noun import dataclass, field, fields

if TYPE_CHECKING:
    from callcheck.sources.code.index import Index


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """Any part of the tree. Lines and columns count from 1."""

    line: int = field(default=0, kw_only=True)
    column: int = field(default=0, kw_only=True)
    end_line: int = field(default=0, kw_only=True)
    parent: Node | None = field(default=None, kw_only=True)
    at: int = field(default=-1, kw_only=True)
    """Its number in the module's source order, and below `end` the number after the last node inside it; -1 for a node made up later."""
    end: int = field(default=-1, kw_only=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}@{self.line}:{self.column}"

    def children(self) -> Iterator[Node]:
        """The nodes directly below, in source order of the fields."""
        for name in parts_of(type(self)):
            value = getattr(self, name)
            if isinstance(value, list):
                yield from (item for item in value if isinstance(item, Node))
            elif value is not None:
                yield value

    def walk(self) -> Iterator[Node]:
        """This node and all below it, functions and classes included, a node before what is inside it.

        To look for nodes of some classes only, ask `inside`, or `Module.all`: they look in the module's index.
        """
        order = self.order
        if order is not None:
            yield from order[self.at : self.end]
            return
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(list(node.children())))

    def inside(self, kind: type[NodeT]) -> list[NodeT]:
        """This node and all below it that are of a class, in source order."""
        if 0 <= self.at == self.end - 1:
            return [self] if self.__class__ is kind else []
        top = self.top
        if self.at < 0 or not isinstance(top, Module):
            return [node for node in self.walk() if isinstance(node, kind)]
        found = top.all(kind)
        return found[bisect_left(found, self.at, key=_place) : bisect_left(found, self.end, key=_place)]

    @property
    def top(self) -> Node:
        """The node above all others: the module, unless this one was made up later and put nowhere."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    @property
    def order(self) -> list[Node] | None:
        """All nodes of the module in source order, this one at the place `at`; None for a node made up later."""
        top = self.top
        return top.ordered if self.at >= 0 and isinstance(top, Module) else None

    def up(self) -> Iterator[Node]:
        """The nodes above, nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


NodeT = TypeVar("NodeT", bound=Node)
_place = attrgetter("at")
_HOLD = frozenset({"Node", "Node | None", "list[Node]", "list[Keyword]", "list[Entry]", "list[Param]", "list[Imported]", "list[Catch]", "list[str | Node]"})
"""Types of the fields in which nodes stand."""


_PARTS: dict[type[Node], tuple[str, ...]] = {}


def parts_of(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a node type in which nodes may stand."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(item.name for item in fields(kind) if item.name != "parent" and item.type in _HOLD)
    return _PARTS[kind]


# Expressions


@dataclass(slots=True, eq=False, repr=False)
class Name(Node):
    """`bus`, also `this` and `self`."""

    id: str


@dataclass(slots=True, eq=False, repr=False)
class Member(Node):
    """`bus.on`, `bus?.on`, `bus["on"]` with a literal key."""

    object: Node
    name: str


@dataclass(slots=True, eq=False, repr=False)
class Subscript(Node):
    """`table[key]` with a computed key."""

    object: Node
    key: Node


@dataclass(slots=True, eq=False, repr=False)
class Keyword(Node):
    """`timeout=3` in a Python call; `**options` has the name ""."""

    name: str
    value: Node


@dataclass(slots=True, eq=False, repr=False)
class Call(Node):
    """`f(x)`, `new F(x)` (new=True), `import("x")` (callee Name "import"); JSX elements are calls of their tag."""

    callee: Node
    args: list[Node]
    keywords: list[Keyword] = field(default_factory=list)
    new: bool = False

    def keyword(self, name: str) -> Node | None:
        """The value of a Python keyword argument, or of that key in the last object-literal argument (JavaScript)."""
        for item in self.keywords:
            if item.name == name:
                return item.value
        for arg in reversed(self.args):
            if isinstance(arg, Object):
                return arg.get(name)
        return None


@dataclass(slots=True, eq=False, repr=False)
class Literal(Node):
    """A string (also bytes and templates without holes), number, boolean, or None for null, None and undefined."""

    value: str | int | float | bool | None


@dataclass(slots=True, eq=False, repr=False)
class Template(Node):
    """An f-string or template literal with holes; strings and expressions in order."""

    parts: list[str | Node]

    @property
    def pattern(self) -> str:
        """The text with `*` for each hole."""
        return "".join(p if isinstance(p, str) else "*" for p in self.parts)

    @property
    def first_text(self) -> str:
        """The first of the strings; "" where there are holes alone."""
        return next((part for part in self.parts if isinstance(part, str)), "")


@dataclass(slots=True, eq=False, repr=False)
class Entry(Node):
    """`key: value` of an object or dict literal; a spread has the key None; a computed key has `computed`.

    In a destructuring pattern the value is the local name, and `default` what it takes for want of the key.
    """

    key: str | None
    value: Node
    computed: Node | None = None
    default: Node | None = None


@dataclass(slots=True, eq=False, repr=False)
class Object(Node):
    """An object or dict literal; methods are entries whose value is a Function."""

    entries: list[Entry]

    def get(self, key: str) -> Node | None:
        """The value at a literal key, the last one winning."""
        for entry in reversed(self.entries):
            if entry.key == key:
                return entry.value
        return None


@dataclass(slots=True, eq=False, repr=False)
class Sequence(Node):
    """A list, tuple, set or array literal."""

    items: list[Node]


@dataclass(slots=True, eq=False, repr=False)
class Await(Node):
    """`await x`."""

    value: Node


@dataclass(slots=True, eq=False, repr=False)
class Yield(Node):
    """`yield x`, `yield from x`."""

    value: Node | None


@dataclass(slots=True, eq=False, repr=False)
class Spread(Node):
    """`...x`, `*x`."""

    value: Node


@dataclass(slots=True, eq=False, repr=False)
class Operation(Node):
    """Any operator: `a + b`, `a ?? b`, `not a`, `typeof a`, comparisons. `a || b` has operator "||", Python's `or` too; `and` is "&&".

    A chain of one operator is one Operation (`a + b + c` has three operands); `a < b <= c` has the operator "< <=".
    """

    operator: str
    operands: list[Node]


@dataclass(slots=True, eq=False, repr=False)
class Conditional(Node):
    """`test ? a : b`, `a if test else b`."""

    test: Node
    then: Node
    orelse: Node


@dataclass(slots=True, eq=False, repr=False)
class Param(Node):
    """A parameter. `fields` are the keys it destructures (`({ text, from: who })` gives text, from); `kind` is "", "rest",
    "keywords" or "only" (given by keyword only).

    `binds` maps each destructured local name to the key it takes (`{"text": "text", "who": "from"}`).
    """

    name: str
    annotation: str = ""
    default: Node | None = None
    destructures: list[str] = field(default_factory=list)
    binds: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    property: bool = False
    """A TypeScript parameter property (`constructor(private readonly bus: Bus)`): it is also a field of the class."""
    decorators: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Function(Node):
    """A function, method, arrow function or lambda; an arrow's expression body is one Return."""

    name: str
    params: list[Param]
    body: list[Node]
    is_async: bool = False
    is_generator: bool = False
    decorators: list[Node] = field(default_factory=list)
    returns: str = ""
    """The return annotation as written."""
    arrow: bool = False
    static: bool = False
    accessor: str = ""
    """"get", "set" or ""."""


@dataclass(slots=True, eq=False, repr=False)
class ClassDef(Node):
    """A class; `body` holds its Functions, and its fields as Assign to Name."""

    name: str
    bases: list[Node]
    body: list[Node]
    decorators: list[Node] = field(default_factory=list)
    keywords: list[Keyword] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Opaque(Node):
    """Anything else; what is inside it is kept, so that nothing is lost to a walk."""

    kind: str
    items: list[Node] = field(default_factory=list)


# Statements (an expression statement is the expression itself)


@dataclass(slots=True, eq=False, repr=False)
class Imported(Node):
    """One name that an import brings: `imported` is "default", "*", or the exported name; `local` the name here.

    `alias` is the name here as written, where the uses of it are read by the package's own (`own_names`), which `local` is then.
    """

    imported: str
    local: str
    alias: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Import(Node):
    """`import a, {b as c} from "m"`, `from m import b as c`, `import m as c`, `export … from "m"` (reexport=True); also
    `const x = require("m")` ("*" to x) and `const {b} = require("m")` (b to b). Python's relative dots stay in `module`. `import "m"` and
    Python's `import a.b` without alias have one Imported("*", "a") or none. `export * from "m"` is Imported("*", "*") with reexport."""

    module: str
    names: list[Imported]
    reexport: bool = False
    type_only: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Export(Node):
    """`export const x`, `export default …`, `export {a as b}`, `module.exports = …`, `exports.b = …`: exported name -> local name or node.

    The declaration itself stands in the module body beside (before) the Export.
    """

    names: dict[str, str | Node]


@dataclass(slots=True, eq=False, repr=False)
class Assign(Node):
    """`target = value`; a declaration has `declared` "const", "let", "var" or, for class fields, "field"; Python's are "".

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


@dataclass(slots=True, eq=False, repr=False)
class Module(Node):
    """A whole file. `path` is relative to the project's root, with "/"."""

    path: str
    language: str
    """python, javascript or typescript (TSX and JSX included)."""
    body: list[Node]
    text: str = ""
    """What was read, with spaces in the place of comments and of the words of docstrings (`uncommented`)."""
    written: str = ""
    """The whole of it, as a report quotes it."""
    broken: list[int] = field(default_factory=list)
    """Lines at which the parser met a syntax error; the rest is read."""
    index: Index | None = None
    spelt: list[str] = field(default_factory=list)
    """The lines with values in the place of constants (`inlined`), and names of packages in the place of aliases, and `spelt_text` all of them; none if
    the file has neither."""
    spelt_text: str = ""
    _lines: list[str] | None = None

    def all(self, kind: type[NodeT]) -> list[NodeT]:
        """Every node of exactly this class, in source order: looked up, not walked to. The list is the index's own: leave it as it is."""
        return self._index.kinds.get(kind, [])  # type: ignore[return-value]

    def calls(self, *names: str) -> list[Call]:
        """Every call whose callee is a name, or a member, of one of these names (`bus.on(…)` and `on(…)` for "on"), in source order."""
        table = self._index.calls
        if len(names) == 1:
            return table.get(names[0], [])
        return sorted((call for name in set(names) for call in table.get(name, ())), key=_place)

    @property
    def ordered(self) -> list[Node]:
        """Every node, each at the place of its number."""
        return self._index.order

    @property
    def named_calls(self) -> dict[str, list[Call]]:
        """All calls by the last name of their callee ("" for what has none)."""
        return self._index.calls

    @property
    def lines(self) -> list[str]:
        """The lines of the file, split once."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines

    def line_of(self, node: Node) -> str:
        """The text of the line on which a node begins."""
        return self.lines[node.line - 1] if 0 < node.line <= len(self.lines) else ""

    @property
    def _index(self) -> Index:
        if self.index is None:
            from callcheck.sources.code.index import adopt

            adopt(self)
        assert self.index is not None
        return self.index


def dotted(node: Node | None) -> str:
    """`a.b.c` for names and members, "" for anything else."""
    if isinstance(node, Name):
        return node.id
    if isinstance(node, Member):
        inner = dotted(node.object)
        return f"{inner}.{node.name}" if inner else ""
    return ""


def last_name(node: Node | None) -> str:
    """`c` for `c` and `a.b.c`, whatever stands before it; "" for anything but a name or a member."""
    if isinstance(node, Name):
        return node.id
    return node.name if isinstance(node, Member) else ""
