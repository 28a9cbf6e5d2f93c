"""What is a part of a tree, and the file that holds all of them?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from callcheck.model.noun import dataclass, field, fields

if TYPE_CHECKING:
    from callcheck.sources.code.index import Index
    from callcheck.sources.code.tree.expressions import Call

_HOLD = frozenset({"Node", "Node | None", "list[Node]", "list[Keyword]", "list[Entry]", "list[Param]", "list[Imported]", "list[Catch]", "list[str | Node]"})
"""Types of the fields in which nodes stand."""
_PARTS: dict[type[Node], tuple[str, ...]] = {}


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


def parts_of(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a node type in which nodes may stand."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(item.name for item in fields(kind) if item.name != "parent" and item.type in _HOLD)
    return _PARTS[kind]


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
    _written_lines: list[str] | None = None

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

    @property
    def written_lines(self) -> list[str]:
        """The same of the whole of it, remarks too."""
        if self._written_lines is None:
            self._written_lines = self.written.split("\n")
        return self._written_lines

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
