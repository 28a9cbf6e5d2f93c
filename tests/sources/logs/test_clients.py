"""Is what nobody who is there asked for told from what is lost, and what is sent to each client from what is done again?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.clients import Clients, to_each
from callcheck.sources.logs.contrasts import from_emission
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import units_of

WARDS = ("icu", "attic", "onc")


class Lines:
    """What processes write, a second apart."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def say(self, stage: str, who: str, text: str, shape: str, *ids: str) -> None:
        line = len(self.steps) + 1
        self.steps.append(Step(stage, who, float(line), line, Place("a.log", line, line), frozenset(ids), text, "", shape))


def unasked(comes: str = "client {id} subscribed ward={ward}", asked: tuple[str, ...] = ("icu", "onc"), leaves: bool = False, known: bool = True, clients: int = 2) -> list[bool]:
    """For each value of which nothing arrives, whether nobody was there for it: what is of the attic is handed to nobody."""
    lines = Lines()
    for n, ward in enumerate(asked * clients) if known else ():
        lines.say("registered", f"web-{n // len(asked) // 2}", comes.format(id=f"c-{n}17", ward=ward), "came", f"c-{n}17")
    for n in range(len(asked) * clients) if leaves else ():
        lines.say("closed", f"web-{n // len(asked) // 2}", f"client c-{n}17 left", "left", f"c-{n}17")
    for n in range(24):
        ward = WARDS[n % 3]
        lines.say("emitted", "web-1", f"published ward={ward}", "published", f"k-{n}71")
        for m in range(clients if ward != "attic" else 0):
            lines.say("handled", f"web-{m}", f"next value of subscription c-{m}17", "next value", f"k-{n}71")
    return [Clients(lines.steps).unasked(found) for found in from_emission(units_of(lines.steps), 1e9)]


def test_a_channel_for_which_no_client_came_is_no_loss() -> None:
    assert unasked() == [True]
    assert unasked(asked=WARDS, leaves=True) == [True]
    assert unasked(known=False) == [True]


def test_a_channel_with_clients_is_one_and_one_that_the_program_does_not_listen_to() -> None:
    assert unasked(asked=WARDS) == [False]
    assert unasked("consumer {id} subscribed ward={ward}", clients=1) == [False]
    assert unasked("subscription {id} of the worker ward={ward}", clients=1) == [False]


def sent(said: Callable[[int, int], str], come: bool = True) -> bool:
    """Three processes with three receivers each; `said` of the process and the line."""
    lines = Lines()
    for who in range(3):
        for m in range(3) if come else ():
            lines.say("registered", f"web-{who}", f"stream {who}{m}7a opened", "opened", f"{who}{m}7a")
    for n in range(8):
        for who in range(3):
            lines.say("handled", f"web-{who}", f"sent berth.changed {said(who, n)} id={41200 + n}", "sent", str(41200 + n))
    return to_each(lines.steps, "sent")


@pytest.mark.parametrize("come", [True, False])
def test_what_goes_to_each_client_where_he_is_connected_is_done_once(come: bool) -> None:
    assert sent(lambda who, n: f"to {who}{n % 3}7a", come)


@pytest.mark.parametrize(
    "said",
    [
        lambda who, n: f"to {n % 3}7a",  # one customer, by each process
        lambda who, n: f"as {who}{n}9f",  # a number that each makes anew
        lambda who, n: f"to {who}7a",  # each has its own printer
        lambda who, n: "to all",
    ],
    ids=["one receiver of all", "made anew", "one of each process", "none"],
)
def test_what_every_process_does_for_one_receiver_is_done_again(said: Callable[[int, int], str]) -> None:
    assert not sent(said, come=False)
