"""Is work that one object of a process is handed, and another one would do, told from work that fails for itself?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence
from callcheck.model.facts.log_events import WorkMisplaced
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_twins import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)
RUNS = "2025-03-04 09:00:00,100 INFO relay 0x7f01a0 consumer thread running"


def look(folder: Path, *lines: str) -> list[Evidence]:
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, KNOWN)
    assert PROBE.skip(target, eyes) == ""
    return [item for item in PROBE.look(target, eyes) if isinstance(item, Evidence)]


def handed(n: int, relay: str, end: str) -> list[str]:
    at = f"2025-03-04 09:{n + 1:02d}"
    return [f"{at}:00,000 INFO parcel=90{n}7 queued on relay {relay}", f"{at}:31,000 {end} parcel=90{n}7"]


def test_what_is_handed_to_the_other_object_and_fails_is_stated(tmp_path: Path) -> None:
    found = look(tmp_path, RUNS, *(line for n in range(5) for line in handed(n, "0x7f02b0", "ERROR no answer in 30 s for")))
    assert [item.fact for item in found] == [WorkMisplaced("relay", 5)]
    assert [item.where.line for item in found if item.where] == [2]
    assert [because.where.line for because in found[0].because if because.where] == [1, 4, 6]


def test_work_that_fails_on_the_object_that_runs_is_not(tmp_path: Path) -> None:
    assert look(tmp_path, RUNS, *(line for n in range(5) for line in handed(n, "0x7f01a0", "ERROR no answer in 30 s for"))) == []


def test_work_that_the_other_object_does_is_not(tmp_path: Path) -> None:
    assert look(tmp_path, RUNS, *(line for n in range(5) for line in handed(n, "0x7f02b0", "INFO delivered"))) == []


def test_objects_of_two_processes_are_not_laid_side_by_side(tmp_path: Path) -> None:
    lines = [f"relay-1  | {RUNS}", *(f"relay-2  | {line}" for n in range(5) for line in handed(n, "0x7f02b0", "ERROR no answer in 30 s for"))]
    assert look(tmp_path, *lines) == []


def test_of_what_is_made_for_each_request_no_two_are_twins(tmp_path: Path) -> None:
    lines = [line for n in range(5) for line in handed(n, f"0x7f0{n}b0", "ERROR no answer in 30 s for")]
    assert look(tmp_path, RUNS, *lines) == []


def test_things_outside_that_have_names_of_their_own_are_no_objects(tmp_path: Path) -> None:
    runs = RUNS.replace("relay 0x7f01a0", "device 7be1")
    assert look(tmp_path, runs, *(line for n in range(5) for line in handed(n, "4e1f", "ERROR no answer in 30 s for"))) == []


def test_a_number_counts_where_the_process_says_that_it_made_the_object(tmp_path: Path) -> None:
    runs = RUNS.replace("relay 0x7f01a0", "relay #7be1")
    work = [line.replace("on relay 4e1f", "on relay #4e1f") for n in range(5) for line in handed(n, "4e1f", "ERROR no answer in 30 s for")]
    made = [f"2026-03-11T07:59:00.0{n}0Z relay #{name} made" for n, name in enumerate(("7be1", "4e1f"))]
    assert look(tmp_path, runs, *work) == []
    assert [item.fact for item in look(tmp_path, *made, runs, *work)] == [WorkMisplaced("relay", 5)]


def test_a_number_counts_where_the_line_says_that_it_is_an_object_s(tmp_path: Path) -> None:
    runs = RUNS.replace("relay 0x7f01a0", "relay instance 7be1")
    found = look(tmp_path, runs, *(line.replace("on relay", "on relay instance") for n in range(5) for line in handed(n, "4e1f", "ERROR no answer in 30 s for")))
    assert [item.fact for item in found] == [WorkMisplaced("relay", 5)]
