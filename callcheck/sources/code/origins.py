"""Which object stands behind a name, and where was it made?

Followed through assignments, parameters of local functions, class fields, `this` and `self`, exports, factories and default arguments.
What cannot be followed is said to be unknown; nothing is guessed.
"""

from __future__ import annotations

import functools

from callcheck.model.noun import replace
from callcheck.sources.code.answers import Answers, Asking
from callcheck.sources.code.callers import Callers
from callcheck.sources.code.each_called import EachCalled
from callcheck.sources.code.imported import imported
from callcheck.sources.code.members import Members
from callcheck.sources.code.names import Names
from callcheck.sources.code.origin import DEEPEST
from callcheck.sources.code.origin import UNKNOWN as UNKNOWN
from callcheck.sources.code.origin import Origin as Origin
from callcheck.sources.code.parameters import Parameters
from callcheck.sources.code.project import Project
from callcheck.sources.code.renames import Renames
from callcheck.sources.code.results import Results, together
from callcheck.sources.code.rows import Rows
from callcheck.sources.code.scopes import (
    Binding,
    fills_when_empty,
    is_super,
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
        self._each_called = EachCalled(self)
        self._parameters, self._results = Parameters(self), Results(self)
        self.dependents, self.may_be = self._parameters.dependents, self._parameters.may_be
        self._names = Names(self)
        self.named, self.scopes_of, self.binding_of = self._names.named, self._names.scopes_of, self._names.binding_of
        self._members = Members(self, self._parameters)
        self.member = self._members.of
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
            found = self._members.above(node, depth) if is_super(node.object) else self.member(self.of(node.object, depth + 1), node.name, depth + 1)
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
            kept = self.held(self.slots.item(node), depth)
            if kept.kind != "unknown":
                return kept
            return self._results.item(base, depth) or (Origin("part", node, "[]", base=base) if base.kind != "unknown" else UNKNOWN)
        return UNKNOWN

    def _choice(self, node: Conditional | Operation, depth: int) -> Origin:
        if isinstance(node, Operation) and node.operator not in ("||", "??", "&&", "or", "||=", "??="):
            return UNKNOWN
        if isinstance(node, Operation) and node.operator == "&&":
            return self.of(node.operands[-1], depth + 1)  # `from && from.stream()`: the first is asked alone
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
            return self._names.later(module, declared, what, depth + 1) if declared else UNKNOWN
        if isinstance(what, (Imported, Assign, Param)):
            return self.binding(what, name, depth + 1)
        return self.of(what, depth + 1) if not isinstance(what, Module) else Origin("module", what)

    @functools.cached_property
    def slots(self) -> Slots:
        """What is kept under a name on objects that are handed around."""
        return Slots(self.project)

    def held(self, node: Node | None, depth: int) -> Origin:
        """What stands in a slot, if it is an object that somebody makes."""
        found = self.of(node, depth + 1)
        return found if found.kind == "made" else UNKNOWN

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
            return list(dict.fromkeys((*self.callers.of(target), *self._each_called.of(target))))
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


def _binds(entry: Entry, name: str) -> bool:
    return isinstance(entry.value, Name) and entry.value.id == name
