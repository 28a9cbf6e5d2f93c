"""How do JavaScript's and TypeScript's statements look as our tree?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.read_js.modules import Modules, without_exports
from callcheck.sources.code.reading import EXTRAS
from callcheck.sources.code.tree import (
    Assign,
    Block,
    Catch,
    If,
    Literal,
    Loop,
    Node,
    Opaque,
    Operation,
    Raise,
    Return,
    Try,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax


class JavaScript(Modules):
    """Declarations, branches, loops and the rest; the bases read what is smaller."""

    # Declarations

    def many_variable_declaration(self, node: Syntax) -> list[Node]:
        kind = self.text(node.child_by_field_name("kind")) or "var"
        made: list[Node] = []
        for child in node.named_children:
            if child.type == "variable_declarator":
                made += self.declarator(child, kind)
            elif child.type not in EXTRAS:
                made += self.body([child])
        return made

    many_lexical_declaration = many_using_declaration = many_variable_declaration

    def declarator(self, node: Syntax, kind: str) -> list[Node]:
        target = self.read(node.child_by_field_name("name"))
        annotation, given = self.annotation(node.child_by_field_name("type")), node.child_by_field_name("value")
        if given is None:
            made = Assign([target], None, kind, annotation)
            self.place(made, node)
            return [made]
        further, value = self.chained(given)
        imported = self.import_of(target, value) if not further else []
        for item in imported:
            self.place(item, node)
        if imported:
            return imported
        made = Assign([target, *further], value, kind, annotation)
        self.place(made, node)
        return [made, *self.commonjs(made)] if further else [made]

    # Branches

    def within(self, node: Syntax | None) -> list[Node]:
        """The statements of a block, or the one statement that stands in its place."""
        if node is None:
            return []
        return self.body(node.named_children if node.type == "statement_block" else [node])

    def on_if_statement(self, node: Syntax) -> Node:
        arms: list[If] = []
        at: Syntax | None = node
        last: list[Node] = []
        while at is not None:
            arm = If(self.read(at.child_by_field_name("condition")), self.within(at.child_by_field_name("consequence")))
            self.place(arm, at)
            arms.append(arm)
            clause = at.child_by_field_name("alternative")
            at = self.inner(clause) if clause is not None else None
            if at is not None and at.type != "if_statement":
                last, at = self.within(at), None
        return self.ladder(arms, last)

    def many_switch_statement(self, node: Syntax) -> list[Node]:
        subject, block = node.child_by_field_name("value"), node.child_by_field_name("body")
        arms: list[If] = []
        waiting: list[Node] = []
        last: list[Node] = []
        for case in block.named_children if block is not None else []:
            if case.type not in ("switch_case", "switch_default"):
                continue
            body = self.body(case.children_by_field_name("body"))
            if case.type == "switch_default" and not waiting:
                last = body
                continue
            if case.type == "switch_case":
                waiting.append(self.equal(subject, case))
            if body:  # a case without statements falls through to the next
                arms.append(self.arm(waiting, body, case))
                waiting = []
        if waiting:
            arms.append(self.arm(waiting, [], node))
        return [self.ladder(arms, last)] if arms else [self.read(subject), *last]

    def equal(self, subject: Syntax | None, case: Syntax) -> Node:
        left, right = self.read(subject), self.read(case.child_by_field_name("value"))
        if isinstance(left, Literal) and left.value is True:
            return right
        made = Operation("===", [left, right])
        self.place(made, case)
        return made

    def arm(self, tests: list[Node], body: list[Node], node: Syntax) -> If:
        test = tests[0] if len(tests) == 1 else Operation("||", tests)
        made = If(test, body)
        self.place(made, node)
        made.line, made.column = tests[0].line, tests[0].column
        if not test.line:
            test.line, test.column, test.end_line = tests[0].line, tests[0].column, tests[-1].end_line
        return made

    # Loops

    def on_for_in_statement(self, node: Syntax) -> Node:
        return Loop(
            target=self.read(node.child_by_field_name("left")),
            over=self.read(node.child_by_field_name("right")),
            body=self.within(node.child_by_field_name("body")),
            is_async=any(child.type == "await" for child in node.children),
        )

    def many_for_statement(self, node: Syntax) -> list[Node]:
        """What a `for` starts with stands before the Loop, its step at the end of the body."""
        first = node.child_by_field_name("initializer")
        before = self.body([first]) if first is not None and first.is_named else []
        test = node.child_by_field_name("condition")
        step = node.child_by_field_name("increment")
        body = self.within(node.child_by_field_name("body"))
        if step is not None:
            body.append(self.read(step))
        named = test is not None and test.is_named and test.type not in EXTRAS
        return [*before, Loop(body, test=self.read(test) if named else None)]

    def on_while_statement(self, node: Syntax) -> Node:
        return Loop(
            self.within(node.child_by_field_name("body")), test=self.read(node.child_by_field_name("condition"))
        )

    on_do_statement = on_while_statement

    # The rest

    def on_statement_block(self, node: Syntax) -> Node:
        return Block(self.body(node.named_children))

    def on_labeled_statement(self, node: Syntax) -> Node:
        return Block(self.within(node.child_by_field_name("body")))

    def on_with_statement(self, node: Syntax) -> Node:
        return Block([self.read(node.child_by_field_name("object")), *self.within(node.child_by_field_name("body"))])

    def on_internal_module(self, node: Syntax) -> Node:
        return Block(without_exports(self.within(node.child_by_field_name("body"))))

    on_module = on_internal_module

    def on_return_statement(self, node: Syntax) -> Node:
        value = self.inner(node)
        return Return(None if value is None else self.read(value))

    def on_throw_statement(self, node: Syntax) -> Node:
        return Raise(self.read(self.inner(node)))

    def on_try_statement(self, node: Syntax) -> Node:
        made = Try(self.within(node.child_by_field_name("body")), [])
        handler, final = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
        if handler is not None:
            param = handler.child_by_field_name("parameter")
            name = self.text(param) if param is not None and param.type == "identifier" else ""
            made.catches.append(Catch([], name, self.within(handler.child_by_field_name("body"))))
            self.place(made.catches[0], handler)
        if final is not None:
            made.final = self.within(final.child_by_field_name("body"))
        return made

    def on_break_statement(self, node: Syntax) -> Node:
        return Opaque("break")

    def on_continue_statement(self, node: Syntax) -> Node:
        return Opaque("continue")

    def on_debugger_statement(self, node: Syntax) -> Node:
        return Opaque("debugger")
