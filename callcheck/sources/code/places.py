"""What stands at a place of a call, as an idiom names places: an argument, an option, the function below a decorator, a method of what is given?

    worker.register({ onDone: f })         methods:0        onDone
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Idiom
from callcheck.model.pattern import pattern
from callcheck.sources.code.call_forms import decorated, given_by_name
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Conditional,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Sequence,
)
from callcheck.sources.code.written import Written

if TYPE_CHECKING:
    from callcheck.sources.code.idioms import Use

_HOLE = pattern(r"\{([\w|]+?)(?:=([^}]*))?\}")
"""`{0}`, `{prefix=bull}`: a place of the call, and what holds without it."""


class Places:
    """The places of the calls of one project."""

    def __init__(self, origins: Origins, written: Written) -> None:
        self._origins = origins
        self._written = written

    def at(self, call: Call, where: str) -> list[Node]:
        """The nodes at a place of a call, as `Idiom` describes places; alternatives are separated by "|"."""
        for each in where.split("|"):
            found = self._at(call, each.strip())
            if found:
                return found
        return []

    def _at(self, call: Call, where: str) -> list[Node]:
        if not where:
            return []
        if where == "*":
            return list(call.args)
        if where.startswith("methods:"):
            return [name for held in self._at(call, where[8:]) for name in self._methods_of(held)]
        if where.startswith("method:"):
            place, _, name = where[7:].partition(":")
            held = [self._origins.member(self._origins.of(node), name).node for node in self._at(call, place)]
            return [method for method in held if isinstance(method, Function)]
        if where == "last":
            return call.args[-1:]
        if where.startswith("made:"):
            maker = self._origins.of(call.callee.object).node if isinstance(call.callee, Member) else None
            return self._at(maker, where[5:]) if isinstance(maker, Call) else []
        if where == "streamed-below":
            below = decorated(call)
            return [_source(given) for given in self._origins.project.returned(below)[:1]] if isinstance(below, Function) else []
        if where.startswith("answered-below:"):
            below = decorated(call)
            given = self._origins.project.returned(below) if isinstance(below, Function) else []
            return [value for node in given for each in node.inside(Object) if (value := each.get(where[15:])) is not None]
        if where == "name-below":
            below = decorated(call)
            return [Literal(below.name, line=call.line, column=call.column, end_line=call.end_line, parent=call)] if below is not None else []
        if where[:1].isalpha() and "." in where:
            outer, _, inner = where.partition(".")
            options = self._written.option(call, outer)
            nested = self._written.inside(options, inner) if options is not None else self._written.option(call, where)  # librdkafka's "group.id"
            return [nested] if nested is not None else []
        if where == "keys":
            objects = [a for a in call.args if isinstance(a, Object)]
            return [Literal(e.key, line=e.line, column=e.column, end_line=e.end_line, parent=e) for o in objects for e in o.entries if e.key]
        if where in ("given", "given-names"):
            return given_by_name(call, where == "given")
        if where.isdigit():
            index = int(where)
            found = call.args[index : index + 1]
        else:
            value = self._written.option(call, where)
            found = [value] if value is not None else []
        return [item for node in found for item in self._items(node)]

    def _items(self, node: Node) -> list[Node]:
        """What a list holds, also one that is kept under a name; anything else by itself."""
        held = self._origins.of(node) if isinstance(node, Name) else None
        listed = held.node if held is not None and held.kind == "value" else node
        return listed.items if isinstance(listed, Sequence) else [node]

    def stored(self, use: Use, set_to: Callable[[Node], str] | None = None) -> str:
        """The key under which a queue keeps its waiting work in the broker, `*` for what is computed; "" if the idiom does not say.

        `set_to` tells what the deployment makes of an expression, "" if nothing.
        """
        return _HOLE.sub(lambda hole: self._filled(use, hole[1], hole[2], set_to), use.idiom.stores)

    def _filled(self, use: Use, where: str, default: str | None, set_to: Callable[[Node], str] | None) -> str:
        node = next(iter(self.at(use.call, where)), None)
        if node is None:
            return default if default is not None else "*"
        if set_to is not None and (told := set_to(node)):
            return told
        if isinstance(node, Operation) and node.operator in ("??", "||"):
            # `process.env.PREFIX ?? "shop"`: what holds unless somebody sets the variable.
            node = node.operands[-1]
        return self._written.text(node) or "*"

    def _methods_of(self, node: Node) -> list[Node]:
        """The names of the functions that an object has, as literals at the object's own place."""
        origin = self._origins.of(node)
        holder = origin.node if origin.kind == "value" else None
        if isinstance(origin.node, Call) and origin.cls is None:
            holder = next((arg for arg in origin.node.args if isinstance(arg, Object)), None)
        cls, names = origin.cls, []
        if isinstance(holder, Object):
            names = [entry.key for entry in holder.entries if entry.key and isinstance(entry.value, Function)]
        elif cls is not None:
            names = [part.name for part in cls.body if isinstance(part, Function) and part.name != "constructor"]
        return [Literal(name, line=node.line, column=node.column, end_line=node.end_line, parent=node) for name in names]

    def events(self, use: Use) -> list[str]:
        """The event names of a use; "" for one that is computed."""
        if use.idiom.event_is:
            return [use.idiom.event_is]
        if use.idiom.only or use.idiom.but:
            return self.named(use.idiom, use.call)
        if use.idiom.fields and isinstance(use.call.parent, Assign) and isinstance(use.call.callee, Member):
            return [use.call.callee.name]
        nodes = self.at(use.call, use.idiom.event)
        return [self._written.text(each) for node in nodes for each in _either(node)] or [""]

    def named(self, idiom: Idiom, call: Call) -> list[str]:
        """The events at a call that an idiom is about."""
        names = (self._written.text(each) for node in self.at(call, idiom.event) for each in _either(node))
        return [name for name in names if (name in idiom.only if idiom.only else name and name not in idiom.but)]


def _either(node: Node) -> list[Node]:
    """Both names of `ok ? "done" : "failed"`; anything else by itself."""
    return [*_either(node.then), *_either(node.orelse)] if isinstance(node, Conditional) else [node]


def _source(stream: Node) -> Node:
    """What a stream comes from, before any operators: `subject` of `subject.pipe(map(f))`."""
    while isinstance(stream, Call) and isinstance(stream.callee, Member) and stream.callee.name == "pipe":
        stream = stream.callee.object
    return stream
