"""Which function of the project does a call reach, be it through an object that another script lays into the page's window?

    contextBridge.exposeInMainWorld("desk", { onPage: (fn) => … })        window.desk.onPage(show), desk.onPage(show)
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Call, Entry, Function, Name, Node, Object

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_WINDOW = ("window", "globalThis", "self")


class Bridges:
    """The `exposes` idioms of one project: a name of the window at `event`, what lies there at `payload`."""

    def __init__(self, code: Code) -> None:
        self.code = code

    @functools.cached_property
    def exposed(self) -> dict[str, Node]:
        """What lies under each name; a name that two scripts lay something under is left out."""
        found: dict[str, list[Node]] = {}
        for use in self.code.idioms.of("exposes"):
            for name in self.code.idioms.events(use):
                found.setdefault(name, []).extend(self.code.idioms.placed(use.call, use.idiom.payload))
        return {name: nodes[0] for name, nodes in found.items() if name and len(nodes) == 1}

    def calls_of(self, function: Function) -> list[Call]:
        """The calls by which the page reaches a function that a script laid into its window."""
        own = function.parent.key if isinstance(function.parent, Entry) else function.name
        if not own or not self.exposed:
            return []
        calls = (call for module in self.code.project.chosen.values() for call in module.named_calls.get(own, ()))
        return [call for call in calls if self.taker(call.callee) is function]

    def given(self, node: Node) -> list[Node]:
        """What the page gives for a parameter of such a function: `on: (channel, f) => ipcRenderer.on(channel, f)`."""
        function = function_of(node)
        if function is None or not isinstance(node, Name):
            return []
        place = next((index for index, param in enumerate(function.params) if param.name == node.id), len(function.params))
        return [arg for call in self.calls_of(function) for arg in call.args[place : place + 1]]

    def taker(self, callee: Node) -> Function | None:
        """The function that is called."""
        origin = self.code.origins.of(callee)
        if origin.kind == "function":
            return origin.node if isinstance(origin.node, Function) else None
        if origin.kind != "external" or not self.exposed:
            return None
        path = origin.qualified.split(".")
        name, *keys = path[1:] if path[0] in _WINDOW else path
        node = self.exposed.get(name)
        for key in keys:
            held = self._resolved(node)
            node = next((entry.value for entry in held.entries if entry.key == key), None) if isinstance(held, Object) else None
        found = self._resolved(node)
        return found if isinstance(found, Function) else None

    def _resolved(self, node: Node | None) -> Node | None:
        """What an expression is, also where a function of the project makes it: `onPage: heard("page")`."""
        if node is None or isinstance(node, (Object, Function)):
            return node
        if isinstance(node, Call):
            maker = self.code.origins.of(node.callee).node
            made = self.code.project.returned(maker) if isinstance(maker, Function) else []
            return self.code.origins.of(made[0]).node if len(made) == 1 else None
        return self.code.origins.of(node).node
