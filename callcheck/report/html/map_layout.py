"""Where does everything on the map stand? Three layers: programs with what they emit, what lies between, programs with what they listen to.

    +- api, 4 processes -+                          +- worker -----------+
    | POST /jobs     ----+--->  job.done  --- x --> | in its start-up    |
    +--------------------+      in memory           +--------------------+

Only numbers and groups here; `map_drawn.py` turns them into a picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callcheck.model.delivery_map import Channel, DeliveryMap, Site
from callcheck.model.noun import dataclass

MOST_CHANNELS = 14
MOST_SITES = 6
"""At one end of one channel."""
WIDTH, BOX, CHANNEL, HEAD, ROW, GAP = 1000, 306, 224, 30, 44, 18
TALL = 58
"""A channel, with what carries it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One site in a box."""

    site: Site
    y: float
    """The middle of its row."""


@dataclass(frozen=True, slots=True)
class Box:
    """The sites of one program, or of several that load the same file."""

    programs: tuple[str, ...]
    top: float
    height: float
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All places; x of the layers is fixed."""

    left: tuple[Box, ...]
    right: tuple[Box, ...]
    channels: tuple[tuple[Channel, float], ...]
    """Each with the middle of its height."""
    height: float
    more: int
    """Channels that are left out."""


def shown(channel: Channel, listens: bool) -> Sequence[Site]:
    """The sites of one end that are drawn."""
    return (channel.listens if listens else channel.emits)[:MOST_SITES]


def layout(told: DeliveryMap) -> Layout:
    """The channels that matter most (they come first), in an order in which few arrows cross."""
    chosen = told.channels[:MOST_CHANNELS]
    emit, listen = (_boxes(chosen, listens) for listens in (False, True))
    tallest = max(_tall(emit), _tall(listen), len(chosen) * (TALL + GAP) - GAP)
    left, right = _centred(emit, tallest), _centred(listen, tallest)
    return Layout(left, right, _between(chosen, left, right, tallest), tallest + 2 * GAP, len(told.channels) - len(chosen))


def _boxes(channels: Iterable[Channel], listens: bool) -> list[Box]:
    """The sites by program, programs and sites in the order in which the channels first need them."""
    groups: dict[tuple[str, ...], dict[str, Site]] = {}
    for channel in channels:
        for site in shown(channel, listens):
            groups.setdefault(site.programs, {}).setdefault(site.key, site)
    top, found = 0.0, []
    for programs, sites in groups.items():
        spots = tuple(Spot(site, top + HEAD + (number + 0.5) * ROW) for number, site in enumerate(sites.values()))
        height = HEAD + len(spots) * ROW + 6
        found.append(Box(programs, top, height, spots))
        top += height + GAP
    return found


def _tall(boxes: Sequence[Box]) -> float:
    return boxes[-1].top + boxes[-1].height if boxes else 0.0


def _centred(boxes: Sequence[Box], tallest: float) -> tuple[Box, ...]:
    by = GAP + (tallest - _tall(boxes)) / 2
    return tuple(Box(box.programs, box.top + by, box.height, tuple(Spot(spot.site, spot.y + by) for spot in box.spots)) for box in boxes)


def _between(channels: Sequence[Channel], left: Sequence[Box], right: Sequence[Box], tallest: float) -> tuple[tuple[Channel, float], ...]:
    """Each channel as near as may be to the middle of what it joins."""
    at = {spot.site.key: spot.y for box in (*left, *right) for spot in box.spots}

    def wanted(channel: Channel) -> float:
        ends = [at[site.key] for listens in (False, True) for site in shown(channel, listens)]
        return sum(ends) / len(ends) if ends else tallest / 2

    ordered = sorted(channels, key=wanted)
    places, low = [], GAP + TALL / 2
    for channel in ordered:
        y = max(low, wanted(channel))
        places.append(y)
        low = y + TALL + GAP
    over = max(0.0, (places[-1] if places else 0.0) + TALL / 2 - tallest - GAP)
    for number in range(len(places) - 1, -1, -1):
        # Those that were pushed out below move the ones above them up.
        limit = tallest + GAP - TALL / 2 - (len(places) - 1 - number) * (TALL + GAP)
        places[number] = min(places[number], limit) if over else places[number]
    return tuple(zip(ordered, places, strict=True))

