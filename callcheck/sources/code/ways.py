"""Is there a way through a piece of code on which nobody reads the stream that it is handed?

    (field, stream, info) => {
      if (!accepted.has(info.mimeType)) { skipped.push(info.filename); return; }        // this one leaves it unread
      saves.push(save(stream));
    }
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.quiet import LEVELS
from callcheck.sources.code.tree import (
    Block,
    Call,
    If,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Opaque,
    Operation,
    Raise,
    Return,
    Try,
    last_name,
)

_MOST = 64
_ATTACH = frozenset({"on", "once", "addListener"})
_READS = frozenset({"data", "readable"})
"""Events whose listeners read."""
_INNER = frozenset({"file", "stream", "body"})
"""Fields that are the stream itself."""
_ASIDE = frozenset({"pause", "setEncoding", "setMaxListeners"})
_SILENT = frozenset(
    {*LEVELS, "push", "add", "set", "has", "get", "includes", "test", "match", "some", "endsWith", "startsWith", "toLowerCase", "split", "indexOf", "extname", "basename", "join", "trim", "String", "Number", "lookup"}
)
"""Calls that answer nobody, end nothing and read no stream."""
_OVER = pattern(r"(?i)abort|fail|error|done|clos|end(?:ed|ing)|finish|reject|settled|destroy|sent|cancel")
"""Marks by which a handler knows that nothing is waited for any more."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way on which a stream is not read: where it leaves, and what stands in the branches that it takes."""

    leaves: Node | None
    """None where it goes on behind."""
    through: tuple[Node, ...] = ()


def unread_way(body: Sequence[Node], name: str, looped: bool = False) -> Way | None:
    """The first such way through a handler, or with `looped` through one turn of a loop, that tells nobody of it; None if there is none."""
    return next((way for way in _ways(body, name, looped) if not any(isinstance(each, Call) and last_name(each.callee) not in _SILENT for part in way.through for each in part.walk())), None)


def _ways(body: Sequence[Node], name: str, looped: bool, within: bool = False) -> Iterator[Way]:
    """All ways; `within`: the code stands in a branch."""
    open_ways = [Way(None)]
    for statement in body:
        if isinstance(statement, If):
            if _reads(statement.test, name):
                return
            following = []
            for branch, taken in ((statement.then, True), (statement.orelse, False)):
                if _another(statement.test, taken):
                    continue
                for inner in _ways(branch, name, looped, True):
                    for way in open_ways:
                        found = Way(inner.leaves, (*way.through, *inner.through))
                        if inner.leaves is not None:
                            yield found
                        else:
                            following.append(found)
            open_ways = following[:_MOST]
        elif isinstance(statement, (Try, Block)):
            inner_body = [*statement.body, *statement.final] if isinstance(statement, Try) else statement.body
            found_inside = list(_ways(inner_body, name, looped, within))
            yield from (each for each in found_inside if each.leaves is not None)
            open_ways = [Way(None, (*way.through, *each.through)) for way in open_ways for each in found_inside if each.leaves is None][:_MOST]
        elif isinstance(statement, Raise) or _reads(statement, name):
            return
        elif isinstance(statement, Return) or isinstance(statement, Opaque) and statement.kind == "continue":
            yield from (Way(statement, (*way.through, statement)) for way in open_ways)
            return
        elif isinstance(statement, Opaque) and statement.kind == "break":
            # Out of a `switch`, or of the loop that hands streams out.
            yield from () if looped else open_ways
            return
        elif within:
            open_ways = [Way(None, (*way.through, statement)) for way in open_ways]
        if not open_ways:
            return
    yield from open_ways


def _another(test: Node, taken: bool) -> bool:
    """Whether a branch is for something else than a stream that somebody waits for: a field of the form (`part.type === "field"`), or what comes after a failure."""
    if isinstance(test, Operation) and test.operator == "!":
        return _another(test.operands[0], not taken)
    if isinstance(test, Member) and test.name in _INNER:
        return not taken
    said = {each.value for each in test.walk() if isinstance(each, Literal)}
    if isinstance(test, Operation) and test.operator in ("===", "==", "!==", "!=") and said & {"field", "file", "Directory"} and any(isinstance(each, Member) and each.name == "type" for each in test.walk()):
        return (taken is test.operator.startswith("=")) is not ("file" in said)
    return taken and any(isinstance(each, (Name, Member)) and _OVER.search(each.id if isinstance(each, Name) else each.name) for each in test.walk())


def _reads(node: Node, name: str) -> bool:
    """Whether the stream of this name is read in a piece of code, or handed to somebody who may: anything but a look at what is said of it, and listeners for its errors."""
    return any(isinstance(each, Name) and each.id == name and not _aside(each) for each in node.walk())


def _aside(name: Name) -> bool:
    member = name.parent
    if not isinstance(member, Member) or member.object is not name:
        return False
    call = member.parent
    if not isinstance(call, Call) or call.callee is not member:
        return member.name not in _INNER
    if member.name in _ATTACH:
        event = call.args[0] if call.args else None
        return isinstance(event, Literal) and event.value not in _READS
    return member.name in _ASIDE


def turn_of(call: Call) -> tuple[str, Sequence[Node]] | None:
    """The variable and the body of the loop that goes over what a call gives: `for await (const part of req.parts())`."""
    above = call.parent
    loop = above if isinstance(above, Loop) else above.parent if above is not None and isinstance(above.parent, Loop) else None
    if loop is None or loop.over is None or not any(each is call for each in loop.over.walk()):
        return None
    target = getattr(loop.target, "targets", [loop.target])[0]
    return (target.id, loop.body) if isinstance(target, Name) else None
