"""What does a call give: a new object, what a function of the project returns, what a table holds, a module?

    const bus = makeBus();        rooms.get(id) ?? new Room()        require("./bus")        Object.freeze(new Bus())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.noun import replace
from callcheck.sources.code.called_back import CHAINS, promised
from callcheck.sources.code.imported import qualified
from callcheck.sources.code.origin import UNKNOWN, Origin, keeps, makes
from callcheck.sources.code.scopes import function_of, is_super, module_of
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Sequence,
    dotted,
)

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

_FLUENT = ("on", "once", "off", "addListener", "removeListener", "prependListener", "prependOnceListener")
"""Methods that give the object back once they are handed a listener, so that calls can be chained; with the event alone some give an iterator."""
_SETTING = ("setMaxListeners", "removeAllListeners")
"""Those that give it back whatever they are handed. Source: nodejs.org/api/events.html."""
_FIELDS = frozenset({"dataclasses.field", "attrs.field", "attr.ib", "attr.field", "pydantic.Field", "msgspec.field"})
"""What declares a field of a class, and may name what makes its value for each object."""
_PASSED = {"Object.freeze": 0, "Object.seal": 0, "Object.preventExtensions": 0, "Object.assign": 0, "Object.defineProperty": 0, "Object.defineProperties": 0, "Promise.resolve": 0, "contextlib.closing": 0, "contextlib.aclosing": 0, "contextlib.nullcontext": 0, "typing.cast": 1}
"""Functions that give back one of their arguments, by its index."""


class Results:
    """What the calls of one project give."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins
        self._project = origins.project

    def of(self, node: Call, depth: int) -> Origin:
        """The origin of what a call gives."""
        taken = self._origins.slots.taken(node)
        held = self._origins.held(taken, depth) if taken is not None and taken is not node else UNKNOWN
        if held.kind != "unknown":
            return held
        if isinstance(node.callee, Member) and node.callee.name in CHAINS and (found := promised(self._origins, node, depth + 1)).kind != "unknown":
            return found
        callee = self._origins.of(node.callee, depth + 1)
        if is_super(node):
            return callee
        if callee.qualified in ("import", "require") and callee.kind == "external" and len(node.args) == 1:
            return self._loaded(node)
        if callee.qualified in _FIELDS and (by := node.keyword("default_factory") or node.keyword("factory")) is not None:
            return self._by(by, node, depth)
        if callee.qualified == "@angular/core.inject" and node.args:
            return self._instance(self._origins.of(node.args[0], depth + 1), node)
        if callee.kind == "external":
            if callee.qualified == "Promise.all" and node.args and isinstance(node.args[0], Sequence):
                return Origin("value", node.args[0], site=node)
            given = node.args[_PASSED[callee.qualified]:] if callee.qualified in _PASSED else []
            if given and not (callee.qualified == "Object.assign" and isinstance(given[0], Object)):  # what a literal is filled with is not to be told from it
                return self._origins.of(given[0], depth + 1)
            return Origin("made", node, callee.qualified, site=node)
        if callee.kind == "class" and callee.cls:
            return Origin("made", node, cls=callee.cls, site=node)
        if callee.kind == "function" and isinstance(callee.node, Function):
            return self.returned(callee.node, node, depth)
        if callee.kind == "part" and callee.base is not None:
            if callee.qualified in _SETTING or (callee.qualified in _FLUENT and len(node.args) > 1):
                return callee.base
            if callee.qualified in ("get", "setdefault") and (item := self.item(callee.base, depth)):
                return item
            return Origin("made", node, f"{self._origins.type_name(callee.base)}().{callee.qualified}", base=callee.base, site=node)
        if callee.kind in ("made", "param") and callee.cls is None and isinstance(node.callee, (Name, Member)):
            return Origin("made", node, "().()", base=callee, site=node)  # an object that can be called: `knex("orders")`
        return UNKNOWN

    def item(self, table: Origin, depth: int) -> Origin | None:
        """What a table that is filled on demand has for a key; None for other tables."""
        if table.site is None or table.base is not None or table.kind not in ("made", "value"):
            return None
        from callcheck.sources.code.items import kept_item

        item = self._origins.of(kept_item(table.site), depth + 1)
        return replace(item, kept=True) if makes(item) else None

    def _instance(self, kind: Origin, node: Node) -> Origin:
        """What a container gives for a class: the one instance that it keeps."""
        return Origin("self", node, cls=kind.cls) if kind.cls is not None else Origin("param", node, kind.qualified)

    def _loaded(self, node: Call) -> Origin:
        """`import("./bus.js")`, `require("bull")` in the middle of an expression."""
        named = node.args[0]
        if not (isinstance(named, Literal) and isinstance(named.value, str)):
            return UNKNOWN
        target = self._project.find(module_of(node), named.value)
        if target is None:
            return Origin("external", node, qualified(named.value, "*"))
        whole = self._project.exports(target).get("*")
        return self._origins.place(target, whole, 0) if whole is not None else Origin("module", target)

    def _by(self, maker: Node, node: Call, depth: int) -> Origin:
        """What `field(default_factory=dict)` gives each object."""
        found = self._origins.of(maker, depth + 1)
        if found.kind == "external":
            return Origin("made", node, found.qualified, site=node)
        if found.kind == "class" and found.cls:
            return Origin("made", node, cls=found.cls, site=node)
        return self.returned(found.node, node, depth) if found.kind == "function" and isinstance(found.node, Function) else UNKNOWN

    def returned(self, function: Function, call: Call | Member, depth: int) -> Origin:
        """What a function of the project gives at one place that calls or names it; what it makes anew is made there."""
        if function.is_generator:
            return UNKNOWN
        cached = any(keeps(d) for d in function.decorators)
        values = [self._origins.of(value, depth + 1) for value in self._project.returned(function)]
        if len({id(each.cls) for each in values if each.kind == "made" and each.cls is not None}) > 1:
            return UNKNOWN  # an object of one class or of another one: a bus of memory, or one at a broker
        for found in values:
            fresh = found.kind == "made" or (found.kind == "value" and isinstance(found.node, Object))
            if fresh and found.site is not None and function_of(found.site) is function and not found.kept:
                return replace(found, kept=True) if cached else replace(found, site=call)
            if found.kind != "unknown":
                return found
        return UNKNOWN


def together(value: Node | None) -> list[Node]:
    """What stands at each place of a list, also of one that is waited for: `await Promise.all([f(), g()])`, `await asyncio.gather(f(), g())`."""
    if isinstance(value, Await):
        value = value.value
    if isinstance(value, Call) and dotted(value.callee) == "Promise.all" and value.args:
        value = value.args[0]
    if isinstance(value, Call) and dotted(value.callee) == "asyncio.gather":
        return value.args
    return value.items if isinstance(value, Sequence) else []
