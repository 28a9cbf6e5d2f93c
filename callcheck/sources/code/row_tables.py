"""What stands at a key of an object, a place of a list, a member of an instance, an export of a module?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    Imported,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Opaque,
    Param,
    Sequence,
    last_name,
)  # fmt: skip

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

LOADS = ("require", "import")
"""Calls that give what another file exports."""
Row = dict[str, Node]
"""What the variables of a loop hold, each as the node that stands in the table; a loaded file is its Module."""


class Tables:
    """Looks into the tables of one project."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self.project = origins.project

    def is_map(self, over: Node | None) -> bool:
        held = self.origins.of(over).node if isinstance(over, (Name, Member)) else over
        return isinstance(held, Call) and held.new and last_name(held.callee) == "Map"

    def entries(self, table: Node, within: tuple[Node, ...] = ()) -> Iterator[tuple[Node, Node]]:
        """The keys and values of an object of the project, or of what a module exports; one that is spread into itself (`x = {**x, "a": 1}`) adds nothing."""
        held = table if isinstance(table, Object) else self.origins.of(table).node
        if isinstance(held, Object) and held not in within:
            for entry in held.entries:
                if entry.key is not None:
                    yield literal(entry.key, entry), entry.value
                elif entry.computed is not None:
                    yield entry.computed, entry.value
                else:
                    yield from self.entries(entry.value, (*within, held))
        elif isinstance(held, Module):
            for name, given in self.project.exports(held).items():
                if name not in ("default", "*"):
                    yield literal(name, held), given if isinstance(given, Node) else _name_in(held, given)
            handed = (each.local for statement in self.project.imports(held) if statement.reexport for each in statement.names)
            for name in handed:
                if name not in ("default", "*") and (found := self.exported(held, name)) is not None and found is not held:
                    yield literal(name, held), found

    def comprehension(self, node: Node | None, depth: int = 0) -> Loop | None:
        """The loop of a comprehension that an expression is or names: `SIGNALS = {s.name: s for s in (opened, closed)}`."""
        if isinstance(node, Opaque):
            made = node.items[0] if node.kind == "comprehension" and node.items else None
            return made if isinstance(made, Loop) and len(made.body) == 1 else None
        if not isinstance(node, (Name, Member, Assign)) or depth > 3:
            return None
        declared = node if isinstance(node, Assign) else self.origins.binding_of(node)
        if isinstance(declared, Assign):
            return self.comprehension(declared.value, depth + 1)
        if isinstance(declared, Imported):
            module = self.project.imported(declared)
            return self.comprehension(self.exported(module, declared.imported), depth + 1) if module is not None else None
        base = self.origins.of(node.object) if isinstance(node, Member) else None
        if base is not None and base.kind == "module" and isinstance(base.node, Module):
            return self.comprehension(self.exported(base.node, last_name(node)), depth + 1)
        if base is not None and base.kind == "self" and base.cls is not None:
            return self.comprehension(self._member(base.cls, last_name(node)), depth + 1)
        return None

    def unpacked(self, target: Node | None, item: Node) -> Iterator[tuple[str, Node]]:
        """What a pattern takes of an item."""
        if isinstance(target, Assign):
            target = target.targets[0] if target.targets else None
        if isinstance(target, Name):
            yield target.id, item
        elif isinstance(target, Sequence):
            for index, inner in enumerate(target.items):
                if (part := self.part(item, str(index))) is not None:
                    yield from self.unpacked(inner, part)
        elif isinstance(target, Object):
            for entry in target.entries:
                if entry.key is not None and (part := self.part(item, entry.key) or self._unset(item, entry.key, entry.default)) is not None:
                    yield from self.unpacked(entry.value, part)

    def _unset(self, item: Node, key: str, default: Node | None) -> Node | None:
        """What a pattern makes of a key that is surely not there: its default, or nothing (`undefined`); None where the item may have it."""
        held: Node | None = self.held(item)
        if isinstance(held, Module):
            whole = self.project.exported(held, "default")
            held = whole[1] if whole is not None and isinstance(whole[1], Node) else None
        if not isinstance(held, Object) or any(entry.key is None for entry in held.entries) or any(entry.key == key for entry in held.entries):
            return None
        return default if default is not None else literal(None, held)

    def of_param(self, param: Param, item: Node) -> Row:
        if not param.binds:
            return {param.name: item}
        found: Row = {}
        for name, path in param.binds.items():
            part: Node | None = item
            for key in path.split("."):
                part = self.part(part, key) or (self._unset(part, key, None) if path not in param.spared else None) if part is not None else None
            if part is not None:
                found[name] = part
        return found

    def held(self, node: Node) -> Node:
        """The object, list or module that a name or a loading call stands for; the node itself where that is not known."""
        held = node.value if isinstance(node, Await) else node
        if isinstance(held, (Name, Member)) or isinstance(held, Call) and last_name(held.callee) in LOADS:
            held = self.origins.of(held).node or held
        return held

    def part(self, node: Node, key: str) -> Node | None:
        """The node that stands at a key of an object, a place of a list, a member of an instance, an export of a module."""
        held = self.held(node)
        if isinstance(held, Sequence):
            return held.items[int(key)] if key.isdigit() and int(key) < len(held.items) else None
        if isinstance(held, Object):
            return next((value for name, value in self.entries(held) if isinstance(name, Literal) and name.value == key), None)
        if isinstance(held, Module):
            return self.exported(held, key)
        cls = held if isinstance(held, ClassDef) else self._class(held.callee) if isinstance(held, Call) else None
        if cls is not None:
            return self._member(cls, key)
        return None

    def _class(self, callee: Node) -> ClassDef | None:
        whole = self.exported(callee, "default") if isinstance(callee, Module) else callee
        return self.origins.of(whole).cls

    def _member(self, cls: ClassDef, key: str, depth: int = 0) -> Node | None:
        for declared in self.project.fields(cls).get(key, ()):
            if isinstance(declared, Function):
                return declared
            if isinstance(declared, Assign) and declared.value is not None:
                return declared.value
        parent = next((each for base in cls.bases if (each := self.origins.of(base).cls) is not None), None)
        return self._member(parent, key, depth + 1) if parent is not None and depth < 4 else None

    def exported(self, module: Module, key: str) -> Node | None:
        found = self.project.exported(module, key)
        if found is None and key != "default":
            whole = self.project.exported(module, "default")
            held = _name_in(whole[0], whole[1]) if whole is not None and isinstance(whole[1], str) else whole[1] if whole is not None else None
            return self.part(held, key) if isinstance(held, Node) else None
        if found is None:
            return module
        return _name_in(found[0], found[1]) if isinstance(found[1], str) else found[1]


def literal(text: str | None, beside: Node) -> Literal:
    """A text that stands where another node does."""
    return Literal(text, line=beside.line, column=beside.column, end_line=beside.line, parent=beside)


def _name_in(module: Module, name: str | Node) -> Node:
    return Name(name, line=1, column=1, parent=module) if isinstance(name, str) else name
