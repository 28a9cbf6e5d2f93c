"""Does a receiver of post_save read a many-to-many field of the row, which is filled only after the row was saved?

    @receiver(post_save, sender=Lesson)
    def invite(sender, instance, created, **kwargs):
        if created:
            for pupil in instance.pupils.all(): mail(pupil)        # nobody yet: lesson.pupils.set() comes after save()

Read in Django 5.1.4: db/models/base.py save_base() sends post_save; forms/models.py save() calls _save_m2m() after it, and the admin's save_related() and DRF's
ModelSerializer.create() set such fields later, too. A row that is new has none before: the table between needs its key.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.relations import class_given
from callcheck.sources.code.scopes import enclosing, function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    If,
    Member,
    Name,
    Node,
    Operation,
    Return,
    last_name,
)

_SAYS = "many-to-many fields are set after save(), so a new row has none yet when post_save comes; listen to m2m_changed of {}.through"
_READS = frozenset({"all", "filter", "exclude", "count", "exists", "values", "values_list", "iterator", "first", "last", "order_by", "in_bulk", "aggregate"})
_WRITES = frozenset({"add", "set", "create", "get_or_create"})


class UnsetRelations:
    """Looks, in receivers of post_save that ask whether the row is new, at what they read of its many-to-many fields then, and in a function that they hand it to."""

    name = "unset-relations"
    looks_at = Sight.SOURCE
    about = ("django",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        many = _many(code)
        told: set[int] = set()
        for use in code.idioms.of("register") if many else ():
            if use.framework.name != "django" or is_test(use.module.path) or not use.receiver.qualified.endswith(".post_save"):
                continue
            sender = use.call.keyword("sender")
            of = class_given(code, sender) if sender is not None else None
            fields = many.get(id(of), frozenset()) if of is not None else frozenset(name for each in many.values() for name in each)
            for handler in code.idioms.handlers(use):
                if isinstance(handler, Function) and id(handler) not in told and (found := _early(code, handler, fields)) is not None:
                    told.add(id(handler))
                    read, field, through = found
                    says = _SAYS.format(clean(f"{of.name}.{field}" if of is not None else field, 40))
                    fact = LibraryTrap("payload-mismatch", "strong", says, "post_save", "django", use.module.language)
                    yield seen(fact, read, self.name, (*((seen(fact, through, self.name, label="by this call"),) if through is not None else ()), _registered(use, fact)))


def _registered(use: Use, fact: LibraryTrap) -> Evidence:
    return seen(fact, use.call, PROBE.name, label="called as the row is saved")


def _many(code: Code) -> dict[int, frozenset[str]]:
    """The many-to-many fields of each model."""
    found: dict[int, frozenset[str]] = {}
    for use in code.idioms.of("relate"):
        field, owner = use.call.parent, enclosing(use.call, ClassDef)
        if use.framework.name == "django" and "many" in use.idiom.traits and isinstance(field, Assign) and owner is not None:
            found[id(owner)] = found.get(id(owner), frozenset()) | {target.id for target in field.targets if isinstance(target, Name)}
    return found


def _early(code: Code, handler: Function, fields: frozenset[str]) -> tuple[Node, str, Call | None] | None:
    """Where a receiver reads such a field of a new row, which, and by what call if it does so in another function."""
    row = "instance" if any(param.name == "instance" for param in handler.params) else handler.params[1].name if len(handler.params) > 1 else ""
    for call in handler.inside(Call):
        if not row or function_of(call) is not handler or not _when_new(call, handler):
            continue
        if field := _read(call, row, fields):
            return None if _written(handler, row, field) else (call, field, None)
        called = code.origins.of(call.callee).node
        place = next((at for at, arg in enumerate(call.args) if isinstance(arg, Name) and arg.id == row), None)
        if isinstance(called, Function) and place is not None and place < len(called.params):
            name = called.params[place].name
            for inner in called.inside(Call):
                if function_of(inner) is called and (field := _read(inner, name, fields)):
                    return None if _written(handler, row, field) or _written(called, name, field) else (inner, field, call)
    return None


def _read(call: Call, row: str, fields: frozenset[str]) -> str:
    """The field that is read by a call on it: `instance.pupils.filter(…)`."""
    held = call.callee.object if isinstance(call.callee, Member) and call.callee.name in _READS else None
    return held.name if isinstance(held, Member) and isinstance(held.object, Name) and held.object.id == row and held.name in fields else ""


def _written(function: Function, row: str, field: str) -> bool:
    """Whether a function fills the field itself."""
    fills = (call.callee.object for call in function.inside(Call) if isinstance(call.callee, Member) and call.callee.name in _WRITES)
    return any(isinstance(held, Member) and held.name == field and isinstance(held.object, Name) and held.object.id == row for held in fills)


def _when_new(node: Node, handler: Function) -> bool:
    """Whether a place is come to only with `created`: below `if created:`, or below `if not created: return`."""
    below: Node = node
    for above in node.up():
        if isinstance(above, If):
            if any(below is each for each in above.then) and _is_created(above.test):
                return True
            if any(below is each for each in above.orelse) and _is_not_created(above.test):
                return True
        if above is handler:
            break
        below = above
    return any(isinstance(each, If) and each.end <= node.at and _is_not_created(each.test) and any(isinstance(part, Return) for part in each.then) for each in handler.body)


def _is_created(test: Node) -> bool:
    if isinstance(test, Operation) and test.operator in ("and", "&&"):
        return any(_is_created(each) for each in test.operands)
    return last_name(test) == "created"


def _is_not_created(test: Node) -> bool:
    if isinstance(test, Operation) and test.operator in ("or", "||"):
        return any(_is_not_created(each) for each in test.operands)
    return isinstance(test, Operation) and test.operator in ("not", "!") and len(test.operands) == 1 and last_name(test.operands[0]) == "created"


PROBE = UnsetRelations()
