"""Which plain values stand under names that never have another, and how does a file read with them in their place?

    const SHIPPED = "order.shipped";            bus.on(SHIPPED, tell)            is  bus.on("order.shipped", tell)
    DELAY = 3600                                send.apply_async(countdown=DELAY)    send.apply_async(countdown=3600)
    from shop.topics import PAID                publish(PAID, order)                 publish("order.paid", order)

Done once for each file, so that whoever reads an argument need not ask what its name stands for. The line of the argument stays that of its use.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.own_names import give_back, respelt, unprefixed
from callcheck.sources.code.scopes import DECLARING, declares, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Imported,
    Keyword,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Sequence,
    Subscript,
    Template,
    dotted,
    parts_of,
)

if TYPE_CHECKING:
    from callcheck.sources.code.project import Project

_READ_IN = (Call, Keyword, Entry, Sequence, Operation, Template)
"""What a constant is an argument of, or a part of one."""
_LONGEST = 400
"""Characters of a text that are put in the place of its name."""
_DEEPEST = 3
"""Lists, tables and calls within one another that are written out."""
_PLACE = attrgetter("at")
_BYTES = pattern(r"(?i)(?:b|rb|br)[\"']")


class Constants:
    """The constants of one project's files."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, dict[str, Literal | Object]] = {}

    def put_into(self, module: Module) -> None:
        """Put the values in the place of the names in one file, and the own names of what it imports, and note how the file reads then (`Module.spelt`)."""
        renamed = give_back(module, self._project.paths)
        self._put_values(module)
        if renamed:
            module.spelt = respelt("\n".join(module.spelt or module.lines), renamed).split("\n")
        module.spelt = unprefixed(module, module.spelt or module.lines, self._project.paths) or module.spelt
        module.spelt_text = "\n".join(module.spelt)

    def _put_values(self, module: Module) -> None:
        own = self._of(module)
        names = {bound.local: bound for bound in module.all(Imported) if bound.local[:1].isupper() or bound.imported == "*" or self._project.choice.all}
        if not own and not names:
            return
        put: list[tuple[Node, Literal]] = []
        spread: list[tuple[Node, Object]] = []
        read: list[Name | Member] = [name for name in module.all(Name) if name.id in own or name.id in names]
        read += [member for member in module.all(Member) if isinstance(member.object, Name) and (member.object.id in own or member.object.id in names)]
        for node in read:
            value = self._value(node, own, names) if isinstance(node.parent, _READ_IN) and not _is_callee(node) else None
            if isinstance(value, Literal):
                put.append((node, value))
            elif isinstance(value, Object) and _open(node, value):
                spread.append((node, value))
        if put or spread:
            _put(module, put, spread)

    def _value(self, node: Name | Member, own: dict[str, Literal | Object], names: dict[str, Imported]) -> Node | None:
        if isinstance(node, Name):
            return own.get(node.id) or (self._imported(names[node.id]) if node.id in names and (node.id.isupper() or self._project.choice.all) else None)
        if not isinstance(node.object, Name):
            return None
        table: Node | None = own.get(node.object.id)
        if table is None and node.object.id in names:
            bound = names[node.object.id]
            if not (node.name.isupper() or bound.local.isupper() or self._project.choice.all):
                return None  # to look at each class whose member is handed on would mean to parse half of a big tree
            there = self._project.imported(bound) if bound.imported == "*" else self._imported(bound)
            if isinstance(there, Module):
                return self._of(there).get(node.name)
            table = there
        return table.get(node.name) if isinstance(table, Object) and _plain(table) else None

    def _imported(self, bound: Imported) -> Literal | Object | Module | None:
        there = self._project.imported(bound)
        found = self._project.exported(there, bound.imported) if there is not None else None
        if found is None:
            return None
        module, named = found
        if isinstance(named, Assign):
            named = next((target.id for target in named.targets if isinstance(target, Name)), "")
        if isinstance(named, str):
            return self._of(module).get(named)
        return named if isinstance(named, Module) or (isinstance(named, Object) and _plain(named)) else None

    def _of(self, module: Module) -> dict[str, Literal | Object]:
        """The names of a file that are given one plain value, or one table, and nothing else anywhere in the file."""
        if module.path not in self._known:
            given = {name: value for assign in module.all(Assign) for name, value in _given(assign)}
            declaring: list[Node] = [node for kind in DECLARING for node in module.all(kind)] if given else []
            times = Counter(name for node in declaring for name in _named(node))
            filled = {target.object.id for assign in module.all(Assign) for target in assign.targets if isinstance(target, (Member, Subscript)) and isinstance(target.object, Name)}
            filled |= {call.args[0].id for call in module.calls("assign") if call.args and isinstance(call.args[0], Name)}
            filled |= {call.callee.object.id for call in module.calls("update", "pop") if isinstance(call.callee, Member) and isinstance(call.callee.object, Name)}
            self._known[module.path] = {name: value for name, value in given.items() if times[name] == 1 and name not in filled}
        return self._known[module.path]


def _open(node: Node, table: Object) -> bool:
    """Put the entries of a table in the place where it is spread, if it is: `queue.add(name, data, {...defaults})`, `publish(**options)`."""
    above = node.parent
    if isinstance(above, Keyword) and not above.name and isinstance(above.parent, Call):
        given = [Keyword(entry.key, entry.value, line=entry.line, column=entry.column, end_line=entry.end_line, parent=above.parent) for entry in table.entries if entry.key]
        above.parent.keywords[:] = [each for keyword in above.parent.keywords for each in (given if keyword is above else (keyword,))]
        return True
    elif isinstance(above, Entry) and above.key is None and above.computed is None and isinstance(above.parent, Object):
        above.parent.entries[:] = [each for entry in above.parent.entries for each in (table.entries if entry is above else (entry,))]
        return True
    return False


def _given(assign: Assign) -> Iterator[tuple[str, Literal | Object]]:
    value, target = assign.value, assign.targets[0] if len(assign.targets) == 1 else None
    declared = "" if module_of(assign).language == "python" else "const"
    if not isinstance(target, Name) or assign.declared != declared or assign.operator or isinstance(assign.parent, ClassDef):
        return
    if isinstance(value, Call) and value.args and isinstance(value.callee, Member) and value.callee.name == "freeze":
        value = value.args[0]
    elif isinstance(value, Call) and dotted(value.callee) == "dict" and value.keywords and not value.args:
        entries = [Entry(each.name, each.value, line=each.line, column=each.column, end_line=each.end_line) for each in value.keywords]
        value = Object(entries, line=value.line, end_line=value.end_line)
    if isinstance(value, Object) and value.entries and all(entry.key for entry in value.entries) or isinstance(value, Literal) and _plain(value):
        yield target.id, value


def _plain(value: Node) -> bool:
    if isinstance(value, Object):
        return bool(value.entries) and all(entry.key and isinstance(entry.value, Literal) and _plain(entry.value) for entry in value.entries)
    return isinstance(value, Literal) and value.value is not None and len(str(value.value)) <= _LONGEST and not _is_bytes(value)


def _is_bytes(literal: Literal) -> bool:
    """Whether a text of Python is written as bytes: a library that takes them refuses the same text without its `b`."""
    module = module_of(literal)
    return module.language == "python" and isinstance(literal.value, str) and _BYTES.match(module.line_of(literal), literal.column - 1) is not None


def _named(node: Node) -> Iterator[str]:
    """The names that an import or an assignment gives something, `+=` included."""
    if isinstance(node, Assign) and node.operator:
        yield from (target.id for target in node.targets if isinstance(target, Name))
    else:
        yield from (name for name, _ in declares(node))


def _is_callee(node: Node) -> bool:
    above = node.parent
    return (isinstance(above, Call) and above.callee is node) or (isinstance(above, Entry) and above.computed is node)


def _put(module: Module, put: list[tuple[Node, Literal]], spread: list[tuple[Node, Object]]) -> None:
    """Put literals in the place of names, in the tree, in its index, and in how the file reads; what is spread is in the tree."""
    lines, gone, literals = list(module.lines), set[int](), module.all(Literal)
    told: list[tuple[Node, Literal | Object]] = [*put, *spread]
    for node, value in sorted(told, key=lambda each: (each[0].line, -each[0].column)):
        if isinstance(value, Object):
            _spread(module, lines, node, value)
            continue
        literal = Literal(value.value, line=node.line, column=node.column, end_line=node.end_line, parent=node.parent, at=node.at, end=node.end)
        _exchange(node, literal)
        module.ordered[node.at] = literal
        insort(literals, literal, key=_PLACE)
        gone.add(node.at)
        line, begin, written = lines[node.line - 1], node.column - 1, dotted(node)
        if line.startswith(written, begin):
            key = f"{written}: " if isinstance(literal.parent, Entry) and literal.parent.column == node.column else ""
            lines[node.line - 1] = line[:begin] + key + _source(module, literal) + line[begin + len(written) :]
    for kind in (Name, Member):
        of_kind = module.all(kind)
        of_kind[:] = [node for node in of_kind if node.at not in gone]
    module.spelt, module.spelt_text = lines, "\n".join(lines)


def _spread(module: Module, lines: list[str], node: Node, table: Object) -> None:
    """Write out in a line what of a spread table can be: plain values, names, and calls; in Python also lists and tables, and what calls are given."""
    line, begin, written = lines[node.line - 1], node.column - 1, dotted(node)
    before = line[:begin].removesuffix("..." if isinstance(node.parent, Entry) else "**")
    if written and line.startswith(written, begin) and len(before) < begin:
        between = "=" if module.language == "python" and isinstance(node.parent, Keyword) else ": "
        entries = [f"{entry.key}{between}{told}" for entry in table.entries if (told := _told(module, entry.value))]
        lines[node.line - 1] = before + ", ".join(entries) + line[begin + len(written) :]


def _told(module: Module, value: Node, depth: int = 0) -> str:
    if isinstance(value, Literal):
        return _source(module, value)
    if module.language != "python" or depth > _DEEPEST:
        return f"{dotted(value.callee)}()" if isinstance(value, Call) else dotted(value)
    if isinstance(value, Call):
        given = [_told(module, each, depth + 1) for each in value.args] + [f"{each.name}={_told(module, each.value, depth + 1)}" for each in value.keywords if each.name]
        return f"{dotted(value.callee)}({', '.join(given)})"
    if isinstance(value, Sequence):
        return f"[{', '.join(_told(module, each, depth + 1) for each in value.items)}]"
    if isinstance(value, Object):
        return "{" + ", ".join(f'"{each.key}": {_told(module, each.value, depth + 1)}' for each in value.entries if each.key) + "}"
    return dotted(value)


def _exchange(node: Node, literal: Literal) -> None:
    above = node.parent
    for name in parts_of(type(above)) if above is not None else ():
        held = getattr(above, name)
        if held is node:
            setattr(above, name, literal)
        elif isinstance(held, list):
            held[:] = [literal if each is node else each for each in held]


def _source(module: Module, literal: Literal) -> str:
    """A value as the language writes it."""
    if isinstance(literal.value, bool):
        return str(literal.value) if module.language == "python" else str(literal.value).lower()
    return repr(literal.value)
