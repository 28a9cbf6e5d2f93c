"""Does a framework make a hub of connections anew for each request that asks for it?

    def get_hub() -> Hub: return Hub()                                                  # FastAPI calls it for every request
    async def watch(ws: WebSocket, hub: Hub = Depends(get_hub)): await hub.join(ws)     # self.sockets.append(ws)
    async def tell(text: str, hub: Hub = Depends(get_hub)): await hub.tell(text)        # for ws in self.sockets: another hub, and nobody in it

fastapi 0.115, dependencies/utils.py solve_dependencies(): what a dependency gives is kept for one request alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerPerCall
from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.injected import MARKERS, injections
from callcheck.sources.code.origin import keeps
from callcheck.sources.code.outliving import is_table
from callcheck.sources.code.scopes import CTORS, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Member,
    Name,
    Node,
    Object,
    Sequence,
    Subscript,
)
from callcheck.sources.code.waiters import Waiters

_STORES = frozenset({"add", "append", "setdefault"})
_LEAVES = frozenset({"remove", "discard", "pop", "clear"})


@dataclass(slots=True)
class _Hub:
    """A class that some dependency makes anew: what makes it, and by which parameter of which function it comes."""

    made: Node
    users: list[tuple[Function, str]] = field(default_factory=list)


class InjectedAnew:
    """Follows what a dependency makes to the methods that one route and another one call on it."""

    name = "injected-anew"
    looks_at = Sight.SOURCE
    signs = (Sign(words=MARKERS),)
    answers = frozenset({ListenerPerCall})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        hubs: dict[int, tuple[ClassDef, _Hub]] = {}
        for function, node in injections(code.project):
            cls, made = _anew(code, node) if any(each.module.split(".")[0] == "fastapi" for each in code.project.imports(module_of(function))) else (None, None)
            if cls is not None and made is not None:
                name = next((param.name for param in function.params if code.origins.binding(param, param.name).cls is cls), "")
                hubs.setdefault(id(cls), (cls, _Hub(made)))[1].users.append((function, name))
        waiters = Waiters(code.idioms) if hubs else None
        for cls, hub in hubs.values():
            if waiters is not None and not _made_elsewhere(code, cls, hub.made):
                yield from self._apart(code, waiters, cls, hub)

    def _apart(self, code: Code, waiters: Waiters, cls: ClassDef, hub: _Hub) -> Iterator[Evidence]:
        methods = [each for each in cls.body if isinstance(each, Function) and each.name not in CTORS]
        for table in _tables(code, cls):
            stores = {m.name for m in methods if any(_stored(node, table, waiters) for node in m.walk())}
            takes = {m.name for m in methods if m.name not in stores and any(_is(node, table) and not _left(node) for node in m.walk())}
            kept, told = _calls(hub, stores), _calls(hub, takes)
            there = next((call for user, call in told if any(user is not other for other, _ in kept)), None)
            if kept and there is not None:
                fact = ListenerPerCall(clean(table, 80), "request", "fastapi", "python")
                because = (seen(fact, hub.made, self.name, label="made anew for each request"), seen(fact, there, self.name, label="another request, and an object of its own"))
                yield seen(fact, kept[0][1], self.name, because)
                return


def _anew(code: Code, node: Node) -> tuple[ClassDef | None, Node | None]:
    """The class of which a dependency makes an object in each request, and where: a class itself, or a function that makes it as it returns it."""
    origin = code.origins.of(node)
    if origin.kind == "class":
        return origin.cls, node
    function = origin.node
    if not isinstance(function, Function) or any(keeps(each) for each in function.decorators):
        return None, None
    given = [(each, code.origins.of(each)) for each in code.project.returned(function)]
    fresh = [(each, made.cls) for each, made in given if isinstance(each, Call) and made.cls is not None and made.node is each and not made.kept]
    return (fresh[0][1], fresh[0][0]) if len(fresh) == len(given) == 1 else (None, None)


def _made_elsewhere(code: Code, cls: ClassDef, made: Node) -> bool:
    """Whether the class is made in another place too, which may be the one that counts; a class that keeps one object of itself is."""
    return any(call is not made for call in code.origins.calls_of(cls)) or any(isinstance(each, Function) and each.name in ("__new__", "__class_getitem__") for each in cls.body)


def _tables(code: Code, cls: ClassDef) -> list[str]:
    """The fields that a constructor makes a list, set or dict."""
    inits = [each for each in cls.body if isinstance(each, Function) and each.name in CTORS]
    held = [(target, node.value) for init in inits for node in init.inside(Assign) for target in node.targets if node.value is not None]
    own = [(target, value) for target, value in held if isinstance(target, Member) and _self(target.object) and isinstance(value, (Call, Object, Sequence))]
    return [target.name for target, value in own if is_table(code.origins.of(value))]


def _stored(node: Node, table: str, waiters: Waiters) -> bool:
    """Whether a connection, queue or future is put into the table."""
    if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in _STORES and node.args:
        return any(_is(each, table) for each in node.callee.object.walk()) and bool(waiters.kind(node.args[-1]))
    if isinstance(node, Assign) and node.value is not None and isinstance(node.targets[0], Subscript):
        return _is(node.targets[0].object, table) and bool(waiters.kind(node.value))
    return False


def _left(node: Node) -> bool:
    """Whether something is only taken out of the table there."""
    return isinstance(node.parent, Member) and node.parent.name in _LEAVES


def _is(node: Node, table: str) -> bool:
    return isinstance(node, Member) and node.name == table and _self(node.object)


def _self(node: Node) -> bool:
    return isinstance(node, Name) and node.id in ("self", "this")


def _calls(hub: _Hub, methods: set[str]) -> list[tuple[Function, Call]]:
    """Where the functions that are given a hub call one of these methods on it."""
    return [
        (user, call)
        for user, name in hub.users
        for call in user.inside(Call)
        if isinstance(call.callee, Member) and call.callee.name in methods and isinstance(call.callee.object, Name) and call.callee.object.id == name
    ]


PROBE = InjectedAnew()
