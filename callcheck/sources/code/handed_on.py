"""Which names does a function of the project send or hear under, that are told by its callers alone?

    announce = (topic, body) => redis.publish(topic, JSON.stringify(body))      # announce("paid", o) publishes on paid

A call of such a function stands for the library's call inside it, with what the caller gives in the place of the parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, replace
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.row_tables import Row
from callcheck.sources.code.tree import Call, Function, Literal, Member, Name, Node, Sequence

if TYPE_CHECKING:
    from callcheck.sources.code.idioms import Idioms, Use

NAMED = frozenset({"publish", "subscribe", "bind", "channel-in", "channel-out", "message-in", "message-out"})
"""What is done under a name that a broker, or the other end, knows too."""


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """A library's call in a function of the project, under a name that the function is told."""

    call: Call
    function: Function


class HandedOn:
    """The functions of one project that send or hear under the names that they are told."""

    def __init__(self, idioms: Idioms) -> None:
        self._idioms = idioms
        self.by_function: dict[int, list[Handed]] = {}
        self._laid: dict[tuple[int, int], Call] = {}

    def take(self, use: Use) -> bool:
        """Take a use whose name only the callers of its function know; whether it is one of those that are done under a name."""
        function = use.function
        if use.idiom.does not in (*NAMED, "register", "emit") or function is None or not use.idiom.event or use.idiom.fields:
            return False
        key = next(iter(self._idioms.placed(use.call, use.idiom.event)), None)
        if key is None or self._idioms.text(key).strip("*") or not self._told(key, function) or not self._idioms.origins.calls_of(function):
            return False
        if isinstance(key, Member) and not self._always_named(use, function):
            return False
        known = self.by_function.setdefault(id(function), [])
        if not any(each.call is use.call for each in known):
            known.append(Handed(use.call, function))
        return use.idiom.does in NAMED

    def _told(self, key: Node, function: Function) -> bool:
        """Whether a name is a parameter of the function, as it is or within a text."""
        names = {param.name for param in function.params} | {name for param in function.params for name in param.binds}
        return any(name.id in names for name in key.inside(Name))

    def _always_named(self, use: Use, function: Function) -> bool:
        """Whether each caller hands over a record of the project that has the name (`subscribe(ORDER_PLACED, run)`, `event.queue`): of what comes in, nothing is known before."""
        return all(self.name(use, function, call) for call in self._idioms.origins.calls_of(function))

    def name(self, use: Use, function: Function, call: Call) -> str:
        """The name under which a use in a function is done, as a call of that function tells it; "" if it is not known, or only a part of it."""
        key = next(iter(self._idioms.placed(self._in_place(Handed(use.call, function), call), use.idiom.event)), None)
        text = self._idioms.text(key) if key is not None else ""
        return "" if "*" in text else text

    def place(self, use: Use, function: Function, call: Call) -> str:
        """The same with what the name is a part of (`scope`); "" if either is not known."""
        from callcheck.sources.code.rounds import Round

        told = Round(self._idioms.rows.tables, self._given(function, call), function)
        nodes = (node for place in (use.idiom.scope, use.idiom.event) if place for node in self._idioms.placed(use.call, place))
        texts = [self._idioms.text(told.value(node)) for node in nodes]
        return " ".join(texts) if all(text and "*" not in text for text in texts) else ""

    def at(self, call: Call, function: Node | None) -> list[tuple[Call, Call]]:
        """The library's calls that a call of a function stands for, each as it is there and as it is written."""
        return [(self._in_place(each, call), each.call) for each in self.by_function.get(id(function), ())]

    def _in_place(self, handed: Handed, call: Call) -> Call:
        """The inner call at the place of the outer one, with what that gives."""
        key = (id(call), id(handed.call))
        if key not in self._laid:
            from callcheck.sources.code.rounds import Round

            laid = Round(self._idioms.rows.tables, self._given(handed.function, call), handed.function).laid(handed.call)
            self._laid[key] = replace(laid, line=call.line, column=call.column, end_line=call.end_line, parent=call.parent, at=call.at, end=call.end)
        return self._laid[key]

    def _given(self, function: Function, call: Call) -> Row:
        """The arguments of a call by the parameters of its function; what is left out is nothing."""
        found: Row = {}
        for param, given in given_by(function, call):
            if isinstance(given, list):
                found[param.name] = Sequence(given, line=call.line, column=call.column, end_line=call.end_line, parent=call)
            elif param.binds:
                parts = {name: self._idioms.rows.tables.part(given, path) for name, path in param.binds.items()} if given is not None else {}
                found.update({name: value for name, value in parts.items() if value is not None})
            else:
                found[param.name] = given if given is not None else Literal(None, line=call.line, column=call.column, end_line=call.end_line, parent=call)
        return found
