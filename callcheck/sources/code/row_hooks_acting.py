"""Would the hook of a row have done anything, had an operation called it?

    def greet(sender, instance, created, **kwargs):
        if not created: return                            for new rows alone, so that an update() goes past nothing
    Page.objects.update(search=SearchVector("text"))      where the hook writes `instance.search`: the operation does its work
    Stay.updateOne({ _id }, { $push: { extras } })        where the hook does what it does `if (stay.status === "gone")`
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Return,
    dotted,
    last_name,
)

ROWS = ("instance", "target", "obj")
_MAKES = ("create", "insert")
_COMPARES = frozenset({"==", "!=", "===", "!=="})


def acts_on(handler: Function, operation: str, written: set[str]) -> bool:
    """Whether a hook does something for rows that an operation of this name changes, of which it writes these fields (none: they are not known)."""
    if not any(word in operation for word in _MAKES) and _for_new_alone(handler):
        return False
    named = _named(handler)
    if written and named and not named & written:
        return False
    asked = _asked(handler) if written else None
    return not written or not written <= _written(handler) and (asked is None or bool(asked & written))


def written_by(call: Call) -> set[str]:
    """The fields that an update of MongoDB is told to write, `{ $set: { state: "sent" } }`; none if they are not known."""
    given = call.args[1] if len(call.args) > 1 else None
    found: set[str] = set()
    for entry in given.entries if isinstance(given, Object) else ():
        told = [entry]
        if entry.key and entry.key.startswith("$"):
            told = entry.value.entries if isinstance(entry.value, Object) else []
        if not told or not all(each.key for each in told):
            return set()
        found |= {(each.key or "").split(".", 1)[0] for each in told}
    return found


def _asked(handler: Function) -> set[str] | None:
    """The fields by which a hook decides whether to do anything; None if it does something in any case, or hands the row on to be told."""
    tests: list[Node] = []
    for statement in handler.body:
        if isinstance(statement, If) and not statement.orelse:
            tests.append(statement.test)
            if all(isinstance(each, Return) for each in statement.then):
                break
        elif not isinstance(statement, (Assign, Literal)):
            return None
    rows = {*ROWS, "this", *(param.name for param in handler.params[:1])}
    asked = [{each.name for each in test.walk() if isinstance(each, Member) and dotted(each).split(".", 1)[0] in rows} for test in tests]
    handed = any(isinstance(each, Call) for test in tests for each in test.walk())
    return set().union(*asked) if asked and all(asked) and all(map(_of_state, tests)) and not handed else None


def _named(handler: Function) -> set[str]:
    """The fields without which a hook leaves when it is told what was saved: `if update_fields and "privacy" not in update_fields: return`."""
    found: set[str] = set()
    for test in (each.test for each in handler.body if isinstance(each, If) and any(isinstance(part, Return) for part in each.then)):
        for part in test.walk():
            if isinstance(part, Operation) and part.operator == "not in" and isinstance(part.operands[0], Literal) and last_name(part.operands[1]) == "update_fields":
                found.add(str(part.operands[0].value))
    return found


def _of_state(test: Node) -> bool:
    """Whether a test is for one state of a row, and not for what rows may lack: `if (!order.email) return` says nothing of which change matters."""
    compared = (each for each in test.walk() if isinstance(each, Operation) and each.operator in _COMPARES)
    held = any(isinstance(one, Literal) and one.value is not None for each in compared for one in each.operands)
    return held or any(isinstance(each, Member) and each.name in ("created", "isNew") for each in test.walk())


def _written(handler: Function) -> set[str]:
    """The fields of the row that a hook gives a value."""
    targets = (target for assign in handler.inside(Assign) for target in assign.targets)
    return {each.name for each in targets if isinstance(each, Member) and isinstance(each.object, Name) and each.object.id in ROWS}


def _for_new_alone(handler: Function) -> bool:
    """Whether a hook leaves at once where the row is not new, or does all that it does where it is: Django's `created`."""
    body = [each for each in handler.body if not _says_nothing(each)]
    for statement in body:
        if isinstance(statement, If) and any(_new(each, negated=True) for each in _parts(statement.test, "||")):
            return any(isinstance(each, Return) for each in statement.then)
        if not isinstance(statement, Assign):
            break
    tests = [each for each in body if not isinstance(each, Assign)]
    return bool(tests) and all(isinstance(each, If) and not each.orelse and any(_new(part) for part in _parts(each.test, "&&")) for each in tests)


def _says_nothing(statement: Node) -> bool:
    """Whether a statement is a docstring, or does nothing."""
    return isinstance(statement, Literal)


def _parts(test: Node, operator: str) -> Iterator[Node]:
    if isinstance(test, Operation) and test.operator == operator:
        for each in test.operands:
            yield from _parts(each, operator)
    else:
        yield test


def _new(node: Node, *, negated: bool = False) -> bool:
    """Whether a test is `created`, as the hook is given it: by its name, or among further keywords."""
    if negated:
        return isinstance(node, Operation) and node.operator in ("not", "!") and any(_new(each) for each in node.operands)
    if isinstance(node, (Name, Member)):
        return last_name(node) == "created"
    asked = node.args[:1] if isinstance(node, Call) and last_name(node.callee) == "get" else []
    return any(isinstance(each, Literal) and each.value == "created" for each in asked)
