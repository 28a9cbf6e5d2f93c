"""Which fields does a handler take from its message, and where?

    async (job) => { const { hiveId } = job.data; await weigh(job.data.grams); }        # of "0.data": hiveId, grams
    (text) => alarm(JSON.parse(text))                                                   # of "parsed": those that alarm() reads
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.origins import Origins
from callcheck.sources.code.read_of import taking
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.surroundings import asked_for
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Member,
    Name,
    Node,
    Object,
    Param,
    dotted,
    last_name,
)

_PARSES = frozenset({"parse", "decode", "json", "deserialize", "loads", "unpackb"})
_OF_ANY = frozenset("toString valueOf constructor hasOwnProperty then catch length map forEach filter slice trim id".split())
"""What any message has, by itself or by whoever carries it."""
_DEEPEST = 3
"""Names and functions that a message is handed on by."""


def needed(origins: Origins, handler: Function, place: str) -> list[tuple[str, Node]]:
    """The same without fields that any message has, and those for whose absence the code allows at one of these places: `if (m.error) show(m.error)`."""
    found = list(reads(origins, handler, place))
    allowed = {name for name, node in found if asked_for(node)}
    return [each for each in found if each[0] not in allowed and each[0] not in _OF_ANY]


def reads(origins: Origins, handler: Function, place: str, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """The fields that a handler takes from its message: the parameter, a field of it, or what it parses (`parsed`)."""
    if place != "parsed":
        index, _, field = place.partition(".")
        param = handler.params[int(index)] if int(index) < len(handler.params) else None
        if param is None:
            return
        if not field:
            yield from _taken_apart(param)
        roots: list[Node] = [n for n in handler.inside(Name) if param.name and n.id == param.name]
        # `(e) => this.take(e)`: handed on whole, to a function that is called for this alone.
        onward = ((each, inner, root.parent) for root in roots for each, inner in taking(origins, root)) if field and depth < _DEEPEST else ()
        yield from (found for each, inner, call in onward if origins.calls_of(each) == [call] for found in reads(origins, each, f"{each.params.index(inner)}.{field}", depth + 1))
        roots = [n.parent for n in roots if isinstance(n.parent, Member) and n.parent.name == field and n.parent.object is n] if field else roots
        # `({ data }) => …`: what is taken out of the parameter under a name of its own.
        local = {name for name, key in param.binds.items() if field and key == field}
        roots += [n for n in handler.inside(Name) if n.id in local and n.parent is not param]
    else:
        roots = [n for n in handler.inside(Call) if last_name(n.callee) in _PARSES and n.args and (dotted(n.callee) == "JSON.parse" or last_name(n.callee) != "parse")]
    for root in roots:
        yield from taken(origins, handler, root)


def taken(origins: Origins, handler: Function, root: Node, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """What is taken from an expression: by a member, by destructuring, from the name that it is kept under, or by a function that is called for this alone."""
    above = root.parent
    while isinstance(above, Await):
        root, above = above, above.parent
    if isinstance(above, Member) and above.object is root and not _method(above):
        yield above.name, above
    elif isinstance(above, Assign) and above.value is root:
        for target in above.targets:
            if isinstance(target, Object):
                yield from ((entry.key, entry) for entry in target.entries if entry.key and entry.default is None)
            elif isinstance(target, Name) and depth < _DEEPEST:
                for name in handler.inside(Name):
                    if name.id == target.id and name.at > above.at:
                        yield from taken(origins, handler, name, depth + 1)
    elif isinstance(above, Call) and depth < _DEEPEST:
        for function, param in taking(origins, root):
            if origins.calls_of(function) == [above]:
                yield from _taken_apart(param)
                for name in function.inside(Name) if not param.destructures else ():
                    if name.id == param.name and name.parent is not function:
                        yield from taken(origins, function, name, depth + 1)


def _taken_apart(param: Param) -> Iterator[tuple[str, Node]]:
    """The keys that a parameter takes out of what it is given, and cannot do without."""
    return ((key, param) for key in param.demands() if param.default is None)


def _method(member: Member) -> bool:
    """Whether a member is a method of Python's dict: `data.get("id")`, which asks, and `data.items()`."""
    return isinstance(member.parent, Call) and member.parent.callee is member and module_of(member).language == "python"
