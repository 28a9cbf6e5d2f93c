"""Is the process found that each line names, and nothing else taken for one?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs import columns


def names(text: str, *values: str) -> list[str]:
    texts = [text.format(i=value, n=4100 + at) for at, value in enumerate(values * 6)]
    column = columns.learn(texts)
    return sorted({columns.taken(column, each)[0] for each in texts}) if column else []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INFO [api-{i}] socket {n} joined", ["api-1", "api-2"]),
        ("api-{i}: socket {n} joined", ["api-1", "api-2"]),
        ("INFO api-{i} socket {n} joined", ["api-1", "api-2"]),
        ("[worker:{i}] INFO: socket {n} joined", ["worker:1", "worker:2"]),
        ("worker[{i}]: socket {n} joined", ["worker[1]", "worker[2]"]),
        ("INFO [pid {i}] socket {n} joined", ["pid 1", "pid 2"]),
        ("pid={i} INFO socket {n} joined", ["1", "2"]),
        ("- worker{i} - INFO - socket {n} joined", ["worker1", "worker2"]),
        ("INFO socket {n} joined host=web-{i} took=3", ["web-1", "web-2"]),
    ],
)
def test_a_column_of_processes_is_learnt(text, found) -> None:
    assert names(text, "1", "2") == found


@pytest.mark.parametrize(("key", "known"), [("pid", True), ("pod", True), ("host", False)])
def test_a_key_that_names_the_process_stands_beside_lines_of_its_server(key, known) -> None:
    mine = [f"decision taken {key}=w{at % 3} claim={4100 + at}" for at in range(15)]
    texts = [line for each in mine for line in (each, "INFO: 10.4.0.7 POST /decision 202")]
    assert (columns.learn(texts) is not None) is known


def test_a_service_is_known_by_its_kind() -> None:
    assert names("{i}-svc INFO recorded {n}", "audit", "mail") == ["audit-svc", "mail-svc"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[{i}] socket {n} joined", ("http", "cron")),
        ("INFO {i}: socket {n} joined", ("payment", "mailer")),
        ("job-{n} started by {i}", ("cron", "hand")),
        ("INFO [api-{i}] socket {n} joined", ("1",)),
        ("[pool-2-thread-{i}] INFO socket {n} joined", ("1", "2")),
        ("INFO [http-nio-8080-exec-{i}] socket {n} joined", ("1", "2")),
    ],
)
def test_categories_ids_and_a_single_process_are_none(text, values) -> None:
    assert names(text, *values) == []


def test_the_name_is_left_out_of_the_message() -> None:
    column = columns.learn([f"INFO [api-{n % 2}] joined {n}" for n in range(12)])
    assert column and columns.taken(column, "INFO [api-1] joined 7") == ("api-1", "INFO joined 7")


def test_services_are_told_apart_by_a_field_and_parts_of_one_program_are_not() -> None:
    assert names("cask {n} moved service={i}", "cellar", "ledger") == ["cellar", "ledger"]
    assert names("cask {n} moved service={i}", "CellarService", "LedgerService") == []
    assert names("cask {n} moved service={i}", "cellar") == []
