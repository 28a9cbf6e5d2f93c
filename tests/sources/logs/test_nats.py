"""Is it known which client a connection is, and when it is gone?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.nats import clients, said
from callcheck.sources.logs.summary import Summarizer, Summary
from callcheck.sources.logs.view import View
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
PUB = "10.0.0.3:41822 - cid:5 - <<- [PUB tours.planned 92]"


def record(number: int, text: str) -> Record:
    return Record(Place("nats.log", number, number), f"[1] 2026/03/11 09:00:{number:02d}.001680 [TRC] {text}", None, Level.UNKNOWN, "", "", [], number << 16)


def summary(lines: list[str]) -> Summary:
    made = Summarizer(KNOWN.signatures, KNOWN.boundaries)
    for number, text in enumerate(lines, 1):
        made.take(record(number, text))
    return made.summary


def connects(cid: int, host: str = "10.0.0.4", name: str = "courier", group: str = "") -> list[str]:
    given = f',"name":"{name}"' if name else ""
    return [f'{host}:4{cid:04d} - cid:{cid} - <<- [CONNECT {{"verbose":false{given}}}]', f"{host}:4{cid:04d} - cid:{cid} - <<- [SUB tours.* {group} 1]"]


def out(cid: int, host: str = "10.0.0.4", reply: str = "") -> str:
    return f"{host}:4{cid:04d} - cid:{cid} - ->> [MSG tours.planned 1 {reply}92]"


def down(cid: int, host: str = "10.0.0.4") -> str:
    return f"{host}:4{cid:04d} - cid:{cid} - Client connection closed: Client Closed"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("10.0.0.4:40010 - cid:10 - <<- [SUB tours.planned  1]", ("sub", "10 10.0.0.4 ", "tours.planned")),
        ("10.0.0.4:40010 - cid:10 - <<- [SUB tours.planned riders 1]", ("sub", "10 10.0.0.4 ", "tours.planned riders")),
        ('10.0.0.4:40010 - cid:10 - "v1.38.0:go:NATS CLI" - ->> [HMSG tours.planned 1 12 92]', ("out", "10 10.0.0.4 NATS CLI", "tours.planned")),
        ("10.0.0.4:40010 - cid:10 - ->> [MSG tours.planned 1 $JS.ACK.T.c.1.4.4.17.0 92]", ("kept", "10 10.0.0.4 ", "tours.planned")),
        ("10.0.0.4:40010 - cid:10 - <<- [PUB tours.planned 92]", ("in", "10 10.0.0.4 ", "tours.planned")),
        ("10.0.0.4:40010 - cid:10 - <<- [HPUB tours.planned 12 92]", ("in", "10 10.0.0.4 ", "tours.planned")),
        ("10.0.0.4:40010 - cid:10 - <<- [PUB tours.planned _INBOX.a1 92]", ("", "10 10.0.0.4 ", "tours.planned")),
        ('10.0.0.9:6222 - rid:3 - <<- [RMSG $G tours.planned 92]', ("route", "rid:3", "")),
        ("order cid:10 paid", None),
    ],
)  # fmt: skip
def test_a_line_is_read(text: str, what: tuple[str, str, str] | None) -> None:
    assert said(View(record(1, text))) == what


@pytest.mark.parametrize("name", ["courier", ""])
def test_what_is_published_while_a_client_is_gone_is_missed(name: str) -> None:
    lines = [*connects(10, name=name), PUB, out(10), down(10), PUB, PUB, *connects(11, name=name), PUB, out(11)]
    (away,) = summary(lines).brokers.away()
    assert (away.client, away.system, away.missed, away.of, away.arrived, away.topic) == (name or "10.0.0.4", "nats", 2, 2, 2, "tours.planned")
    assert [said.place.line for said in away.lost] == [6, 7, 5, 8]


@pytest.mark.parametrize(
    "between",
    [
        [],
        ["10.0.0.9:6222 - rid:3 - <<- [RMSG $G tours.planned 92]"],
        [out(12, "10.0.0.6", "$JS.ACK.T.c.1.4.4.17.0 ")],
    ],
)  # fmt: skip
def test_nothing_is_where_another_one_of_a_group_a_server_or_a_stream_has_it(between: list[str]) -> None:
    group = "" if between else "riders"
    lines = [*connects(10, group=group), *connects(12, "10.0.0.6", "rider", group), PUB, out(10), down(10), PUB, PUB, *between, *connects(11, group=group), PUB, out(11)]
    assert not [away for away in summary(lines).brokers.away() if away.client != "rider"]


def test_a_client_is_up_with_its_first_connection_and_down_with_its_last() -> None:
    lines = [*connects(10), *connects(11), down(10), down(11), *connects(12)]
    told = [(n, line) for n, text in enumerate(lines) if (line := said(View(record(1, text)))) is not None]
    assert [(n, what, who) for n, (what, who, _) in clients(told) if what != "sub"] == [(0, "up", "courier"), (5, "down", "courier"), (6, "up", "courier")]
