"""Which idioms of a project's frameworks go by a name?

The names of one framework are put in order once in a process; what several have under one name is joined when that name is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from callcheck.model.knowledge import Framework, Idiom

Entry = tuple[Framework, Idiom]
_MOST = 2_000
"""Frameworks of which the names are held: more are only made where packages that nobody knows fill one anew for each project."""
_ordered: dict[int, tuple[Framework, tuple[dict[str, list[Entry]], ...]]] = {}
_NAMES: tuple[Callable[[Idiom], Sequence[str]], ...] = (
    lambda idiom: idiom.methods,
    lambda idiom: idiom.fields,
    lambda idiom: idiom.calls,
    lambda idiom: idiom.defines,
)


class ByName(Mapping[str, list[Entry]]):
    """Idioms by a name, those of one framework after those of another."""

    __slots__ = ("_found", "_tables")

    def __init__(self, tables: Sequence[dict[str, list[Entry]]]) -> None:
        self._tables = [table for table in tables if table]
        self._found: dict[str, list[Entry]] = {}

    def __getitem__(self, name: str) -> list[Entry]:
        if name not in self._found:
            held = [entry for table in self._tables for entry in table.get(name, ())]
            if not held:
                raise KeyError(name)
            self._found[name] = held
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        return name in self._found or any(name in table for table in self._tables)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for table in self._tables for name in table))

    def __len__(self) -> int:
        return len(set().union(*self._tables))

    def __bool__(self) -> bool:
        return bool(self._tables)


def by_name(frameworks: Sequence[Framework]) -> tuple[ByName, ByName, ByName, ByName]:
    """The idioms of these frameworks by the method that is called, the field that is assigned, the function or class that is called, and what a
    project defines."""
    methods, fields, calls, defines = zip(*map(_of_one, frameworks), strict=True) if frameworks else ((), (), (), ())
    return ByName(methods), ByName(fields), ByName(calls), ByName(defines)


def _of_one(framework: Framework) -> tuple[dict[str, list[Entry]], ...]:
    if id(framework) not in _ordered:
        if len(_ordered) >= _MOST:
            _ordered.clear()
        _ordered[id(framework)] = framework, tuple(map(_table, [framework] * len(_NAMES), _NAMES))
    return _ordered[id(framework)][1]


def _table(framework: Framework, names: Callable[[Idiom], Sequence[str]]) -> dict[str, list[Entry]]:
    table: dict[str, list[Entry]] = {}
    for idiom in framework.idioms:
        for name in names(idiom):
            table.setdefault(name, []).append((framework, idiom))
    return table
