"""Which object stands behind a name, and where was it made?

Followed through assignments, parameters of local functions, class fields, `this` and `self`, exports, factories and default arguments.
What cannot be followed is said to be unknown; nothing is guessed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from callcheck.model.noun import replace
from callcheck.sources.code.answers import Answers, Asking
from callcheck.sources.code.callers import Callers
from callcheck.sources.code.constants import constant, is_member_of_enum
from callcheck.sources.code.imported import imported
from callcheck.sources.code.origin import UNKNOWN as UNKNOWN
from callcheck.sources.code.origin import Origin as Origin
from callcheck.sources.code.origin import makes
from callcheck.sources.code.parameters import Parameters
from callcheck.sources.code.project import Project
from callcheck.sources.code.renames import Renames
from callcheck.sources.code.results import Results, together
from callcheck.sources.code.rows import Rows
from callcheck.sources.code.scopes import (
    FILLS,
    Binding,
    Scope,
    enclosing,
    fills_when_empty,
    is_super,
    module_of,
    target_names,
)
from callcheck.sources.code.slots import Slots
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Catch,
    ClassDef,
    Conditional,
    Entry,
    Function,
    Imported,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    Subscript,
    Template,
    dotted,
    last_name,
)  # fmt: skip

DEEPEST = 24
"""Steps that one question may take."""
MOST_NESTED = 8
"""Questions after callers that one question may lead to, one within the other."""


class Origins:
    """Answers for one project; they are kept."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.asking = Asking()
        self._known = Answers[Origin](self.asking)
        self.renames = Renames(project)
        self.callers = Callers(project, self.renames, self._callee)
        self._calls = Answers[list[Call]](self.asking)
        self._parameters, self._results = Parameters(self), Results(self)
        self.dependents, self.may_be = self._parameters.dependents, self._parameters.may_be
        self._around: dict[int, list[Scope]] = {}
        self._nested = 0
        self._with_field: dict[str, list[ClassDef]] | None = None

    def of(self, node: Node | None, depth: int = 0) -> Origin:
        """The origin of an expression."""
        if node is None or depth > DEEPEST:
            return UNKNOWN
        known = self._known.known.get(id(node))
        return known if known is not None else self._known.of(id(node), lambda: self._follow(node, depth), UNKNOWN)

    def _follow(self, node: Node, depth: int) -> Origin:
        if isinstance(node, Name):
            return self.named(node, depth)
        if isinstance(node, Member):
            found = self._above(node, depth) if is_super(node.object) else self.member(self.of(node.object, depth + 1), node.name, depth + 1)
            return self._results.returned(found.node, node, depth) if isinstance(found.node, Function) and found.kind == "function" and _is_property(found.node) else found
        if isinstance(node, Call):
            return self._results.of(node, depth)
        if isinstance(node, Await):
            return self.of(node.value, depth + 1)
        if isinstance(node, Function):
            return Origin("function", node)
        if isinstance(node, ClassDef):
            return Origin("class", node, cls=node)
        if isinstance(node, (Conditional, Operation)):
            return self._choice(node, depth)
        if isinstance(node, Assign):
            found = self.of(node.value, depth + 1)
            return replace(found, kept=True) if found.kind == "made" and fills_when_empty(node) else found
        if isinstance(node, (Literal, Object, Sequence, Template)):
            return Origin("value", node, site=node)
        if isinstance(node, Subscript):
            base = self.of(node.object, depth + 1)
            if isinstance(base.node, Sequence) and isinstance(node.key, Literal) and isinstance(node.key.value, int) and -len(base.node.items) <= node.key.value < len(base.node.items):
                return self.of(base.node.items[node.key.value], depth + 1)
            return self._results.item(base, depth) or (Origin("part", node, "[]", base=base) if base.kind != "unknown" else UNKNOWN)
        return UNKNOWN

    def _above(self, node: Member, depth: int) -> Origin:
        """The origin of `super().name`: what a class of the project right above has, else a part of the object itself."""
        cls = enclosing(node, ClassDef)
        above = [self.of(each, depth + 1).cls for each in cls.bases] if isinstance(cls, ClassDef) else []
        found = (self._field(each, node.name, depth + 1) for each in above if each is not None and each is not cls)
        own = self.of(node.object, depth + 1)
        return next((each for each in found if each.kind != "unknown"), Origin("part", node.object, node.name, base=own) if own.kind == "self" else UNKNOWN)

    def _choice(self, node: Conditional | Operation, depth: int) -> Origin:
        if isinstance(node, Operation) and node.operator not in ("||", "??", "&&", "or", "||=", "??="):
            return UNKNOWN
        options = [node.then, node.orelse] if isinstance(node, Conditional) else node.operands
        found = [o for o in (self.of(each, depth + 1) for each in options) if o.kind != "unknown"]
        ways = [o for o in found if o.kind == "made"]
        # What a table gives back is worth less than the object that stands in when it gives nothing.
        made = next((o for o in ways if o.base is None), next(iter(ways), None))
        if made and isinstance(node, Operation):
            first = options[0]
            held = dotted(first).split(".")[0] in ("globalThis", "global", "window", "self", "process")
            return replace(made, kept=made.kept or held or isinstance(first, (Member, Name)))
        return made or next(iter(found), UNKNOWN)

    # Names

    def named(self, node: Name, depth: int) -> Origin:
        """The origin of a name, by the scopes that it stands in."""
        if node.id in ("this", "cls", "super") or (node.id == "self" and _is_self(node)):
            cls = enclosing(node, ClassDef)
            if isinstance(cls, ClassDef):
                return Origin("self", node, cls=cls)
        for scope in self.scopes_of(node):
            declared = self.project.scope(scope).get(node.id)
            if declared:
                return self._later(scope, declared, node.id, depth)
        # `global.io = new Server(http)` in one file, and `io.emit(…)` in another one; what is called is no object that is made, but the `io()` of a page.
        called = isinstance(node.parent, Call) and node.parent.callee is node
        held = UNKNOWN if called or module_of(node).language == "python" else self.held(self.slots.everywhere(node.id), depth)
        return held if held.kind != "unknown" else Origin("external", node, node.id)

    def scopes_of(self, node: Node) -> list[Scope]:
        """The scopes in which a name may be declared, nearest first."""
        below, above = node, node.parent
        while above is not None:
            if isinstance(above, (Function, ClassDef, Module)) and (isinstance(above, Module) or below not in above.decorators):
                return [above, *self._scopes_around(above)]
            below, above = above, above.parent
        return []

    def _scopes_around(self, scope: Scope) -> list[Scope]:
        """The functions around a scope, nearest first, and its module: what a class around it declares is not seen inside."""
        if id(scope) not in self._around:
            found = self._around[id(scope)] = list[Scope]()
            below: Node = scope
            for above in scope.up():
                if isinstance(above, Module) or (isinstance(above, Function) and below not in above.decorators):
                    found.append(above)
                below = above
        return self._around[id(scope)]

    def binding_of(self, node: Node) -> Binding | None:
        """The first declaration of a name, None for anything else and for what comes from outside."""
        scopes = self.scopes_of(node) if isinstance(node, Name) else []
        return next((declared[0] for scope in scopes if isinstance(node, Name) and (declared := self.project.scope(scope).get(node.id))), None)

    def _later(self, scope: Scope, declared: list[Binding], name: str, depth: int) -> Origin:
        """What a name of a scope is; a JavaScript `let x;` may be filled by a function inside (`function init() { x = make(); }`)."""
        found = self._declared(declared, name, depth)
        bare = all(isinstance(each, Assign) and each.declared in ("let", "var") and _holds_nothing(each.value) for each in declared)
        if not bare or (found.kind not in ("unknown", "param") and not isinstance(found.node, Literal)) or depth > DEEPEST:
            return found
        given = found
        for assign in scope.inside(Assign):
            if assign.declared or assign.operator not in ("", *FILLS) or name not in [t.id for t in assign.targets if isinstance(t, Name)]:
                continue
            if any(_declares(self.project.scope(each).get(name, ())) for each in _below(scope, assign)):
                continue
            made = self.of(assign.value, depth + 1)
            if made.kind == "made":
                return replace(made, kept=True) if fills_when_empty(assign) else made
            if made.kind == "param" and isinstance(made.node, Param) and made.node.parent is not None and isinstance(made.node.parent.parent, Call):
                given = made  # what a callback got: `connect(url, (err, channel) => { current = channel; })`
        return given

    def _declared(self, declared: list[Binding], name: str, depth: int) -> Origin:
        if len(declared) == 1:
            return self.binding(declared[0], name, depth + 1)
        found = [self.binding(each, name, depth + 1) for each in declared]
        made = [o for o in found if o.kind not in ("unknown", "value") or (o.node and not isinstance(o.node, Literal))]
        if len(made) > 1 and made[0].kind == "param":
            made = made[1:]
        first = next(iter(made), found[0] if found else UNKNOWN)
        fills = [fills_when_empty(each) for each in declared]
        if first.base is not None and first.kind in ("made", "part"):
            # `room = rooms.get(id)`, `if (!room) room = { bus: new Bus() }`: what is put in when the table gives nothing is what it gives later.
            first = next((each for each, filled in zip(found, fills, strict=True) if filled and makes(each)), first)
        return replace(first, kept=True) if any(fills) and makes(first) else first

    def binding(self, binding: Binding | Node, name: str, depth: int = 0) -> Origin:
        """The origin of what a declaration binds to a name."""
        if depth > DEEPEST:
            return UNKNOWN
        if isinstance(binding, Imported):
            return imported(self, binding, depth)
        if isinstance(binding, Assign):
            return self.assigned(binding, name, depth)
        if isinstance(binding, Param):
            return self._parameters.of(binding, name, depth)
        if isinstance(binding, (Function, ClassDef)):
            return self.of(binding, depth)
        if isinstance(binding, Module):
            return Origin("module", binding)
        if isinstance(binding, Loop):
            return self._element(binding, name, depth)
        if isinstance(binding, Catch):
            return UNKNOWN
        return self.of(binding, depth)

    def _element(self, loop: Loop, name: str, depth: int) -> Origin:
        """What a loop's variable is, when it runs over a literal of the project: its first item stands for all."""
        first = next(self.rows.values(loop, name), None)
        return self.of(first, depth + 1) if first is not None else UNKNOWN

    @functools.cached_property
    def rows(self) -> Rows:
        """The tables that loops go over."""
        return Rows(self)

    def looped(self, node: Node) -> list[Node]:
        """All that a name is in turn, for the variable of a loop over something written out."""
        declared = self.binding_of(node)
        return list(self.rows.values(declared, node.id)) if isinstance(node, Name) and isinstance(declared, Loop) else []

    def assigned(self, assign: Assign, name: str, depth: int) -> Origin:
        value = assign.value
        if value is None:
            return self._parameters.typed(assign.annotation, assign, depth)
        target = next((t for t in assign.targets if name in target_names(t)), assign.targets[0])
        if isinstance(target, Object):
            key = next((e.key for e in target.entries if _binds(e, name)), None)
            return self.member(self.of(value, depth), key, depth + 1) if key else UNKNOWN
        if isinstance(target, Sequence):
            place = next((i for i, item in enumerate(target.items) if isinstance(item, Name) and item.id == name), None)
            row = self.of(value, depth + 1).node if isinstance(value, Call) else None
            given = row.items if isinstance(row, Sequence) else together(value)
            return self.of(given[place], depth) if place is not None and place < len(given) else UNKNOWN
        found = self.of(value, depth)
        if found.kind == "made" and fills_when_empty(assign):
            found = replace(found, kept=True)
        return found

    def place(self, module: Module, what: str | Node | Binding, depth: int, name: str = "") -> Origin:
        """The origin of what `Project.exported` gives: a local name of a module, or a node."""
        if isinstance(what, str):
            declared = self.project.scope(module).get(what)
            return self._later(module, declared, what, depth + 1) if declared else UNKNOWN
        if isinstance(what, (Imported, Assign, Param)):
            return self.binding(what, name, depth + 1)
        return self.of(what, depth + 1) if not isinstance(what, Module) else Origin("module", what)


    # Members

    def member(self, base: Origin, name: str | None, depth: int = 0) -> Origin:
        """The origin of `base.name`."""
        if name is None or depth > DEEPEST:
            return UNKNOWN
        if base.kind == "external":
            return Origin("external", base.node, f"{base.qualified}.{name}")
        if base.kind == "module" and isinstance(base.node, Module):
            found = self.project.exported(base.node, name)
            below = self.project.find(base.node, f".{name}") if not found and base.node.path.endswith("/__init__.py") else None
            return self.place(*found, depth, name) if found else Origin("module", below) if below else UNKNOWN
        if base.cls is not None:
            field = self._field(base.cls, name, depth)
            if field.kind == "unknown":
                field = constant(self, base.cls, name, base.kind == "class", depth)
            if field.kind != "unknown":
                return _kept_with(base, field)
        if base.kind == "value" and name == "value" and is_member_of_enum(base.node):
            return base
        if base.kind == "value" and isinstance(base.node, Sequence) and name.isdecimal():
            return self.of(next(iter(base.node.items[int(name) :]), None), depth + 1)
        if base.kind == "value" and isinstance(base.node, Object):
            inner = base.node.get(name)
            if inner is not None:
                return _kept_with(base, self.of(inner, depth + 1))
            for spread in (each.value for each in reversed(base.node.entries) if each.key is None and each.computed is None):
                among = self.member(self.of(spread, depth + 1), name, depth + 1)
                if among.kind not in ("unknown", "part"):
                    return among
        held = self.held(self.slots.member(name), depth) if base.kind in ("param", "part", "unknown", "made") and base.cls is None else UNKNOWN
        if held.kind != "unknown":
            return held
        if base.kind in ("made", "part", "param", "self", "value"):
            return Origin("part", base.node, name, base=base)
        return UNKNOWN

    @functools.cached_property
    def slots(self) -> Slots:
        """What is kept under a name on objects that are handed around."""
        return Slots(self.project)

    def held(self, node: Node | None, depth: int) -> Origin:
        """What stands in a slot, if it is an object that somebody makes."""
        found = self.of(node, depth + 1)
        return found if found.kind == "made" else UNKNOWN

    def _field(self, cls: ClassDef, name: str, depth: int) -> Origin:
        declared = self.project.fields(cls).get(name, [])
        for node in declared:
            if isinstance(node, Function):
                return Origin("function", node)
            if isinstance(node, Param):
                return self._parameters.of(node, name, depth + 1)
        found = [self.assigned(node, name, depth + 1) for node in declared if isinstance(node, Assign)]
        best = next((o for o in found if o.kind == "made"), None) or next((o for o in found if o.kind not in ("unknown", "value")), None)
        if best:
            return best
        solid = next((o for o in found if o.node is not None and not isinstance(o.node, Literal)), None)
        if solid:
            return solid
        for parent in cls.bases:
            origin = self.of(parent, depth + 1)
            if origin.cls is not None and origin.cls is not cls:
                inherited = self._field(origin.cls, name, depth + 1)
                if inherited.kind != "unknown":
                    return inherited
        return UNKNOWN


    def type_name(self, origin: Origin) -> str:
        """The outside constructor behind an object, through the classes of the project that extend it; "" if there is none."""
        if origin.kind == "part" and origin.base is not None:
            return f"{self.type_name(origin.base)}().{origin.qualified}"
        return origin.qualified or next(iter(self.bases(origin.cls)), "")

    def bases(self, cls: ClassDef | None, depth: int = 0) -> list[str]:
        """The qualified names of the outside classes that a class extends, near ones first."""
        found: list[str] = []
        if cls is None or depth > 8:
            return found
        for parent in cls.bases:
            origin = self.of(parent)
            if origin.kind == "external":
                found.append(origin.qualified)
            elif origin.cls is not None and origin.cls is not cls:
                found += self.bases(origin.cls, depth + 1)
            elif origin.kind == "made" and origin.qualified:
                found.append(origin.qualified)
        return found

    def classes_with(self, name: str) -> list[ClassDef]:
        """The classes that assign a field of this name in their body."""
        if self._with_field is None:
            self._with_field = {}
            for cls in (each for module in self.project.chosen.values() for each in module.all(ClassDef)):
                for node in cls.body:
                    for target in node.targets if isinstance(node, Assign) else ():
                        if isinstance(target, Name):
                            self._with_field.setdefault(target.id, []).append(cls)
        return self._with_field.get(name, [])

    def calls_of(self, target: Function | ClassDef) -> list[Call]:
        """Every call of a function, or making of a class, that the project shows by name."""
        return self._calls.of(id(target), lambda: self._called(target), [])

    def _called(self, target: Function | ClassDef) -> list[Call]:
        if self._nested >= MOST_NESTED:
            self.asking.cuts += 1
            return []
        self._nested += 1
        try:
            return list(self.callers.of(target))
        finally:
            self._nested -= 1

    def forget_calls(self) -> None:
        """Look for the calls of functions anew, since files were read that may hold more."""
        self._calls.forget()

    def names_of(self, target: Function | ClassDef) -> list[str]:
        """The names by which a function or class may be called."""
        return self.callers.names(target)

    def _callee(self, node: Node) -> Node | None:
        origin = self.of(node)
        return origin.node if origin.kind in ("function", "class") else None


def _is_property(function: Function) -> bool:
    """Whether a method is run by naming it: `@property`, `get bus()`."""
    return function.accessor == "get" or any(last_name(each) in ("property", "cached_property") for each in function.decorators)


def _kept_with(base: Origin, part: Origin) -> Origin:
    """What is made along with an object that is kept is kept with it."""
    return replace(part, kept=True) if base.kept and makes(part) else part


def _holds_nothing(value: Node | None) -> bool:
    return value is None or (isinstance(value, Literal) and value.value is None)


def _below(scope: Node, node: Node) -> list[Scope]:
    """The scopes between one and a node inside it."""
    found: list[Scope] = []
    for above in node.up():
        if above is scope:
            break
        if isinstance(above, (Function, ClassDef)):
            found.append(above)
    return found


def _declares(bindings: Iterable[Binding]) -> bool:
    """Whether one of these brings a name into its scope; a bare JavaScript assignment does not."""
    return any(not isinstance(each, Assign) or bool(each.declared) for each in bindings)


def _binds(entry: Entry, name: str) -> bool:
    return isinstance(entry.value, Name) and entry.value.id == name


def _is_self(node: Name) -> bool:
    return any(isinstance(a, Function) and a.params and a.params[0].name == "self" for a in node.up())


