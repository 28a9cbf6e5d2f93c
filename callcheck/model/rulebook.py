"""How are the rules kept at hand, when few of them can say anything of a target?

Each is packed until there are facts that can answer all conditions of one of its ways: most of what a rule is, its clauses, texts and cures,
is read by nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from callcheck.model.fact import Fact
from callcheck.model.packed import Packed
from callcheck.model.rule import Condition, Rule

_Need = tuple[str, tuple[tuple[str, Any], ...]]
"""A fact's kind, and attributes with the value that each must have."""


class Rulebook:
    """Rules in their order."""

    __slots__ = ("_leads", "_needs", "_packed", "causes")

    def __init__(self, rules: Iterable[Rule]) -> None:
        given = tuple(rules)
        self.causes = frozenset(rule.cause for rule in given)
        self._needs = tuple(tuple(frozenset(map(_need, way.when)) for way in rule.ways) for rule in given)
        self._leads = tuple(tuple(frozenset(map(_need, way.when)) for way in rule.leads) for rule in given)
        self._packed = Packed(given)

    def __getstate__(self) -> tuple[Any, ...]:
        return self.causes, self._needs, self._leads, self._packed

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.causes, self._needs, self._leads, self._packed = state

    def speaking_of(self, stated: Collection[Fact]) -> list[Rule]:
        """The rules that these facts may give grounds to, and any that they do give grounds to."""
        return self._answered(self._needs, stated)

    def leading(self, stated: Collection[Fact]) -> list[Rule]:
        """The same of their leads."""
        return self._answered(self._leads, stated)

    def _answered(self, needs: tuple[tuple[frozenset[_Need], ...], ...], stated: Collection[Fact]) -> list[Rule]:
        met = _Met(stated)
        return [self._packed.at(number) for number, ways in enumerate(needs) if any(all(map(met.__getitem__, way)) for way in ways)]


class _Met(dict[_Need, bool]):
    """Whether some fact answers a need; worked out when it is first asked for, since many rules need the same."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        super().__init__()
        self._facts: dict[str, list[Fact]] = {}
        self._attributes: dict[str, list[dict[str, Any]]] = {}
        for fact in facts:
            self._facts.setdefault(fact.kind, []).append(fact)

    def __missing__(self, need: _Need) -> bool:
        kind, values = need
        met = kind in self._facts
        if met and values:
            if kind not in self._attributes:
                self._attributes[kind] = [fact.attributes() for fact in self._facts[kind]]
            met = any(all(each in known.items() for each in values) for known in self._attributes[kind])
        self[need] = met
        return met


def _need(condition: Condition) -> _Need:
    """What of a condition is compared here: its plain equalities. Thirty rules wait for a trap of a library, each for that of its own cause."""
    return condition.fact, tuple((test.attribute, test.value) for test in condition.tests if test.operator == "is")
