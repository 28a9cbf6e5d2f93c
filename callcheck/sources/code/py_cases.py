"""How does Python's `match` look as a chain of Ifs?"""

from __future__ import annotations

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
            bound.append(self.capture(parts[-1], subject))
            return self.test(parts[0], subject, bound) if parts[0].type == "case_pattern" else Literal(True)
        if inner.type == "union_pattern":
            return Operation(
                "||", [self.equal(part, subject) for part in inner.named_children if part.type not in EXTRAS]
            )
        if inner.type == "dotted_name" and inner.named_child_count == 1:
            bound.append(self.capture(inner, subject))
            return Literal(True)
        return self.equal(inner, subject)

    def capture(self, node: Syntax, subject: Syntax | None) -> Node:
        target = Name(self.text(node))
        made = Assign([target], self.read(subject))
        self.place(target, node)
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
