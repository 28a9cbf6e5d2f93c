"""Are bulk operations told after which no hook runs?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.journeys import OperationUnheard
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_operations import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def told(folder: Path, lines: list[str]) -> list[OperationUnheard]:
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    found = [item for item in PROBE.look(target, Eyes(target, KNOWN)) if isinstance(item, Evidence)]
    return [item.fact for item in found if isinstance(item.fact, OperationUnheard)]


def look(folder: Path, hooked: bool) -> list[OperationUnheard]:
    lines = []
    for n in range(12):
        time = f"2026-03-09 08:{n:02d}:0"
        lines += [f"{time}1,000 INFO [crm] contact saved contact=k{n + 700}", f"{time}2,000 INFO [crm] post_save: mail queued contact=k{n + 700}"]
        lines += [f"{time}3,000 INFO [crm] imported 90 contacts with bulk_create batch=b{n + 10}"]
        lines += [f"{time}4,000 INFO [crm] post_save: mail queued for 90 contacts batch=b{n + 10}"] if hooked else []
    return told(folder, lines)


def test_bulk_operations_without_the_hook_of_single_ones_are_told(tmp_path: Path) -> None:
    (fact,) = look(tmp_path, hooked=False)
    assert (fact.count, fact.single) == (12, 12)


def test_bulk_operations_that_call_the_hook_themselves_are_not(tmp_path: Path) -> None:
    assert look(tmp_path, hooked=True) == []


INSERT = "INFO [db] Executing (default): INSERT INTO items (id,name) VALUES {}"


def statements(hooked: bool) -> list[str]:
    """One row at a time, and two at once, of which the line names none."""
    lines = []
    for n in range(8):
        time = f"2026-03-09 08:{n:02d}:0"
        lines += [f"{time}1,000 {INSERT.format('(1)')} item=k{n + 700}", f"{time}2,000 INFO [crm] afterCreate: indexed item=k{n + 700}", f"{time}3,000 {INSERT.format('(1),(2)')}"]
        lines += [f"{time}4,000 INFO [crm] afterCreate: indexed item=k{n + 900 + k}" for k in (0, 50)] if hooked else []
    return lines


def test_bulk_operations_that_name_no_row_are_followed_by_hooks_that_belong_to_no_single_one_or_by_none(tmp_path: Path) -> None:
    assert [(fact.count, fact.single) for fact in told(tmp_path, statements(False))] == [(8, 8)]
    assert told(tmp_path, statements(True)) == []


def test_a_bulk_operation_on_other_things_than_those_of_the_hooks_is_not_told(tmp_path: Path) -> None:
    others = [line.replace(INSERT.format("(1),(2)"), "INFO [zip] bulk_create: 40 postal codes loaded") for line in statements(False)]
    assert told(tmp_path, others) == []


@pytest.mark.parametrize("hooked", [False, True])
def test_a_batch_is_followed_by_its_hook_though_the_logger_is_taken_for_the_event(tmp_path: Path, hooked: bool) -> None:
    lines = []
    for n in range(6):
        time = f"2026-03-09 08:{n:02d}:0"
        lines += [f"{time}1,000 INFO    8 club.members Member pk={n + 7100} joined", f"{time}2,000 INFO    8 club.search index_member pk={n + 7100}"]
        lines += [f"{time}3,000 INFO    9 club.imports bulk_create Member created=40 pk={n * 40 + 7300}..{n * 40 + 7339}"]
        lines += [f"{time}4,000 INFO    9 club.search index_all Member pk={n * 40 + 7300}..{n * 40 + 7339}"] if hooked else []
    assert bool(told(tmp_path, lines)) is not hooked


def updated(hooked: str = "", several: str = "SET `state` = ? WHERE `id` IN (?, ?)") -> list[str]:
    """Seats that are let go one by one, of which a hook tells, and two at once."""
    lines = []
    for n in range(8):
        time = f"2026-03-09 08:{n:02d}:0"
        lines += [f"{time}1,000 INFO [db] query: UPDATE `seats` SET `state` = ? WHERE `id` = ?", f"{time}1,010 INFO [orm] subscriber AfterUpdate seat=k{n + 700}"]
        lines += [f"{time}5,000 INFO [db] query: UPDATE `seats` {several}", *([f"{time}5,010 INFO [orm] {hooked.format(n + 900)}"] if hooked else [])]
        lines += [f"{time}7,000 INFO [web] page shown", f"{time}8,000 INFO [web] page shown", f"{time}9,000 INFO [web] page shown"]
    return lines


def test_updates_of_several_rows_run_no_hook_for_rows(tmp_path: Path) -> None:
    assert [(fact.count, fact.single) for fact in told(tmp_path, updated())] == [(8, 8)]


@pytest.mark.parametrize(
    "how",
    [{"hooked": "subscriber AfterUpdate seat=k{}"}, {"hooked": "seat listener told of two seats batch=b{}"}, {"hooked": "afterBulkUpdate seats"}, {"several": "SET `seen_at` = ? WHERE `id` IN (?, ?)"}],
    ids=["each row's", "one for both", "of bulk updates", "another column"],
)
def test_updates_of_several_rows_are_well_where_a_hook_has_its_say_or_another_column_is_set(tmp_path: Path, how: dict[str, str]) -> None:
    assert told(tmp_path, updated(**how)) == []
