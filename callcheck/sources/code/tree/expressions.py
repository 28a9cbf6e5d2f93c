"""What is an expression: names, members, calls, literals, operators?"""

from __future__ import annotations

from callcheck.model.noun import dataclass, field
from callcheck.sources.code.tree.nodes import Node


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
class Opaque(Node):
    """Anything else; what is inside it is kept, so that nothing is lost to a walk."""

    kind: str
    items: list[Node] = field(default_factory=list)


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


def unbound(node: Node) -> Node:
    """`f` for `f.bind(this)`, and any other expression as it is."""
    return node.callee.object if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "bind" else node
