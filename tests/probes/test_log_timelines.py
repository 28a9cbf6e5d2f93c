"""Is it told what each process did when?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.facts.log_views import BINS, InstanceTimeline
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_timelines import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def rows(folder: Path, lines: list[str]) -> list[InstanceTimeline]:
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    eyes = Eyes(Target(base=folder, folders=(folder,)), KNOWN)
    return [
        fact
        for item in PROBE.look(eyes.target, eyes)
        if isinstance(fact := getattr(item, "fact", None), InstanceTimeline)
    ]


def at(minute: int, instance: str, text: str, level: str = "INFO") -> str:
    return f"{instance:<10} | 2026-03-09 08:{minute:02d}:00.000 {level} {text}"


def lines(instances: int) -> list[str]:
    found = []
    for n in range(60):
        name = f"web-{n % instances}"
        found += [
            at(n, name, f"emitted order.paid order=o{n + 100}"),
            at(n, name, f"handled order.paid order=o{n + 100}"),
        ]
    return [*found, at(60, "web-1", "cannot answer order=o159: fetch failed", "ERROR")] if instances > 1 else found


def test_each_process_has_a_row_of_counts(tmp_path: Path) -> None:
    one, other = rows(tmp_path, lines(2)[:-1])
    assert (one.instance, other.instance, one.more) == ("web-0", "web-1", 0)
    assert one.says() == other.says() == "emitted 30, handled 30"
    assert len(one.handled.split()) == BINS
    assert one.emitted.split()[:4] == ["1", "0", "1", "0"]


def test_a_line_of_a_failure_counts_as_failed(tmp_path: Path) -> None:
    text = [*lines(2)[:-1], at(59, "web-1", "order=o159 receipt failed: TypeError: x is undefined", "ERROR")]
    assert rows(tmp_path, text)[1].failed.split()[-1] == "1"


def test_of_many_processes_the_busiest_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    found = rows(tmp_path, [line for line in lines(20) if "ERROR" not in line])
    assert (len(found), {row.more for row in found}) == (12, {8})


def test_a_log_without_deliveries_or_times_has_none(tmp_path: Path) -> None:
    assert rows(tmp_path, [at(n, "web-1", f"alive {n}") for n in range(60)]) == []
    assert rows(tmp_path, [f"emitted order.paid order=o{n + 100}" for n in range(20)]) == []
