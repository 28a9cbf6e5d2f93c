"""How does a count with a few samples become evidence?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Location
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import LogSample, RaisedAt
from callcheck.model.log import Place
from callcheck.model.noun import replace
from callcheck.model.printable import clean
from callcheck.model.words import Basis
from callcheck.sources.logs.frames import in_source
from callcheck.sources.logs.places import numbered

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.frames import Frame

_SHOWN = 5


def told(
    fact: Fact, probe: str, samples: Iterable[tuple[Place, str]], shows: str = "again here", most: int = _SHOWN
) -> Evidence:
    """The fact at its first sample, the next few samples as what it rests on."""
    places = list(dict.fromkeys(samples))
    first, rest = places[0], places[1 : most + 1]
    because = tuple(
        Evidence(LogSample(shows), Basis.OBSERVED, probe, where(place), clean(text)) for place, text in rest
    )
    return Evidence(fact, Basis.OBSERVED, probe, where(first[0]), clean(first[1]), because=because)


def raised(item: Evidence, frame: Frame | None, eyes: Eyes) -> Evidence:
    """The evidence, joined by the line of the source that failed, if it is known and is there."""
    place = in_source(frame, eyes) if frame else None
    if frame is None or place is None:
        return item
    function = "" if frame.function.startswith("<") else clean(frame.function, 120)
    return replace(item, because=(Evidence(RaisedAt(function), Basis.OBSERVED, item.probe, place), *item.because))


def in_order(samples: Iterable[tuple[Place, str]]) -> list[tuple[Place, str]]:
    """Samples by their lines: records of several sources close in another order than they open."""
    return sorted(samples, key=lambda sample: (sample[0].path, sample[0].line))


def with_end(samples: Iterable[tuple[Place, str]], error: str, named: int = 0) -> list[tuple[Place, str]]:
    """Samples in order, the first with the line that names the error: the last of its traceback, unless it is known to be the one `named` lines below the first."""
    ordered = in_order(samples)
    place = ordered[0][0]
    if error and place.last > place.line + 2:
        line = place.line + named if named else place.last
        ordered.insert(1, (place.at(line, line), ""))
    return ordered


def where(place: Place) -> Location:
    """The location of a record."""
    place = numbered(place)
    return Location(clean(place.path), place.line, end_line=place.last if place.last > place.line else None)
