"""Is it told how far deliveries come, and what stops them, from genuine formats?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.journeys import DeadlineMet, DeliveryDiverted, DeliveryFunnel, EventUndelivered, ListenerGone
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_journeys import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, lines: list[str]) -> list[Evidence]:
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, KNOWN)
    assert PROBE.skip(target, eyes) == ""
    return [item for item in PROBE.look(target, eyes) if isinstance(item, Evidence)]


def at(minute: int, second: float, instance: str, text: str) -> str:
    return f"{instance:<10} | 2026-03-09 08:{minute:02d}:{second:06.3f} INFO {text}"


def test_the_funnel_says_how_many_are_handled_and_where(tmp_path: Path) -> None:
    lines = []
    for n in range(20):
        a, b = f"web-{n % 2}", f"web-{n // 2 % 2}"
        lines += [at(n, 1, a, f"listening for scan scan=s{n + 100}"), at(n, 2, b, f"emitted scan.done scan=s{n + 100}")]
        lines += [at(n, 2.5, a, f"handled scan.done scan=s{n + 100}")] if a == b else []
    lines.append(at(21, 0, "web-1", "alive"))
    funnel = next(e.fact for e in look(tmp_path, lines) if isinstance(e.fact, DeliveryFunnel))
    assert (
        funnel.says()
        == "registered 20, emitted 20, handled 10 = 50.0 %, same instance 10 of 10, other instance 0 of 10"
    )


def test_a_foreign_service_that_takes_part_of_the_work_is_named(tmp_path: Path) -> None:
    lines = []
    for n in range(20):
        taker = "mail-1" if n % 2 else "mail-staging-1"
        lines += [at(n, 1, "shop-1", f"receipt r{n + 500} queued"), at(n, 2, taker, f"taking receipt r{n + 500}")]
        lines += [at(n, 3, taker, f"receipt r{n + 500} mailed")] if n % 2 else []
    (fact,) = [e.fact for e in look(tmp_path, lines) if isinstance(e.fact, DeliveryDiverted)]
    assert (fact.taker, fact.owner, fact.services, fact.count) == ("mail-staging", "mail", True, 10)


def test_an_event_that_is_spelt_otherwise_than_the_listeners_is_named_with_it(tmp_path: Path) -> None:
    lines = [
        at(0, 1, "ledger-1", "subscribed to invoice.settled"),
        at(0, 1, "ledger-1", "subscribed to invoice.overdue"),
    ]
    for n in range(20):
        name = "invoices.settled" if n % 2 else "invoice.overdue"
        lines.append(at(n, 2, "billing-1", f"published {name} id=i{n + 300}"))
        lines += [at(n, 3, "ledger-1", f"handled {name} id=i{n + 300}")] if not n % 2 else []
    (fact,) = [e.fact for e in look(tmp_path, lines) if isinstance(e.fact, EventUndelivered)]
    assert (fact.event, fact.near, fact.count, fact.others) == (
        "invoices.settled",
        "invoice.settled",
        9,
        10,
    )  # the last one is not due yet


def test_a_sender_that_gives_up_at_its_limit_is_named(tmp_path: Path) -> None:
    lines = []
    for n in range(12):
        lines.append(at(n, 1, "hooks-1", f"delivery in delivery=d{n + 100}"))
        lines += (
            [at(n, 11.01, "hooks-1", f"client closed connection before response delivery=d{n + 100}")] if n % 2 else []
        )
    (fact,) = [e.fact for e in look(tmp_path, lines) if isinstance(e.fact, DeadlineMet)]
    assert (fact.seconds, fact.side, fact.count) == (10.0, "sender", 6)


def test_closed_connections_at_odd_times_are_no_deadline(tmp_path: Path) -> None:
    lines = []
    for n in range(12):
        lines.append(at(n, 1, "hooks-1", f"delivery in delivery=d{n + 100}"))
        lines.append(at(n, 5 + 4 * n, "hooks-1", f"client closed connection before response delivery=d{n + 100}"))
    assert [e for e in look(tmp_path, lines) if isinstance(e.fact, DeadlineMet)] == []


def test_a_listener_that_goes_with_its_request_is_told(tmp_path: Path) -> None:
    lines = []
    for n in range(12):
        lines += [
            at(n, 1, "web-1", f"listening for scan scan=s{n + 100}"),
            at(n, 2, "web-1", f"request scope disposed scan=s{n + 100}"),
            at(n, 3, "web-1", f"scan emitted scan=s{n + 100}"),
        ]
    (fact,) = [e.fact for e in look(tmp_path, lines) if isinstance(e.fact, ListenerGone)]
    assert (fact.scope, fact.count) == ("request", 12)


def test_where_everything_arrives_only_the_funnel_is_told(tmp_path: Path) -> None:
    lines = []
    for n in range(20):
        lines += [
            at(n, 1, f"web-{n % 2}", f"listening for scan scan=s{n + 100}"),
            at(n, 2, f"web-{n % 3}", f"emitted scan.done scan=s{n + 100}"),
            at(n, 3, f"web-{n % 2}", f"handled scan.done scan=s{n + 100}"),
            at(n, 4, f"web-{n % 2}", f"request scope disposed scan=s{n + 100}"),
        ]
    assert [type(e.fact) for e in look(tmp_path, lines)] == [DeliveryFunnel]


@pytest.mark.parametrize(
    ("channel", "sets", "found"),
    [
        ("__keyevent@0__:expired", "seat kept key=seat:{} ttl=90 db=2", ["__keyevent@2__ __keyevent@0__"]),
        ("__keyspace@1__:seat:*", "seat kept redis_db=0 key=seat:{} ex=90", ["__keyevent@0__ __keyevent@1__"]),
        ("__keyevent@2__:expired", "seat kept key=seat:{} ttl=90 db=2", []),
        ("__keyevent@*__:expired", "seat kept key=seat:{} ttl=90 db=2", []),
        ("__keyevent@0__:expired", "seat kept key=seat:{} ttl=90", []),
        ("seats", "seat kept key=seat:{} ttl=90 db=2", []),
    ],
)
def test_keys_that_end_in_another_database_than_the_one_that_is_listened_to_are_told(tmp_path: Path, channel: str, sets: str, found: list[str]) -> None:
    lines = [at(0, 1, "hall-1", f"subscribed to {channel}"), *(at(n, 5, "hall-1", sets.format(n)) for n in range(1, 9))]
    assert [f"{e.fact.event} {e.fact.near}" for e in look(tmp_path, lines) if isinstance(e.fact, EventUndelivered)] == found


@pytest.mark.parametrize(
    ("takers", "apart", "strength"),
    [(("print-1", "print-2"), False, "fair"), (("print-1", "print-3"), False, "hint"), (("print-2",), False, "hint"), (("print-1",), True, "hint")],
    ids=["all of them", "one is left out", "the first is left out", "files that somebody put together"],
)
def test_consumers_of_which_one_may_be_left_out_are_hints(tmp_path: Path, takers: tuple[str, ...], apart: bool, strength: str) -> None:
    sent = [at(n, 1, "desk-1", f"published letter.due letter=k-{n}71") for n in range(24)]
    taken = [at(n, 2, takers[n // 3 % len(takers)], f"letter printed letter=k-{n}71") for n in range(24) if n % 3 != 2]
    end = [at(25, 0, "desk-1", "alive")]
    if apart:
        (tmp_path / "print.log").write_text("\n".join(taken) + "\n", encoding="utf-8")
    found = look(tmp_path, [*sent, *end] if apart else [*sorted([*sent, *taken], key=lambda line: line[13:]), *end])
    assert [e.fact.strength for e in found if isinstance(e.fact, LibraryTrap)] == [strength]
