"""Which uses meet on one event of one object? Grouped once, where comparing every listener with every emission takes their product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.sources.code.idioms import Use
from callcheck.sources.code.lifetimes import Lifetimes


class Meetings:
    """The uses of one project by what they do, their object and their event."""

    def __init__(self, lifetimes: Lifetimes) -> None:
        self._lifetimes = lifetimes
        self._idioms = lifetimes.idioms
        self._known_of = (-1, -1)
        self._found: dict[tuple[str, str], dict[str, list[Use]]] = {}
        self._all: dict[tuple[str, str], list[Use]] = {}

    def at(self, does: str, identity: str, event: str) -> Sequence[Use]:
        """The uses that do this with the event ("" for a computed one) on the object of this identity, in the order of `idioms.of`."""
        self._renew()
        return self._found.get((does, identity), {}).get(event, ())

    def unclear(self, does: str, identity: str) -> Iterator[tuple[str, Use]]:
        """The names that are computed, in whole or in part, with their uses."""
        self._renew()
        return ((name, use) for name, uses in self._found.get((does, identity), {}).items() if not name or "*" in name for use in uses)

    def on(self, does: str, identity: str) -> Sequence[Use]:
        """The same whatever the event."""
        self._renew()
        return self._all.get((does, identity), ())

    def _renew(self) -> None:
        # Whose object it is can show only in a file that is parsed later.
        known_of = (len(self._idioms.uses), len(self._idioms.project.ground))
        if known_of == self._known_of:
            return
        self._known_of = known_of
        self._found, self._all = {}, {}
        for use in self._idioms.of("register", "emit"):
            place = (use.idiom.does, use.idiom.bus or self._lifetimes.identity(use.receiver))
            if not place[1]:
                continue
            self._all.setdefault(place, []).append(use)
            for event in dict.fromkeys(self._idioms.events(use)):
                self._found.setdefault(place, {}).setdefault(event, []).append(use)
