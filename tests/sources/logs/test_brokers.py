"""Is it known what a broker's client missed while it was away, and nothing said of one for which the broker kept it?"""

from __future__ import annotations

import random

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.summary import Summarizer, Summary
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
IN = "Received PUBLISH from till-{n} (d0, q1, r0, m{n}, '{topic}', ... (40 bytes))"
OUT = "Sending PUBLISH to ledger (d0, q{q}, r0, m{n}, '{topic}', ... (40 bytes))"
CONNECTS = "New client connected from 10.0.0.6:56145 as ledger (p2, c{clean}, k30)."
DOWN = (
    "Client ledger closed its connection.", "Client ledger has exceeded timeout, disconnecting.", "Client ledger [10.0.0.6:56145] disconnected: keepalive timeout.",
    "Socket error on client ledger, disconnecting.",
)  # fmt: skip


def log(down: str = DOWN[0], kept: int = 0, back: bool = True, topic: str = "till/sale", clean: int = 1) -> list[str]:
    """Subscribed, one message, away for three of them, and back for one more; `kept` are handed over late."""
    lines = [CONNECTS.format(clean=clean), "ledger 1 till/+", IN.format(n=1, topic="till/sale"), OUT.format(n=1, q=1, topic="till/sale"), down]
    lines += [IN.format(n=n, topic=topic) for n in (2, 3, 4)]
    lines += [CONNECTS.format(clean=clean), "ledger 1 till/+"] if back else []
    lines += [OUT.format(n=n, q=1, topic=topic) for n in range(2, 2 + kept)]
    return [*lines, IN.format(n=9, topic="till/sale"), *([OUT.format(n=9, q=1, topic="till/sale")] if back else [])]


def summary(lines: list[str], first: int = 1, time: bool = True) -> Summary:
    made = Summarizer(KNOWN.signatures, KNOWN.boundaries)
    for number, text in enumerate(lines, first):
        made.take(Record(Place("mosquitto.log", number, number), text, 1000.0 + number if time else None, Level.INFO, "", "", [], number << 16))
    return made.summary


@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("time", [True, False])
def test_what_came_while_a_client_was_away_is_counted(down: str, time: bool) -> None:
    (away,) = summary(log(down), time=time).brokers.away()
    assert (away.client, away.missed, away.of, away.arrived, away.clean, away.topic) == ("ledger", 3, 3, 2, True, "till/sale")
    assert [said.place.line for said in away.lost] == [6, 7, 5, 9, 8]


def test_what_the_broker_kept_is_not() -> None:
    assert not list(summary(log(kept=3, clean=0)).brokers.away())
    (away,) = summary(log(kept=1)).brokers.away()
    assert (away.missed, away.of) == (2, 3)


def test_nothing_is_said_of_who_does_not_come_back_or_takes_other_topics() -> None:
    assert not list(summary(log(back=False)).brokers.away())
    assert not list(summary(log(topic="door/open")).brokers.away())


def test_parts_in_any_order_say_the_same() -> None:
    lines = log()
    whole = summary(lines)
    for seed in range(8):
        chance = random.Random(seed)
        cut = chance.randrange(len(lines))
        one, other = summary(lines[:cut]), summary(lines[cut:], cut + 1)
        parts = [one, other] if chance.random() < 0.5 else [other, one]
        parts[0].merge(parts[1])
        assert parts[0].brokers == whole.brokers


@pytest.mark.parametrize("text", ["Received SUBSCRIBE from berth-display-2", "Sending SUBACK to berth-display-2", "Received PUBACK from berth-display-2 (Mid: 1, RC:0)", "Received PINGREQ from berth-display-2"])
def test_what_the_protocol_has_both_say_is_no_delivery(text: str) -> None:
    said = summary([text] * 6)
    assert not list(said.brokers.said)
    assert not said.repeats.taken.items()
