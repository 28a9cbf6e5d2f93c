"""Which calls does a call in a loop stand for, when it attaches what a table lists?

    for (const [name, handler] of Object.entries(handlers)) bus.on(name, handler);      # one call for each entry of `handlers`
    jobs.forEach(({ topic, run }) => broker.subscribe(topic, run));
    for (const file of readdirSync("./events")) { const e = require(`./events/${file}`); client.on(e.name, e.run) }
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from callcheck.model.noun import replace
from callcheck.sources.code.folders import listed
from callcheck.sources.code.scopes import target_names
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Conditional,
    Function,
    If,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Return,
    Sequence,
    Spread,
    Subscript,
    Template,
    last_name,
)  # fmt: skip

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

MOST_ROWS = 60
_EACH = frozenset({"forEach", "map", "flatMap"})
_SAME = frozenset({"filter", "sort", "toSorted", "reverse", "slice", "concat", "flat", "values", "entries", "all"})
"""Methods that give the rows of their object or, with `Promise.all`, of their argument."""
_COPIES = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter"})
"""Functions of Python that give the items of their argument."""
_PARTS = frozenset({"items", "keys", "values"})
_DEEPEST = 12
Row = dict[str, Node]
"""What the variables of a loop hold, each as the node that stands in the table; a loaded file is its Module."""


class Rows:
    """Lays out the tables of one project's loops."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self.project = origins.project

    def of(self, call: Call) -> list[Call]:
        """The calls that one call stands for, each with what its arguments are in one round of the loop; the call itself if it is in none."""
        if not call.args or call.at < 0:
            return [call]
        for around in _loops(call):
            names = _bound(around)
            if not self._depends(call, names, around):
                continue
            rows = list(self._rows(around))[: MOST_ROWS + 1]
            if not rows or len(rows) > MOST_ROWS:
                return [call]
            laid = [self._laid(call, row, around) for row in rows if self._taken(call, row, around)]
            return laid if any(each is not call for each in laid) else [call]
        return [call]

    def loops(self, module: Module) -> Iterator[Call]:
        """The calls of a module that stand in a loop over something."""
        for loop in module.all(Loop):
            if loop.over is not None:
                yield from loop.inside(Call)
        for call in module.calls(*_EACH):
            yield from (each for arg in call.args if isinstance(arg, Function) for each in arg.inside(Call))

    def values(self, loop: Loop, name: str) -> Iterator[Node]:
        """What one variable of a loop is in turn, as far as it is written out."""
        yield from (row[name] for row in islice(self._rows(loop), MOST_ROWS) if name in row)

    # Rows

    def _rows(self, around: Loop | Function) -> Iterator[Row]:
        if isinstance(around, Loop):
            for item in self._items(around.over, around, 0):
                yield dict(self._unpacked(around.target, item))
            return
        above = around.parent
        over = above.callee.object if isinstance(above, Call) and isinstance(above.callee, Member) else None
        param = around.params[0] if around.params else None
        keyed = self._is_map(over)
        for item in self._items(over, around, 0) if param is not None else ():
            if keyed and isinstance(item, Sequence) and len(item.items) == 2 and param is not None:
                # A Map's forEach gives the value first.
                yield {**self._of_param(param, item.items[1]), **({around.params[1].name: item.items[0]} if len(around.params) > 1 else {})}
            elif param is not None:
                yield self._of_param(param, item)

    def _items(self, over: Node | None, around: Node, depth: int) -> Iterator[Node]:
        """What a loop runs over, one node a round."""
        if over is None or depth > _DEEPEST:
            return
        if isinstance(over, (Await, Spread)):
            yield from self._items(over.value, around, depth + 1)
        elif isinstance(over, Sequence):
            for item in over.items:
                if isinstance(item, Spread):
                    yield from self._items(item.value, around, depth + 1)
                else:
                    yield item
        elif isinstance(over, Object):
            keys = (_literal(entry.key, entry) if entry.key else entry.computed for entry in over.entries)
            yield from (key for key in keys if key is not None)
        elif isinstance(over, Call):
            yield from self._called(over, around, depth)
        elif isinstance(over, (Name, Member)):
            held = self.origins.of(over).node
            if held is not None and held is not over and isinstance(held, (Sequence, Object, Call)):
                yield from self._items(held, around, depth + 1)

    def _called(self, over: Call, around: Node, depth: int) -> Iterator[Node]:
        name = last_name(over.callee)
        owner = over.callee.object if isinstance(over.callee, Member) else None
        if isinstance(owner, Name) and owner.id == "Object" and name in ("entries", "keys", "values") and over.args:
            for key, value in self._entries(over.args[0]):
                yield key if name == "keys" else value if name == "values" else _pair(key, value)
        elif over.new and name in ("Map", "Set") and over.args or name == "all" and isinstance(owner, Name) and owner.id == "Promise" and over.args:
            yield from self._items(over.args[0], around, depth + 1)
        elif name == "map" and over.args and isinstance(over.args[0], Function):
            given = self.project.returned(over.args[0])
            param = next(iter(over.args[0].params), None)
            for item in self._items(owner, around, depth + 1):
                row = self._of_param(param, item) if param is not None else {}
                yield self._value(given[0], row, over.args[0]) if len(given) == 1 else item
        elif name in _PARTS and not over.args and isinstance(owner, (Name, Member)) and isinstance(self.origins.of(owner).node, Object):
            # Python's `table.items()`
            for key, value in self._entries(owner):
                yield key if name == "keys" else value if name == "values" else _pair(key, value)
        elif owner is None and name in _COPIES and over.args:
            yield from self._items(over.args[0], around, depth + 1)
        elif owner is None and name == "enumerate" and over.args:
            for number, item in enumerate(self._items(over.args[0], around, depth + 1)):
                yield _pair(Literal(number, line=item.line, column=item.column, end_line=item.line, parent=item.parent), item)
        elif owner is None and name == "zip" and over.args:
            for items in zip(*(list(self._items(arg, around, depth + 1)) for arg in over.args), strict=False):
                yield Sequence(list(items), line=items[0].line, column=items[0].column, end_line=items[0].line, parent=items[0].parent)
        elif name in _SAME and owner is not None:
            yield from self._items(owner, around, depth + 1)
        else:
            yield from listed(self.project, over)

    def _is_map(self, over: Node | None) -> bool:
        held = self.origins.of(over).node if isinstance(over, (Name, Member)) else over
        return isinstance(held, Call) and held.new and last_name(held.callee) == "Map"

    def _entries(self, table: Node) -> Iterator[tuple[Node, Node]]:
        """The keys and values of an object of the project, or of what a module exports."""
        held = table if isinstance(table, Object) else self.origins.of(table).node
        if isinstance(held, Object):
            for entry in held.entries:
                if entry.key is not None:
                    yield _literal(entry.key, entry), entry.value
                elif entry.computed is not None:
                    yield entry.computed, entry.value
                else:
                    yield from self._entries(entry.value)
        elif isinstance(held, Module):
            for name, given in self.project.exports(held).items():
                if name not in ("default", "*"):
                    yield _literal(name, held), given if isinstance(given, Node) else _name_in(held, given)

    def _unpacked(self, target: Node | None, item: Node) -> Iterator[tuple[str, Node]]:
        """What a pattern takes of an item."""
        if isinstance(target, Assign):
            target = target.targets[0] if target.targets else None
        if isinstance(target, Name):
            yield target.id, item
        elif isinstance(target, Sequence):
            for index, inner in enumerate(target.items):
                if (part := self._part(item, str(index))) is not None:
                    yield from self._unpacked(inner, part)
        elif isinstance(target, Object):
            for entry in target.entries:
                if entry.key is not None and (part := self._part(item, entry.key)) is not None:
                    yield from self._unpacked(entry.value, part)

    def _of_param(self, param: Param, item: Node) -> Row:
        if not param.binds:
            return {param.name: item}
        found: Row = {}
        for name, path in param.binds.items():
            part: Node | None = item
            for key in path.split("."):
                part = self._part(part, key) if part is not None else None
            if part is not None:
                found[name] = part
        return found

    def _part(self, node: Node, key: str) -> Node | None:
        """The node that stands at a key of an object, a place of a list, a member of an instance, an export of a module."""
        held = node
        if isinstance(node, (Name, Member)):
            held = self.origins.of(node).node or node
        if isinstance(held, Sequence):
            return held.items[int(key)] if key.isdigit() and int(key) < len(held.items) else None
        if isinstance(held, Object):
            return next((value for name, value in self._entries(held) if isinstance(name, Literal) and name.value == key), None)
        if isinstance(held, Module):
            return self._exported(held, key)
        cls = held if isinstance(held, ClassDef) else self._class(held.callee) if isinstance(held, Call) else None
        if cls is not None:
            return self._member(cls, key)
        return None

    def _class(self, callee: Node) -> ClassDef | None:
        whole = self._exported(callee, "default") if isinstance(callee, Module) else callee
        return self.origins.of(whole).cls

    def _member(self, cls: ClassDef, key: str, depth: int = 0) -> Node | None:
        for declared in self.project.fields(cls).get(key, ()):
            if isinstance(declared, Function):
                return declared
            if isinstance(declared, Assign) and declared.value is not None:
                return declared.value
        parent = next((each for base in cls.bases if (each := self.origins.of(base).cls) is not None), None)
        return self._member(parent, key, depth + 1) if parent is not None and depth < 4 else None

    def _exported(self, module: Module, key: str) -> Node | None:
        found = self.project.exported(module, key)
        if found is None and key != "default":
            whole = self.project.exported(module, "default")
            held = _name_in(whole[0], whole[1]) if whole is not None and isinstance(whole[1], str) else whole[1] if whole is not None else None
            return self._part(held, key) if isinstance(held, Node) else None
        if found is None:
            return module
        return _name_in(found[0], found[1]) if isinstance(found[1], str) else found[1]

    # One round

    def _laid(self, call: Call, row: Row, around: Node) -> Call:
        """The call as it is in one round, at the line in which the table names what it is about."""
        args = [self._value(arg, row, around) for arg in call.args]
        callee = self._callee(call.callee, row, around)
        if callee is call.callee and all(each is old for each, old in zip(args, call.args, strict=True)):
            return call
        made = replace(call, args=args, callee=callee)
        place = next((each for each, old in zip(args, call.args, strict=True) if each is not old), None)
        if place is not None and place.line and place.top is call.top:
            made.line, made.column, made.end_line = place.line, place.column, place.line
        return made

    def _callee(self, callee: Node, row: Row, around: Node) -> Node:
        if not isinstance(callee, Member):
            return callee
        owner = self._value(callee.object, row, around)
        return callee if owner is callee.object else replace(callee, object=owner)

    def _value(self, node: Node, row: Row, around: Node, depth: int = 0) -> Node:
        """What an expression is in one round: a node of the table, or the expression itself if it does not depend on the loop."""
        if depth > _DEEPEST:
            return node
        if isinstance(node, Name):
            return row[node.id] if node.id in row else self._local(node, row, around, depth)
        if isinstance(node, Await):
            return self._value(node.value, row, around, depth + 1)
        if isinstance(node, Member):
            return self._of_member(node, row, around, depth)
        if isinstance(node, Subscript):
            key = self._value(node.key, row, around, depth + 1)
            base = self._value(node.object, row, around, depth + 1)
            return (self._part(base, str(key.value)) if isinstance(key, Literal) else None) or node
        if isinstance(node, Call):
            return self._of_call(node, row, around, depth)
        if isinstance(node, (Conditional, Operation)):
            return self._either(node, row, around, depth)
        if isinstance(node, Template):
            parts = [part if isinstance(part, str) else self._value(part, row, around, depth + 1) for part in node.parts]
            return replace(node, parts=[str(p.value) if isinstance(p, Literal) else p for p in parts])
        if isinstance(node, Function):
            return self._passed_through(node, row, around, depth) or node
        return node

    def _of_member(self, node: Member, row: Row, around: Node, depth: int) -> Node:
        base = self._value(node.object, row, around, depth + 1)
        if base is node.object:
            return node
        if isinstance(base, Module) and node.name == "default":
            return self._exported(base, "default") or base
        return self._part(base, node.name) or replace(node, object=base)

    def _of_call(self, node: Call, row: Row, around: Node, depth: int) -> Node:
        if last_name(node.callee) in ("require", "import"):
            return next((each for each in row.values() if isinstance(each, Module)), node)
        callee = self._value(node.callee, row, around, depth + 1) if isinstance(node.callee, (Name, Member)) or node.new else node.callee
        if isinstance(node.callee, Member) and node.callee.name == "bind":
            return self._value(node.callee.object, row, around, depth + 1)
        return node if callee is node.callee else replace(node, callee=callee)

    def _either(self, node: Conditional | Operation, row: Row, around: Node, depth: int) -> Node:
        """`file.default ?? file`; `prefix + name`."""
        if isinstance(node, Operation) and node.operator == "+":
            return replace(node, operands=[self._value(each, row, around, depth + 1) for each in node.operands])
        if isinstance(node, Operation) and node.operator not in ("??", "||"):
            return node
        options = [node.then, node.orelse] if isinstance(node, Conditional) else node.operands
        for option in options:
            found = self._value(option, row, around, depth + 1)
            if found is not option and not (isinstance(found, Member) and found.parent is option.parent):
                return found
        return node

    def _local(self, node: Name, row: Row, around: Node, depth: int) -> Node:
        """What a constant of the loop's body is made of: `const { name, run } = require(file)`."""
        for scope in self.origins.scopes_of(node):
            declared = self.project.scope(scope).get(node.id)
            if not declared:
                continue
            for each in declared:
                if isinstance(each, Param) and isinstance(each.parent, Function) and (loaded := _awaited(each.parent)) is not None:
                    value = self._value(loaded, row, around, depth + 1)
                    return self._of_param(each, value).get(node.id, node) if value is not loaded else node
                if isinstance(each, Assign) and each.value is not None and around.at <= each.at < around.end:
                    value = self._value(each.value, row, around, depth + 1)
                    if value is not each.value:
                        return next((part for target in each.targets for name, part in self._unpacked(target, value) if name == node.id), node)
            return node
        return node

    def _passed_through(self, node: Function, row: Row, around: Node, depth: int) -> Node | None:
        """`(...args) => event.run(...args)`: what such a function calls with its own arguments."""
        inner = [each.value if isinstance(each, Return) else each for each in node.body]
        call = inner[0].value if len(inner) == 1 and isinstance(inner[0], Await) else inner[0] if len(inner) == 1 else None
        if not isinstance(call, Call) or len(call.args) < len(node.params) or not isinstance(call.callee, (Name, Member, Subscript)):
            return None
        given = [arg.value if isinstance(arg, Spread) else arg for arg in call.args]
        if any(not isinstance(arg, Name) or arg.id != param.name for arg, param in zip(given, node.params, strict=False)):
            return None
        found = self._value(call.callee, row, around, depth + 1)
        return found if found is not call.callee and not (isinstance(found, Member) and found.parent is call.callee.parent) else None

    # Which rounds

    def _taken(self, call: Call, row: Row, around: Node) -> bool:
        """Whether the branch of the loop in which a call stands is taken in one round; also yes where that cannot be told."""
        below: Node = call
        for above in call.up():
            if above is around:
                return True
            if isinstance(above, If) and below is not above.test:
                holds = self._holds(above.test, row, around)
                inside = any(below is each for each in above.then)
                if holds is not None and holds is not inside:
                    return False
            below = above
        return True

    def _holds(self, test: Node, row: Row, around: Node) -> bool | None:
        """Whether `event.once`, `!event.once`, `once === true` holds in one round."""
        if isinstance(test, Operation) and test.operator in ("!", "not"):
            inner = self._holds(test.operands[0], row, around)
            return None if inner is None else not inner
        if isinstance(test, Operation) and test.operator in ("===", "==") and isinstance(test.operands[-1], Literal) and test.operands[-1].value is True:
            return self._holds(test.operands[0], row, around)
        value = self._value(test, row, around)
        if isinstance(value, Literal):
            return bool(value.value)
        if isinstance(test, Member):
            base = self._value(test.object, row, around)
            whole = self._exported(base, "default") if isinstance(base, Module) else base
            held = self.origins.of(whole).node if isinstance(whole, (Name, Member)) else whole
            if base is not test.object and isinstance(held, (Object, Module)) and self._part(held, test.name) is None:
                return False  # such a table does not name it
        return None

    def _depends(self, call: Call, names: frozenset[str], around: Node) -> bool:
        """Whether an argument of a call is made of a loop's variables, directly or by constants of its body."""
        seen = set(names)
        for _ in range(3):
            assigned = [each for each in around.inside(Assign) if each.value is not None and _mentions(each.value, seen)]
            new = {name for each in assigned for target in each.targets for name in target_names(target)} - seen
            if not new:
                break
            seen |= new
        return any(_mentions(arg, seen) for arg in call.args)


def _loops(call: Call) -> Iterator[Loop | Function]:
    """The loops around a call, and the functions that `forEach` calls, nearest first; as far as the function that runs them."""
    for above in call.up():
        if isinstance(above, Loop) and above.over is not None and above.target is not None and above.over is not call:
            yield above
        elif isinstance(above, Function):
            parent = above.parent
            if isinstance(parent, Call) and above in parent.args and last_name(parent.callee) in _EACH:
                yield above
            elif _awaited(above) is None:
                return
        elif isinstance(above, (ClassDef, Module)):
            return


def _awaited(function: Function) -> Node | None:
    """`load(file)` for the function in `load(file).then((event) => …)`."""
    parent = function.parent
    called = parent.callee if isinstance(parent, Call) and function in parent.args else None
    return called.object if isinstance(called, Member) and called.name == "then" else None


def _bound(around: Loop | Function) -> frozenset[str]:
    if isinstance(around, Function):
        return frozenset(name for param in around.params for name in (*param.binds, param.name) if name)
    target = around.target.targets[0] if isinstance(around.target, Assign) and around.target.targets else around.target
    return frozenset(target_names(target)) if target is not None else frozenset()


def _mentions(node: Node, names: set[str]) -> bool:
    return any(name.id in names for name in node.inside(Name))


def _literal(text: str | None, beside: Node) -> Literal:
    return Literal(text, line=beside.line, column=beside.column, end_line=beside.line, parent=beside)


def _pair(key: Node, value: Node) -> Sequence:
    made = Sequence([key, value], line=key.line, column=key.column, end_line=key.end_line)
    made.parent = value.parent
    return made


def _name_in(module: Module, name: str | Node) -> Node:
    return Name(name, line=1, column=1, parent=module) if isinstance(name, str) else name
