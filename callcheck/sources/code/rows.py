"""Which calls does a call in a loop stand for, when it attaches what a table lists?

    for (const [name, handler] of Object.entries(handlers)) bus.on(name, handler);      # one call for each entry of `handlers`
    jobs.forEach(({ topic, run }) => broker.subscribe(topic, run));
    for (const file of readdirSync("./events")) { const e = require(`./events/${file}`); client.on(e.name, e.run) }
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from callcheck.model.noun import replace
from callcheck.sources.code.row_tables import LOADS, Row, Tables, literal
from callcheck.sources.code.scopes import target_names
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    If,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Param,
    Sequence,
    Spread,
    Subscript,
    last_name,
)  # fmt: skip

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins
    from callcheck.sources.code.rounds import Round

MOST_ROWS = 60
_EACH = frozenset({"forEach", "map", "flatMap"})
_SAME = frozenset({"filter", "sort", "toSorted", "reverse", "slice", "concat", "flat", "values", "entries", "all"})
"""Methods that give the rows of their object or, with `Promise.all`, of their argument."""
_COPIES = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter"})
"""Functions of Python that give the items of their argument."""
_PARTS = frozenset({"items", "keys", "values"})
_DEEPEST = 12


class Rows:
    """Lays out the tables of one project's loops."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self.project = origins.project
        self.tables = Tables(origins)
        self._made = dict[int, frozenset[str]]()
        """The variables of each loop that was asked about, by its id, and what its body makes of them."""
        self._making = set[int]()
        """Comprehensions that are being laid out, by id."""

    def of(self, call: Call) -> list[Call]:
        """The calls that one call stands for, each with what its arguments are in one round of the loop; the call itself if it is in none."""
        if not (call.args or call.keywords) or call.at < 0:
            return [call]
        for around in _loops(call):
            if not self._depends(call, around):
                continue
            rows = list(self._rows(around))[: MOST_ROWS + 1]
            if not rows or len(rows) > MOST_ROWS:
                return [call]
            laid = [each.laid(call) for each in (self._round(row, around) for row in rows) if each.taken(call)]
            return laid if any(each is not call for each in laid) else [call]
        return [call]

    def _round(self, row: Row, around: Loop | Function) -> Round:
        from callcheck.sources.code.rounds import Round

        return Round(self.tables, row, around)

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

    def callees(self, call: Call) -> Iterator[Node]:
        """What a call calls in turn: one node for each round of the loop whose variable it goes by, or is a member of."""
        if not _in_turn(call.callee):
            return
        for around in _loops(call):
            if _mentions(call.callee, self._made_of(around)):
                for row in islice(self._rows(around), MOST_ROWS):
                    found = self._round(row, around).value(call.callee)
                    yield self.tables.exported(found, "default") or found if isinstance(found, Module) else found
                return

    def _rows(self, around: Loop | Function) -> Iterator[Row]:
        if isinstance(around, Loop):
            for item in self._items(around.over, around, 0):
                yield dict(self.tables.unpacked(around.target, item))
            return
        above = around.parent
        over = above.callee.object if isinstance(above, Call) and isinstance(above.callee, Member) else None
        param = around.params[0] if around.params else None
        keyed = self.tables.is_map(over)
        for item in self._items(over, around, 0) if param is not None else ():
            if keyed and isinstance(item, Sequence) and len(item.items) == 2 and param is not None:
                # A Map's forEach gives the value first.
                yield {**self.tables.of_param(param, item.items[1]), **({around.params[1].name: item.items[0]} if len(around.params) > 1 else {})}
            elif param is not None:
                yield self.tables.of_param(param, item)

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
            keys = (literal(entry.key, entry) if entry.key else entry.computed for entry in over.entries)
            yield from (key for key in keys if key is not None)
        elif isinstance(over, Call):
            yield from self._called(over, around, depth)
        elif (made := self.tables.comprehension(over)) is not None:
            for item in self._comprised(made):
                yield from (key for entry in item.entries if (key := entry.computed) is not None) if isinstance(item, Object) else (item,)
        elif isinstance(over, (Name, Member)):
            held = self.origins.of(over).node
            if held is not None and held is not over and isinstance(held, (Sequence, Object, Call)):
                yield from self._items(held, around, depth + 1)
            elif isinstance(held, Param):
                # `function listen(table) { for (const [name, f] of table) bus.on(name, f) }`, with a table for each call
                for given in self.origins.may_be(over):
                    if isinstance(given.node, (Sequence, Object)):
                        yield from self._items(given.node, around, depth + 1)

    def _comprised(self, loop: Loop) -> Iterator[Node]:
        """What a comprehension makes, one item a round; an entry of a dictionary is an Object of its own. One that runs over its own result makes nothing."""
        if id(loop) in self._making:
            return
        self._making.add(id(loop))
        try:
            rows = list(islice(self._rows(loop), MOST_ROWS))
        finally:
            self._making.discard(id(loop))
        for row in rows:
            round_ = self._round(row, loop)
            body = loop.body[0]
            if isinstance(body, Object):
                yield replace(body, entries=[replace(e, value=round_.value(e.value), computed=round_.value(e.computed) if e.computed is not None else None) for e in body.entries])
            elif not isinstance(body, (If, Loop)):
                yield round_.value(body)

    def _called(self, over: Call, around: Node, depth: int) -> Iterator[Node]:
        name = last_name(over.callee)
        owner = over.callee.object if isinstance(over.callee, Member) else None
        if isinstance(owner, Name) and owner.id == "Object" and name in ("entries", "keys", "values") and over.args:
            for key, value in self.tables.entries(over.args[0]):
                yield key if name == "keys" else value if name == "values" else _pair(key, value)
        elif over.new and name in ("Map", "Set") and over.args or name == "all" and isinstance(owner, Name) and owner.id == "Promise" and over.args:
            yield from self._items(over.args[0], around, depth + 1)
        elif name == "map" and over.args and isinstance(over.args[0], Function):
            given = self.project.returned(over.args[0])
            param = next(iter(over.args[0].params), None)
            for item in self._items(owner, around, depth + 1):
                row = self.tables.of_param(param, item) if param is not None else {}
                yield self._round(row, over.args[0]).value(given[0]) if len(given) == 1 else item
        elif name in _PARTS and not over.args and isinstance(owner, (Name, Member)) and isinstance(self.origins.of(owner).node, Object):
            # Python's `table.items()`
            for key, value in self.tables.entries(owner):
                yield key if name == "keys" else value if name == "values" else _pair(key, value)
        elif name in _PARTS and not over.args and (made := self.tables.comprehension(owner)) is not None:
            for entry in (each for pair in self._comprised(made) if isinstance(pair, Object) for each in pair.entries):
                key = literal(entry.key, entry) if entry.key is not None or entry.computed is None else entry.computed
                yield key if name == "keys" else entry.value if name == "values" else _pair(key, entry.value)
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
            from callcheck.sources.code.folders import listed

            yield from listed(self.project, over)

    def _made_of(self, around: Loop | Function) -> frozenset[str]:
        seen = self._made.get(id(around))
        if seen is None:
            seen = self._made[id(around)] = _made_of_each(around)
        return seen

    def _depends(self, call: Call, around: Loop | Function) -> bool:
        """Whether an argument of a call is made of a loop's variables, directly or by constants of its body."""
        seen = self._made_of(around)
        by_hand = call.parent.args if isinstance(call.parent, Call) and call.parent.callee is call else []
        return any(_mentions(arg, seen) for arg in (*call.args, *call.keywords, *by_hand))


def _loops(call: Call) -> Iterator[Loop | Function]:
    """The loops around a call, and the functions that `forEach` calls, nearest first; as far as the function that runs them."""
    for above in call.up():
        if isinstance(above, Loop) and above.over is not None and above.target is not None and above.over is not call:
            yield above
        elif isinstance(above, Function):
            parent = above.parent
            if isinstance(parent, Call) and above in parent.args and last_name(parent.callee) in _EACH:
                yield above
            elif awaited(above) is None:
                return
        elif isinstance(above, (ClassDef, Module)):
            return


def _bound(around: Loop | Function) -> frozenset[str]:
    if isinstance(around, Function):
        return frozenset(name for param in around.params for name in (*param.binds, param.name) if name)
    target = around.target.targets[0] if isinstance(around.target, Assign) and around.target.targets else around.target
    return frozenset(target_names(target)) if target is not None else frozenset()


def _in_turn(callee: Node) -> bool:
    """Whether a callee may be what a loop goes over, a member or an item of it, or the file that it names: `each`, `each.run`, `table[key]`, `require(file)`."""
    whose = callee.object if isinstance(callee, Member) else callee
    whose = whose.value if isinstance(whose, Await) else whose
    return isinstance(whose, (Name, Subscript)) or (isinstance(whose, Call) and last_name(whose.callee) in LOADS)


def _made_of_each(around: Loop | Function) -> frozenset[str]:
    """The variables of a loop, and the names that its body gives to what is made of them, by up to three steps."""
    seen = set(_bound(around))
    assigned = [(each, {name.id for name in each.value.inside(Name)}) for each in around.inside(Assign) if each.value is not None]
    for _ in range(3):
        new = {name for each, used in assigned if not used.isdisjoint(seen) for target in each.targets for name in target_names(target)} - seen
        if not new:
            break
        seen |= new
    return frozenset(seen)


def _mentions(node: Node, names: Collection[str]) -> bool:
    return any(name.id in names for name in node.inside(Name))


def _pair(key: Node, value: Node) -> Sequence:
    made = Sequence([key, value], line=key.line, column=key.column, end_line=key.end_line)
    made.parent = value.parent
    return made


def awaited(function: Function) -> Node | None:
    """`load(file)` for the function in `load(file).then((event) => …)`."""
    parent = function.parent
    called = parent.callee if isinstance(parent, Call) and function in parent.args else None
    return called.object if isinstance(called, Member) and called.name == "then" else None
