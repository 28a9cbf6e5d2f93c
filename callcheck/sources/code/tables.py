"""Which of the project's own functions keep a function that they are given in a table, and which call what a table holds?

    on(event, fn) { (this.handlers[event] ??= []).push(fn) }            keeps
    emit(event, data) { this.handlers[event]?.forEach((h) => h(data)) } calls
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass, replace
from callcheck.sources.code.call_forms import handed_on
from callcheck.sources.code.origins import Origin, Origins
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    Spread,
    Subscript,
    last_name,
)  # fmt: skip

_PUTS = frozenset({"push", "add", "append", "set", "unshift", "appendleft", "insert"})
_TAKES_OUT = frozenset({"delete", "remove", "discard", "splice", "clear"})
REFERENCES = frozenset({"ref", "WeakMethod"})
_EACH = frozenset({"forEach", "map", "some", "every"})
_COPIES = frozenset({"list", "tuple", "set", "from", "copy", "reversed", "filter"})
_CALLED = r"(?<![\w.$])\1[ \t]*(?:\?\.)?\("
CALLED_FROM_A_TABLE = (
    rf"\bfor\b[^\n]{{0,60}}?\b(\w+)[ \t]+(?:in|of)\b[\s\S]{{0,400}}?{_CALLED}",
    rf"\.(?:forEach|map|some|every)\(\s*(?:async\b\s*)?(?:\(\s*)?([\w$]+)[\s\S]{{0,300}}?{_CALLED}",
    rf"(?<![\w$])([\w$]+)[ \t]*(?::[^=\n]{{0,60}})?=[^=\n]{{0,80}}(?:\.get\(|\[)[\s\S]{{0,300}}?{_CALLED}",
    r"\][ \t]*(?:\?\.|!)?\(",
)
"""What a file shows in which functions are called that were put into a table: regular expressions."""
PUT_INTO_A_TABLE = (
    rf"\.(?:{'|'.join(sorted(_PUTS))})\("
    r"(?:[^()]{0,200},\s*)?[A-Za-z_$][\w$]*\s*,?\s*\)|\][ \t]*=[ \t]*[A-Za-z_$][\w$]*[ \t]*(?:[;})#/\n]|$)"
)
"""What such a file shows besides: something by a plain name is put into a table."""
_OPENS = frozenset({"get", "pop", "slice", "values", "copy", "setdefault", "filter", "concat", "toReversed"})
_SELF = ("this", "self", "cls")


@dataclass(frozen=True, slots=True)
class Touch:
    """What one function does with one table."""

    does: str
    """register, remove or emit."""
    table: str
    """The same text for the same table: the class and field, or the place of a table at module level."""
    field: str
    function: Function
    at: Node
    keys: tuple[Node, ...]
    """What chooses the functions inside the table: an event's name, mostly."""
    given: Node | None = None
    """The function that is kept, or the first argument that the kept ones are called with."""
    args: tuple[Node, ...] = ()
    cls: ClassDef | None = None
    site: Node | None = None
    consumes: bool = False
    """What is called is taken out first: each kept function hears one event."""
    closed: bool = False
    """The table is a variable of the function that makes the object."""
    repeats: bool = False
    """The same function may be kept twice: a list, not a set."""


class Tables:
    """Tables of functions in one project; only those that both a keeping and a calling function touch."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins

    def touches(self) -> list[Touch]:
        """Every touch of a table of listeners, file by file."""
        found = [touch for module in self.origins.project.chosen.values() for touch in self._in(module)]
        kept = {t.table for t in found if t.does == "register"} & {t.table for t in found if t.does == "emit"}
        told = {(touch.table, touch.function) for touch in found if touch.does == "emit"}
        return [_of_told(touch, told) for touch in found if touch.table in kept]

    def _in(self, module: Node) -> Iterator[Touch]:
        for call in module.inside(Call):
            function = function_of(call)
            if function is None:
                continue
            callee = call.callee
            if isinstance(callee, Member) and callee.name in _PUTS and call.args:
                given = call.args[-1]
                if isinstance(given, Call) and last_name(given.callee) in REFERENCES and given.args:
                    given = given.args[0]  # `weakref.WeakMethod(fn)`
                if _is_param(given, function):
                    keys = tuple(call.args[:1]) if callee.name == "set" and len(call.args) == 2 else ()
                    for touch in self._touch("register", function, call, callee.object, keys, given):
                        yield replace(touch, repeats=callee.name not in ("add", "set"))
            elif isinstance(callee, Member) and callee.name in _TAKES_OUT:
                yield from self._touch("remove", function, call, callee.object, (), next(iter(call.args), None))
            elif isinstance(callee, Member) and callee.name == "filter" and (left_out := _left_out(call, function)) is not None:
                yield from self._touch("remove", function, call, callee.object, (), left_out)
            elif isinstance(callee, Member) and callee.name in _EACH and call.args and isinstance(call.args[0], Function):
                each = call.args[0]
                sent = _called_with(each, each.params[0].name) if each.params else None
                if sent is not None:
                    yield from self._touch("emit", function, call, callee.object, (), None, sent)
            elif isinstance(callee, Subscript):
                yield from self._touch("emit", function, call, callee, (), None, tuple(call.args))
            elif isinstance(callee, Name):
                held = self._alias(callee, function)
                if isinstance(held, Subscript) or (isinstance(held, Call) and isinstance(held.callee, Member) and held.callee.name == "get"):
                    yield from self._touch("emit", function, call, held, (), None, tuple(call.args))
        for loop in module.inside(Loop):
            function = function_of(loop)
            if function is None or loop.over is None or not isinstance(loop.target, Name):
                continue
            called = [c for c in loop.inside(Call) if isinstance(c.callee, Name) and c.callee.id == loop.target.id]
            called = called or list(handed_on(loop, loop.target.id))
            if called:
                yield from self._touch("emit", function, called[0], loop.over, (), None, tuple(called[0].args))
                if any(last_name(c.callee) == "pop" for c in loop.over.inside(Call)):
                    for touch in self._touch("remove", function, called[0], loop.over, (), None):
                        yield replace(touch, consumes=True)
        for assign in module.inside(Assign):
            function = function_of(assign)
            if function is not None and assign.value is not None and _is_param(assign.value, function):
                for target in assign.targets:
                    if isinstance(target, Subscript):
                        yield from self._touch("register", function, assign, target, (), assign.value)

    def _touch(
        self, does: str, function: Function, at: Node, node: Node, keys: tuple[Node, ...], given: Node | None, args: tuple[Node, ...] = ()
    ) -> Iterator[Touch]:
        place, more = self._peel(node, function)
        keys = (*keys, *more)
        maker = self._maker(place, function)
        outer = _method(function, maker)
        if does == "remove" and outer is not function:
            return  # what a returned function does, it does later
        if isinstance(place, Member) and isinstance(place.object, Name) and place.object.id in _SELF:
            cls = enclosing(place, ClassDef)
            if isinstance(cls, ClassDef):
                yield Touch(does, f"{module_of(cls).path}:{cls.line}.{place.name}", place.name, outer, at, keys, given, args, cls)
        elif maker is not None and isinstance(place, Name):
            yield Touch(does, f"{module_of(maker).path}:{maker.line}.{place.id}", place.id, outer, at, keys, given, args, closed=True)
        elif isinstance(place, Name) and self._is_global(place):
            # Whose table a parameter is, or what a loop over one gives, would have to be asked at every call of the function.
            origin = self.origins.of(place)
            if origin.kind in ("value", "made") and origin.site is not None and function_of(origin.site) is None and not enclosing(origin.site, ClassDef):
                yield Touch(does, f"{module_of(origin.site).path}:{origin.site.line}", place.id, outer, at, keys, given, args, None, origin.site)

    def _is_global(self, name: Name) -> bool:
        """Whether a name is declared, or imported, by the module."""
        scopes = self.origins.scopes_of(name)
        return isinstance(next((scope for scope in scopes if name.id in self.origins.project.scope(scope)), None), Module)

    def _maker(self, place: Node, function: Function) -> Function | None:
        """The function around others that makes the table which they share: `createBus` with its `on` and `emit`."""
        outer = function_of(function)
        while outer is not None and isinstance(place, Name):
            declared = self.origins.project.scope(outer).get(place.id, ())
            if place.id in self.origins.project.scope(function):
                return None
            if any(isinstance(each, Assign) and isinstance(each.value, (Object, Sequence, Call)) for each in declared):
                return outer
            outer = function_of(outer)
        return None

    def _peel(self, node: Node, function: Function, depth: int = 0) -> tuple[Node, tuple[Node, ...]]:
        """The table itself behind what opens, copies or chooses from it, and the keys that choose."""
        keys: tuple[Node, ...] = ()
        while depth < 12:
            depth += 1
            if isinstance(node, Subscript):
                keys, node = (node.key, *keys), node.object
            elif isinstance(node, Operation) and node.operator in ("??", "||", "??=", "||="):
                node = node.operands[0]
            elif isinstance(node, Assign) and len(node.targets) == 1:
                node = node.targets[0]
            elif isinstance(node, (Spread, Await)):
                node = node.value
            elif isinstance(node, Sequence) and len(node.items) == 1 and isinstance(node.items[0], Spread):
                node = node.items[0].value
            elif isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in _OPENS:
                keys = (*(node.args[:1] if node.callee.name in ("get", "setdefault", "pop") else ()), *keys)
                node = node.callee.object
            elif isinstance(node, Call) and node.args and isinstance(node.callee, (Name, Member)) and _last(node.callee) in _COPIES:
                node = node.args[0]
            elif isinstance(node, Name) and (held := self._alias(node, function)) is not None:
                node = held
            else:
                break
        return node, keys

    def _alias(self, name: Name, function: Function) -> Node | None:
        """What a local name of the function was first set to."""
        declared = self.origins.project.scope(function).get(name.id, [])
        first = declared[0] if declared else None
        # What follows fills it when it is empty: `let set = map.get(key); if (!set) map.set(key, (set = new Set()))`.
        if all(isinstance(each, Assign) for each in declared) and isinstance(first, Assign) and not first.operator and isinstance(first.targets[0], Name):
            return first.value
        return None


def _of_told(touch: Touch, told: set[tuple[str, Function]]) -> Touch:
    """What empties a table in the function that calls all that was in it: `for close in self._on_close: close()`, then `self._on_close.clear()`."""
    emptied = touch.does == "remove" and touch.given is None and (touch.table, touch.function) in told
    return replace(touch, consumes=True) if emptied else touch


def _method(function: Function, maker: Function | None) -> Function:
    """The outermost function around one, inside the one that makes the table: the method or function that others call."""
    outer = function
    while (above := function_of(outer)) is not None and above is not maker:
        outer = above
    return outer


def _is_param(node: Node, function: Function) -> bool:
    """Whether a name is a parameter of the function, or of one around it; an entry `{ fn }` that holds one counts too."""
    if not isinstance(node, Name):
        return False
    inner: Function | None = function
    while inner is not None:
        if any(isinstance(p, Param) and (p.name == node.id or node.id in p.binds) for p in inner.params):
            return node.id not in _SELF
        inner = function_of(inner)
    return False


def _left_out(call: Call, function: Function) -> Name | None:
    """The parameter that a list is put back without: `table.set(event, table.get(event).filter((each) => each !== fn))`."""
    put_back = isinstance(call.parent, Assign) and not isinstance(call.parent.targets[0], Name) or isinstance(call.parent, Call) and last_name(call.parent.callee) == "set"
    test = call.args[0] if put_back and len(call.args) == 1 else None
    if not isinstance(test, Function) or not test.params:
        return None
    for each in test.inside(Operation):
        sides = [side for side in each.operands if isinstance(side, Name)]
        if each.operator in ("!==", "!=") and len(sides) == 2 and test.params[0].name in (side.id for side in sides):
            other = next((side for side in sides if side.id != test.params[0].name), None)
            return other if other is not None and _is_param(other, function) else None
    return None


def _called_with(function: Function, name: str) -> tuple[Node, ...] | None:
    """The arguments with which a function calls its parameter of this name; None if it does not."""
    for call in function.inside(Call):
        if isinstance(call.callee, Name) and call.callee.id == name:
            return tuple(call.args)
    return None


def _last(callee: Name | Member) -> str:
    return callee.id if isinstance(callee, Name) else callee.name


def origin_of(touch: Touch) -> Origin:
    """The object that stands for a table: the instance for a field, the table itself at module level."""
    if touch.cls is not None:
        return Origin("self", touch.at, cls=touch.cls)
    return Origin("value", touch.site, site=touch.site)
