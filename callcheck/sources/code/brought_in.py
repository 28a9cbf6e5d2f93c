"""Where do other files use what a module keeps under a name of its own?

    from shop.settings import PUBLIC_URL     client.create(status_callback=PUBLIC_URL)
    from shop import settings                client.create(status_callback=settings.PUBLIC_URL)
    import { publicUrl as base } from ".";   client.create({ statusCallback: base })          also by way of a file that only passes it on
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.index import once
from callcheck.sources.code.scopes import is_target, module_of
from callcheck.sources.code.tree import Imported, Member, Module, Name, Node

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

_DEEPEST = 6
"""Imports that are followed one after the other."""


class BroughtIn:
    """The imported names of one project."""

    def __init__(self, origins: Origins) -> None:
        self._origins, self._project = origins, origins.project
        self._from: dict[int, tuple[str, str]] = {}

    def uses(self, node: Node, name: str) -> Iterator[Node]:
        """Where files other than the one of `node` read what that one keeps under a name, by an import of the name or of the whole module."""
        own = module_of(node).path
        for module in self._project.users.modules(node, (name,)):
            if module.path == own:
                continue
            for bound in _bound(module).get(name, ()):
                if self._of(bound) == (own, name):
                    yield from names_read(module).get(bound.local, ())
            for member in members_read(module).get(name, ()):
                there = self._origins.of(member.object)
                if there.kind == "module" and isinstance(there.node, Module) and there.node.path == own:
                    yield member

    def _of(self, bound: Imported) -> tuple[str, str]:
        """The file that an imported name comes from, and what it is called there; "" for both if it is nothing of the project."""
        if id(bound) not in self._from:
            self._from[id(bound)] = self._followed(bound)
        return self._from[id(bound)]

    def _followed(self, bound: Imported) -> tuple[str, str]:
        for _ in range(_DEEPEST):
            there = self._project.imported(bound)
            found = self._project.exported(there, bound.imported) if there is not None else None
            if found is None:
                break
            module, held = found
            if not isinstance(held, Imported):
                return module.path, held if isinstance(held, str) else bound.imported
            bound = held
        return "", ""


@once
def members_read(module: Module) -> dict[str, list[Member]]:
    """The members that a module reads, by their names."""
    found: dict[str, list[Member]] = {}
    for member in module.all(Member):
        if not is_target(member):
            found.setdefault(member.name, []).append(member)
    return found


@once
def names_read(module: Module) -> dict[str, list[Name]]:
    """The names that a module reads."""
    found: dict[str, list[Name]] = {}
    for name in module.all(Name):
        if not is_target(name):
            found.setdefault(name.id, []).append(name)
    return found


@once
def _bound(module: Module) -> dict[str, list[Imported]]:
    """What a module imports, by the names that it has there."""
    found: dict[str, list[Imported]] = {}
    for bound in module.all(Imported):
        found.setdefault(bound.imported, []).append(bound)
    return found
