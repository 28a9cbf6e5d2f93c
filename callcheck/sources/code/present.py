"""Can a project have to do with a library at all, going by what it imports?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from callcheck.model.knowledge import Framework


def is_present(framework: Framework, outside: Collection[str]) -> bool:
    """Whether the project can have an object or function of a framework: it imports a package, or there is no package to import."""
    return is_imported(framework, outside) or bool(framework.hands) or any(is_global(framework, name) for name in _names(framework))


def is_imported(framework: Framework, outside: Collection[str]) -> bool:
    """Whether one of these modules, as imports name them, is of the framework."""
    if any(prefix in outside for prefix in _prefixes_of(framework)):
        return True
    # A submodule of it alone: `from celery.schedules import crontab`.
    return any(prefix in framework.packages for module in outside if "." in module for prefix in prefixes(module))


def is_global(framework: Framework, name: str) -> bool:
    """Whether what a framework calls by this name may be had without an import."""
    return name.isidentifier() and name not in framework.packages


def prefixes(name: str) -> Iterator[str]:
    """`a`, `a.b`, `a.b.c`, of which any may be a module's name."""
    parts = name.removeprefix("node:").split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def _names(framework: Framework) -> list[str]:
    made = [name for each in framework.objects.values() for name in each]
    return made + [name for idiom in framework.idioms for name in idiom.calls]


_KNOWN: dict[int, tuple[Framework, frozenset[str]]] = {}


def _prefixes_of(framework: Framework) -> frozenset[str]:
    """All prefixes of a framework's names; worked out once."""
    if id(framework) not in _KNOWN:
        found = {prefix for name in (*_names(framework), *framework.packages) for prefix in prefixes(name)}
        _KNOWN[id(framework)] = framework, frozenset(found | {f"node:{name}" for name in found})
    return _KNOWN[id(framework)][1]
