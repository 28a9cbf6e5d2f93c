"""Is what is sent to all who listen found where it reaches those of the sender's own process alone, and nothing where it comes to the others or was never for them?"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.bounded import Lists, Smallest
from callcheck.sources.logs.fans import Fan, fans
from callcheck.sources.logs.trails import Step, Trails, in_time

NAMES = "anna bela cora dirk elif finn gina hugo ines".split()
COMES = ("registered", "client {name} subscribed to {channel}")
SENT = ("emitted", "fan out order.plated on {channel}")
HEARD = ("handled", "order.plated delivered to client {name}")


def lines(
    *,
    comes: tuple[str, str] = COMES,
    sent: tuple[str, str] = SENT,
    heard: tuple[str, str] = HEARD,
    arrives: Callable[[int, int], bool] = int.__eq__,
    channels: tuple[str, ...] = ("grill", "fry"),
    names: Callable[[int], str] = NAMES.__getitem__,
    every_s: float = 0.0,
    processes: int = 3,
    lasts: dict[str, float] | None = None,
) -> Fan | None:
    """Nine clients in three processes, and what is sent 30 times by any; `arrives` says of the processes of sender and listener whether it does."""
    chance = random.Random(7)
    steps: list[Step] = []

    def say(who: int, time: float, said: tuple[str, str], **what: object) -> None:
        line = len(steps) + 1
        steps.append(Step(said[0], f"web-{who}", time, line, Place("a.log", line, line), frozenset(), said[1].format(process=f"web-{who}", **what)))

    clients = [(names(n), channels[n // 3 % len(channels)], n % processes) for n in range(9)]
    for n, (name, channel, home) in enumerate(clients):
        say(home, float(n), comes, name=name, channel=channel)
    time = 100.0
    for n in range(30):
        who, channel = chance.randrange(processes), channels[n % len(channels)]
        time += every_s or chance.uniform(4, 30)
        say(n % processes if every_s else who, time, sent, channel=channel, n=4100 + n)
        due = [(name, home) for name, of, home in clients if of == channel]
        if "{many}" in heard[1]:
            here = [home for _, home in due]
            for home in range(3):
                if arrives(who, home):
                    say(home, time + 0.01 + home / 1000, heard, many=here.count(home), all=len(here), channel=channel)
        else:
            for name, home in due:
                if arrives(who, home):
                    say(home, time + 0.02, heard, name=name, channel=channel, n=4100 + n)
    say(0, time + 100, ("", "the end"))
    return fans(steps, lasts or {})


def test_those_of_the_sender_s_process_hear_it_and_no_others() -> None:
    found = lines()
    assert found is not None
    crossing = found.crossing
    assert (crossing.arrived, crossing.same_lost, found.counted) == (0, 0, False)
    assert crossing.same > 20 < crossing.lost
    assert all(listener.instance != emit.instance for listener, emit in crossing.pairs)


def test_what_comes_to_all_is_not_told() -> None:
    assert lines(arrives=lambda _, __: True) is None


def test_what_comes_to_some_of_the_others_has_another_reason() -> None:
    assert lines(arrives=lambda who, home: who == home or home == 1) is None


def test_what_is_lost_in_the_own_process_too_has_another_reason() -> None:
    assert lines(arrives=lambda who, home: who == home == 1) is None


@pytest.mark.parametrize(
    ("comes", "sent", "heard"),
    [
        (("", "hub register conn={name} topic={channel}"), ("emitted", "hub publishing topic={channel} seq={n}"), ("", "hub wrote frame conn={name} topic={channel} seq={n}")),
        (("registered", "stream open user={name} board={channel}"), ("", "message {n} is in for board {channel}"), ("handled", "message {n} sent to {name}")),
        (("registered", "viewer {name} watching"), ("emitted", "raising event price-changed {n}"), ("handled", "price-changed {n} pushed to {name}")),
    ],
)
def test_it_is_known_in_whatever_words(comes: tuple[str, str], sent: tuple[str, str], heard: tuple[str, str]) -> None:
    found = lines(comes=comes, sent=sent, heard=heard, channels=("grill", "fry") if "channel" in sent[1] else ("all",))
    assert found is not None
    assert not found.counted


def test_what_no_word_calls_an_emission_has_something_in_common_with_what_follows() -> None:
    sent, heard = ("", "order stored"), ("handled", "delivered to client {name}")
    assert lines(comes=("registered", "client {name} subscribed"), sent=sent, heard=heard) is None


def test_listeners_that_are_part_of_each_process_hear_what_their_own_one_does() -> None:
    parts = {"comes": ("registered", "listener {name} registered for order.paid"), "sent": ("emitted", "emit order.paid {n}"), "heard": ("handled", "{name} handled order.paid {n}")}
    assert lines(**parts, names=lambda n: ("mailer", "audit", "stock")[n // 3]) is None  # type: ignore[arg-type]


def test_who_works_for_somebody_names_him_wherever_he_is_connected() -> None:
    assert lines(heard=("", "token of {name} renewed"), arrives=lambda _, __: True) is None


def test_each_process_asks_its_own_clients_whether_they_are_there() -> None:
    assert lines(sent=("emitted", "sending ping to {channel}"), heard=("handled", "pong received from {name}")) is None
    assert lines(sent=("emitted", "sending state to {channel}"), every_s=10.0) is None


def test_as_many_are_told_as_are_connected_to_the_process_that_sends() -> None:
    found = lines(heard=("handled", "order.plated delivered to {many} clients on {channel}"), channels=("grill",), processes=2)
    assert found is not None
    assert found.counted
    assert found.crossing.lost > 20


@pytest.mark.parametrize(
    ("heard", "arrives"),
    [
        ("order.plated delivered to {all} clients on {channel} at {many}", int.__eq__),
        ("order.plated delivered to {many} clients on {channel}", lambda _, __: True),
        ("order.plated written to room {channel} for {many} clients", int.__eq__),
    ],
)
def test_counts_of_all_or_of_each_process_and_those_beside_an_adapter_tell_nothing(heard: str, arrives: Callable[[int, int], bool]) -> None:
    assert lines(heard=("handled", heard), channels=("grill",), processes=2, arrives=arrives) is None


def test_clients_are_gone_with_their_process() -> None:
    assert lines(lasts={f"web-{n}": 90.0 for n in range(3)}) is None


def test_one_process_sends_to_its_own() -> None:
    assert lines(processes=1) is None


def many(most: int, ids: int) -> Trails:
    """Twelve emissions of ids of their own, of which `most` are kept with their stage and `ids` by their id."""
    trails = Trails(by_id=Lists(ids, 9, in_time), staged=Smallest(most, in_time))
    for n in range(12):
        step = Step("emitted", "web-1", float(n), n + 1, Place("a.log", n + 1, n + 1), frozenset({f"id-{n}", f"no-{n}"}), "emit")
        for key in step.ids:
            trails.by_id.add(key, step)
        trails.staged.add(step)
    return trails


def test_from_the_time_on_when_there_were_too_many_lines_none_is_looked_at() -> None:
    assert [len(many(most, 99).begun) for most in (20, 5)] == [12, 5]


def test_of_lines_whose_ids_were_not_all_followed_the_others_are_ids_all_the_same() -> None:
    steps = many(20, 6).steps
    assert 0 < len(steps) < 12 and all(isinstance(step.ids, frozenset) for step in steps)


def test_a_process_that_each_line_names_is_no_channel() -> None:
    fan = lines(comes=("registered", "[{process}] client {name} subscribed to {channel}"), sent=("emitted", "[{process}] fan out order.plated on {channel}"))
    assert fan is not None
    assert fan.crossing.lost > fan.crossing.same > 0
