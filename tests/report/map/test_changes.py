"""Is what a change costs told, and nothing that only moved?"""

from __future__ import annotations

import random

import pytest

from callcheck.model.delivery_map import (
    BROKEN,
    BROKER,
    LIBRARY,
    MEMORY,
    OPEN,
    UNFED,
    UNHEARD,
    WHOLE,
    Break,
    Channel,
    DeliveryMap,
    Site,
)
from callcheck.model.evidence import Location
from callcheck.model.noun import replace
from callcheck.report.map.changes import changes, renames
from callcheck.report.map.difference import text


def site(does: str, path: str, line: int = 1, programs: tuple[str, ...] = ("web",), event: str = "x") -> Site:
    return Site(f"{does} {path}", does, event, Location(path, line), "request", programs, "node-events", "javascript")


def channel(event: str, emits: tuple[Site, ...], listens: tuple[Site, ...], object_: str = "bus.js:2", carrier: str = MEMORY, breaks: tuple[Break, ...] = ()) -> Channel:
    state = BROKEN if breaks else WHOLE if emits and listens else UNHEARD if emits else UNFED
    return Channel(f"{carrier} {event}", event, object_, carrier, "redis" if carrier == BROKER else "node-events", state, emits, listens, breaks)


def deliveries(*channels: Channel) -> DeliveryMap:
    return DeliveryMap(channels, (), (), (), True)


def told(before: DeliveryMap, after: DeliveryMap, renamed: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(each.how, each.event) for each in changes(before, after, renamed or {})]


E, L = site("emits", "a.js"), site("listens", "b.js")


def some(chance: random.Random) -> DeliveryMap:
    """Events of several objects, each with a few places at both ends; some names are used on two objects."""
    made = []
    for number in range(chance.randint(4, 12)):
        event, object_ = f"e{chance.randint(0, 6)}", f"bus{chance.randint(0, 2)}.js:{number + 1}"
        ends = [tuple(site(does, f"{does[0]}{chance.randint(0, 4)}.js", chance.randint(1, 99), event=event) for _ in range(chance.randint(1, 3))) for does in ("emits", "listens")]
        made.append(channel(event, ends[0], ends[1], object_))
    return deliveries(*made)


def moved(of: DeliveryMap, names: dict[str, str], lines: int) -> DeliveryMap:
    """The same with other lines, in renamed files, in another order."""

    def place(each: Site) -> Site:
        assert each.where is not None and each.where.line is not None
        return replace(each, where=Location(names.get(each.where.path, each.where.path), each.where.line + lines))

    def object_(text: str) -> str:
        path, _, line = text.partition(":")
        return f"{names.get(path, path)}:{int(line) + lines}"

    found = [replace(c, object=object_(c.object), emits=tuple(map(place, c.emits)), listens=tuple(map(place, c.listens))) for c in of.channels]
    return deliveries(*reversed(found))


@pytest.mark.parametrize("seed", range(40))
def test_what_only_moved_is_no_change_and_a_listener_that_went_is_one(seed: int) -> None:
    chance = random.Random(seed)
    before = some(chance)
    files = sorted({s.where.path for s in before.sites() if s.where} | {c.object.partition(":")[0] for c in before.channels})
    names = {path: f"lib/{path}" for path in files if chance.random() < 0.5}
    after = moved(before, names, chance.randint(0, 50))
    assert told(before, after, names) == []
    lost = chance.randrange(len(after.channels))
    broken = deliveries(*(replace(c, listens=()) if number == lost else c for number, c in enumerate(after.channels)))
    assert told(before, broken, names) == [("listener-lost", after.channels[lost].event)]


def test_each_way_to_lose_a_delivery() -> None:
    whole = deliveries(channel("x", (E,), (L,)))
    assert told(whole, deliveries(channel("x", (), (L,)))) == [("emitter-lost", "x")]
    assert told(whole, deliveries(channel("x", (E,), (replace(L, programs=("worker",)),)))) == [("apart", "x")]
    late = Break("late-registration", 0.9, "too late", None)
    assert told(whole, deliveries(channel("x", (E,), (L,), breaks=(late,)))) == [("broken", "x")]
    assert told(deliveries(channel("x", (E,), (L,), breaks=(late,))), whole) == [("mended", "x")]
    assert told(deliveries(), deliveries(channel("x", (E,), (L,), breaks=(late,)))) == [("broken", "x")]


def test_what_logs_show_is_no_doing_of_the_change() -> None:
    seen = Break("cross-process-delivery", 0.9, "lost", None, observed=True)
    assert told(deliveries(channel("x", (E,), (L,))), deliveries(channel("x", (E,), (L,), breaks=(seen,)))) == []
    assert told(deliveries(), deliveries(channel("x", (E,), (L,), breaks=(seen,)))) == [("new", "x")]


def test_programs_apart_over_a_broker_lose_nothing() -> None:
    over = deliveries(channel("x", (E,), (L,), "redis", BROKER))
    assert told(over, deliveries(channel("x", (E,), (replace(L, programs=("worker",)),), "redis", BROKER))) == [("moved", "x")]


def test_a_place_whose_program_is_not_known_may_be_in_any() -> None:
    unknown = deliveries(channel("x", (E,), (L, replace(L, programs=()))))
    assert told(deliveries(channel("x", (E,), (L, L))), unknown) == []


def test_one_listener_of_several_less_is_told_and_fails_nothing() -> None:
    found = changes(deliveries(channel("x", (E,), (L, site("listens", "c.js")))), deliveries(channel("x", (E,), (L,))), {})
    assert [(each.how, each.lost, each.why) for each in found] == [("fewer-listeners", False, "has 1 listener, and had 2")]


def test_another_object_in_another_file_is_the_same_channel_if_its_places_are() -> None:
    assert told(deliveries(channel("x", (E,), (L,), "bus.js:2")), deliveries(channel("x", (E,), (L,), "events/index.js:9"))) == []


def test_new_and_gone_channels_are_told_but_not_those_of_libraries() -> None:
    library = replace(channel("error", (), (L,), "queue.js:3", LIBRARY), state=OPEN)
    assert told(deliveries(), deliveries(library)) == told(deliveries(library), deliveries()) == []
    assert told(deliveries(channel("x", (E,), (L,))), deliveries()) == [("gone", "x")]
    assert told(deliveries(), deliveries(channel("y", (E,), ()))) == [("unheard", "y")]


def test_files_are_renamed_if_half_of_their_lines_are_the_same() -> None:
    gone = {"a.js": ["one", "two", "three", "four"], "b.js": ["five", "six"]}
    assert renames(gone, {"c.js": ["one", "two", "  three", "4"], "d.js": ["5", "6"]}) == {"a.js": "c.js"}
    assert renames(gone, {"c.js": []}) == {}
    assert renames({}, {"c.js": ["one"]}) == {}


def test_hostile_names_and_revisions_are_printable_in_the_text() -> None:
    evil = "a\n\x1b[2J::error::"
    told_of = text(changes(deliveries(channel(evil, (E,), (L,))), deliveries(channel(evil, (site("emits", evil),), ())), {evil: evil}), evil, False)
    assert "\x1b" not in told_of and len(told_of.splitlines()) == 3
    assert "not read in full" in told_of
