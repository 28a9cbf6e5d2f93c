"""Which fields does a function take from each of the records of the event that it is called with?

    for record in event["Records"]: save(record["s3"]["object"]["key"])           # s3
    event.Records.map(({ Sns }) => JSON.parse(Sns.Message))                       # Sns
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.message_reads import taken
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.read_of import taking
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Operation,
    Param,
    Sequence,
    Subscript,
)

_RECORDS = "Records"
_GOES_OVER = frozenset({"map", "forEach", "filter", "flatMap", "some", "every", "find"})
_DEEPEST = 2


def record_reads(origins: Origins, handler: Function) -> Iterator[tuple[str, Node]]:
    """The fields, each with where it is taken; also in a function that is called for one record, or for the event, alone."""
    for function, event in _takers(origins, handler):
        for name in _uses(function, event):
            if (records := _records(name)) is not None:
                yield from _of_list(origins, function, records)
        for name in function.inside(Name) if _RECORDS in event.binds.values() else ():
            if event.binds.get(name.id) == _RECORDS and name.parent is not event:
                yield from _of_list(origins, function, name)


def event_reads(origins: Origins, handler: Function) -> Iterator[tuple[str, Node]]:
    """The fields that are taken from the event itself."""
    for function, event in _takers(origins, handler):
        yield from ((key, event) for key in event.demands())
        for name in _uses(function, event):
            if not isinstance(name.parent, Call):
                yield from taken(origins, function, name)


def event_paths(origins: Origins, handler: Function, nested: frozenset[str]) -> Iterator[tuple[str, Node]]:
    """The same as paths, `requestContext.http`, followed below the fields that are nested; also those that Python asks for with nothing in their place."""
    level = [*event_reads(origins, handler), *_asked(origins, handler)]
    while level:
        yield from level
        below = ((path, node, function_of(node)) for path, node in level if isinstance(node, Member) and node.name in nested)
        level = [(f"{path}.{key}", deeper) for path, node, function in below if function is not None for key, deeper in taken(origins, function, node)]


def _asked(origins: Origins, handler: Function) -> Iterator[tuple[str, Node]]:
    """`event.get("httpMethod")`, also with an empty text in its place."""
    for function, event in _takers(origins, handler):
        for name in _uses(function, event):
            call = name.parent.parent if isinstance(name.parent, Member) and name.parent.name == "get" else None
            if isinstance(call, Call) and call.callee is name.parent and call.args and all(isinstance(each, Literal) for each in call.args):
                key, *instead = (each.value for each in call.args if isinstance(each, Literal))
                if isinstance(key, str) and instead in ([], [None], [""]):
                    yield key, call


def _takers(origins: Origins, handler: Function) -> Iterator[tuple[Function, Param]]:
    """The handler, and the functions that it alone hands its event on to, each with the parameter that is the event."""
    event = handler.params[0] if handler.params else None
    if event is None:
        return
    yield handler, event
    for name in _uses(handler, event):
        for function, param in taking(origins, name):
            if origins.calls_of(function) == [name.parent]:
                yield function, param


def _uses(function: Function, event: Param) -> Iterator[Name]:
    yield from (name for name in function.inside(Name) if event.name and name.id == event.name and name.parent is not event)


def _records(event: Name) -> Node | None:
    """`event.Records`, `event["Records"]`, `event.get("Records", [])`."""
    above = event.parent
    if isinstance(above, Member) and above.object is event:
        if above.name == _RECORDS:
            return above
        call = above.parent if above.name == "get" else None
        if isinstance(call, Call) and call.callee is above and call.args and isinstance(call.args[0], Literal) and call.args[0].value == _RECORDS:
            return call
    return None


def _of_list(origins: Origins, handler: Function, records: Node, depth: int = 0) -> Iterator[tuple[str, Node]]:
    above = records.parent
    while isinstance(above, Operation):
        records, above = above, above.parent
    if isinstance(above, Loop) and above.over is records:
        # The body of a comprehension stands beside its loop.
        scope = above.parent if isinstance(above.parent, Opaque) else above
        yield from _of_target(origins, handler, above.target, scope)
    elif isinstance(above, Subscript) and above.object is records:
        yield from taken(origins, handler, above)
    elif isinstance(above, Member) and above.object is records and above.name in _GOES_OVER and isinstance(above.parent, Call) and above.parent.args:
        function = origins.of(above.parent.args[0]).node
        param = function.params[0] if isinstance(function, Function) and function.params else None
        if isinstance(function, Function) and param is not None:
            yield from ((key, param) for key in param.demands())
            for name in function.inside(Name):
                if name.id == param.name and name.parent is not param:
                    yield from taken(origins, function, name)
    elif isinstance(above, Assign) and above.value is records and depth < _DEEPEST:
        for target in above.targets:
            if isinstance(target, Sequence) and target.items:
                yield from _of_target(origins, handler, target.items[0], handler)
            for name in handler.inside(Name) if isinstance(target, Name) else ():
                if isinstance(target, Name) and name.id == target.id and name.at > above.at:
                    yield from _of_list(origins, handler, name, depth + 1)


def _of_target(origins: Origins, handler: Function, target: Node | None, scope: Node) -> Iterator[tuple[str, Node]]:
    """What is taken from a record by the name that it has in a scope, or by taking it apart."""
    if isinstance(target, Object):
        yield from ((entry.key, entry) for entry in target.entries if entry.key and entry.default is None)
    elif isinstance(target, Name):
        for name in scope.inside(Name):
            if name.id == target.id and name is not target:
                yield from taken(origins, handler, name)
