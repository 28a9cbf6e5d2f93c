"""Are emits laid beside registrations of other processes?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.log_events import ListenerLate
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_crossings import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, *lines: str, name: str = "app.log") -> list[Evidence]:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, KNOWN)
    assert PROBE.skip(target, eyes) == ""
    return [item for item in PROBE.look(target, eyes) if isinstance(item, Evidence)]


def at(second: float, text: str) -> str:
    return f"2025-03-04 09:{int(second) // 60:02d}:{int(second) % 60:02d},{int(second * 1000) % 1000:03d} {text}"


def stream(n: int, listener: int, emitter: int, sent: bool) -> list[str]:
    lines = [
        f"{listener}|api  | 2025-03-04T09:{n:02d}:00.000Z [sse] /shops/shop-{500 + n}/stream opened",
        f"{emitter}|api  | 2025-03-04T09:{n:02d}:20.000Z [events] emit order.placed order={7000 + n} shop-{500 + n}",
    ]
    return (
        [*lines, f"{listener}|api  | 2025-03-04T09:{n:02d}:20.010Z [sse] sent order.placed order={7000 + n}"]
        if sent
        else lines
    )


def test_what_is_lost_only_between_processes_is_stated(tmp_path: Path) -> None:
    lines = [line for n in range(12) for line in stream(n, n % 3, (n + (n % 2)) % 3, n % 2 == 0)]
    found = look(tmp_path, *lines)
    assert [(e.fact.attributes()["callcheck.count"], e.fact.attributes()["callcheck.count.same"]) for e in found] == [
        (5, 6)  # the log ends with the sixth
    ]


def test_a_bus_between_the_processes_is_no_crossing(tmp_path: Path) -> None:
    assert look(tmp_path, *[line for n in range(12) for line in stream(n, n % 3, (n + (n % 2)) % 3, True)]) == []


def test_a_log_that_never_shows_handling_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, *[line for n in range(12) for line in stream(n, 0, 1, False)]) == []


def test_an_id_that_another_worker_holds_is_stated(tmp_path: Path) -> None:
    lines = []
    for n in range(5):
        lines += [
            at(n * 10, f"INFO [9] app: waiting for decision id=ap_{n}5d34"),
            at(n * 10 + 5, f"WARNING [11] app: no pending approval id=ap_{n}5d34"),
        ]
    assert [e.fact.attributes()["callcheck.crossed.how"] for e in look(tmp_path, *lines)] == ["unknown"]


def test_listeners_that_wait_in_vain_for_what_was_done_before(tmp_path: Path) -> None:
    def lines(done: float, word: str) -> list[str]:
        texts = [(done, "worker export x{n}7c41 completed"), (5, "api waits for export x{n}7c41"), (30, f"api export x{{n}}7c41: {word}")]
        return [at(60 * n + second, text.format(n=n)) for n in range(6) for second, text in sorted(texts)]

    found = look(tmp_path, *lines(3, "client timed out"))
    assert [e.fact.kind for e in found] == ["listener.late"]
    assert look(tmp_path, *lines(8, "end heard, 200 sent")) == []


def test_of_too_many_lines_the_counts_are_told_for_all(tmp_path: Path) -> None:
    from callcheck.model.facts.log_events import EventCrossed

    lines = []
    for n in range(4_000):
        emitting = "web-1" if n % 2 else "web-2"
        lines += [f"2026-03-09T07:{n // 60 % 60:02d}:{n % 60:02d}.1Z web-1 waiting for order.ready order=o{n}k", f"2026-03-09T07:{n // 60 % 60:02d}:{n % 60:02d}.2Z {emitting} emitted order.ready order=o{n}k"]
        lines += [f"2026-03-09T07:{n // 60 % 60:02d}:{n % 60:02d}.3Z web-1 handled order.ready order=o{n}k"] if n % 2 else []
    found = [item.fact for item in look(tmp_path, *lines) if isinstance(item.fact, EventCrossed)]
    assert [(1_800 < fact.lost < 2_200, fact.arrived, 1_800 < fact.same < 2_200, fact.one_in) for fact in found] == [(True, 0, True, 2)]


def test_a_listener_whose_own_line_says_that_its_state_is_reached_is_late(tmp_path: Path) -> None:
    lines = [at(1, "INFO db connected"), at(2, "DEBUG watcher listener added: connection.once('open') readyState=1"), at(3, "INFO up")]
    (item,) = look(tmp_path, *lines)
    assert (item.fact, item.where and item.where.line) == (ListenerLate(1, 0, False), 2)


@pytest.mark.parametrize(("channel", "found"), [("specific..inmemory!QwErTyUiOpAs", ["channels"]), ("specific.4f1c2a!9be0", [])])
def test_channels_of_one_process_s_memory_need_no_line_that_shows_handling(tmp_path: Path, channel: str, found: list[str]) -> None:
    joined = [f"site-1  | {at(n * 60, f'INFO desk.consumers group_add ferry.berth-{n} channel={channel}{n}')}" for n in range(3)]
    sent = [f"crane-1 | {at(n * 20 + 5, f'INFO crane.moves group_send ferry.berth-{n % 3} type=crane.moved seq={600 + n}')}" for n in range(12)]
    assert [e.fact.attributes()["callcheck.realtime.layer"] for e in look(tmp_path, *sorted([*joined, *sent], key=lambda line: line[10:]))] == found
