"""Is an absence told only where the line could have been seen?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.log_events import EventCrossed, EventStopped, ListenerLate
from callcheck.model.knowledge import Knowledge
from callcheck.model.log import Level
from callcheck.model.target import Target
from callcheck.probes.log_crossings import PROBE as CROSSINGS
from callcheck.probes.log_ends import PROBE as ENDS
from callcheck.sources import Eyes
from callcheck.sources.logs.bounded import Table
from callcheck.sources.logs.presence import Cover, Presence
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def facts(folder: Path, files: dict[str, list[str]]) -> list[object]:
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    eyes = Eyes(Target(base=folder, folders=(folder,)), KNOWN)
    return [getattr(item, "fact", None) for probe in (CROSSINGS, ENDS) for item in probe.look(eyes.target, eyes)]


def at(minute: int, second: float, text: str, level: str = "INFO") -> str:
    return f"2026-03-09 08:{minute:02d}:{second:06.3f} {level} {text}"


def crossing(level: str, until: int = 99) -> dict[str, list[str]]:
    """Two processes with a file each; what is registered in one and emitted in the other has no handling line, nor has any of the second one at all."""
    files: dict[str, list[str]] = {"web-0.log": [], "web-1.log": []}
    for n in range(20):
        home, emits = (0, 0) if n % 2 == 0 else (1, 0)
        if n > until and home == 1:
            continue
        level_home = "WARN" if home and level == "DEBUG" else "INFO"
        files[f"web-{home}.log"].append(at(n, 1, f"listening for scan scan=s{n + 100}", level_home))
        files[f"web-{emits}.log"].append(at(n, 2, f"emitted scan.done scan=s{n + 100}"))
        if home == emits:
            files["web-0.log"].append(at(n, 2.5, f"handled scan.done scan=s{n + 100}", level))
        files["web-0.log"].append(at(n, 30, "alive"))
        if n <= until:
            files["web-1.log"].append(at(n, 30, "alive", level_home))
    return files


def test_what_is_registered_in_one_file_and_emitted_in_another_is_told_where_handling_would_be_seen(
    tmp_path: Path,
) -> None:
    (found,) = [f for f in facts(tmp_path, crossing("INFO")) if isinstance(f, EventCrossed)]
    assert (found.lost, found.same) == (9, 10)


def test_nothing_is_told_where_the_listeners_process_writes_no_line_of_that_level(tmp_path: Path) -> None:
    assert not [f for f in facts(tmp_path, crossing("DEBUG")) if isinstance(f, EventCrossed)]


def test_a_listener_whose_log_ends_before_its_event_is_not_counted(tmp_path: Path) -> None:
    files = crossing("INFO")
    files["web-1.log"] = [line for line in files["web-1.log"] if "08:0" in line]
    files["web-1.log"] += [at(9, 40, f"listening for scan scan=s{n + 100}") for n in range(10, 20)]
    (found,) = [f for f in facts(tmp_path, files) if isinstance(f, EventCrossed)]
    assert found.lost == 5


def test_a_listener_that_comes_late_is_told_only_where_a_handling_line_could_follow(tmp_path: Path) -> None:
    lines: dict[str, list[str]] = {"web-0.log": [], "web-1.log": []}
    for n in range(12):
        early, key = n % 2, f"job=j{n + 100}"
        listens = at(n, 1 if early else 3, f"listening for job.done {key}", "INFO" if early else "WARN")
        lines[f"web-{early}.log"] += sorted([listens, at(n, 2, f"emitted job.done {key}", "INFO" if early else "WARN")])
        lines["web-1.log"] += [at(n, 4, f"handled job.done {key}")] if early else []
    assert not [f for f in facts(tmp_path, lines) if isinstance(f, ListenerLate)]
    seen = {name: [line.replace("WARN", "INFO") for line in held] for name, held in lines.items()}
    assert [f for f in facts(tmp_path, seen) if isinstance(f, ListenerLate)]


def stops(after: list[str]) -> list[str]:
    readings = [at(n // 6, n % 6 * 10, f"store: plant reading {n} kW") for n in range(30)]
    return [*readings, at(5, 0, "main: starting reader 2.0.1"), *after]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ([at(5 + n // 6, n % 6 * 10, f"push: alive {n}") for n in range(60)], True),
        ([at(5 + n // 6, n % 6 * 10, f"push: alive {n}", "WARN") for n in range(60)], False),
    ],
    ids=["the level stays", "the level was raised at the restart"],
)
def test_a_kind_of_line_that_ends_is_told_where_its_level_goes_on(tmp_path: Path, after: list[str], told: bool) -> None:
    found = [f for f in facts(tmp_path, {"app.log": stops(after)}) if isinstance(f, EventStopped)]
    assert bool(found) is told


def test_a_kind_of_line_does_not_end_where_its_processs_file_does(tmp_path: Path) -> None:
    other = [at(n // 6, n % 6 * 10, f"push: alive {n}") for n in range(90)]
    files = {"reader-0.log": stops([]), "push-0.log": other}
    assert not [f for f in facts(tmp_path, files) if isinstance(f, EventStopped)]


def test_nothing_ends_where_a_release_words_all_its_lines_anew(tmp_path: Path) -> None:
    before = [at(n // 6, n % 6 * 10, f"store: plant reading {n} kW") for n in range(30)]
    before += [at(n // 6, n % 6 * 10 + 1, f"push: pushed {n}") for n in range(30)]
    anew = [at(5 + n // 6, n % 6 * 10 + 6, f"kept: got {n} from plant") for n in range(60)]
    lines = [*sorted(before), at(5, 5, "main: starting reader 2.0.1"), *anew]
    assert not [f for f in facts(tmp_path, {"app.log": lines}) if isinstance(f, EventStopped)]


def test_presence_merges_in_any_grouping() -> None:
    parts = []
    for times in ((5.0, 9), (1.0, 13), (None, 9), (7.0, 5)):
        part = Presence()
        part.add(*times)
        parts.append(part)
    one, other = Presence(), Presence()
    for part in parts:
        one.merge(part)
    for part in reversed(parts):
        other.merge(part)
    assert one == other
    assert (one.count, one.first, one.last) == (4, 1.0, 7.0)


def test_a_process_of_which_nothing_is_known_excuses_nothing() -> None:
    assert Cover().blind("web-1", 5.0, Level.DEBUG) == ""
    table: Table[str, Presence] = Table(9, Presence)
    table.kept["web-1"] = Presence(3, 1.0, 4.0, {Level.INFO: 4.0}, 0.0, 9.0)
    assert [Cover(table).blind("web-1", t, level) for t, level in ((2.0, 9), (5.0, 9), (2.0, 5), (10.0, 9))] == [
        "",
        "",
        "level",
        "ends",
    ]
    assert Cover(table, whole=False).blind("web-1", 10.0) == ""
    assert Cover(table).missed(["web-1", "web-2"], 10.0) == ""


def spans(**known: tuple[float, float]) -> Cover:
    instances: Table[str, Presence] = Table(9, Presence)
    for name, (first, last) in known.items():
        seen = instances.at(name.replace("_", "-"))
        assert seen is not None
        seen.add(first)
        seen.add(last)
    return Cover(instances)


def test_two_processes_of_one_service_are_replicas_while_both_write_and_not_where_one_takes_the_others_place() -> None:
    assert spans(board_1=(0, 900), board_2=(10, 890)).replicas(["board-1", "board-2"])
    assert not spans(board_1=(0, 9_000), board_2=(8_600, 99_000)).replicas(["board-1", "board-2"])
    assert not spans(board_1=(0, 200), board_2=(10, 190)).replicas(["board-1", "board-2"])
    assert not spans(board_1=(0, 900), menu_1=(10, 890)).replicas(["board-1", "menu-1"])
    assert not spans(board_1=(0, 900)).replicas(["board-1", "gone-1"])
