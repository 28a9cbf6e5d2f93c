"""How are many frameworks kept at hand, when a project has to do with few of them?

Each is packed until it is asked for. What decides whether a project can have to do with it stands on its spine: reading the spines costs a
tenth of unpacking the whole shelf.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from callcheck.model.knowledge import Framework
from callcheck.model.noun import dataclass
from callcheck.model.packed import Packed

NODE = "node:"
"""May stand before the name of a module of Node.js itself."""
STRANGE = "?"
"""Stands for whichever package no framework names, where an object is named by it: `?.*Emitter`."""


@dataclass(frozen=True, slots=True)
class Spine:
    """What must be known of a framework before it is opened."""

    packages: frozenset[str]
    roots: frozenset[str]
    """What these packages are named after: `@nestjs/common` for `@nestjs/common/enums`."""
    distributions: frozenset[str]
    """The names of its packages in their registry."""
    names: frozenset[str]
    """Every module that its objects and functions may be imported from, without `node:`."""
    bare: bool
    """It can be had without an import: a global, what the library hands to a module, or entries that it builds by their path."""
    placed: bool
    """It knows files by their places."""
    strange: bool
    """Some of its objects are those of packages that no framework names."""

    def imported(self, outside: Collection[str]) -> bool:
        """Whether one of these modules, as imports name them, is of the framework."""
        # Below a package, a submodule of it alone: `from celery.schedules import crontab`.
        modules, above = _named(frozenset(outside))
        return not self.names.isdisjoint(modules) or not self.packages.isdisjoint(above)

    def present(self, outside: Collection[str]) -> bool:
        """Whether a project that imports these modules can have an object or function of the framework."""
        return self.bare or self.imported(outside)


@functools.lru_cache(maxsize=4)
def _named(modules: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """These modules as a spine names them, and the names that those with a dot begin with, and their own."""
    plain = frozenset(module.removeprefix(NODE) for module in modules)
    return plain, frozenset(prefix for module in plain if "." in module for prefix in prefixes(module))


class Shelf:
    """Frameworks in their order; iterating opens all of them."""

    __slots__ = ("_opened", "_packed", "spines")

    def __init__(self, frameworks: Iterable[Framework]) -> None:
        given = tuple(frameworks)
        self.spines = tuple(map(spine, given))
        self._packed = Packed(given)
        self._opened: dict[int, Framework] = dict(enumerate(given))

    def __getstate__(self) -> tuple[Any, ...]:
        return self.spines, self._packed

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.spines, self._packed = state
        self._opened = {}

    def __iter__(self) -> Iterator[Framework]:
        return map(self.at, range(len(self._packed)))

    def __contains__(self, framework: object) -> bool:
        return any(each == framework for each in self)

    def __len__(self) -> int:
        return len(self._packed)

    def at(self, number: int) -> Framework:
        """One of them, opened."""
        if number not in self._opened:
            self._opened[number] = self._packed.at(number)
        return self._opened[number]


def spines(frameworks: Iterable[Framework]) -> tuple[Spine, ...]:
    """The spine of each, without opening a shelf."""
    return frameworks.spines if isinstance(frameworks, Shelf) else tuple(map(spine, frameworks))


def spine(framework: Framework) -> Spine:
    """The spine of one framework."""
    made = [name for each in framework.objects.values() for name in each if not name.startswith(STRANGE)] + [name for idiom in framework.idioms for name in idiom.calls]
    names = {prefix for name in (*made, *framework.packages) for prefix in prefixes(name)}
    return Spine(
        packages=frozenset(framework.packages),
        roots=frozenset(map(root, framework.packages)),
        distributions=frozenset(framework.distributions.get(package, package) for package in framework.packages),
        names=frozenset(names),
        bare=bool(framework.hands or framework.graphs) or any(is_global(framework, name) for name in made),
        placed=bool(framework.places),
        strange=any(name.startswith(STRANGE) for each in framework.objects.values() for name in each),
    )


def is_global(framework: Framework, name: str) -> bool:
    """Whether what a framework calls by this name may be had without an import."""
    return name.isidentifier() and name not in framework.packages


def prefixes(name: str) -> Iterator[str]:
    """`a`, `a.b`, `a.b.c`, of which any may be a module's name."""
    parts = name.removeprefix(NODE).split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def root(module: str) -> str:
    """The package that a module is of: `@acme/bus` for `@acme/bus/client`, `acme` for `acme.bus`; "" for an alias of the project's own (`@/bus`, `~/bus`)."""
    if module[:1] == "@":
        scope, _, rest = module.partition("/")
        return f"{scope}/{rest.partition('/')[0]}" if scope != "@" and rest else ""
    first = module.partition("/")[0]
    # `socket.io-client` is one name; a dot between identifiers is Python's.
    return "" if first[:1] in "~#$" else first.partition(".")[0] if all(part.isidentifier() for part in first.split(".")) else first
