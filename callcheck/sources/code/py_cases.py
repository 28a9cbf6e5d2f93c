"""How does Python's `match` look as a chain of Ifs?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from callcheck.sources.code.py_expressions import Expressions
from callcheck.sources.code.reading import EXTRAS
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Entry,
    If,
    Keyword,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Operation,
    Sequence,
    Spread,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax


class Cases(Expressions):
    """`match`, its patterns, and the joining of arms into one If."""

    def many_match_statement(self, node: Syntax) -> list[Node]:
        subject, block = node.child_by_field_name("subject"), node.child_by_field_name("body")
        arms: list[If] = []
        for case in block.named_children if block is not None else []:
            if case.type == "case_clause":
                arms.append(self.case(case, subject))
        if not arms:
            return [self.read(subject)]
        if len(arms) > 1 and isinstance(arms[-1].test, Literal) and arms[-1].test.value is True:
            return [self.ladder(arms[:-1], arms[-1].then)]
        return [self.ladder(arms, [])]

    def case(self, node: Syntax, subject: Syntax | None) -> If:
        """One case; a pattern that takes everything has the test True."""
        bound: list[Node] = []
        patterns = [child for child in node.named_children if child.type == "case_pattern"]
        if len(patterns) == 1:
            test = self.test(patterns[0], subject, bound)
        else:
            sequence = Sequence(self.all(patterns))
            self.place(sequence, node)
            test = Operation("match", [self.read(subject), sequence])
            self.place(test, node)
            for pattern in patterns:
                bound.extend(self.captures(pattern, _apart))
        guard = node.child_by_field_name("guard")
        if guard is not None:
            extra = self.read(self.inner(guard))
            if not test.line:
                self.place(test, patterns[0] if patterns else node)
            test = extra if isinstance(test, Literal) else Operation("&&", [test, extra])
        consequence = node.child_by_field_name("consequence")
        made = If(test, bound + (self.body(consequence.named_children) if consequence is not None else []))
        self.place(made, node)
        if not test.line:
            self.place(test, patterns[0] if patterns else node)
        return made

    def test(self, node: Syntax, subject: Syntax | None, bound: list[Node]) -> Node:
        """What must hold for a pattern; captures go to `bound`."""
        inner = self.inner(node)
        if inner is None:
            return Literal(True)
        if inner.type == "as_pattern":
            parts = [child for child in inner.named_children if child.type not in EXTRAS]
            bound.append(self.capture(parts[-1], self.read(subject)))
            return self.test(parts[0], subject, bound) if parts[0].type == "case_pattern" else Literal(True)
        bound.extend(self.captures(inner, partial(self.read, subject)))
        if inner.type == "union_pattern":
            return Operation(
                "||", [self.equal(part, subject) for part in inner.named_children if part.type not in EXTRAS]
            )
        if inner.type == "dotted_name" and inner.named_child_count == 1:
            return Literal(True)
        return self.equal(inner, subject)

    def captures(self, node: Syntax, value: Callable[[], Node]) -> Iterator[Node]:
        """What a pattern gives names to: `Chunk(content=piece)` makes `piece` of the subject's `content`."""
        if node.type == "dotted_name":
            if node.named_child_count == 1:
                yield self.capture(node, value())
            return
        parts = [child for child in node.named_children if child.type not in EXTRAS]
        if node.type == "class_pattern":
            for part in parts[1:]:
                held = self.inner(part)
                yield from self.captures(part, value if held is not None and held.type == "keyword_pattern" else _apart)
        elif node.type == "keyword_pattern":
            yield from self.captures(parts[-1], partial(self.of, value, self.text(parts[0]), parts[0]))
        elif node.type == "dict_pattern":
            keys, values = node.children_by_field_name("key"), node.children_by_field_name("value")
            for key, held in zip(keys, values):  # noqa: B905 - a broken pattern may lack a value
                read = self.read(key)
                name = read.value if isinstance(read, Literal) and isinstance(read.value, str) else ""
                yield from self.captures(held, partial(self.of, value, name, key) if name else _apart)
            for part in parts:
                if part.type == "splat_pattern":
                    yield from self.captures(part, _apart)
        elif node.type == "splat_pattern":
            if parts:
                yield self.capture(parts[-1], _apart())
        elif node.type in ("list_pattern", "tuple_pattern"):
            for part in parts:
                yield from self.captures(part, _apart)
        elif node.type == "as_pattern":
            yield from self.captures(parts[0], value)
            yield self.capture(parts[-1], _apart())
        elif node.type in ("case_pattern", "union_pattern", "group_pattern"):
            for part in parts:
                yield from self.captures(part, value)

    def capture(self, node: Syntax, value: Node) -> Node:
        target = Name(self.text(node))
        made = Assign([target], value)
        self.place(target, node)
        self.place(made, node)
        if not value.line:
            self.place(value, node)
        return made

    def of(self, value: Callable[[], Node], name: str, node: Syntax) -> Node:
        held = value()
        if not held.line:
            self.place(held, node)
        made = Member(held, name)
        self.place(made, node)
        return made

    def equal(self, node: Syntax, subject: Syntax | None) -> Node:
        """`subject == pattern` for a plain value, else "match" with the pattern in the shape of a like expression."""
        pattern = self.read(node)
        plain = isinstance(pattern, (Literal, Name, Member))
        made = Operation("==" if plain else "match", [self.read(subject), pattern])
        self.place(made, node)
        return made

    def on_case_pattern(self, node: Syntax) -> Node:
        """`_` and a sign before a number have no named child."""
        inner = self.inner(node)
        text = self.text(node)
        if inner is None:
            return Name(text)
        return self.signed(text[0], self.read(inner)) if text.startswith("-") else self.read(inner)

    def on_dotted_name(self, node: Syntax) -> Node:
        made: Node | None = None
        for child in node.named_children:
            made = Name(self.text(child)) if made is None else Member(made, self.text(child))
            self.place(made, node)
        return made or Name("")

    def on_class_pattern(self, node: Syntax) -> Node:
        made = Call(self.read(self.inner(node)), [])
        for part in self.all(node.named_children[1:]):
            if isinstance(part, Keyword):
                made.keywords.append(part)
            else:
                made.args.append(part)
        return made

    def on_keyword_pattern(self, node: Syntax) -> Node:
        parts = [child for child in node.named_children if child.type not in EXTRAS]
        return Keyword(self.text(parts[0]), self.read(parts[-1]))

    def on_dict_pattern(self, node: Syntax) -> Node:
        made = Object([])
        keys, values = node.children_by_field_name("key"), node.children_by_field_name("value")
        for key, value in zip(keys, values):  # noqa: B905 - a broken pattern may lack a value
            made.entries.append(self.entry(key, value))
        for rest in node.named_children:
            if rest.type == "splat_pattern":
                made.entries.append(Entry(None, self.read(self.inner(rest))))
                self.place(made.entries[-1], rest)
        return made

    def on_splat_pattern(self, node: Syntax) -> Node:
        return Spread(self.read(self.inner(node)))

    def on_union_pattern(self, node: Syntax) -> Node:
        return Operation("||", self.all(node.named_children))


def _apart() -> Node:
    """A part of the subject that no path leads to."""
    return Opaque("part")
