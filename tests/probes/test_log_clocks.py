"""Are clocks that differ told, and does nothing come late that only seems to?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.facts.log_events import ListenerLate
from callcheck.model.facts.log_views import ClocksApart
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_clocks import PROBE
from callcheck.probes.log_crossings import PROBE as CROSSINGS
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, lines: list[tuple[float, str, str]]) -> Eyes:
    text = [
        f"{name:<8} | 2026-03-09 08:{int(time) // 60:02d}:{time % 60:06.3f} INFO {said}" for time, name, said in lines
    ]
    (folder / "app.log").write_text("\n".join(text) + "\n", encoding="utf-8")
    return Eyes(Target(base=folder, folders=(folder,)), KNOWN)


def deliveries(skew: float) -> list[tuple[float, str, str]]:
    """web-1 emits, and itself or web-2, whose clock is behind, handles."""
    lines = []
    for n in range(40):
        handler = "web-1" if n % 2 else "web-2"
        lines += [(n * 30.0 + 5, "web-1", f"emitted scan.done scan=s{n + 100}")]
        lines += [(n * 30.0 + 5.2 - (0 if n % 2 else skew), handler, f"handled scan.done scan=s{n + 100}")]
    return lines


def clocks(eyes: Eyes) -> list[ClocksApart]:
    return [
        fact for item in PROBE.look(eyes.target, eyes) if isinstance(fact := getattr(item, "fact", None), ClocksApart)
    ]


def test_a_clock_that_is_behind_is_told_by_how_much(tmp_path: Path) -> None:
    (fact,) = clocks(look(tmp_path, deliveries(4.0)))
    assert (fact.ahead, fact.behind, fact.seconds, fact.count) == ("web-1", "web-2", 4.0, 20)


def test_clocks_that_agree_are_not(tmp_path: Path) -> None:
    assert clocks(look(tmp_path, deliveries(0.0))) == []


def test_what_is_received_before_the_answer_is_emitted_shows_no_clocks_apart(tmp_path: Path) -> None:
    lines = []
    for n in range(40):
        for name in ("web-1", "web-2")[: 1 + n % 2]:
            lines += [
                (n * 30.0 + 5, name, f"received scan scan=s{n + 100}"),
                (n * 30.0 + 7, "web-1", f"emitted scan.done scan=s{n + 100}"),
            ]
    assert clocks(look(tmp_path, lines)) == []


def test_a_delivery_is_not_lost_to_a_clock_that_is_behind(tmp_path: Path) -> None:
    units = look(tmp_path, deliveries(4.0)).logs.units
    assert all(
        [s.stage for s in sorted(unit.steps.values(), key=lambda s: s.time)] == ["emitted", "handled"] for unit in units
    )


def test_a_listener_that_only_seems_late_is_not(tmp_path: Path) -> None:
    lines = deliveries(4.0)
    for n in range(40, 60):
        early = n % 2 == 0
        # web-2 listens a second before the event, and its clock, 4 s behind, says so; web-1's own listeners are in time too.
        name, at = ("web-1", n * 30.0 + 4) if early else ("web-2", n * 30.0 + 4 - 4.0)
        lines += [
            (at, name, f"listening for scan.done scan=s{n + 100}"),
            (n * 30.0 + 5, "web-1", f"emitted scan.done scan=s{n + 100}"),
        ]
        lines += [(n * 30.0 + 5.2 - (0 if early else 4.0), name, f"handled scan.done scan=s{n + 100}")]
    eyes = look(tmp_path, lines)
    assert not [
        item for item in CROSSINGS.look(eyes.target, eyes) if isinstance(getattr(item, "fact", None), ListenerLate)
    ]
