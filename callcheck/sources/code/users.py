"""Where may something of the project be called, or be passed on, by its name?

On a big tree few files are parsed for one question, and what they hold is looked at for that question alone: whoever asks next finds what he
would have found first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.scopes import module_of, passed_names
from callcheck.sources.code.tree import Call, Module, Node

if TYPE_CHECKING:
    from callcheck.sources.code.project import Project

_Placed = tuple[str, int, Call]
"""A call with the name of its file and its own number in it."""
MOST_ASKED = 25
"""Files that are parsed, on a big tree, to see who calls one function or makes one class; if more may do so, none is."""
MOST_CALLS = 400
"""Calls that are looked at, on a big tree, for those of one function."""


class Users:
    """The calls of one project, by the names that stand in them."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._calling = _Table(_called)
        self._passing = _Table(_passed)
        self._near: dict[str, frozenset[str]] = {}
        self.unfollowed: set[tuple[str, int, str]] = set()
        """Path, line and name of what too many files use for its users to be looked at, of what is asked before the first probe."""

    def calls(self, target: Node, names: Collection[str]) -> list[Call]:
        """The calls by one of these names, file by file, in the modules in which the target may be used."""
        return self._looked_up(self._calling, target, names, self._brought(target, names, calling=True))

    def passing(self, target: Node, names: Collection[str]) -> list[Call]:
        """The calls to which something of one of these names is passed, file by file, in the modules in which the target may be used."""
        return self._looked_up(self._passing, target, names, self._brought(target, names))

    def modules(self, target: Node, names: Collection[str]) -> list[Module]:
        """The ground, and the modules that may use the target."""
        return [*self._project.ground.values(), *self._brought(target, names)]

    def _brought(self, target: Node, names: Collection[str], calling: bool = False) -> list[Module]:
        """The modules beside the ground that may use the target, or with `calling` call it, parsed now at the latest; its own too."""
        project, module = self._project, module_of(target)
        users = project.choice.users(module.path, names, project.ground, most=MOST_ASKED)
        # What is used all over a big tree is no single object's: to look at some of its users would not tell.
        if len(users) >= MOST_ASKED:
            users = []
            self._follow_none(target, names)
        elif calling and users:
            users = project.choice.calling(users, names)
        own = [] if module.path in project.ground else [module.path]
        return [each for name in dict.fromkeys((*own, *users)) if (each := project.module(name)) is not None]

    def _follow_none(self, target: Node, names: Collection[str]) -> None:
        if not self._project.settled:  # what is asked later, one question within the other, is another thing in another order of the probes
            self.unfollowed.add((module_of(target).path, target.line, min(names, default="")))

    def _looked_up(self, table: _Table, target: Node, names: Collection[str], brought: list[Module]) -> list[Call]:
        ground, choice = self._project.ground, self._project.choice
        table.take_in(ground)
        held = [several for name in names if (several := table.of_ground.get(name))]
        held += [several for module in brought if module.path not in ground for name in names if (several := table.of(module).get(name))]
        if not held:
            return []
        if not choice.all and sum(map(len, held)) > MOST_CALLS:
            self._follow_none(target, names)
            return []
        near = None if choice.all else self._around(module_of(target).path)
        calls = {(path, at): call for several in held for path, at, call in several if near is None or path in near}
        return [calls[place] for place in sorted(calls, key=lambda place: (choice.number[place[0]], place[1]))]

    def _around(self, path: str) -> frozenset[str]:
        """The files in which something of a file may be in hand; asked of a big tree alone."""
        if path not in self._near:
            self._near[path] = frozenset({path, *self._project.choice.texts.near.around((path,))})
        return self._near[path]


class _Table:
    """The calls of modules by a name that stands in them."""

    def __init__(self, names: Callable[[Module], Iterator[tuple[str, Call]]]) -> None:
        self._names = names
        self.of_ground: dict[str, list[_Placed]] = {}
        self._taken_in = 0
        self._of: dict[str, dict[str, list[_Placed]]] = {}

    def take_in(self, ground: dict[str, Module]) -> None:
        """Add the modules that came to the ground since the last question."""
        if len(ground) != self._taken_in:
            for module in list(ground.values())[self._taken_in :]:
                self._add(module, self.of_ground)
            self._taken_in = len(ground)

    def of(self, module: Module) -> dict[str, list[_Placed]]:
        """The calls of a module beside the ground."""
        if module.path not in self._of:
            self._add(module, self._of.setdefault(module.path, {}))
        return self._of[module.path]

    def _add(self, module: Module, table: dict[str, list[_Placed]]) -> None:
        for name, call in self._names(module):
            table.setdefault(name, []).append((module.path, call.at, call))


def _called(module: Module) -> Iterator[tuple[str, Call]]:
    return ((name, call) for name, calls in module.named_calls.items() for call in calls)


def _passed(module: Module) -> Iterator[tuple[str, Call]]:
    return ((name, call) for call in module.all(Call) for name in passed_names(call))
