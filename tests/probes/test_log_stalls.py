"""Is a stall that an application measures stated?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_stalls import PROBE
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


def test_a_measured_delay_of_seconds_is_stated(tmp_path: Path) -> None:
    found = look(tmp_path, at(1, 'INFO event loop delay {"p99Ms": 51554, "maxMs": 52000}'))
    assert [e.fact.attributes()["callcheck.stall.duration"] for e in found] == [52.0]


def test_a_delay_of_milliseconds_is_not(tmp_path: Path) -> None:
    assert look(tmp_path, at(1, 'INFO event loop delay {"p99Ms": 25, "maxMs": 480}')) == []
