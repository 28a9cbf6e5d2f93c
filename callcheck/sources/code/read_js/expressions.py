"""How does a JavaScript or TypeScript expression look as our tree?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.read_js import literals
from callcheck.sources.code.reading import EXTRAS, Reader
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Conditional,
    Entry,
    Literal,
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

_AWAIT_TOO_FAR_IN = frozenset({"await_expression", "call_expression", "member_expression", "subscript_expression"})
"""Kinds of expressions that are read as an `await` where this belongs around what they stand in; in parentheses it belongs where it is."""


class Expressions(Reader):
    """Names, calls, literals, operators and assignments."""

    # Names and calls

    def on_identifier(self, node: Syntax) -> Node:
        return Name(self.text(node))

    on_this = on_super = on_import = on_private_property_identifier = on_shorthand_property_identifier = on_identifier
    on_shorthand_property_identifier_pattern = on_property_identifier = on_type_identifier = on_identifier

    def on_undefined(self, node: Syntax) -> Node:
        return Literal(None)

    on_null = on_undefined

    def on_meta_property(self, node: Syntax) -> Node:
        """`import.meta`, `new.target`."""
        first, _, last = self.text(node).partition(".")
        name = Name(first.strip())
        self.place(name, node)
        return Member(name, last.strip())

    def on_member_expression(self, node: Syntax) -> Node:
        whose, name = node.child_by_field_name("object"), self.text(node.child_by_field_name("property"))
        value = self.read(whose)
        return self.waiting(node, whose, Member(value, name), "object", value)

    on_nested_identifier = on_member_expression

    def on_subscript_expression(self, node: Syntax) -> Node:
        whose = node.child_by_field_name("object")
        value, key = self.read(whose), self.read(node.child_by_field_name("index"))
        around = Member(value, key.value) if isinstance(key, Literal) and isinstance(key.value, str) else Subscript(value, key)
        return self.waiting(node, whose, around, "object", value)

    def on_call_expression(self, node: Syntax) -> Node:
        called, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        callee = self.read(called)
        if given is not None and given.type == "template_string":
            return Call(callee, [self.read(given)])
        args = self.all(given.named_children) if given is not None else []
        if len(args) == 1 and isinstance(callee, Name) and callee.id == "await":
            return Await(args[0])
        return self.waiting(node, called, Call(callee, args), "callee", callee)

    def waiting(self, node: Syntax, inner: Syntax | None, around: Node, slot: str, value: Node) -> Node:
        """What stands around an expression, which it has in a slot. tree-sitter reads `await f<T>(x)` as `(await f)<T>(x)`, and `await (f())` as a
        call of `await`, so `await (f()).g()` as `(await (f())).g()`: what is waited for is the whole."""
        if not isinstance(value, Await) or inner is None or inner.type not in _AWAIT_TOO_FAR_IN:
            return around
        setattr(around, slot, value.value)
        value.value = around
        self.place(around, node)
        self.place(value, node)
        return value

    def on_new_expression(self, node: Syntax) -> Node:
        given = node.child_by_field_name("arguments")
        args = self.all(given.named_children) if given is not None else []
        return Call(self.read(node.child_by_field_name("constructor")), args, new=True)

    # What leaves the inner expression standing

    def on_parenthesized_expression(self, node: Syntax) -> Node:
        return self.read(self.inner(node))

    on_as_expression = on_satisfies_expression = on_non_null_expression = on_instantiation_expression = (
        on_parenthesized_expression
    )
    on_decorator = on_expression_statement = on_computed_property_name = on_parenthesized_expression

    def on_type_assertion(self, node: Syntax) -> Node:
        """`<Foo>bar`"""
        parts = [child for child in node.named_children if child.type not in EXTRAS]
        return self.read(parts[-1] if parts else None)

    # Literals

    def on_string(self, node: Syntax) -> Node:
        return Literal(literals.unescape(self.quoted(node)))

    def quoted(self, node: Syntax) -> str:
        """The raw text between the quotes, the closing one perhaps missing."""
        text = self.text(node)
        return text[1:-1] if len(text) > 1 and text[-1] == text[0] else text[1:]

    def on_template_string(self, node: Syntax) -> Node:
        parts: list[str | Node] = []
        at = node.start_byte + 1
        for child in node.named_children:
            if child.type == "template_substitution":
                parts += [self.cooked(at, child.start_byte), self.read(self.inner(child))]
                at = child.end_byte
        parts.append(self.cooked(at, node.end_byte - self.text(node)[1:].endswith("`")))
        if len(parts) == 1 and isinstance(parts[0], str):
            return Literal(parts[0])
        return Template([part for part in parts if part != ""])

    def cooked(self, start: int, end: int) -> str:
        return literals.unescape(self.source[start:end].decode("utf-8", "replace"))

    def on_number(self, node: Syntax) -> Node:
        value = literals.number(self.text(node))
        return Opaque("number") if value is None else Literal(value)

    def on_true(self, node: Syntax) -> Node:
        return Literal(True)

    def on_false(self, node: Syntax) -> Node:
        return Literal(False)

    def on_regex(self, node: Syntax) -> Node:
        """Its pattern is kept as text inside."""
        pattern = node.child_by_field_name("pattern")
        text = Literal(self.text(pattern))
        self.place(text, pattern or node)
        return Opaque("regex", [text])

    def on_array(self, node: Syntax) -> Node:
        return Sequence(self.slots(node))

    on_array_pattern = on_array

    def slots(self, node: Syntax) -> list[Node]:
        """Items in order; an empty place is an Opaque "hole"."""
        made: list[Node] = []
        empty = True
        for child in node.children[1:]:
            if child.type == ",":
                if empty:
                    made.append(Opaque("hole"))
                    self.place(made[-1], child)
                empty = True
            elif child.is_named and child.type not in EXTRAS:
                made.append(self.read(child))
                empty = False
        return made

    def on_spread_element(self, node: Syntax) -> Node:
        return Spread(self.read(self.inner(node)))

    on_rest_pattern = on_spread_element

    def on_object(self, node: Syntax) -> Node:
        return Object(
            [made for child in node.named_children if child.type not in EXTRAS and (made := self.entry(child))]
        )

    on_object_pattern = on_object

    def entry(self, node: Syntax) -> Entry | None:
        """One entry of an object literal or of a destructuring pattern."""
        kind = node.type
        if kind in ("pair", "pair_pattern"):
            name, computed = self.key(node.child_by_field_name("key"))
            made = self.defaulted(Entry(name, Opaque("missing"), computed), node.child_by_field_name("value"))
        elif kind == "method_definition":
            name, computed = self.key(node.child_by_field_name("name"))
            made = Entry(name, self.read(node), computed)
        elif kind in ("spread_element", "rest_pattern"):
            made = Entry(None, self.read(self.inner(node)))
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            made = self.defaulted(Entry(self.text(node.child_by_field_name("left")), Opaque("missing")), node)
        elif kind in ("shorthand_property_identifier", "shorthand_property_identifier_pattern"):
            made = Entry(self.text(node), self.read(node))
        else:
            made = Entry(None, self.read(node))
        self.place(made, node)
        return made

    def defaulted(self, entry: Entry, value: Syntax | None) -> Entry:
        """`name = default` in a pattern."""
        if value is not None and value.type in ("assignment_pattern", "object_assignment_pattern"):
            entry.value = self.read(value.child_by_field_name("left"))
            entry.default = self.read(value.child_by_field_name("right"))
        else:
            entry.value = self.read(value)
        return entry

    def on_assignment_pattern(self, node: Syntax) -> Node:
        """A default inside an array pattern: the name stands."""
        return self.read(node.child_by_field_name("left"))

    on_object_assignment_pattern = on_assignment_pattern

    def key(self, node: Syntax | None) -> tuple[str | None, Node | None]:
        """The name of a property, or None and the expression that computes it."""
        if node is None:
            return "", None
        if node.type == "string":
            return literals.unescape(self.quoted(node)), None
        if node.type != "computed_property_name":
            return self.text(node), None
        made = self.read(self.inner(node))
        if isinstance(made, Literal) and isinstance(made.value, str):
            return made.value, None
        return None, made

    # Operators

    def on_binary_expression(self, node: Syntax) -> Node:
        return self.chain(node, str)

    def on_unary_expression(self, node: Syntax) -> Node:
        operand = self.read(node.child_by_field_name("argument"))
        operator = self.text(node.child_by_field_name("operator"))
        if operator == "void" and isinstance(operand, Literal):
            return Literal(None)
        return self.signed(operator, operand)

    def on_update_expression(self, node: Syntax) -> Node:
        return Operation(
            self.text(node.child_by_field_name("operator")), [self.read(node.child_by_field_name("argument"))]
        )

    def on_sequence_expression(self, node: Syntax) -> Node:
        parts: list[Node] = []
        at: Syntax | None = node
        while at is not None and at.type == "sequence_expression":
            children = [child for child in at.named_children if child.type not in EXTRAS]
            at = children[-1] if children and children[-1].type == "sequence_expression" else None
            parts += self.all(children[:-1] if at is not None else children)
        return Operation(",", parts)

    def on_ternary_expression(self, node: Syntax) -> Node:
        test, then, orelse = (
            self.read(node.child_by_field_name(name)) for name in ("condition", "consequence", "alternative")
        )
        return Conditional(test, then, orelse)

    def on_await_expression(self, node: Syntax) -> Node:
        return Await(self.read(self.inner(node)))

    def on_yield_expression(self, node: Syntax) -> Node:
        value = self.inner(node)
        return Yield(None if value is None else self.read(value))

    def on_assignment_expression(self, node: Syntax) -> Node:
        targets, value = self.chained(node)
        return Assign(targets, value)

    def chained(self, node: Syntax | None) -> tuple[list[Node], Node]:
        """The targets and the value of `a = b = c`."""
        targets = []
        while node is not None and node.type == "assignment_expression":
            targets.append(self.read(node.child_by_field_name("left")))
            node = node.child_by_field_name("right")
        return targets, self.read(node)

    def on_augmented_assignment_expression(self, node: Syntax) -> Node:
        left, right = (self.read(node.child_by_field_name(name)) for name in ("left", "right"))
        return Assign([left], right, operator=self.text(node.child_by_field_name("operator")))
