"""What does a name mean, by the scopes that it stands in?

    let bus;  function init() { bus = new Bus(); }  bus.emit("done");       if (!room) room = { bus: new Bus() }
    if (plain) { server = net.createServer(); } else { server = tls.createServer(); server.on("secureConnection", serve); }
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from callcheck.model.noun import replace
from callcheck.sources.code.blocks import apart
from callcheck.sources.code.origin import DEEPEST, UNKNOWN, Origin, makes
from callcheck.sources.code.scopes import FILLS, Binding, Scope, enclosing, fills_when_empty, module_of
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Literal, Module, Name, Node, Param

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins


class Names:
    """Those of one project."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins
        self._around: dict[int, list[Scope]] = {}

    def named(self, node: Name, depth: int) -> Origin:
        """The origin of a name, by the scopes that it stands in."""
        if node.id in ("this", "cls", "super") or (node.id == "self" and _is_self(node)):
            cls = enclosing(node, ClassDef)
            if isinstance(cls, ClassDef):
                return Origin("self", node, cls=cls)
        for scope in self.scopes_of(node):
            declared = self._origins.project.scope(scope).get(node.id)
            if declared:
                return self.later(scope, declared, node.id, depth, node)
        # `global.io = new Server(http)` in one file, and `io.emit(…)` in another one; what is called is no object that is made, but the `io()` of a page.
        called = isinstance(node.parent, Call) and node.parent.callee is node
        held = UNKNOWN if called or module_of(node).language == "python" else self._origins.held(self._origins.slots.everywhere(node.id), depth)
        return held if held.kind != "unknown" else Origin("external", node, node.id)

    def scopes_of(self, node: Node) -> list[Scope]:
        """The scopes in which a name may be declared, nearest first."""
        below, above = node, node.parent
        while above is not None:
            if isinstance(above, (Function, ClassDef, Module)) and (isinstance(above, Module) or below not in above.decorators):
                return [above, *self._scopes_around(above)]
            below, above = above, above.parent
        return []

    def _scopes_around(self, scope: Scope) -> list[Scope]:
        """The functions around a scope, nearest first, and its module: what a class around it declares is not seen inside."""
        if id(scope) not in self._around:
            found = self._around[id(scope)] = list[Scope]()
            below: Node = scope
            for above in scope.up():
                if isinstance(above, Module) or (isinstance(above, Function) and below not in above.decorators):
                    found.append(above)
                below = above
        return self._around[id(scope)]

    def binding_of(self, node: Node) -> Binding | None:
        """The first declaration of a name, None for anything else and for what comes from outside."""
        scopes = self.scopes_of(node) if isinstance(node, Name) else []
        return next((declared[0] for scope in scopes if isinstance(node, Name) and (declared := self._origins.project.scope(scope).get(node.id))), None)

    def later(self, scope: Scope, declared: list[Binding], name: str, depth: int, use: Name | None = None) -> Origin:
        """What a name of a scope is, in all or at one `use`; a JavaScript `let x;` may be filled by a function inside (`function init() { x = make(); }`)."""
        if use is not None and len(declared) > 1:
            declared = [each for each in declared if not apart(use, each)] or declared
        found = self._declared(declared, name, depth)
        bare = all(isinstance(each, Assign) and each.declared in ("let", "var") and _holds_nothing(each.value) for each in declared)
        if not bare or (found.kind not in ("unknown", "param") and not isinstance(found.node, Literal)) or depth > DEEPEST:
            return found
        given = found
        for assign in scope.inside(Assign):
            if assign.declared or assign.operator not in ("", *FILLS) or name not in [t.id for t in assign.targets if isinstance(t, Name)]:
                continue
            if use is not None and apart(use, assign):
                continue
            if any(_declares(self._origins.project.scope(each).get(name, ())) for each in _below(scope, assign)):
                continue
            made = self._origins.of(assign.value, depth + 1)
            if made.kind == "made":
                return replace(made, kept=True) if fills_when_empty(assign) else made
            if made.kind == "param" and isinstance(made.node, Param) and made.node.parent is not None and isinstance(made.node.parent.parent, Call):
                given = made  # what a callback got: `connect(url, (err, channel) => { current = channel; })`
        return given

    def _declared(self, declared: list[Binding], name: str, depth: int) -> Origin:
        if len(declared) == 1:
            return self._origins.binding(declared[0], name, depth + 1)
        found = [self._origins.binding(each, name, depth + 1) for each in declared]
        made = [o for o in found if o.kind not in ("unknown", "value") or (o.node and not isinstance(o.node, Literal))]
        if len(made) > 1 and made[0].kind == "param":
            made = made[1:]
        first = next(iter(made), found[0] if found else UNKNOWN)
        fills = [fills_when_empty(each) for each in declared]
        if first.base is not None and first.kind in ("made", "part"):
            # `room = rooms.get(id)`, `if (!room) room = { bus: new Bus() }`: what is put in when the table gives nothing is what it gives later.
            first = next((each for each, filled in zip(found, fills, strict=True) if filled and makes(each)), first)
        return replace(first, kept=True) if any(fills) and makes(first) else first


def _holds_nothing(value: Node | None) -> bool:
    return value is None or (isinstance(value, Literal) and value.value is None)


def _below(scope: Node, node: Node) -> list[Scope]:
    """The scopes between one and a node inside it."""
    found: list[Scope] = []
    for above in node.up():
        if above is scope:
            break
        if isinstance(above, (Function, ClassDef)):
            found.append(above)
    return found


def _declares(bindings: Iterable[Binding]) -> bool:
    """Whether one of these brings a name into its scope; a bare JavaScript assignment does not."""
    return any(not isinstance(each, Assign) or bool(each.declared) for each in bindings)


def _is_self(node: Name) -> bool:
    return any(isinstance(a, Function) and a.params and a.params[0].name == "self" for a in node.up())
