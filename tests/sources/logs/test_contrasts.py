"""Is what tells arriving deliveries from others found without knowing their words, and nothing where there is no difference?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.contrasts import Contrast, contrasts, from_home, in_order
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import bridged, homed, units_of

Line = tuple[float, str, str, str]
"""Seconds, instance, stage, shape."""


def steps(units: list[list[Line]], event: str = "") -> list[Step]:
    found = []
    for n, lines in enumerate(units):
        for time, instance, stage, shape in lines:
            at = len(found) + 1
            key = frozenset([f"id{n}"])
            found.append(Step(stage, instance, 100.0 * n + time, at, Place("a.log", at, at), key, shape, event, shape))
    return found


def told(found: list[Step]) -> list[Contrast]:
    return list(contrasts(units_of(found), 1e9))


def crossing(arrives_elsewhere: bool) -> list[list[Line]]:
    units = []
    for n in range(20):
        a, b = f"w{n % 2}", f"w{n // 2 % 2}"
        unit = [(0.0, a, "", "aufgemacht"), (1.0, b, "", "weitergereicht")]
        units.append([*unit, (2.0, a, "", "fertig gemeldet")] if a == b or arrives_elsewhere else unit)
    return units


def test_deliveries_that_arrive_only_within_one_instance_are_told() -> None:
    (found,) = told(steps(crossing(arrives_elsewhere=False)))
    assert (found.how, found.one, found.other, found.outcome) == (
        "instances",
        "aufgemacht",
        "weitergereicht",
        "fertig gemeldet",
    )
    assert (len(found.fine), len(found.lost)) == (10, 10)


def test_nothing_is_told_where_a_shared_bus_carries_them() -> None:
    assert told(steps(crossing(arrives_elsewhere=True))) == []


def test_nothing_is_told_where_the_others_reach_a_good_end_of_their_own() -> None:
    units = crossing(arrives_elsewhere=False)
    for unit in units:
        if len(unit) == 2:
            unit.append((2.0, unit[1][1], "handled", "ueber den bus gemeldet"))
    assert told(steps(units)) == []


def test_a_listener_that_comes_after_its_event_is_told_by_the_order() -> None:
    units: list[list[Line]] = []
    for n in range(16):
        late = n % 3 == 0
        unit = [
            (0.0, "w", "", "job taken"),
            (2.0 if late else 1.0, "w", "registered", "watching job"),
            (1.5, "w", "emitted", "job out"),
        ]
        units.append(unit if late else [*unit, (1.6, "w", "handled", "job seen")])
    (found,) = told(steps(units))
    assert (found.how, found.one, found.other) == ("order", "watching job", "job out")


def test_deliveries_that_another_service_takes_are_told_by_the_place() -> None:
    units: list[list[Line]] = []
    for n in range(16):
        own = n % 2 == 0
        unit = [(0.0, "shop", "", "queued"), (1.0, "mail" if own else "mail-old", "", "taken")]
        units.append([*unit, (2.0, "mail", "", "mailed")] if own else unit)
    assert [(c.how, c.one) for c in told(steps(units))] == [("place", "taken")]


def test_one_event_that_is_never_handled_is_told() -> None:
    good = steps([[(0.0, "a", "emitted", "out"), (1.0, "b", "handled", "in")] for _ in range(8)], "seat.taken")
    bad = steps([[(0.0, "a", "emitted", "out")] for _ in range(8)], "seat.released")
    renamed = [
        Step(
            s.stage,
            s.instance,
            s.time,
            s.order,
            Place("b.log", s.order, s.order),
            frozenset(f"x{k}" for k in s.ids),
            s.text,
            s.event,
            s.shape,
        )
        for s in bad
    ]
    (found,) = told([*good, *renamed])
    assert (found.how, found.lost[0].event) == ("event", "seat.released")


def test_an_id_that_many_deliveries_share_is_no_delivery() -> None:
    at = [
        Step("", "w", float(n), n, Place("a.log", n, n), frozenset(["room7"]), "joined", "", "joined") for n in range(9)
    ]
    assert units_of(at) == []


def test_deliveries_at_the_end_of_the_log_are_not_yet_lost() -> None:
    begun: list[list[Line]] = [[(0.0, f"w{n % 2}", "", "begun"), (1.0, "w0", "", "passed on")] for n in range(8)]
    for unit in begun[:4]:
        unit.append((150.0, "w0", "", "ended"))
        unit[0] = (0.0, "w0", "", "begun")
    found = steps(begun)
    assert list(contrasts(units_of(found), 800.0)) == []


def test_who_takes_what_is_anothers_and_its_own_too_is_told_by_who_emits() -> None:
    units: list[list[Line]] = []
    for n in range(24):
        home = "qa" if n % 4 == 3 else "live"
        taker = "qa" if n % 3 else home
        unit = [(0.0, f"{home}-api-1", "", "trip closed"), (1.0, f"{taker}-bill-1", "", "consumed trip")]
        units.append([*unit, (2.0, f"{taker}-bill-1", "", "trip billed")] if taker == home else unit)
    place = next(c for c in told(steps(units)) if c.how == "place")
    assert {u.first.instance for u in place.lost} == {"live-api-1"}
    assert {u.steps["consumed trip"].instance for u in place.lost} == {"qa-bill-1"}


def test_a_second_id_of_some_lines_and_one_that_deliveries_share_are_no_deliveries() -> None:
    found = []
    for n in range(4):
        for nth, (shape, keys) in enumerate((("queued", (f"job{n}", f"req{n}", f"film{n % 2}")), ("active", (f"job{n}",)), ("done", (f"job{n}",)))):
            at = len(found) + 1
            found.append(Step("", "w", 100.0 * n + nth, at, Place("a.log", at, at), frozenset(keys), shape, "", shape))
    units = units_of(found)
    assert [len(unit.steps) for unit in units] == [3, 3, 3, 3]


def rooms(adapter: bool, stored: bool = False) -> list[Step]:
    """Twenty offers to the rooms of two drivers, of which each is connected to one process; `stored`: the emitter writes a line of its own, too."""
    found: list[Step] = []

    def add(time: float, instance: str, stage: str, shape: str, *ids: str, bad: bool = False) -> None:
        at = len(found) + 1
        found.append(Step(stage, instance, time, at, Place("a.log", at, at), frozenset(ids), shape, "", shape, bad))

    for driver in (0, 1):
        add(driver, f"w{driver}", "registered", "driver joined", f"d-{driver}")
    for n in range(20):
        emitter, driver = n % 2, n // 2 % 2
        ride, whom = f"r-{n}00", f"d-{driver}"
        add(60.0 * n + 100, f"w{emitter}", "emitted", "offer", ride, whom)
        if stored:
            add(60.0 * n + 101, f"w{emitter}", "", "offer stored", ride)
        if adapter or emitter == driver:
            add(60.0 * n + 105, f"w{driver}", "", "accepted", ride, whom)
        else:
            add(60.0 * n + 115, f"w{emitter}", "", "offer expired", ride, whom, bad=True)
    return found


def test_what_is_emitted_to_a_room_of_another_process_is_laid_beside_who_joined_it() -> None:
    for stored in (False, True):
        steps_ = rooms(adapter=False, stored=stored)
        (found,) = from_home(list(homed(units_of(steps_), steps_)), 1e9)
        assert (found.how, found.one, found.other, found.outcome, len(found.lost)) == ("instances", "driver joined", "offer", "accepted", 10)


def test_rooms_that_an_adapter_joins_differ_in_nothing() -> None:
    for stored in (False, True):
        steps_ = rooms(adapter=True, stored=stored)
        assert list(from_home(list(homed(units_of(steps_), steps_)), 1e9)) == []


def queued(n: int, quick: bool) -> list[Step]:
    """A request that queues a job and then listens for its end: the worker names the job, the server the request."""
    begin = 100.0 * n
    lines = [
        (0.0, "", "job queued", f"job{n} req{n}"),
        (0.2 if quick else 3.0, "completed", "job done", f"job{n}"),
        (1.0, "registered", "listens", f"req{n}"),
        *(() if quick else [(3.1, "handled", "answered", f"job{n} req{n}")]),
    ]
    return [Step(stage, "", begin + time, 10 * n + at, Place("a.log", 10 * n + at, 10 * n + at), frozenset(ids.split()), shape, "", shape) for at, (time, stage, shape, ids) in enumerate(sorted(lines))]


def test_what_goes_under_two_ids_is_one_delivery_whose_listener_comes_late() -> None:
    found = bridged(step for n in range(20) for step in queued(n, quick=n % 3 > 0))
    assert len(found) == 20
    (late,) = in_order(found, 1e9)
    assert (late.one, late.other, late.outcome, len(late.lost), len(late.fine)) == ("listens", "job done", "answered", 13, 7)


def test_an_id_that_many_begin_with_joins_none() -> None:
    steps = [step for n in range(8) for step in queued(n, quick=False)]
    room = [Step(s.stage, s.instance, s.time, s.order, s.place, s.ids | ({"hall-2"} if s.shape == "job queued" else set()), s.text, "", s.shape) for s in steps]
    assert [len(unit.steps) for unit in bridged(room)] == [4] * 8


def test_where_only_the_listener_says_what_it_is_the_order_must_leave_no_doubt() -> None:
    def units(odd: int) -> list[list[Line]]:
        found = []
        for n in range(18):
            early = n % 3 == 0
            lines = [(0.0, "", "", "begun"), (1.0, "", "registered", "listens"), (3.0 if early else 0.4, "", "", "frame out"), *([(4.0, "", "", "painted")] if early or n < odd else [])]
            found.append(sorted(lines))
        return found

    assert [each.how for each in told(steps(units(0)))] == ["order"]
    assert told(steps(units(2))) == []
