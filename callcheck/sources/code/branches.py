"""Which branches must a function take for a piece of its code to run, and does it take them when it is called with certain arguments?

    def run(goal, on_step=None, live=False):
        if not live:
            return graph.invoke(goal)
        for step in graph.stream(goal): on_step(step)        # runs if `live` holds; run(g, show) leaves it at False
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import CTORS, function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    If,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Param,
    Raise,
    Return,
    last_name,
)

_SELF = ("self", "this")
_TOLD = pattern(r"(?i)^(?:self\.)?(?:on_?[a-z]|call_?back|cb$|notify|handler|listener|emit|send|sink|progress|report)")


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A test, and what it has to come to."""

    test: Node
    wanted: bool


def branches(node: Node, function: Function) -> list[Branch]:
    """What has to hold for a node to run, from inside out: the tests around it, and those by which the function would have ended before."""
    found: list[Branch] = []
    below: Node = node
    for above in node.up():
        if isinstance(above, If):
            if any(each is below for each in above.then):
                found.append(Branch(above.test, True))
            elif any(each is below for each in above.orelse):
                found.append(Branch(above.test, False))
        for body in _bodies(above):
            place = next((i for i, each in enumerate(body) if each is below), None)
            found += [Branch(each.test, False) for each in body[: place or 0] if isinstance(each, If) and not each.orelse and _leaves(each)]
        if above is function:
            break
        below = above
    return found


def _bodies(node: Node) -> list[list[Node]]:
    return [part for name in ("body", "then", "orelse", "final") if isinstance(part := getattr(node, name, None), list)]


def _leaves(test: If) -> bool:
    last = test.then[-1] if test.then else None
    return isinstance(last, (Return, Raise))


class Arguments:
    """What the parameters of a function are at one call, and the fields of its object at the call that made it."""

    def __init__(self, origins: Origins, function: Function, call: Call) -> None:
        self.origins = origins
        self.function = function
        self._given = _bound(function, call)
        self._fields: dict[str, Node | None] = {}
        cls = function.parent
        if isinstance(cls, ClassDef) and isinstance(call.callee, Member):
            made = origins.of(call.callee.object)
            ctor = next((each for each in cls.body if isinstance(each, Function) and each.name in CTORS), None)
            if ctor is not None and isinstance(made.node, Call) and made.kind == "made":
                given = _bound(ctor, made.node)
                for name, value in _kept(ctor).items():
                    self._fields[name] = given.get(value.id) if isinstance(value, Name) and value.id in given else value

    def of(self, node: Node) -> Node | None:
        """The node that stands for a parameter or a field; None if it is neither, or not known."""
        if isinstance(node, Name):
            return self._given.get(node.id)
        if isinstance(node, Member) and isinstance(node.object, Name) and node.object.id in _SELF:
            return self._fields.get(node.name)
        return None

    def holds(self, test: Node) -> bool | None:
        """What a test comes to; None if that cannot be told."""
        if isinstance(test, Literal):
            return bool(test.value)
        if isinstance(test, (Name, Member)):
            held = self._value(self.of(test))
            return bool(held.value) if isinstance(held, Literal) else None
        if isinstance(test, Operation):
            if test.operator in ("not", "!") and len(test.operands) == 1:
                inner = self.holds(test.operands[0])
                return None if inner is None else not inner
            parts = [self.holds(each) for each in test.operands]
            if test.operator in ("and", "&&"):
                return False if False in parts else True if all(parts) and None not in parts else None
            if test.operator in ("or", "||"):
                return True if True in parts else False if not any(each is None for each in parts) else None
            if test.operator in ("is", "is not", "==", "===", "!=", "!==") and len(test.operands) == 2:
                one, other = (self._value(self.of(each) or each) for each in test.operands)
                if isinstance(one, Literal) and isinstance(other, Literal):
                    return (one.value == other.value) is (test.operator in ("is", "==", "==="))
        return None

    def _value(self, node: Node | None) -> Node | None:
        if isinstance(node, (Name, Member)):
            held = self.origins.of(node).node
            return held if isinstance(held, Literal) else node
        return node


def _bound(function: Function, call: Call) -> dict[str, Node]:
    """The parameters that a call fills with something known, or leaves at their defaults."""
    params = function.params
    if isinstance(function.parent, ClassDef) and not function.static and module_of(function).language == "python" and params:
        params = params[1:]
    if any(keyword.name == "" for keyword in call.keywords):
        return {}  # `**options` may fill anything
    found: dict[str, Node] = {}
    for index, param in enumerate(params):
        if param.kind in ("rest", "keywords"):
            continue
        given = next((each.value for each in call.keywords if each.name == param.name), None)
        if given is None and index < len(call.args) and param.kind != "only":
            given = call.args[index]
        if given is None and param.default is not None:
            given = param.default
        if given is None and module_of(function).language != "python" and index >= len(call.args):
            given = Literal(None, line=call.line, parent=call)
        if given is not None:
            found[param.name] = given
    return found


def _kept(ctor: Function) -> dict[str, Node]:
    """The fields that a constructor fills, and with what."""
    return {
        target.name: assign.value
        for assign in ctor.inside(Assign)
        for target in assign.targets
        if isinstance(target, Member) and isinstance(target.object, Name) and target.object.id in _SELF and assign.value is not None
    }


def looped(node: Node, function: Function) -> Loop | None:
    """The loop of a function in which a node stands."""
    for above in node.up():
        if above is function:
            return None
        if isinstance(above, Loop):
            return above
    return None


def told(function: Function) -> dict[str, list[Node]]:
    """The parameters, and fields of the object (as `self.on_step`), that a function calls or hands on, with the places; tests of them do not count.

    One that is only handed on counts if it has the name of a callback.
    """
    params = {param.name for param in function.params if isinstance(param, Param)}
    found: dict[str, list[Node]] = {}
    for call in function.inside(Call):
        for node in (call.callee, *call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(node, Name) and node.id in params and function_of(node) is function:
                found.setdefault(node.id, []).append(node)
            elif isinstance(node, Member) and isinstance(node.object, Name) and node.object.id in _SELF and node is call.callee:
                found.setdefault(f"self.{node.name}", []).append(node)
    called = {last_name(call.callee) for call in function.inside(Call)}
    return {name: places for name, places in found.items() if name.removeprefix("self.") in called or _TOLD.search(name)}

