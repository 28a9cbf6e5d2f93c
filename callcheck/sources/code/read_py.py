"""How does a Python file look as our tree?"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from callcheck.sources.code import reading
from callcheck.sources.code.py_cases import Cases
from callcheck.sources.code.tree import (
    Assign,
    Catch,
    ClassDef,
    Function,
    If,
    Import,
    Imported,
    Keyword,
    Loop,
    Module,
    Name,
    Node,
    Opaque,
    Param,
    Raise,
    Return,
    Sequence,
    Subscript,
    Try,
    With,
)

if TYPE_CHECKING:
    from tree_sitter import Language
    from tree_sitter import Node as Syntax

_SPLATS = {"list_splat_pattern": "rest", "dictionary_splat_pattern": "keywords"}


def read(text: str, path: str) -> Module:
    """The tree of one Python file; `broken` names the lines that did not parse. Never raises on any text."""
    return reading.parse(_grammar(), Python, text, path, "python")


@functools.cache
def _grammar() -> Language:
    return reading.grammar("tree_sitter_python", "language")


class Python(Cases):
    """Definitions, imports and statements; expressions and `match` are read by its bases."""

    typing_only = False
    """Inside `if TYPE_CHECKING:`."""

    # Definitions

    def on_decorated_definition(self, node: Syntax) -> Node:
        decorators = [self.read(self.inner(c)) for c in node.named_children if c.type == "decorator"]
        made = self.read(node.child_by_field_name("definition"))
        if isinstance(made, (Function, ClassDef)):
            made.decorators = decorators
        return made

    def on_function_definition(self, node: Syntax) -> Node:
        outer, self.yields = self.yields, False
        body = self.block(node.child_by_field_name("body"))
        made = Function(
            name=self.text(node.child_by_field_name("name")),
            params=self.params(node.child_by_field_name("parameters")),
            body=body,
            is_async=_is_async(node),
            is_generator=self.yields,
            returns=self.text(node.child_by_field_name("return_type")),
        )
        self.yields = outer
        return made

    def on_lambda(self, node: Syntax) -> Node:
        outer = self.yields
        value = self.read(node.child_by_field_name("body"))
        self.yields = outer
        result = Return(value, line=value.line, column=value.column, end_line=value.end_line)
        return Function("", self.params(node.child_by_field_name("parameters")), [result], arrow=True)

    def params(self, node: Syntax | None) -> list[Param]:
        made: list[Param] = []
        only = False
        for child in node.named_children if node is not None else ():
            only = only or child.type == "keyword_separator"
            param = self.param(child)
            if param is not None:
                if only and not param.kind:
                    param.kind = "only"
                only = only or param.kind == "rest"
                made.append(param)
        return made

    def param(self, node: Syntax) -> Param | None:
        """One parameter; None for `*`, `/` and comments."""
        default, annotation, kind = node.child_by_field_name("value"), "", ""
        name: Syntax | None = node
        if node.type in ("typed_parameter", "typed_default_parameter", "default_parameter"):
            annotation = self.text(node.child_by_field_name("type"))
            name = node.child_by_field_name("name") or self.inner(node)
        if name is not None and name.type in _SPLATS:
            kind = _SPLATS[name.type]
            name = self.inner(name)
        if name is None or name.type not in ("identifier", "tuple_pattern"):
            return None
        word = self.text(name) if name.type == "identifier" else ""
        made = Param(word, annotation, self.read(default) if default is not None else None, kind=kind)
        self.place(made, node)
        return made

    def on_class_definition(self, node: Syntax) -> Node:
        bases, keywords = self.arguments(node.child_by_field_name("superclasses"))
        plain = [base.object if isinstance(base, Subscript) else base for base in bases]
        body = self.block(node.child_by_field_name("body"))
        return ClassDef(self.text(node.child_by_field_name("name")), plain, body, keywords=keywords)

    # Imports

    def many_import_statement(self, node: Syntax) -> list[Node]:
        made: list[Node] = []
        for child in node.children_by_field_name("name"):
            name = child.child_by_field_name("name") or child
            module = self.dots(name)
            alias = self.text(child.child_by_field_name("alias"))
            made.append(self.imports(module, [self.imported("*", alias or module.split(".")[0], child)]))
        return made

    def many_import_from_statement(self, node: Syntax) -> list[Node]:
        return [self.imports(self.dots(node.child_by_field_name("module_name")), self.imported_names(node))]

    def many_future_import_statement(self, node: Syntax) -> list[Node]:
        return [self.imports("__future__", self.imported_names(node))]

    def imported_names(self, node: Syntax) -> list[Imported]:
        made = []
        for child in node.children_by_field_name("name"):
            name = self.dots(child.child_by_field_name("name") or child)
            made.append(self.imported(name, self.text(child.child_by_field_name("alias")) or name, child))
        made += [self.imported("*", "*", child) for child in node.named_children if child.type == "wildcard_import"]
        return made

    def imported(self, name: str, local: str, node: Syntax) -> Imported:
        made = Imported(name, local)
        self.place(made, node)
        return made

    def imports(self, module: str, names: list[Imported]) -> Import:
        return Import(module, names, type_only=self.typing_only)

    def dots(self, node: Syntax | None) -> str:
        return "".join(self.text(node).split())

    # Statements

    def block(self, node: Syntax | None) -> list[Node]:
        return self.body(node.named_children) if node is not None else []

    def many_block(self, node: Syntax) -> list[Node]:
        return self.body(node.named_children)

    def many_expression_statement(self, node: Syntax) -> list[Node]:
        made = self.all(node.named_children)
        commas = len(made) > 1 or (node.child_count > 1 and node.children[-1].type == ",")
        return [Sequence(made)] if commas else made

    def on_return_statement(self, node: Syntax) -> Node:
        value = self.inner(node)
        return Return(None if value is None else self.read(value))

    def on_raise_statement(self, node: Syntax) -> Node:
        value = self.inner(node)
        return Raise(None if value is None else self.read(value))

    def on_if_statement(self, node: Syntax) -> Node:
        arms = [
            self.arm(part) for part in (node, *node.children_by_field_name("alternative")) if part.type != "else_clause"
        ]
        last = [c for c in node.children_by_field_name("alternative") if c.type == "else_clause"]
        return self.ladder(arms, self.block(last[0].child_by_field_name("body")) if last else [])

    def arm(self, node: Syntax) -> If:
        """One `if` or `elif`, without what follows."""
        condition = node.child_by_field_name("condition")
        outer = self.typing_only
        self.typing_only = outer or self.text(condition) in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING")
        made = If(self.read(condition), self.block(node.child_by_field_name("consequence")))
        self.typing_only = outer
        self.place(made, node)
        return made

    def many_for_statement(self, node: Syntax) -> list[Node]:
        made = Loop(
            target=self.read(node.child_by_field_name("left")),
            over=self.read(node.child_by_field_name("right")),
            body=self.block(node.child_by_field_name("body")),
            is_async=_is_async(node),
        )
        return [made, *self.otherwise(node)]

    def many_while_statement(self, node: Syntax) -> list[Node]:
        made = Loop(self.block(node.child_by_field_name("body")), test=self.read(node.child_by_field_name("condition")))
        return [made, *self.otherwise(node)]

    def otherwise(self, node: Syntax) -> list[Node]:
        """A loop's `else` follows the loop."""
        clause = node.child_by_field_name("alternative")
        return self.block(clause.child_by_field_name("body")) if clause is not None else []

    def on_with_statement(self, node: Syntax) -> Node:
        clauses = [child for child in node.named_children if child.type == "with_clause"]
        items = [
            self.with_item(item) for clause in clauses for item in clause.named_children if item.type == "with_item"
        ]
        return With(items, self.block(node.child_by_field_name("body")), is_async=_is_async(node))

    def with_item(self, node: Syntax) -> Node:
        return self.read(node.child_by_field_name("value"))

    def on_as_pattern(self, node: Syntax) -> Node:
        """`a as b`, wherever it stands, names a thing."""
        alias = node.child_by_field_name("alias")
        target = self.inner(alias) if alias is not None else None
        return Assign([self.read(target)], self.read(self.inner(node)))

    def on_try_statement(self, node: Syntax) -> Node:
        made = Try(self.block(node.child_by_field_name("body")), [])
        for clause in node.named_children:
            if clause.type in ("except_clause", "except_group_clause"):
                made.catches.append(self.catch(clause))
            elif clause.type == "else_clause":
                made.body += self.block(clause.child_by_field_name("body"))
            elif clause.type == "finally_clause":
                made.final += [part for child in clause.named_children for part in self.body([child])]
        return made

    def catch(self, node: Syntax) -> Catch:
        made = Catch([], "", [])
        for child in node.named_children:
            if child.type == "block":
                made.body += self.body(child.named_children)
            elif child.type == "as_pattern":
                made.types += self.types(self.inner(child))
                made.name = self.text(child.child_by_field_name("alias"))
            elif child.type not in reading.EXTRAS:
                made.types += self.types(child)
        self.place(made, node)
        return made

    def types(self, node: Syntax | None) -> list[str]:
        if node is None:
            return []
        if node.type in ("tuple", "parenthesized_expression"):
            return [self.text(child) for child in node.named_children if child.type not in reading.EXTRAS]
        return [self.text(node)]

    def on_global_statement(self, node: Syntax) -> Node:
        return Opaque("global", self.all(node.named_children))

    def on_nonlocal_statement(self, node: Syntax) -> Node:
        return Opaque("nonlocal", self.all(node.named_children))

    def on_delete_statement(self, node: Syntax) -> Node:
        return Opaque("delete", self.all(node.named_children))

    def on_assert_statement(self, node: Syntax) -> Node:
        return Opaque("assert", self.all(node.named_children))

    def on_pass_statement(self, node: Syntax) -> Node:
        return Opaque("pass")

    def on_break_statement(self, node: Syntax) -> Node:
        return Opaque("break")

    def on_continue_statement(self, node: Syntax) -> Node:
        return Opaque("continue")

    def on_type_alias_statement(self, node: Syntax) -> Node:
        return Opaque("type")

    def on_identifier(self, node: Syntax) -> Node:
        return Name(self.text(node))

    def on_dictionary_splat(self, node: Syntax) -> Node:
        return Keyword("", self.read(self.inner(node)))


def _is_async(node: Syntax) -> bool:
    first = node.child(0)
    return first is not None and first.type == "async"
