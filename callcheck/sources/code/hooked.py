"""Which functions does an object hold that a library is handed, or finds in a file, to call by their names?

    new ApolloServer({ plugins: [{ async requestDidStart() { return { async willSendReply() {} }; } }] })
    module.exports = { async afterSave(event) {} };          // src/api/concert/content-types/concert/lifecycles.js, of Strapi
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.events import Emitter
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Member,
    Module,
    Name,
    Node,
    Object,
    Sequence,
    dotted,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_DEEPEST = 4


def hooks(code: Code, emitter: Emitter) -> Iterator[tuple[str, str, Node]]:
    """What such an object is, a name in it that looks like one of the library's, and where the function stands."""
    holders = list(_found(code, emitter)) if emitter.files else [*_called(code, emitter), *_typed(code, emitter)]
    told: set[int] = set()
    for of, holder in holders:
        for name, node in _functions(code, holder):
            if id(node) not in told and _looks_like(name, emitter.prefix):
                told.add(id(node))
                yield of, name, node


def _looks_like(name: str, prefixes: str) -> bool:
    """Whether a name begins like those that are for the library to call, and has another word after it."""
    return any(name.startswith(start) and (not start or name[len(start) :][:1].isupper()) for start in prefixes.split("|"))


def _found(code: Code, emitter: Emitter) -> Iterator[tuple[str, Node]]:
    """What the files that the library finds by their place export."""
    if emitter.package not in code.project.others.depends_on:
        return
    for path in (each for each in code.project.sources if re.search(emitter.files, each)):
        module = code.project.module(path)
        exports = code.project.exports(module) if module is not None else {}
        for whole in (exports[name] for name in ("*", "default") if name in exports):
            yield from ((emitter.of[0], each) for held in _declared(code, module, whole) for each in _objects(code, held))


def _declared(code: Code, module: Module | None, whole: str | Node) -> Iterator[Node]:
    """What an export is, given in place or by the name of a constant."""
    if isinstance(whole, Node):
        yield whole
    elif module is not None:
        named = code.project.scope(module).get(whole, ())
        yield from (each.value for each in named if isinstance(each, Assign) and each.value is not None)
        yield from (each for each in named if isinstance(each, ClassDef))


def _called(code: Code, emitter: Emitter) -> Iterator[tuple[str, Node]]:
    """What the calls of the library are given at the place `under`."""
    renames = code.origins.renames
    names = {each for name in emitter.of for each in (name.rsplit(".", 1)[-1], *renames.of_package(name))}
    for call in code.project.calls(*sorted(set(renames.of(names)))):
        of = _of(code, call, emitter)
        if of:
            yield from ((of, each) for each in _placed(code, call, emitter.under))


def _of(code: Code, call: Call, emitter: Emitter) -> str:
    origin = code.origins.of(call.callee)
    if origin.kind == "external" and origin.qualified in emitter.of:
        return origin.qualified
    if dotted(call.callee) in emitter.of:
        return dotted(call.callee)
    if isinstance(call.callee, Member):
        kinds = code.idioms.kinds(code.origins.of(call.callee.object))
        return next((each for each in emitter.of if any(each == f"{kind}.{call.callee.name}" for kind in kinds)), "")
    return ""


def _typed(code: Code, emitter: Emitter) -> Iterator[tuple[str, Node]]:
    """Objects that are declared to be of one of the library's types: `const posts: CollectionConfig = {…}`."""
    lasts = {name.rsplit(".", 1)[-1]: name for name in emitter.of}
    for module in code.project.naming(*sorted(lasts)):
        for assign in module.all(Assign):
            of = lasts.get(assign.annotation.split("<")[0].strip())
            if of and isinstance(assign.value, Object):
                yield from ((of, each) for each in _inside(code, assign.value, emitter.under))


def _placed(code: Code, call: Call, under: str) -> Iterator[Node]:
    first, _, rest = under.partition(".")
    place = first.removesuffix("()")
    given = list(call.args) if not place else [call.args[int(place)]] if place.isdigit() and int(place) < len(call.args) else []
    if place and not place.isdigit():
        option = code.idioms.option(call, place)
        given = [option] if option is not None else []
    for node in given:
        for each in _objects(code, node, called=first.endswith("()")):
            yield from _inside(code, each, rest)


def _inside(code: Code, holder: Node, under: str) -> Iterator[Node]:
    """What an object holds along a path: `hooks`, `plugins.requestDidStart()`."""
    if not under:
        yield holder
        return
    first, _, rest = under.partition(".")
    name = first.removesuffix("()")
    for key, node in _entries(code, holder):
        if key == name:
            for each in _objects(code, node, called=first.endswith("()")):
                yield from _inside(code, each, rest)


def _objects(code: Code, node: Node | None, called: bool = False, depth: int = 0) -> Iterator[Node]:
    """The objects, and classes, that an expression comes to; with `called` those that the function it is gives back."""
    if node is None or depth > _DEEPEST:
        return
    if isinstance(node, (Object, Function)):
        held: Node | None = node
    else:
        origin = code.origins.of(node)
        held = origin.cls if origin.cls is not None and origin.kind in ("made", "class") else origin.node
    if called and isinstance(held, Function):
        for each in code.project.returned(held):
            yield from _objects(code, each, depth=depth + 1)
    elif isinstance(held, Sequence):
        for each in held.items:
            yield from _objects(code, each, called, depth + 1)
    elif isinstance(held, (Object, ClassDef)) and not called:
        yield held


def _entries(code: Code, holder: Node) -> Iterator[tuple[str, Node]]:
    """Names and what they stand for; what is spread into an object included."""
    if isinstance(holder, ClassDef):
        yield from ((each.name, each) for each in holder.body if isinstance(each, Function) and not each.static)
    elif isinstance(holder, Object):
        for entry in holder.entries:
            if entry.key is not None:
                yield entry.key, entry.value
            elif entry.computed is None and isinstance(entry.value, (Name, Member)):
                yield from (pair for each in _objects(code, entry.value) if each is not holder for pair in _entries(code, each))


def _functions(code: Code, holder: Node) -> Iterator[tuple[str, Node]]:
    for name, node in _entries(code, holder):
        whole = node.parent if node.parent is not None and not isinstance(node, Function) and not isinstance(holder, ClassDef) else node
        if isinstance(node, Function) or (isinstance(node, Sequence) and node.items) or (isinstance(node, (Name, Member)) and code.origins.of(node).kind == "function"):
            yield name, whole
