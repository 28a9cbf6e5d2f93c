"""Which names do the sources listen to on objects whose events are all known?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from callcheck.model.events import HOOKS, ITEMS, LISTENER, METHODS, NAMED, OPTIONS, Emitter
from callcheck.model.noun import dataclass
from callcheck.model.shelf import prefixes
from callcheck.model.signs import Sign
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Entry,
    Function,
    Keyword,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code
    from callcheck.sources.code.stream_items import Items

_EMITS = frozenset({"emit", "emitAsync", "emitReserved", "dispatch", "dispatchEvent", "trigger", "fire"})
"""Methods by which a program emits for itself, whatever the object: their names are never judged."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One name, the object it is awaited of, and where."""

    name: str
    of: str
    emitter: Emitter
    node: Node
    module: Module


Installed = Callable[[str, str], "Emitter | None"]
"""Gives what an installed package says of a qualified name, for a source file."""


def heard(code: Code, known: Collection[Emitter], installed: Installed = lambda name, path: None) -> Iterator[Heard]:
    """Every literal name; what the program emits itself, and objects of classes of its own, are left out."""
    return _Search(code, known, installed).all()


class _Search:
    """One pass over the sources."""

    def __init__(self, code: Code, known: Collection[Emitter], installed: Installed) -> None:
        self._code = code
        self._installed = installed
        self._by_name: dict[str, list[Emitter]] = {}
        self._listens: set[str] = set()
        outside, kinds = code.project.outside, tuple(f"{framework.name}." for framework in code.project.frameworks)
        self._hooked = [each for each in known if each.form == HOOKS and not code.project.others.depends_on.isdisjoint({each.package, *(prefix for name in each.of for prefix in prefixes(name))})]
        for emitter in known:
            if emitter.form == HOOKS or not any("." not in name or name.startswith(kinds) or any(prefix in outside for prefix in prefixes(name)) for name in emitter.of):
                continue
            for name in emitter.of:
                self._by_name.setdefault(name, []).append(emitter)
            self._listens.update(emitter.listens if emitter.form in (LISTENER, NAMED) else ())
        self._emits = _EMITS.union(*(each.own for each in known))
        self._under = {each.under: each for each in known if each.under and each.form != HOOKS}
        self._last = {name.rsplit(".", 1)[-1] for name in self._by_name}
        told_apart = [each for tables in self._by_name.values() for each in tables if each.form == ITEMS]
        self._items = self._items_of(told_apart) if told_apart else None

    def _items_of(self, told_apart: list[Emitter]) -> Items:
        from callcheck.sources.code.stream_items import Items

        return Items(self._code, self._kinds_of, told_apart)

    def all(self) -> Iterator[Heard]:
        found: list[Heard] = []
        words = tuple(sorted({*self._listens, *self._last, *self._under}))
        for module in self._code.project.chosen_with(Sign(words=words)) if self._by_name else ():
            kinds: tuple[type[Node], ...] = (Call, Function, ClassDef, *((Object,) if self._under else ()), *((Loop,) if self._items else ()))
            for node in sorted((each for kind in kinds for each in module.all(kind)), key=lambda each: each.at):
                if isinstance(node, Call):
                    found += [*self._listened(node, module), *self._options(node, module), *self._told_apart(node, module)]
                elif isinstance(node, Loop):
                    found += self._told_apart(node, module)
                elif isinstance(node, Function) and node.decorators:
                    found += self._decorated(node, module)
                elif isinstance(node, ClassDef) and node.bases:
                    found += self._methods(node, module)
                elif isinstance(node, Object):
                    found += self._table(node, module)
        for emitter in self._hooked:
            from callcheck.sources.code.hooked import hooks

            found += [Heard(name, of, emitter, node, module_of(node)) for of, name, node in hooks(self._code, emitter) if _speaks(module_of(node), emitter)]
        if not found:
            return
        own = self._sent(self._emits)
        away = {names: self._sent(frozenset(names)) for names in {each.emitter.own for each in found if each.emitter.away}}
        methods = {each.name for each in found if each.emitter.form in (METHODS, HOOKS)}
        called = {last_name(call.callee) for call in self._code.project.calls(*sorted(methods)) if isinstance(call.callee, Member)} if methods else set()
        for each in found:
            if each.name not in (away[each.emitter.own] if each.emitter.away else own) and not (each.emitter.form in (METHODS, HOOKS) and each.name in called):
                yield each

    def _sent(self, methods: frozenset[str]) -> set[str]:
        """The names that the program emits by one of these methods."""
        return {name for call in self._code.project.calls(*sorted(methods)) if last_name(call.callee) in methods for name in self._emitted(call)}

    def _emitted(self, call: Call) -> Iterator[str]:
        if isinstance(call.callee, Member) and call.callee.name in self._emits and call.args:
            name = self._text(call.args[0])
            if name:
                yield from (name, f"on_{name}")

    def _listened(self, call: Call, module: Module) -> Iterator[Heard]:
        callee = call.callee
        if not isinstance(callee, Member) or callee.name not in self._listens or not call.args:
            return
        for of, emitter in self._emitters(callee, LISTENER, module):
            # In a loop over a table, or over the files of a folder, the name stands in each row.
            rows = [row.args[0] for row in self._code.idioms.rows.of(call) if row is not call and row.args]
            for place in rows or [call.args[0]]:
                if name := self._text(place):
                    yield Heard(name, of, emitter, place if rows else call, module_of(place) if rows else module)

    def _emitters(self, callee: Member, form: str, module: Module) -> Iterator[tuple[str, Emitter]]:
        """What is listened to: `x` in `x.on("a", f).on("b", g)`."""
        receiver = callee.object
        while isinstance(receiver, Call) and isinstance(receiver.callee, Member) and receiver.callee.name in self._listens:
            receiver = receiver.callee.object
        origin = self._code.origins.of(receiver)
        if origin.cls is not None:
            return
        for name in {self._code.origins.type_name(origin), *self._code.idioms.kinds(origin)}:
            tables = self._by_name.get(name)
            if tables is None and form == LISTENER and module.language != "python":
                found = self._installed(name, module.path)
                tables = [found] if found else []
            for emitter in tables or ():
                if emitter.form == form and callee.name in emitter.listens and _speaks(module, emitter):
                    yield name, emitter

    def _decorated(self, function: Function, module: Module) -> Iterator[Heard]:
        for decorator in function.decorators:
            callee = decorator.callee if isinstance(decorator, Call) else decorator
            if not isinstance(callee, Member) or callee.name not in self._listens:
                continue
            given = decorator.args[:1] if isinstance(decorator, Call) else []
            name = self._text(given[0]) if given else function.name
            named = self._code.origins.of(callee)
            whole = [(named.qualified, e) for e in self._by_name.get(named.qualified, ()) if e.form == NAMED and named.kind == "external"]
            for of, emitter in (*whole, *self._emitters(callee, NAMED, module)):
                if name:
                    yield Heard(name, of, emitter, function, module)

    def _methods(self, cls: ClassDef, module: Module) -> Iterator[Heard]:
        bases = self._code.origins.bases(cls)
        if not bases or len(cls.bases) > 1 or cls.decorators:
            return
        for emitter in self._by_name.get(bases[0], ()):
            if emitter.form == METHODS and _speaks(module, emitter):
                for method in cls.body:
                    if isinstance(method, Function) and method.name.startswith(emitter.prefix) and not method.decorators:
                        yield Heard(method.name, bases[0], emitter, method, module)

    def _table(self, table: Object, module: Module) -> Iterator[Heard]:
        """`callbacks: [{ handleLLMEnd() {} }]`."""
        above = [each for _, each in zip(range(3), table.up(), strict=False)]
        for each in above:
            name = each.key if isinstance(each, Entry) else each.name if isinstance(each, Keyword) else None
            emitter = self._under.get(name or "")
            if emitter is not None and _speaks(module, emitter):
                for entry in table.entries:
                    if entry.key and entry.key.startswith(emitter.prefix) and isinstance(entry.value, Function):
                        yield Heard(entry.key, emitter.of[0], emitter, entry, module)
                return

    def _options(self, call: Call, module: Module) -> Iterator[Heard]:
        callee = call.callee
        if not isinstance(callee, (Name, Member)):
            return
        last = callee.id if isinstance(callee, Name) else callee.name
        if last not in self._last and not isinstance(callee, Name):
            return
        origin = self._code.origins.of(callee)
        for emitter in self._by_name.get(origin.qualified, ()) if origin.kind == "external" else ():
            if emitter.form == OPTIONS and _speaks(module, emitter):
                given = [(k.name, k) for k in call.keywords]
                given += [(e.key, e) for a in call.args if isinstance(a, Object) for e in a.entries if e.key]  # type: ignore[misc]
                for name, node in given:
                    if name.startswith(emitter.prefix) and name[len(emitter.prefix) :][:1].isupper():
                        yield Heard(name, origin.qualified, emitter, node, module)

    def _told_apart(self, node: Node, module: Module) -> Iterator[Heard]:
        for name, of, emitter, where in self._items.of(node) if self._items else ():
            if _speaks(module, emitter):
                yield Heard(name, of, emitter, where, module_of(where))

    def _kinds_of(self, node: Node) -> Iterator[tuple[str, Emitter]]:
        """The emitters that an expression is: by the call that makes it, or the kind of object that it is."""
        origin = self._code.origins.of(node)
        for name in sorted({self._code.origins.type_name(origin), *self._code.idioms.kinds(origin)}):
            yield from ((name, emitter) for emitter in self._by_name.get(name, ()))

    def _text(self, node: Node) -> str:
        """A literal, or a constant of the project that holds one."""
        if not isinstance(node, Literal) and isinstance(node, (Name, Member)):
            origin = self._code.origins.of(node)
            node = origin.node if origin.kind == "value" and origin.node is not None else node
        return node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""


def _speaks(module: Module, emitter: Emitter) -> bool:
    return (module.language == "python") == (emitter.language == "python")
