"""How are the rules kept at hand, when few of them can say anything of a target?

Each is packed until there are facts of all the kinds that one of its ways needs: most of what a rule is, its clauses, texts and cures, is
read by nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from callcheck.model.rule import Rule


class Rulebook:
    """Rules in their order."""

    __slots__ = ("_needs", "_packed", "causes")

    def __init__(self, rules: Iterable[Rule]) -> None:
        import pickle

        given = tuple(rules)
        self.causes = frozenset(rule.cause for rule in given)
        self._needs = tuple(
            tuple(frozenset(condition.fact for condition in way.when) for way in rule.ways) for rule in given
        )
        self._packed = tuple(pickle.dumps(rule, pickle.HIGHEST_PROTOCOL) for rule in given)

    def __getstate__(self) -> tuple[Any, ...]:
        return self.causes, self._needs, self._packed

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.causes, self._needs, self._packed = state

    def speaking_of(self, stated: Collection[str]) -> list[Rule]:
        """The rules that facts of these kinds, and none of other kinds, may give grounds to."""
        from _pickle import loads

        kinds = frozenset(stated)
        pairs = zip(self._packed, self._needs, strict=True)
        return [loads(packed) for packed, ways in pairs if any(needs <= kinds for needs in ways)]
