"""How does a Python expression look as our tree?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code import py_literals
from callcheck.sources.code.reading import EXTRAS, Reader
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Conditional,
    Entry,
    If,
    Keyword,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Operation,
    Sequence,
    Spread,
    Subscript,
    Template,
    Yield,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

_LOGIC = {"and": "&&", "or": "||"}


class Expressions(Reader):
    """Calls, literals, operators, comprehensions and assignments."""

    yields = False
    """A `yield` was met since the function began."""

    # Names and calls

    def on_attribute(self, node: Syntax) -> Node:
        return Member(self.read(node.child_by_field_name("object")), self.text(node.child_by_field_name("attribute")))

    def on_subscript(self, node: Syntax) -> Node:
        value = self.read(node.child_by_field_name("value"))
        keys = self.all(node.children_by_field_name("subscript"))
        key = keys[0] if len(keys) == 1 else Sequence(keys)
        if isinstance(key, Literal) and isinstance(key.value, str):
            return Member(value, key.value)
        if not key.line:
            self.place(key, node)
        return Subscript(value, key)

    def on_slice(self, node: Syntax) -> Node:
        return Opaque("slice", self.all(node.named_children))

    def on_call(self, node: Syntax) -> Node:
        callee = self.read(node.child_by_field_name("function"))
        args, keywords = self.arguments(node.child_by_field_name("arguments"))
        return Call(callee, args, keywords)

    def arguments(self, node: Syntax | None) -> tuple[list[Node], list[Keyword]]:
        args: list[Node] = []
        keywords: list[Keyword] = []
        if node is not None and node.type == "generator_expression":
            return [self.read(node)], keywords
        for child in node.named_children if node is not None else []:
            if child.type in EXTRAS:
                continue
            made = self.read(child)
            if isinstance(made, Keyword):
                keywords.append(made)
            else:
                args.append(made)
        return args, keywords

    def on_keyword_argument(self, node: Syntax) -> Node:
        return Keyword(self.text(node.child_by_field_name("name")), self.read(node.child_by_field_name("value")))

    def on_list_splat(self, node: Syntax) -> Node:
        return Spread(self.read(self.inner(node)))

    on_list_splat_pattern = on_parenthesized_list_splat = on_list_splat

    def on_print_statement(self, node: Syntax) -> Node:
        """Python 2."""
        return Call(Name("print"), self.all(node.named_children))

    # Literals

    def on_string(self, node: Syntax) -> Node:
        parts = self.string_parts(node)
        if all(isinstance(part, str) for part in parts):
            return Literal("".join(part for part in parts if isinstance(part, str)))
        return Template(parts)

    def on_concatenated_string(self, node: Syntax) -> Node:
        parts: list[str | Node] = []
        for child in node.named_children:
            if child.type == "string":
                parts += self.string_parts(child)
        if all(isinstance(part, str) for part in parts):
            return Literal("".join(part for part in parts if isinstance(part, str)))
        return Template(_joined(parts))

    def string_parts(self, node: Syntax) -> list[str | Node]:
        """Text and holes of one literal, in order."""
        parts: list[str | Node] = []
        prefix = ""
        for child in node.named_children:
            if child.type == "string_start":
                prefix = self.text(child).rstrip("'\"").lower()
            elif child.type == "string_content":
                text = py_literals.unescape(self.text(child), prefix)
                holes = "f" in prefix or "t" in prefix
                parts.append(text.replace("{{", "{").replace("}}", "}") if holes else text)
            elif child.type == "interpolation":
                parts.append(self.read(child.child_by_field_name("expression")))
        return _joined(parts)

    def on_integer(self, node: Syntax) -> Node:
        value = py_literals.number(self.text(node))
        return Opaque("number") if value is None else Literal(value)

    on_float = on_integer

    def on_true(self, node: Syntax) -> Node:
        return Literal(True)

    def on_false(self, node: Syntax) -> Node:
        return Literal(False)

    def on_none(self, node: Syntax) -> Node:
        return Literal(None)

    def on_ellipsis(self, node: Syntax) -> Node:
        return Opaque("...")

    def on_list(self, node: Syntax) -> Node:
        return Sequence(self.all(node.named_children))

    on_tuple = on_set = on_expression_list = on_list
    on_pattern_list = on_tuple_pattern = on_list_pattern = on_list

    def on_dictionary(self, node: Syntax) -> Node:
        made = Object([])
        for child in node.named_children:
            if child.type == "pair":
                made.entries.append(self.pair(child))
            elif child.type == "dictionary_splat":
                spread = Entry(None, self.read(self.inner(child)))
                self.place(spread, child)
                made.entries.append(spread)
        return made

    def pair(self, node: Syntax) -> Entry:
        made = self.entry(node.child_by_field_name("key"), node.child_by_field_name("value"))
        self.place(made, node)
        return made

    def entry(self, key: Syntax | None, value: Syntax | None) -> Entry:
        name = self.read(key)
        if isinstance(name, Literal) and isinstance(name.value, str):
            made = Entry(name.value, self.read(value))
        else:
            made = Entry(None, self.read(value), computed=name)
        made.line, made.column, made.end_line = name.line, name.column, made.value.end_line
        return made

    def on_pair(self, node: Syntax) -> Node:
        return Object([self.pair(node)])

    # Operators

    def on_parenthesized_expression(self, node: Syntax) -> Node:
        return self.read(self.inner(node))

    def on_binary_operator(self, node: Syntax) -> Node:
        return self.chain(node, str)

    def on_boolean_operator(self, node: Syntax) -> Node:
        return self.chain(node, lambda word: _LOGIC.get(word, word))

    def on_not_operator(self, node: Syntax) -> Node:
        return Operation("not", [self.read(node.child_by_field_name("argument"))])

    def on_unary_operator(self, node: Syntax) -> Node:
        operand = self.read(node.child_by_field_name("argument"))
        return self.signed(self.text(node.child_by_field_name("operator")), operand)

    def on_comparison_operator(self, node: Syntax) -> Node:
        words = [" ".join(self.text(child).split()) for child in node.children_by_field_name("operators")]
        return Operation(" ".join(words), self.all(node.named_children if len(words) == 0 else _operands(node)))

    def on_conditional_expression(self, node: Syntax) -> Node:
        parts = self.all(node.named_children)
        return Conditional(parts[1], parts[0], parts[2]) if len(parts) == 3 else Opaque("conditional_expression", parts)

    def on_await(self, node: Syntax) -> Node:
        return Await(self.read(self.inner(node)))

    def on_yield(self, node: Syntax) -> Node:
        self.yields = True
        value = self.inner(node)
        return Yield(None if value is None else self.read(value))

    # Comprehensions

    def on_list_comprehension(self, node: Syntax) -> Node:
        made: list[Node] = [self.read(node.child_by_field_name("body"))]
        for clause in reversed(node.named_children):
            if clause.type == "if_clause":
                made = [If(self.read(self.inner(clause)), made)]
            elif clause.type == "for_in_clause":
                target, over = (self.read(clause.child_by_field_name(name)) for name in ("left", "right"))
                first = clause.child(0)
                made = [Loop(made, target, over, is_async=first is not None and first.type == "async")]
            else:
                continue
            self.place(made[0], clause)
        return Opaque("comprehension", made)

    on_set_comprehension = on_dictionary_comprehension = on_generator_expression = on_list_comprehension

    # Assignments

    def on_named_expression(self, node: Syntax) -> Node:
        return Assign([self.read(node.child_by_field_name("name"))], self.read(node.child_by_field_name("value")))

    def on_assignment(self, node: Syntax) -> Node:
        targets = [self.read(node.child_by_field_name("left"))]
        annotation = self.text(node.child_by_field_name("type"))
        value = node.child_by_field_name("right")
        while value is not None and value.type == "assignment":
            targets.append(self.read(value.child_by_field_name("left")))
            value = value.child_by_field_name("right")
        return Assign(targets, None if value is None else self.read(value), annotation=annotation)

    def on_augmented_assignment(self, node: Syntax) -> Node:
        operator = self.text(node.child_by_field_name("operator"))
        return Assign(
            [self.read(node.child_by_field_name("left"))],
            self.read(node.child_by_field_name("right")),
            operator=operator,
        )


def _operands(node: Syntax) -> list[Syntax]:
    return [
        child for i, child in enumerate(node.children) if child.is_named and node.field_name_for_child(i) != "operators"
    ]


def _joined(parts: list[str | Node]) -> list[str | Node]:
    """Neighbouring texts made one."""
    made: list[str | Node] = []
    for part in parts:
        if isinstance(part, str) and made and isinstance(made[-1], str):
            made[-1] += part
        elif part != "":
            made.append(part)
    return made
