"""Which fields does a function take from a value by taking it apart: `const { id, at: when } = payload`?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.tree import Assign, Entry, Name, Node, Object


def taken_apart(scope: Node, name: str) -> Iterator[tuple[str, Entry]]:
    """The field and its place for each one that is taken from the variable of this name; not those with a default."""
    for assign in scope.inside(Assign) if name else ():
        if isinstance(assign.value, Name) and assign.value.id == name:
            for target in assign.targets:
                if isinstance(target, Object):
                    yield from ((entry.key, entry) for entry in target.entries if entry.key and entry.default is None)
