"""Does the code use an operation that never calls the hook which waits for it?

    @receiver(post_save, sender=Loan)
    def record(sender, instance, **kwargs): ...
    Loan.objects.filter(...).update(status="returned")      no save(), so no signal
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import OperationSilent
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.handler_forms import handled_so
from callcheck.sources.code.heirs import right_below
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.relations import class_given, lead_to
from callcheck.sources.code.row_hooks_acting import ROWS, acts_on
from callcheck.sources.code.scopes import CTORS, enclosing, function_of, is_statement, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.taken_up import SAYS
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    Keyword,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Subscript,
    dotted,
    last_name,
)

_QUERIES = frozenset({"filter", "exclude", "all", "order_by", "distinct", "select_related", "using", "annotate", "union"})
"""Methods that give a query, and no row of it."""
_ROWS = frozenset({"get", "first", "last", "create", "latest", "earliest", "aget", "afirst", "acreate", "count", "exists"})


class Bypassed:
    """Lays each hook on one class beside the operations on that class which its framework lists as going past it (`skips`)."""

    name = "bypassed"
    looks_at = Sight.SOURCE
    about = ("skips",)
    answers = frozenset({OperationSilent})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        told: set[int] = set()
        for use in code.idioms.of("register", "track"):
            if not use.framework.skips or is_test(use.module.path) or not _awaited(code, use) or not _waits_so(code, use):
                continue
            for event in _events(code, use):
                operations = use.framework.skips.get(event, ())
                cls = _class(code, use)
                if not operations or cls is None:
                    continue
                ways = lead_to(code, cls)
                for call in code.project.calls(*operations):
                    if id(call) in told or is_test(module_of(call).path) or use.idiom.defines and _of_one_row(code, call, use) or not (_is_on(code, call, cls) or _leads(code, call, ways)) or not _matters(code, use, call) or _within(code, use, call) or _by_hand(code, use, call):
                        continue
                    told.add(id(call))
                    fact = OperationSilent(event, clean(last_name(call.callee), 60), use.framework.name, use.module.language)
                    yield seen(fact, call, self.name, (seen(fact, use.call, self.name, label=f"waits for {event} of {clean(cls.name, 40)}"),))


def _events(code: Code, use: Use) -> list[str]:
    named = [e for e in code.idioms.events(use) if e]
    return named or ([use.receiver.qualified.rsplit(".", 1)[-1]] if use.receiver.kind == "external" else [])


def _awaited(code: Code, use: Use) -> bool:
    """Whether somebody waits for what a package does when it is told of a change: names one of its signals (`says`)."""
    return not use.idiom.says or bool(code.project.naming(*use.idiom.says.split("|")))


def _waits_so(code: Code, use: Use) -> bool:
    """Whether a method that every class of its kind has does more in this one, as its idiom wants it."""
    return not use.idiom.defines or any(isinstance(node, Function) and handled_so(code, node, use.idiom) for node in code.idioms.handlers(use))


def _of_one_row(code: Code, call: Call, use: Use) -> bool:
    """Whether an operation that a single row has too is not on what a query gives: `scan.delete()` calls the method of its class."""
    if last_name(call.callee) not in use.idiom.defines or not isinstance(call.callee, Member):
        return False
    on: Node | None = call.callee.object
    assign = _assigned(code, on) if isinstance(on, Name) else None
    on = assign.value if assign is not None else on
    return not (isinstance(on, Call) and last_name(on.callee) in _QUERIES)


def _class(code: Code, use: Use) -> ClassDef | None:
    """The one class of the project whose events a hook waits for; for a package that follows it: the class given to it, decorated, or around."""
    if use.idiom.does == "track":
        given = next((cls for node in code.idioms.placed(use.call, use.idiom.object) if (cls := code.origins.of(node).cls)), None)
        around = enclosing(use.call, ClassDef)
        return given or (around if isinstance(around, ClassDef) else None)
    value = use.call.keyword("sender")
    if value is not None:
        return class_given(code, value)
    return use.receiver.cls if use.receiver.kind == "class" else None


def _is_on(code: Code, call: Call, cls: ClassDef, depth: int = 0) -> bool:
    """Whether an operation works on a class: at the root of its chain of calls, or among the arguments on the way."""
    node: Node | None = call
    while node is not None and depth < 24:
        depth += 1
        if isinstance(node, Await):
            node = node.value
        elif isinstance(node, Call):
            if any(isinstance(arg, Name) and code.origins.of(arg).cls is cls and code.origins.of(arg).kind == "class" for arg in node.args):
                return True
            if node is not call and last_name(node.callee) in _ROWS:
                return False  # what is asked of one row, or of what that leads to
            if node is call and last_name(node.callee).startswith("bulk_") and any(_makes(code, arg, cls) for arg in node.args):
                return True
            node = node.callee
        elif isinstance(node, Member) and node.name == "through":
            return False  # the table between two classes sends for itself
        elif isinstance(node, (Member, Subscript)):
            # `self.model.objects`: a class that a field holds.
            held = code.origins.of(node) if isinstance(node, Member) else None
            if held is not None and held.kind == "class":
                return held.cls is cls
            if held is not None and isinstance(node, Member) and (_given_so(code, held, cls) or _filled_so(code, node, cls)):
                return True
            node = node.object
        elif isinstance(node, Name):
            origin = code.origins.of(node)
            if origin.kind == "class":
                return origin.cls is cls
            if origin.kind == "self" and origin.cls is not None and origin.cls is not cls:
                return _manages(code, origin.cls, cls)
            assign = _assigned(code, node)
            if assign is None and _given_so(code, origin, cls):
                return True
            node = assign.value if assign is not None else None
        else:
            return False
    return False


def _given_so(code: Code, held: Origin, cls: ClassDef) -> bool:
    """Whether a parameter is given a query of the class, or its manager: `def __init__(self, bookings=Booking.objects)`."""
    param = held.node
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function):
        return False
    calls = code.origins.calls_of(function)
    if function.name in CTORS and isinstance(function.parent, ClassDef):
        calls = [*calls, *code.origins.calls_of(function.parent)]
    given = [value for call in calls for each, value in given_by(function, call) if each is param and isinstance(value, Node)]
    return any(_of_class(code, value, cls) for value in (*given, *([param.default] if param.default is not None else [])))


def _of_class(code: Code, value: Node, cls: ClassDef) -> bool:
    """Whether an expression is a class, its manager, or a query of it, and no row."""
    if isinstance(value, Call) and last_name(value.callee) in _ROWS:
        return False
    while isinstance(value, (Call, Member)):
        if isinstance(value, Member) and code.origins.of(value).kind == "class":
            break
        value = value.callee if isinstance(value, Call) else value.object
    origin = code.origins.of(value)
    return origin.kind == "class" and origin.cls is cls


def _filled_so(code: Code, field: Member, cls: ClassDef) -> bool:
    """Whether a class that extends the one around fills a field with the class: `class Bottles(Repository): model = Bottle`."""
    above = code.origins.of(field.object).cls if isinstance(field.object, Name) else None
    if above is None or code.origins.of(field.object).kind != "self":
        return False
    fields = (node for heir in right_below(code.origins, above) for node in heir.body if isinstance(node, Assign) and node.value is not None)
    return any(last_name(node.targets[0]) == field.name and _of_class(code, node.value, cls) for node in fields if node.value is not None)


def _makes(code: Code, given: Node, cls: ClassDef) -> bool:
    """Whether what an operation is given is made of objects of a class: `[Loan(**row) for row in rows]`, here or where its name is assigned."""
    assign = _assigned(code, given) if isinstance(given, Name) else None
    whole = assign.value if assign is not None else given
    return whole is not None and any(code.origins.of(each.callee).cls is cls for each in whole.walk() if isinstance(each, Call))


def _manages(code: Code, manager: ClassDef, cls: ClassDef) -> bool:
    """Whether a field of a class is made of another: `objects = LoanQuerySet.as_manager()`, `LoanManager()`."""
    fields = (node.value for node in cls.body if isinstance(node, Assign) and isinstance(node.value, Call))
    # `project = ForeignKey(Project)` is made of that class, too: it leads there.
    fields = (value for value in fields if not last_name(value.callee).endswith(("Field", "Key", "Relation")))
    return any(code.origins.of(name).cls is manager for value in fields for name in value.walk() if isinstance(name, Name))


def _leads(code: Code, call: Call, ways: frozenset[str]) -> bool:
    """Whether an operation works on what a field of another object leads to: `loan.exhibits.filter(...).update(...)`."""
    node: Node | None = call.callee
    while isinstance(node, (Call, Member)):
        if isinstance(node, Member) and node.name == "through":
            return False
        if isinstance(node, Member) and node.name in ways and isinstance(node.object, (Name, Member)):
            return True
        node = node.callee if isinstance(node, Call) else node.object
    assign = _assigned(code, node) if isinstance(node, Name) and ways else None
    return assign is not None and isinstance(assign.value, Call) and _leads(code, assign.value, ways)


def _assigned(code: Code, name: Name) -> Assign | None:
    for scope in name.up():
        if isinstance(scope, Function):
            held = [b for b in code.project.scope(scope).get(name.id, []) if isinstance(b, Assign) and b.line < name.line]
            if held:
                return held[-1]
    return None


def _matters(code: Code, use: Use, call: Call) -> bool:
    """Whether what the operation writes is something that the hook looks at; yes if either cannot be told."""
    written = {k.name for k in call.keywords if k.name} if last_name(call.callee) == "update" else set()
    if last_name(call.callee) == "bulk_update":
        fields = call.args[1] if len(call.args) > 1 else call.keyword("fields")
        written = {n.value for n in fields.walk() if isinstance(n, Literal) and isinstance(n.value, str)} if fields is not None else set()
    handlers = [each for each in code.idioms.handlers(use) if isinstance(each, Function)]
    if handlers and not any(acts_on(each, last_name(call.callee), written) for each in handlers):
        return False
    read: set[str] = set()
    for handler in handlers:
        alike = {*ROWS, *_called_also(handler)}
        rows = [name for name in handler.inside(Name) if name.id in alike and not isinstance(name.parent, Assign)]
        if any(not isinstance(name.parent, Member) and not _told(name) for name in rows):
            return True  # whoever is given the row may look at all of it
        read |= {name.parent.name for name in rows if isinstance(name.parent, Member)}
    read -= {"pk", "id"}  # by these it only says which row it is
    return not written or not read or bool(written & read)


def _called_also(handler: Function) -> set[str]:
    """The names that a hook gives to its row: `project = instance`."""
    given = (each for each in handler.inside(Assign) if isinstance(each.value, Name) and each.value.id in ROWS)
    return {target.id for each in given for target in each.targets if isinstance(target, Name)}


def _told(row: Name) -> bool:
    """Whether a row is only told of, asked for its class, or what a row of another table belongs to: `Notice.objects.add(about=instance)`."""
    call = row.parent.parent if isinstance(row.parent, Keyword) else row.parent
    return isinstance(call, Call) and (last_name(call.callee) in (*SAYS, "type", "hasattr", "getattr") or ".objects." in dotted(call.callee))


def _within(code: Code, use: Use, call: Call) -> bool:
    """Whether the hook itself does the operation, which is how it keeps from being called once more."""
    return any(isinstance(handler, Function) and module_of(handler).path == module_of(call).path and handler.at <= call.at < handler.end for handler in code.idioms.handlers(use))


def _by_hand(code: Code, use: Use, call: Call) -> bool:
    """Whether the function that does the operation does the hook's work itself, by a function that the hook calls for it."""
    around = function_of(call)
    hooks = [each for each in code.idioms.handlers(use) if isinstance(each, Function)]
    return around is not None and around not in hooks and not _acts_by(code, around).isdisjoint(_acts_by(code, *hooks))


def _acts_by(code: Code, *functions: Function) -> set[int]:
    """The functions of the project that these call for what they do, and not for what they give."""
    called = (code.origins.of(each.callee).node for function in functions for each in function.inside(Call) if is_statement(each))
    return {id(node) for node in called if isinstance(node, Function)}


PROBE = Bypassed()
