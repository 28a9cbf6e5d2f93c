"""Are single deliveries told as logs and recordings show them?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.swimlane import Delivery, Swimlane
from callcheck.model.target import Target
from callcheck.sources import Eyes, swimlane
from tests.agent_lines import Agent, Clock
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def at(second: int, instance: str, text: str, level: str = "INFO") -> str:
    return f"{instance:<10} | 2026-03-09 08:{second // 60:02d}:{second % 60:02d}.000 {level} {text}"


def crossing(deliveries: int) -> list[str]:
    """Each order is waited for in one process; every second one is emitted in another, where nobody hears it."""
    lines = []
    for n in range(deliveries):
        other = f"web-{n % 2}"
        lines += [at(3 * n, "web-0", f"listening for order.paid order=o{n + 100}"), at(3 * n + 1, other, f"emitted order.paid order=o{n + 100}")]
        lines += [at(3 * n + 2, "web-0", f"handled order.paid order=o{n + 100}")] * (other == "web-0")
    return [*lines, at(3 * deliveries + 60, "web-0", "tick"), at(3 * deliveries + 60, "web-1", "tick")]


def told(folder: Path, **files: list[str]) -> Swimlane | None:
    for name, lines in files.items():
        (folder / f"{name}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return swimlane.swimlane(Eyes(Target(base=folder, folders=(folder,)), KNOWN))


def marks(delivery: Delivery) -> list[tuple[str, str, int | None]]:
    return [(mark.stage, mark.instance, mark.where.line if mark.where else None) for mark in delivery.marks]


def test_a_delivery_has_its_marks_in_order_and_its_end(tmp_path: Path) -> None:
    lane = told(tmp_path, app=crossing(20))
    assert lane and len(lane.deliveries) == 20
    first, second = lane.deliveries[:2]
    assert (first.id, first.event, first.fate) == ("o100", "order.paid", "arrived")
    assert marks(first) == [("registered", "web-0", 1), ("emitted", "web-0", 2), ("handled", "web-0", 3)]
    assert (second.id, second.fate) == ("o101", "stopped")
    assert marks(second) == [("registered", "web-0", 4), ("emitted", "web-1", 5)]


def test_where_nothing_is_seen_to_be_handled_a_delivery_is_not_said_to_stop(tmp_path: Path) -> None:
    lane = told(tmp_path, app=[line for line in crossing(20) if "handled" not in line])
    assert lane and {each.fate for each in lane.deliveries} == {"unseen"}


def test_a_registration_without_emission_waits(tmp_path: Path) -> None:
    lane = told(tmp_path, app=[*crossing(20), at(300, "web-1", "listening for order.paid order=o777")])
    assert lane and [each.fate for each in lane.deliveries if each.id == "o777"] == ["waiting"]


def test_the_parts_that_logs_come_in_make_no_difference(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir()
    parts.mkdir()
    lines = crossing(30)
    one = told(whole, app=lines)
    several = told(parts, app=[line for line in lines if line.startswith("web-0")], bpp=[line for line in lines if line.startswith("web-1")])
    assert one and several
    key = [(each.id, each.event, each.fate, [(mark.stage, mark.instance, mark.time) for mark in each.marks]) for each in one.deliveries]
    assert key == [(each.id, each.event, each.fate, [(mark.stage, mark.instance, mark.time) for mark in each.marks]) for each in several.deliveries]


def test_the_first_ones_are_kept_and_the_others_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swimlane, "MOST", 12)
    lane = told(tmp_path, app=crossing(20))
    assert lane and (len(lane.deliveries), lane.left) == (12, 8)
    assert [each.id for each in lane.deliveries] == [f"o{n + 100}" for n in range(12)]


def test_a_log_without_deliveries_has_no_lanes(tmp_path: Path) -> None:
    assert told(tmp_path, app=[at(n, "web-0", "tick") for n in range(9)]) is None


def test_a_recording_shows_who_listened_and_who_emitted(tmp_path: Path) -> None:
    clock = Clock()
    here, there = Agent(tmp_path, 41, clock), Agent(tmp_path, 43, clock)
    bus = here.emitter()
    here.listen("done:42", bus, req="41.0.1")
    there.emit("done:42", there.emitter(), 0, req="43.0.1")
    here.listen("done:43", bus, req="41.0.2")
    here.emit("done:43", bus, 1, req="41.0.3")
    there.emit("idle", there.emitter(), 0)
    lane = swimlane.swimlane(Eyes(Target(base=tmp_path, recordings=(tmp_path,)), Knowledge()))
    assert lane and [(each.event, each.id, each.fate, each.why) for each in lane.deliveries] == [("done:*", "done:42", "stopped", "other-process"), ("done:*", "done:43", "arrived", "")]
    stopped, arrived = lane.deliveries
    assert [(mark.stage, mark.instance) for mark in stopped.marks] == [("registered", "pid 41"), ("emitted", "pid 43")]
    assert [(mark.stage, mark.instance) for mark in arrived.marks] == [("registered", "pid 41"), ("emitted", "pid 41"), ("handled", "pid 41")]
