"""What is an expression in one round of a loop, and which branches does that round take?"""

from __future__ import annotations

from callcheck.model.noun import replace
from callcheck.sources.code.call_forms import method_by_name
from callcheck.sources.code.row_tables import LOADS, Row, Tables
from callcheck.sources.code.rows import awaited
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Conditional,
    Function,
    If,
    Keyword,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Return,
    Spread,
    Subscript,
    Template,
    last_name,
)  # fmt: skip

_DEEPEST = 12


class Round:
    """One round of a loop: what its variables are in it."""

    def __init__(self, tables: Tables, row: Row, around: Node) -> None:
        self.tables = tables
        self.row = row
        self.around = around

    def laid(self, call: Call) -> Call:
        """The call as it is in one round, at the line in which the table names what it is about."""
        args = [self.value(arg) for arg in call.args]
        keywords = [self._keyword(each) for each in call.keywords]
        callee = self._callee(call.callee)
        if callee is call.callee and all(each is old for each, old in zip((*args, *keywords), (*call.args, *call.keywords), strict=True)):
            return call
        made = replace(call, args=args, keywords=keywords, callee=callee)
        by_hand = call.parent
        if isinstance(by_hand, Call) and by_hand.callee is call:
            # `app.event(key)(run)`: what is decorated is another one in each round too.
            made.parent = replace(by_hand, callee=made, args=[self.value(arg) for arg in by_hand.args])
        told = zip((*args, *(each.value for each in keywords)), (*call.args, *(each.value for each in call.keywords)), strict=True)
        place = next((each for each, old in told if each is not old), None)
        if place is not None and place.line and place.top is call.top:
            made.line, made.column, made.end_line = place.line, place.column, place.line
        return made

    def _keyword(self, keyword: Keyword) -> Keyword:
        value = self.value(keyword.value)
        return keyword if value is keyword.value else replace(keyword, value=value)

    def _callee(self, callee: Node) -> Node:
        if (by_name := method_by_name(callee)) is not None:
            named = self._chosen(by_name[1]) if isinstance(by_name[1], Conditional) else self.value(by_name[1])
            if named is by_name[1] or not isinstance(named, Literal) or not isinstance(named.value, str):
                return callee
            return Member(self.value(by_name[0]), named.value, line=callee.line, column=callee.column, end_line=callee.end_line, parent=callee.parent)
        if not isinstance(callee, Member):
            return callee
        owner = self.value(callee.object)
        return callee if owner is callee.object else replace(callee, object=owner)

    def _chosen(self, either: Conditional) -> Node:
        """The one of two that is taken in this round, where that can be told."""
        holds = self._holds(either.test)
        return either if holds is None else either.then if holds else either.orelse

    def value(self, node: Node, depth: int = 0) -> Node:
        """What an expression is in one round: a node of the table, or the expression itself if it does not depend on the loop."""
        if depth > _DEEPEST:
            return node
        if isinstance(node, Name):
            return self.row[node.id] if node.id in self.row else self._local(node, depth)
        if isinstance(node, Await):
            return self.value(node.value, depth + 1)
        if isinstance(node, Member):
            return self._of_member(node, depth)
        if isinstance(node, Subscript):
            key = self.value(node.key, depth + 1)
            base = self.value(node.object, depth + 1)
            return (self.tables.part(base, str(key.value)) if isinstance(key, Literal) else None) or node
        if isinstance(node, Call):
            return self._of_call(node, depth)
        if isinstance(node, (Conditional, Operation)):
            return self._either(node, depth)
        if isinstance(node, Template):
            parts = [part if isinstance(part, str) else self.value(part, depth + 1) for part in node.parts]
            return replace(node, parts=[str(p.value) if isinstance(p, Literal) else p for p in parts])
        if isinstance(node, Function):
            return self._passed_through(node, depth) or node
        return node

    def _of_member(self, node: Member, depth: int) -> Node:
        base = self.value(node.object, depth + 1)
        if base is node.object:
            return node
        if isinstance(base, Module) and node.name == "default":
            return self.tables.exported(base, "default") or base
        return self.tables.part(base, node.name) or replace(node, object=base)

    def _of_call(self, node: Call, depth: int) -> Node:
        if last_name(node.callee) in LOADS:
            return next((each for each in self.row.values() if isinstance(each, Module)), node)
        callee = self.value(node.callee, depth + 1) if isinstance(node.callee, (Name, Member)) or node.new else node.callee
        if isinstance(node.callee, Member) and node.callee.name == "bind":
            return self.value(node.callee.object, depth + 1)
        args = [self.value(arg, depth + 1) for arg in node.args]
        changed = any(each is not old for each, old in zip(args, node.args, strict=True))
        return replace(node, callee=callee, args=args) if changed or callee is not node.callee else node

    def _either(self, node: Conditional | Operation, depth: int) -> Node:
        """`file.default ?? file`; `prefix + name`."""
        if isinstance(node, Operation) and node.operator == "+":
            return replace(node, operands=[self.value(each, depth + 1) for each in node.operands])
        if isinstance(node, Operation) and node.operator not in ("??", "||"):
            return node
        options = [node.then, node.orelse] if isinstance(node, Conditional) else node.operands
        for option in options:
            found = self.value(option, depth + 1)
            if found is not option and not (isinstance(found, Member) and found.parent is option.parent):
                return found
        return node

    def _local(self, node: Name, depth: int) -> Node:
        """What a constant of the loop's body is made of: `const { name, run } = require(file)`."""
        for scope in self.tables.origins.scopes_of(node):
            declared = self.tables.project.scope(scope).get(node.id)
            if not declared:
                continue
            for each in declared:
                if isinstance(each, Param) and isinstance(each.parent, Function) and (loaded := awaited(each.parent)) is not None:
                    value = self.value(loaded, depth + 1)
                    return self.tables.of_param(each, value).get(node.id, node) if value is not loaded else node
                if isinstance(each, Assign) and each.value is not None and self.around.at <= each.at < self.around.end:
                    value = self.value(each.value, depth + 1)
                    if value is not each.value:
                        return next((part for target in each.targets for name, part in self.tables.unpacked(target, value) if name == node.id), node)
            return node
        return node

    def _passed_through(self, node: Function, depth: int) -> Node | None:
        """`(...args) => event.run(...args)`: what such a function calls with its own arguments."""
        inner = [each.value if isinstance(each, Return) else each for each in node.body]
        call = inner[0].value if len(inner) == 1 and isinstance(inner[0], Await) else inner[0] if len(inner) == 1 else None
        if not isinstance(call, Call) or len(call.args) < len(node.params) or not isinstance(call.callee, (Name, Member, Subscript)):
            return None
        given = [arg.value if isinstance(arg, Spread) else arg for arg in call.args]
        if any(not isinstance(arg, Name) or arg.id != param.name for arg, param in zip(given, node.params, strict=False)):
            return None
        found = self.value(call.callee, depth + 1)
        return found if found is not call.callee and not (isinstance(found, Member) and found.parent is call.callee.parent) else None

    def taken(self, call: Call) -> bool:
        """Whether the branch of the loop in which a call stands is taken in one round; also yes where that cannot be told."""
        below: Node = call
        for above in call.up():
            if above is self.around:
                return True
            if isinstance(above, If) and below is not above.test:
                holds = self._holds(above.test)
                inside = any(below is each for each in above.then)
                if holds is not None and holds is not inside:
                    return False
            below = above
        return True

    def _holds(self, test: Node) -> bool | None:
        """Whether `event.once`, `!event.once`, `once === true` holds in one round."""
        if isinstance(test, Operation) and test.operator in ("!", "not"):
            inner = self._holds(test.operands[0])
            return None if inner is None else not inner
        if isinstance(test, Operation) and test.operator in ("===", "==") and isinstance(test.operands[-1], Literal) and test.operands[-1].value is True:
            return self._holds(test.operands[0])
        value = self.value(test)
        if isinstance(value, Literal):
            return bool(value.value)
        if isinstance(test, Member):
            base = self.value(test.object)
            whole = self.tables.exported(base, "default") if isinstance(base, Module) else base
            held = self.tables.held(whole) if whole is not None else None
            if base is not test.object and isinstance(held, (Object, Module)) and self.tables.part(held, test.name) is None:
                return False  # such a table does not name it
        return None
