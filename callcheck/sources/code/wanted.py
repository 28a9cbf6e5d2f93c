"""Is an option of a call as an idiom needs it (`Idiom.needs`), and do the call and its object stand where it wants them (`Idiom.where`)?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from callcheck.model.pattern import compiled
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.call_forms import decorated
from callcheck.sources.code.environ import OF_A_PROCESS
from callcheck.sources.code.flags import filled, flags
from callcheck.sources.code.renewed import renewed
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import (
    Call,
    Function,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Sequence,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.model.knowledge import Idiom
    from callcheck.sources.code.idioms import Idioms
    from callcheck.sources.code.origins import Origin


def as_wanted(value: Node | None, want: object) -> bool:
    """Whether an option is as wanted."""
    if want is None:
        return value is None or (isinstance(value, Literal) and value.value in (None, False))
    if want == "any":
        return value is not None
    if want == "not-false":
        return not (isinstance(value, Literal) and value.value is False)
    if want == "not-true":
        return not (isinstance(value, Literal) and value.value is True)
    if isinstance(want, dict):
        (how, what), = want.items()
        if how == "absent":
            return value is None
        if how == "named":
            return last_name(value) == what or (isinstance(value, Literal) and value.value == what)
        if how == "list":
            return isinstance(value, Sequence)
        if how == "undefined":
            # Given, and given as `undefined`: some options are turned off that way; absent counts the same.
            nothing = value is None or (isinstance(value, Literal) and value.value is None) or (isinstance(value, Name) and value.id == "undefined")
            return nothing is what
        if how == "starts":
            return isinstance(value, Literal) and isinstance(value.value, str) and value.value.startswith(str(what))
        items = value.items if isinstance(value, Sequence) else [value] if value is not None else []
        said = [str(item.value) if isinstance(item, Literal) else "" for item in items]
        if how == "has":
            return str(what) in said
        # What is computed may hold anything.
        return all(said) and not set(said) & {str(each) for each in (what if isinstance(what, list) else [what])}
    return isinstance(value, Literal) and value.value == want


def has(idioms: Idioms, call: Call, needs: dict[str, Any], originals: Iterable[Call] = ()) -> bool:
    """Whether a call has the options that are needed; what it makes a copy of the results of others (`originals`) has those of their options that it is not given anew."""
    return all(
        _not_above(idioms, call, name, want["at-most"]) if isinstance(want, dict) and "at-most" in want else _as_wanted(idioms, _given_to(idioms, (call, *originals), name), want)
        for name, want in needs.items()
    )


def _given_to(idioms: Idioms, calls: Iterable[Call], names: str) -> Node | None:
    """The argument of the first of these calls that has one of this name."""
    return next((found for call in calls if (found := argument(idioms, call, names)) is not None), None)


def _not_above(idioms: Idioms, call: Call, name: str, other: str) -> bool:
    """Whether two arguments are numbers of which the first is no larger, or one and the same variable."""
    one, two = argument(idioms, call, name), argument(idioms, call, other)
    if isinstance(one, (Name, Member)) and isinstance(two, (Name, Member)) and dotted(one) == dotted(two) and function_of(one) is function_of(two):
        return dotted(one) != ""
    lower, upper = number_of(idioms.origins, one), number_of(idioms.origins, two)
    return lower is not None and upper is not None and lower <= upper


def argument(idioms: Idioms, call: Call, names: str) -> Node | None:
    """An argument by its name or its index; alternatives are separated by "|"."""
    for name in names.split("|"):
        found = next(iter(call.args[int(name) :]), None) if name.isdigit() else idioms.option(call, name)
        if found is not None:
            return found
    return None


def _as_wanted(idioms: Idioms, value: Node | None, want: Any) -> bool:
    """Whether an argument is what an idiom needs."""
    if isinstance(want, dict) and "not" in want:
        return value is None or not _as_wanted(idioms, value, want["not"])
    if isinstance(want, dict) and "ends" in want:
        items = value.items if isinstance(value, Sequence) else [value]
        return any(idioms.text(item).endswith(str(want["ends"])) for item in items if item is not None)
    if isinstance(want, dict) and "lists-none-of" in want:
        turned_on = set(flags(idioms, value))
        return bool(turned_on) and not turned_on & {"", *map(str, want["lists-none-of"])}
    if isinstance(want, dict) and "kind" in want:
        return value is not None and want["kind"] in idioms.kinds(idioms.origins.of(value))
    if isinstance(want, dict) and ("below" in want or "above" in want):
        number = number_of(idioms.origins, value)
        return number is not None and (0 < number < want["below"] if "below" in want else number > want["above"])
    if isinstance(want, dict) and "callable" in want:
        return (isinstance(value, Function) or (value is not None and idioms.origins.of(value).kind == "function")) is want["callable"]
    if isinstance(want, dict) and "constant" in want:
        return _constant(idioms, value) is want["constant"]
    if isinstance(want, dict) and "renewed" in want:
        return (renewed(idioms, value) is not None) is want["renewed"]
    if isinstance(want, dict) and "number-as-text" in want:
        return value is not None and idioms.number_as_text(value) is want["number-as-text"]
    if isinstance(want, dict) and "matches" in want:
        return all(compiled(str(want["matches"])).search(text) for text in idioms.readings(value))
    if (isinstance(want, bool) or want in ("not-true", "not-false")) and isinstance(value, (Name, Member, Call, Operation)):
        answers = idioms.switch(value).answers
        if len(answers) == 1:
            return as_wanted(Literal(next(iter(answers)), line=value.line, parent=value.parent), want)
    if isinstance(value, (Name, Member)):
        held = idioms.origins.of(value).node
        value = filled(idioms, held) if isinstance(held, Sequence) else held if isinstance(held, Literal) else value
    return as_wanted(idioms.usual(value) if isinstance(value, (Call, Operation)) else value, want)


def _constant(idioms: Idioms, value: Node | None) -> bool:
    """Whether an argument is the same in each process of a unit: a literal, or a variable of the environment that does not name the process."""
    if isinstance(value, Operation) and value.operator in ("??", "||"):
        return all(_constant(idioms, part) for part in value.operands)
    if isinstance(value, (Name, Member)):
        written = dotted(value)
        if written.startswith("process.env."):
            return OF_A_PROCESS.search(written) is None
        held = idioms.origins.of(value)
        return held.kind == "value" and held.node is not value and isinstance(held.node, (Literal, Operation, Member)) and _constant(idioms, held.node)
    return isinstance(value, Literal) and isinstance(value.value, str)


def stands(idioms: Idioms, idiom: Idiom, call: Call) -> bool:
    """Whether a call stands where an idiom wants it, as far as that can be told without its object."""
    where = idiom.where
    if not where:
        return True
    function = function_of(call)
    if "async" in where and (function is not None and function.is_async) is not where["async"]:
        return False
    if "inside" in where and (function is None or function.name not in where["inside"]):
        return False
    if "package" in where and where["package"] not in idioms.imported:
        return False
    if "decorates" in where and (decorated(call) is not None) is not where["decorates"]:
        return False
    if "finite" in where and not _ends(function):
        return False
    return "top" not in where or (function is None) is where["top"]


def on_as_wanted(idiom: Idiom, call: Call, receiver: Origin) -> bool:
    """Whether the object of a call has one of the names that an idiom wants (`called-on`), and is made in the same file or in another one (`foreign`)."""
    where = idiom.where
    if "called-on" in where and not _names_of_object(call, receiver).intersection(where["called-on"]):
        return False
    if "foreign" not in where:
        return True
    whole = receiver.whole
    made = whole.site or whole.node
    foreign = made is not None and module_of(made) is not module_of(call)
    return foreign is where["foreign"]


def _names_of_object(call: Call, receiver: Origin) -> set[str]:
    """The last names of the object whose method is called, as it is written there and as it was taken from another: `win.webContents`, `contents = win.webContents`, `contentsOf(win)`."""
    held = call.callee.object if isinstance(call.callee, Member) else None
    return {last_name(held.callee if isinstance(held, Call) else held), receiver.qualified.rpartition(".")[2] if receiver.kind == "part" else ""}


def _ends(function: Function | None) -> bool:
    """Whether a function comes to its end by itself: no endless loop, no future that is only waited for."""
    if function is None:
        return False
    endless = any(isinstance(loop.test, Literal) and bool(loop.test.value) or loop.is_async for loop in function.inside(Loop))
    waits = any(last_name(call.callee) in ("Future", "Event", "wait", "start_consuming", "serve_forever", "run_forever", "gather", "pause") for call in function.inside(Call))
    return not endless and not waits
