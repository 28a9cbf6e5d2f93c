"""How do JavaScript's and TypeScript's functions, classes and enums look as our tree?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.read_js.jsx import Jsx
from callcheck.sources.code.reading import EXTRAS
from callcheck.sources.code.tree import (
    Assign,
    Block,
    ClassDef,
    Entry,
    Function,
    Literal,
    Name,
    Node,
    Object,
    Opaque,
    Param,
    Return,
    Sequence,
    Spread,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

_SIGNATURES = frozenset({"abstract_method_signature", "method_signature", "index_signature"})


class Definitions(Jsx):
    """Functions and their parameters, classes and their members, enums."""

    # Functions

    def on_function_declaration(self, node: Syntax) -> Node:
        return self.function(node, self.text(node.child_by_field_name("name")))

    on_function_expression = on_generator_function = on_generator_function_declaration = on_function_declaration

    def function(self, node: Syntax, name: str) -> Function:
        words = self.words(node)
        block = node.child_by_field_name("body")
        return Function(
            name=name,
            params=self.params(node.child_by_field_name("parameters")),
            body=self.body(block.named_children) if block is not None else [],
            is_async="async" in words,
            is_generator="*" in words,
            returns=self.annotation(node.child_by_field_name("return_type")),
            static="static" in words,
            accessor="get" if "get" in words else "set" if "set" in words else "",
        )

    def words(self, node: Syntax) -> set[str]:
        """The bare words and signs before the parameters: async, *, static, get, set."""
        words = set()
        for child in node.children:
            if child.type == "formal_parameters":
                break
            if not child.is_named:
                words.add(child.type)
        return words

    def on_arrow_function(self, node: Syntax) -> Node:
        block, single = node.child_by_field_name("body"), node.child_by_field_name("parameter")
        params = self.params(node.child_by_field_name("parameters"))
        if single is not None:
            params = [self.param(single)]
        if block is not None and block.type == "statement_block":
            body = self.body(block.named_children)
        else:
            value = self.read(block)
            body = [Return(value, line=value.line, column=value.column, end_line=value.end_line)]
        returns = self.annotation(node.child_by_field_name("return_type"))
        return Function("", params, body, is_async="async" in self.words(node), returns=returns, arrow=True)

    def on_method_definition(self, node: Syntax) -> Node:
        name = node.child_by_field_name("name")
        made = self.function(node, self.member_name(name))
        made.decorators = self.decorators(node)
        self.place(made, node, self.after_decorators(node))
        return made

    def member_name(self, node: Syntax | None) -> str:
        """A member's name; a computed one as written, with its brackets."""
        name, _ = self.key(node)
        return self.text(node) if name is None else name

    def annotation(self, node: Syntax | None) -> str:
        return self.text(node).lstrip(":").strip()

    def decorators(self, node: Syntax) -> list[Node]:
        return [self.read(child) for child in node.children_by_field_name("decorator")]

    def after_decorators(self, node: Syntax) -> Syntax:
        for child in node.children:
            if child.type != "decorator" and child.type not in EXTRAS:
                return child
        return node

    # Parameters

    def params(self, node: Syntax | None) -> list[Param]:
        made = []
        for child in node.named_children if node is not None else []:
            pattern = child.child_by_field_name("pattern")
            if child.type not in EXTRAS and (pattern is None or pattern.type != "this"):
                made.append(self.param(child))
        return made

    def param(self, node: Syntax) -> Param:
        made = Param("")
        pattern: Syntax | None = node
        if node.type in ("required_parameter", "optional_parameter"):
            pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
            made.annotation = self.annotation(node.child_by_field_name("type"))
            made.decorators = self.decorators(node)
            made.property = any(
                child.type in ("accessibility_modifier", "override_modifier", "readonly") for child in node.children
            )
            made.default = self.read(value) if value is not None else None
        if pattern is not None and pattern.type == "assignment_pattern":
            made.default = self.read(pattern.child_by_field_name("right"))
            pattern = pattern.child_by_field_name("left")
        if pattern is not None and pattern.type == "rest_pattern":
            made.kind, pattern = "rest", self.inner(pattern)
        if pattern is not None and pattern.type in ("object_pattern", "array_pattern"):
            shape = self.read(pattern)
            made.binds = bound(shape)
            if isinstance(shape, Object):
                made.destructures = [entry.key for entry in shape.entries if entry.key is not None]
                made.spared = [entry.key for entry in shape.entries if entry.key is not None and entry.default is not None]
        else:
            made.name = self.text(pattern)
        self.place(made, node)
        return made

    # Classes

    def on_class(self, node: Syntax) -> Node:
        made = ClassDef(self.text(node.child_by_field_name("name")), self.bases(node), self.members(node))
        made.decorators = self.decorators(node)
        self.place(made, node, self.after_decorators(node))
        return made

    on_class_declaration = on_abstract_class_declaration = on_class

    def bases(self, node: Syntax) -> list[Node]:
        made: list[Node] = []
        for heritage in node.named_children:
            if heritage.type != "class_heritage":
                continue
            for part in heritage.named_children:
                if part.type == "extends_clause":
                    made += self.all(part.children_by_field_name("value"))
                elif part.type != "implements_clause" and part.type not in EXTRAS:
                    made.append(self.read(part))
        return made

    def members(self, node: Syntax) -> list[Node]:
        block = node.child_by_field_name("body")
        made: list[Node] = []
        waiting: list[Node] = []
        for child in block.named_children if block is not None else []:
            if child.type in EXTRAS or child.type in _SIGNATURES:
                continue
            if child.type == "decorator":
                waiting.append(self.read(child))
                continue
            for member in self.body([child]):
                if waiting and isinstance(member, (Function, Assign)):
                    member.decorators = [*waiting, *member.decorators]
                    waiting = []
                made.append(member)
        return made

    def on_public_field_definition(self, node: Syntax) -> Node:
        name, value = (
            node.child_by_field_name("name") or node.child_by_field_name("property"),
            node.child_by_field_name("value"),
        )
        target = Name(self.member_name(name))
        self.place(target, name or node)
        made = Assign([target], self.read(value) if value is not None else None, declared="static" if "static" in self.words(node) else "field")
        made.annotation = self.annotation(node.child_by_field_name("type"))
        made.decorators = self.decorators(node)
        self.place(made, node, self.after_decorators(node))
        return made

    on_field_definition = on_public_field_definition

    def on_class_static_block(self, node: Syntax) -> Node:
        block = node.child_by_field_name("body")
        return Block(self.body(block.named_children) if block is not None else [])

    # Types

    def many_enum_declaration(self, node: Syntax) -> list[Node]:
        """`enum E { A = "a" }` reads as `const E = { A: "a" }`; members without value count up."""
        name, block = node.child_by_field_name("name"), node.child_by_field_name("body")
        shape, following = Object([]), 0
        for child in block.named_children if block is not None else []:
            if child.type in EXTRAS:
                continue
            given = child.child_by_field_name("value")
            value = self.read(given) if given is not None else Literal(following)
            self.place(value, child)
            if isinstance(value, Literal) and type(value.value) is int:
                following = value.value + 1
            key, computed = self.key(child.child_by_field_name("name") or child)
            shape.entries.append(Entry(key, value, computed))
            self.place(shape.entries[-1], child)
        target = Name(self.text(name))
        self.place(target, name or node)
        self.place(shape, block or node)
        return [Assign([target], shape, declared="const")]

    def on_interface_declaration(self, node: Syntax) -> Node:
        return Opaque(node.type)

    on_type_alias_declaration = on_function_signature = on_ambient_declaration = on_interface_declaration
    on_type_arguments = on_type_annotation = on_type_parameters = on_interface_declaration


def bound(shape: Node, prefix: str = "") -> dict[str, str]:
    """Local names of a destructuring pattern to the key each takes; nested keys are joined by ".", a rest takes "*"."""
    made: dict[str, str] = {}
    if isinstance(shape, Object):
        for entry in shape.entries:
            spread = entry.key is None and entry.computed is None
            made.update(_bound(entry.value, prefix + ("*" if spread or entry.key is None else entry.key)))
    elif isinstance(shape, Sequence):
        for index, item in enumerate(shape.items):
            made.update(
                _bound(item.value, prefix + "*") if isinstance(item, Spread) else _bound(item, f"{prefix}{index}")
            )
    return made


def _bound(value: Node, key: str) -> dict[str, str]:
    return {value.id: key} if isinstance(value, Name) else bound(value, key + ".")
