"""How does JSX look as calls of its tags?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.read_js.expressions import Expressions
from callcheck.sources.code.reading import EXTRAS
from callcheck.sources.code.tree import Call, Entry, Literal, Name, Node, Object, Opaque

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax


class Jsx(Expressions):
    """`<Tag a={b}>child</Tag>` is `Tag({a: b}, child)`; a fragment's tag is the Name ""."""

    def on_jsx_element(self, node: Syntax) -> Node:
        made = self.element(node.child_by_field_name("open_tag"), node)
        for child in node.named_children:
            if child.type in ("jsx_opening_element", "jsx_closing_element") or child.type in EXTRAS:
                continue
            if child.type in ("jsx_text", "html_character_reference"):
                text = " ".join(_unescaped(self.text(child)).split())
                if text:
                    made.args.append(Literal(text))
                    self.place(made.args[-1], child)
            elif child.type != "jsx_expression" or self.inner(child) is not None:
                made.args.append(self.read(child))
        return made

    def on_jsx_self_closing_element(self, node: Syntax) -> Node:
        return self.element(node, node)

    def element(self, tag: Syntax | None, whole: Syntax) -> Call:
        name = tag.child_by_field_name("name") if tag is not None else None
        attributes = Object([])
        self.place(attributes, tag or whole)
        for child in tag.children_by_field_name("attribute") if tag is not None else []:
            attributes.entries.append(self.attribute(child))
        callee = self.read(name) if name is not None else Name("")
        if not callee.line:
            self.place(callee, whole)
        return Call(callee, [attributes])

    def attribute(self, node: Syntax) -> Entry:
        if node.type != "jsx_attribute":
            made = Entry(None, self.spread(node))
        else:
            parts = [child for child in node.named_children if child.type not in EXTRAS]
            made = Entry(self.text(parts[0]) if parts else "", self.attribute_value(parts[1:]))
            if not made.value.line:
                self.place(made.value, node)
        self.place(made, node)
        return made

    def spread(self, node: Syntax) -> Node:
        inner = self.inner(node)
        return self.read(self.inner(inner) if inner is not None and inner.type == "spread_element" else inner)

    def attribute_value(self, parts: list[Syntax]) -> Node:
        if not parts:
            return Literal(True)
        if parts[0].type == "string":
            return Literal(_unescaped(self.quoted(parts[0])))
        return self.read(parts[0])

    def on_jsx_expression(self, node: Syntax) -> Node:
        inner = self.inner(node)
        return self.read(inner) if inner is not None else Opaque("empty")

    def on_jsx_namespace_name(self, node: Syntax) -> Node:
        return Name(self.text(node))


def _unescaped(text: str) -> str:
    """The text with `&amp;` and its like spelt out."""
    if "&" not in text:
        return text
    import html

    return html.unescape(text)
