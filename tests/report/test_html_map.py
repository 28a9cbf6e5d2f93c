"""Does the map of the HTML report show who emits, what lies between and who listens, and where it breaks?"""

from __future__ import annotations

import itertools
import random
import re

import pytest

from callcheck.model.delivery_map import (
    BROKEN,
    MEMORY,
    OPEN,
    UNHEARD,
    WHOLE,
    Break,
    Channel,
    DeliveryMap,
    Program,
    Site,
)
from callcheck.model.evidence import Location
from callcheck.model.noun import replace
from callcheck.report.html.map_drawn import delivery_map
from callcheck.report.html.map_layout import GAP, MOST_CHANNELS, MOST_SITES, TALL, layout

WRONG = Break("cross-process-delivery", 0.9, "reaches only listeners of this process", Location("src/bus.ts", 3))


def site(does: str, number: int, *programs: str, event: str = "done") -> Site:
    return Site(f"{does} src/{number}.ts {event}", does, event, Location(f"src/{number}.ts", number + 1), "request", programs, "node-events", "typescript")


def channel(event: str, emits: tuple[Site, ...], listens: tuple[Site, ...], state: str = WHOLE) -> Channel:
    return Channel(f"memory src/bus.ts {event}", event, "src/bus.ts:3", MEMORY, "node-events", state, emits, listens)


def told(*channels: Channel) -> DeliveryMap:
    names = sorted({name for each in channels for name in each.programs})
    return DeliveryMap(channels, tuple(Program(name, "web", 4, False, "node x.js", None) for name in names), (), (), True)


def drawn(*channels: Channel) -> str:
    found = delivery_map(told(*channels))
    assert found is not None
    return found


def count(text: str, cls: str) -> int:
    return len(re.findall(rf'class="{re.escape(cls)}"', text))


def test_a_whole_channel_joins_the_two_programs() -> None:
    text = drawn(channel("done", (site("emits", 1, "api"),), (site("listens", 2, "worker"),)))
    assert "api × 4" in text and "worker × 4" in text and "in memory, src/bus.ts:3" in text
    assert (count(text, "edge"), count(text, "edge broken"), count(text, "cross")) == (2, 0, 0)


def test_a_broken_channel_is_crossed_out_before_who_listens_and_names_its_cause() -> None:
    ends = (replace(site("emits", 1, "api"), breaks=(WRONG,)),), (replace(site("listens", 2, "api"), breaks=(WRONG,)),)
    text = drawn(channel("done", *ends, BROKEN))
    assert (count(text, "edge"), count(text, "edge broken"), count(text, "cross")) == (1, 1, 1)
    assert "✖ cross-process-delivery" in text and "90 %: reaches only listeners of this process" in text


def test_a_break_where_it_goes_out_is_drawn_there() -> None:
    text = drawn(channel("done", (replace(site("emits", 1, "api"), breaks=(WRONG,)),), (site("listens", 2, "api"),), BROKEN))
    assert text.index('class="edge broken"') < text.index('class="edge"')


def test_an_end_that_is_missing_is_a_stub() -> None:
    text = drawn(channel("done", (site("emits", 1, "api"),), (), UNHEARD), channel("other", (site("emits", 2, "api"),), (), OPEN))
    assert (count(text, "edge missing"), count(text, "edge outside")) == (1, 1)
    assert "nobody listens" in text


def test_without_channels_there_is_no_map() -> None:
    assert delivery_map(told()) is None


@pytest.mark.parametrize("seed", range(8))
def test_nothing_lies_upon_anything_else(seed: int) -> None:
    dice = random.Random(seed)

    def ends(does: str) -> tuple[Site, ...]:
        return tuple(site(does, dice.randrange(40), *dice.choice([("api",), ("worker",), ("api", "worker"), ()])) for _ in range(dice.randrange(9)))

    channels = [channel(f"event-{number}", ends("emits"), ends("listens")) for number in range(dice.randrange(1, 25))]
    found = layout(told(*channels))
    for boxes in (found.left, found.right):
        assert all(one.top + one.height < other.top for one, other in itertools.pairwise(boxes))
        assert all(box.top >= 0 and box.top + box.height <= found.height for box in boxes)
        assert all(box.top < spot.y < box.top + box.height for box in boxes for spot in box.spots)
    middles = [y for _, y in found.channels]
    assert all(other - one >= TALL + GAP - 1e-6 for one, other in itertools.pairwise(middles))
    assert all(TALL / 2 <= y <= found.height - TALL / 2 for y in middles)
    assert (len(found.channels), found.more) == (min(len(channels), MOST_CHANNELS), max(0, len(channels) - MOST_CHANNELS))
    drawn_sites = {spot.site.key for box in (*found.left, *found.right) for spot in box.spots}
    assert all(each.key in drawn_sites for one, _ in found.channels for end in (one.emits, one.listens) for each in end[:MOST_SITES])
    assert delivery_map(told(*channels))
