"""Is a session of PostgreSQL that listened missed when it is gone, and only then?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place, Record
from callcheck.sources.logs.brokers import Brokers
from callcheck.sources.logs.postgres import ended
from callcheck.sources.logs.view import View

OPEN = ["[{n}] LOG:  connection received: host=10.0.0.{h} port=4", "[{n}] LOG:  connection authorized: user=app database=d application_name={a}"]
LISTEN = "[{n}] app@d LOG:  statement: LISTEN seats"
CLOSE = "[{n}] app@d LOG:  disconnection: session time: 0:00:10.075 user=app database=d host=10.0.0.1 port=4"
NOTIFIES = {
    "a function's call": ["[9] LOG:  statement: SELECT pg_notify('seats', '{{}}')"],
    "a statement": ["[9] LOG:  statement: NOTIFY seats, 'x'"],
    "a bound parameter": ["[9] LOG:  execute <unnamed>: SELECT pg_notify($1, $2)", "[9] DETAIL:  parameters: $1 = 'seats', $2 = 'x'"],
    "RDS": ["UTC:10.0.0.9(4321):app@d:[9]:LOG:  execute s1: SELECT pg_notify('seats', $1)"],
}
ASYNCPG = "[1] LOG:  statement: SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL;"


def gone(*lines: str) -> list[str]:
    """The clients that are missed, by the lines of a server, five seconds apart."""
    brokers = Brokers()
    for at, line in enumerate(lines, 1):
        brokers.see(View(Record(Place("pg.log", at, at), line, time=5.0 * at)))
    return [one.name for one in ended(brokers.listening)]


def session(n: int, *said: str, of: str = "board", host: int = 1) -> list[str]:
    return [line.format(n=n, a=of, h=host) for line in (*OPEN, *said)]


@pytest.mark.parametrize("notified", NOTIFIES)
def test_the_end_of_a_session_is_the_end_of_its_listening(notified: str) -> None:
    often = [line.format() for line in NOTIFIES[notified]] * 3
    assert gone(*session(1, LISTEN, CLOSE), *session(2, CLOSE), *often) == ["board"]


def test_a_pool_that_resets_a_connection_ends_it_too() -> None:
    assert gone(*session(1, LISTEN), ASYNCPG, *NOTIFIES["a statement"] * 3) == ["board"]


@pytest.mark.parametrize(
    "before",
    [
        session(1, LISTEN),  # it listens on
        [*session(1, LISTEN, CLOSE), *session(2, LISTEN)],  # and again
        [*session(3, LISTEN), *session(1, LISTEN, CLOSE), *session(2)],  # another one does
        [*session(1, LISTEN, CLOSE)],  # the program has ended
        [*session(1, LISTEN, CLOSE), *session(2, of="desk")],  # another program
        [*session(1, LISTEN, CLOSE), *session(2, host=2)],  # another machine
        [*session(1, LISTEN, "[{n}] LOG:  statement: UNLISTEN seats"), *session(2)],  # on purpose
    ],
)
def test_who_is_heard_or_has_gone_on_purpose_is_not_missed(before: list[str]) -> None:
    assert gone(*before, *NOTIFIES["a statement"] * 4) == []
