"""What do all language readers share? A walk over tree-sitter's tree that never raises and never goes too deep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from sys import intern
from typing import TYPE_CHECKING, Any, ClassVar

from callcheck.sources import noted
from callcheck.sources.code.index import adopt, numbers
from callcheck.sources.code.tree import If, Literal, Module, Node, Opaque, Operation
from callcheck.sources.code.uncommented import uncommented

if TYPE_CHECKING:
    from tree_sitter import Language
    from tree_sitter import Node as Syntax

DEEPEST = 200
"""Levels of syntax that are read, about three Python frames each; below stands an Opaque "deep"."""

WIDEST_NEST = 50
"""Longest chain of differing operators, or of cases, that is nested; what goes on longer lies flat."""

BROKEN = 20
"""Most lines named as broken."""

EXTRAS = frozenset({"comment", "html_comment", "line_continuation", "hash_bang_line", "empty_statement"})


class Reader:
    """One reading of one file.

    A subclass has a method `on_<type>` for each syntax node that is one node of ours, and `many_<type>` for each
    statement that may be several or none; whatever has neither becomes an Opaque that keeps what is inside.
    """

    one: ClassVar[dict[str, Callable[[Any, Syntax], Node]]] = {}
    many: ClassVar[dict[str, Callable[[Any, Syntax], list[Node]]]] = {}

    def __init_subclass__(cls) -> None:
        cls.one = {name[3:]: getattr(cls, name) for name in dir(cls) if name.startswith("on_")}
        cls.many = {name[5:]: getattr(cls, name) for name in dir(cls) if name.startswith("many_")}

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.numbers = numbers(source.count(b"\n") + 3)
        self.depth = 0
        self.last: Syntax | None = None

    def text(self, node: Syntax | None) -> str:
        """The source of a syntax node."""
        return "" if node is None else intern(self.source[node.start_byte : node.end_byte].decode("utf-8", "replace"))

    def place(self, made: Node, node: Syntax, start: Syntax | None = None) -> None:
        """Give a node its position, from 1."""
        row, column = (start or node).start_point
        made.line = self.numbers[row + 1]
        made.column = column + 1
        made.end_line = self.numbers[node.end_point[0] + 1]

    def read(self, node: Syntax | None) -> Node:
        """The node of ours for one syntax node."""
        if node is None:
            return self.missing()
        if self.depth >= DEEPEST:
            made: Node = Opaque("deep")
        else:
            self.last = node
            depth = self.depth
            self.depth = depth + 1
            handler = self.one.get(node.type)
            try:
                made = handler(self, node) if handler else self.other(node)
            except RecursionError:  # the caller may stand deep in the stack already
                made = Opaque("deep")
            self.depth = depth
        if not made.line:
            self.place(made, node)
        return made

    def missing(self) -> Node:
        """The stand-in for what broken code leaves out, placed near it."""
        made = Opaque("missing")
        if self.last is not None:
            self.place(made, self.last)
        return made

    def all(self, nodes: Iterable[Syntax]) -> list[Node]:
        """Expressions in order, comments left out."""
        made = []
        for node in nodes:
            if node.type not in EXTRAS:
                made.append(self.read(node))
        return made

    def body(self, nodes: Iterable[Syntax]) -> list[Node]:
        """Statements in order."""
        made: list[Node] = []
        for node in nodes:
            if node.type in EXTRAS:
                continue
            several = self.many.get(node.type)
            if several is None:
                made.append(self.read(node))
            elif self.depth >= DEEPEST:
                made.append(self.deep(node))
            else:
                made += self.statements(several, node)
        return made

    def statements(self, several: Callable[[Any, Syntax], list[Node]], node: Syntax) -> list[Node]:
        """What one statement gives that may be several."""
        depth = self.depth
        self.depth = depth + 1
        try:
            made = several(self, node)
        except RecursionError:
            made = [Opaque("deep")]
        self.depth = depth
        for item in made:
            if not item.line:
                self.place(item, node)
        return made

    def deep(self, node: Syntax) -> Node:
        """The stand-in for what lies too deep."""
        made = Opaque("deep")
        self.place(made, node)
        return made

    def other(self, node: Syntax) -> Node:
        """Syntax without a method of its own."""
        several = self.many.get(node.type)
        return Opaque(node.type, several(self, node) if several else self.all(node.named_children))

    def many_ERROR(self, node: Syntax) -> list[Node]:
        """What can be read inside a syntax error stands where the error is."""
        return self.body(node.named_children)

    def inner(self, node: Syntax) -> Syntax | None:
        """The first named child that is no comment."""
        for child in node.named_children:
            if child.type not in EXTRAS:
                return child
        return None

    def chain(self, node: Syntax, spell: Callable[[str], str]) -> Node:
        """Binary operators, read along their left spine so that a sum of a thousand parts needs no depth."""
        kind, spine = node.type, []
        at: Syntax | None = node
        while at is not None and at.type == kind:
            spine.append(at)
            at = at.child_by_field_name("left")
        made, nested = self.read(at), 0
        for part in reversed(spine):
            operator = spell(self.text(part.child_by_field_name("operator")))
            right = self.read(part.child_by_field_name("right"))
            if (
                isinstance(made, Operation)
                and part is not spine[-1]
                and (made.operator == operator or nested > WIDEST_NEST)
            ):
                made.operands.append(right)
                made.end_line = right.end_line
            else:
                made, nested = Operation(operator, [made, right]), nested + 1
                self.place(made, part)
        return made

    def signed(self, operator: str, operand: Node) -> Node:
        """A sign before a number is part of the number."""
        if isinstance(operand, Literal) and type(operand.value) in (int, float) and operator in ("-", "+"):
            return Literal(-operand.value if operator == "-" else operand.value)  # type: ignore[operator]
        return Operation(operator, [operand])

    def ladder(self, arms: list[If], last: list[Node]) -> Node:
        """Arms chained in `orelse`; beyond fifty the rest lies side by side."""
        flat = arms[WIDEST_NEST:]
        if flat:
            flat[-1].orelse = last
            last = list(flat)
        for arm in reversed(arms[:WIDEST_NEST]):
            arm.orelse = last
            last = [arm]
        return arms[0]


def grammar(package: str, name: str) -> Language:
    """One of the grammars of an installed package.

    Only the C module is loaded: the package itself imports importlib.resources (for queries we do not use), and with it inspect, tempfile
    and shutil, which takes longer than reading a small project.
    """
    from importlib.machinery import PathFinder
    from importlib.util import find_spec, module_from_spec
    from pathlib import Path

    from tree_sitter import Language

    found = find_spec(package)
    spec = PathFinder.find_spec(f"{package}._binding", found.submodule_search_locations) if found else None
    if spec is None or spec.loader is None:
        raise ImportError(f"{package} is not installed", name=package)
    noted.place(Path(str(spec.origin)))
    binding = module_from_spec(spec)
    spec.loader.exec_module(binding)
    return Language(getattr(binding, name)())


def parse(grammar: Language, reader: type[Reader], text: str, path: str, language: str) -> Module:
    """Parse and convert one file; never raises on any text."""
    from tree_sitter import Parser

    source = text.encode("utf-8", "replace")
    root = Parser(grammar).parse(source).root_node
    # A root may itself be an error (binary content, nothing but garbage); its children are read all the same.
    module = Module(path, language, reader(source).body(root.named_children), text=uncommented(source, root, language) or text, written=text, broken=broken(root))
    module.line, module.column, module.end_line = 1, 1, root.end_point[0] + 1
    return adopt(module)


def broken(root: Syntax) -> list[int]:
    """Lines (from 1) of syntax errors and of what the parser had to invent, in order, at most 20."""
    lines: list[int] = []
    stack = [root] if root.has_error else []
    while stack and len(lines) < BROKEN:
        node = stack.pop()
        line = node.start_point[0] + 1
        if node.is_error or node.is_missing:
            if line not in lines:
                lines.append(line)
            continue
        stack += [child for child in reversed(node.children) if child.has_error or child.is_missing]
    return sorted(lines)
