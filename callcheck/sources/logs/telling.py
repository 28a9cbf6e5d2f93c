"""How does a count with a few samples become evidence?"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.model.evidence import Evidence, Location
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import LogSample
from callcheck.model.log import Place
from callcheck.model.printable import clean
from callcheck.model.words import Basis

_SHOWN = 4


def told(fact: Fact, probe: str, samples: Iterable[tuple[Place, str]], shows: str = "again here") -> Evidence:
    """The fact at its first sample, the next few samples as what it rests on."""
    places = list(dict.fromkeys(samples))
    first, rest = places[0], places[1 : _SHOWN + 1]
    because = tuple(Evidence(LogSample(shows), Basis.OBSERVED, probe, where(place), clean(text)) for place, text in rest)
    return Evidence(fact, Basis.OBSERVED, probe, where(first[0]), clean(first[1]), because=because)


def where(place: Place) -> Location:
    """The location of a record."""
    return Location(clean(place.path), place.line, end_line=place.last if place.last > place.line else None)
