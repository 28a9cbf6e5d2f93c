"""Which probes does a second process run on a big tree, and what comes back of it?

Whoever of the two is free takes the next probe. No probe's answer depends on those before it (`Project.ground`), so it is all the same which of
them runs where; the facts are put in the order of the registry by `collect`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from callcheck.model.probe import Sight
from callcheck.recall import Told
from callcheck.registry import Listed
from callcheck.sources import Eyes, noted, twin

FIRST = ("shared-state", "flow")
"""The probes that take longest, so that none is begun when all else is done: 36 and 16 % of all on 560,000 lines."""
WORTH_BYTES = 2_000_000
"""Parsed source from which on the probes take longer than a fork."""


def dealt(asked: Sequence[Listed], eyes: Eyes, ask: Callable[[Listed], Told | None]) -> dict[str, Told]:
    """What those of the probes say that look at source and other files, by their names; without those that cannot be dealt, all of them if it is
    not worth while. `ask` gives None for a probe that failed: it is to fail here too, where somebody sees it."""
    among = [probe for probe in asked if probe.looks_at is Sight.SOURCE or isinstance(probe.looks_at, tuple)][: twin.MOST_TICKETS]
    if not twin.possible() or not _is_big(eyes):
        return {}
    among.sort(key=lambda probe: probe.name not in FIRST)
    tickets = twin.Tickets(len(among))

    def told() -> Iterator[tuple[str, Told]]:
        return ((among[number].name, said) for number in tickets if (said := ask(among[number])) is not None)

    with twin.Twin(lambda: (dict(told()), eyes.state(), noted.state())) as second:
        found = dict(told())
        tickets.close()
        if (said := second.said()) is not None:
            others, seen, notes = said
            found |= others
            eyes.take_in(seen)
            noted.take_in(notes)
    return found


def _is_big(eyes: Eyes) -> bool:
    """Whether so much is parsed that it pays. It parses it: both processes want it."""
    return sum(len(module.text) for module in eyes.code.project.ground.values()) >= WORTH_BYTES
