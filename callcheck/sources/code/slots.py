"""What is kept under a name on an object that others hand around: `app.set("bus", bus)`, `fastify.decorate("bus", bus)`, `req.bus = bus`, `global.bus = bus`, `app[BUS] = bus`?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.model.signs import Sign
from callcheck.sources.code.project import Project
from callcheck.sources.code.tree import Assign, Await, Call, Keyword, Literal, Member, Name, Node, Subscript, last_name

_STORES = ("set", "decorate", "decorateRequest", "provide")
_STORING = Sign(words=_STORES, pattern=rf"\.(?:{'|'.join(_STORES)})\(\s*[\"'`]")
_GLOBAL = ("global", "globalThis", "window")
_APPS = ("app", "application")
"""Objects of a web framework with items of their own, which each request has at hand: aiohttp's, Sanic's, Flask's."""
_USER_DATA, _HANDS_ON = "userdata", "user_data_set"
_OWN = ("this", "self", "cls", "exports", "module")


class Slots:
    """Named places of one project, each with the values that are put there."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.named: dict[str, list[Node]] = {}
        """By `set` and its like, and taken by `get`."""
        self.members: dict[str, list[Node]] = {}
        """By assignment to a member, or `decorate`."""
        for name, value in _calls(project):
            self.named.setdefault(name, []).append(value)
            self.members.setdefault(name, []).append(value)
        self.globals: dict[str, list[Node]] = {}
        """By assignment to the global object: any file has it without declaring it."""
        for target, value in _assigned(project):
            self.members.setdefault(target.name, []).append(value)
            if isinstance(target.object, Name) and target.object.id in _GLOBAL:
                self.globals.setdefault(target.name, []).append(value)
        self.items: dict[str, list[Node]] = {}
        """By assignment to an item of the application."""
        for key, value in _put(project):
            self.items.setdefault(key, []).append(value)

    def taken(self, call: Call) -> Node | None:
        """The one value that `x.get("name")` gives, if only one is ever put there."""
        if not (isinstance(call.callee, Member) and call.callee.name in ("get", "inject") and len(call.args) == 1):
            return None
        key = call.args[0]
        found = self.named.get(key.value, ()) if isinstance(key, Literal) and isinstance(key.value, str) else ()
        return found[0] if len(found) == 1 else None

    def member(self, name: str) -> Node | None:
        """The one value that is ever assigned to a member of this name on a foreign object."""
        found = self.members.get(name, ())
        return found[0] if len(found) == 1 else None

    def handed(self, name: str, place: int) -> Node | None:
        """What a callback of such a client has for a parameter, by its name and its place behind the client."""
        return self.user_data if place == 1 and name.strip("_") == _USER_DATA else None

    def item(self, node: Subscript) -> Node | None:
        """The one value that is ever put where an item of the application is taken: `request.app[BUS]`."""
        found = self.items.get(_key(node), ()) if last_name(node.object) in _APPS else ()
        return found[0] if len(found) == 1 else None

    @functools.cached_property
    def user_data(self) -> Node | None:
        """The one object that a client is told to hand to each of its callbacks: `mqtt.Client(userdata=state)`, `client.user_data_set(state)`."""
        found = [call.args[0] for call in self._project.calls(_HANDS_ON) if call.args]
        found += [each.value for module in self._project.naming(_USER_DATA) for each in module.all(Keyword) if each.name == _USER_DATA]
        return found[0] if len(found) == 1 else None

    def everywhere(self, name: str) -> Node | None:
        """The one value that is ever made a global of this name."""
        found = self.globals.get(name, ())
        return found[0] if len(found) == 1 else None


def _calls(project: Project) -> Iterator[tuple[str, Node]]:
    for call in (call for module in project.showing(_STORING) for call in module.calls(*_STORES)):
        if isinstance(call.callee, Member) and len(call.args) >= 2 and isinstance(call.args[1], (Call, Name, Member)):
            key = call.args[0]
            if isinstance(key, Literal) and isinstance(key.value, str):
                yield key.value, call.args[1]


def _put(project: Project) -> Iterator[tuple[str, Node]]:
    for assign in (each for module in project.chosen.values() for each in module.all(Assign)):
        value = assign.value.value if isinstance(assign.value, Await) else assign.value
        if value is None or assign.operator:
            continue
        for target in assign.targets:
            if isinstance(target, Subscript) and last_name(target.object) in _APPS and (key := _key(target)):
                yield key, value


def _key(node: Subscript) -> str:
    """The name that a key has in each file; what has a text for its key is read as a member."""
    return last_name(node.key) if isinstance(node.key, (Name, Member)) else ""


def _assigned(project: Project) -> Iterator[tuple[Member, Node]]:
    for assign in (each for module in project.chosen.values() for each in module.all(Assign)):
        value = assign.value.value if isinstance(assign.value, Await) else assign.value
        if assign.operator or not isinstance(value, (Call, Name, Member)):
            continue
        for target in assign.targets:
            if isinstance(target, Member) and not _is_own(target):
                yield target, value


def _is_own(target: Member) -> bool:
    node: Node = target.object
    while isinstance(node, Member):
        node = node.object
    return isinstance(node, Name) and node.id in _OWN
