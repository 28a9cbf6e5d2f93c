"""How long a message is hidden is laid beside what its worker is at meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.traps import LibraryTrap
from callcheck.probes.taken_again import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

QUEUE = 'resource "aws_sqs_queue" "jobs" {\n  visibility_timeout_seconds = 60\n}\n'
OTHER = 'resource "aws_sqs_queue" "films" {\n  visibility_timeout_seconds = 7200\n}\n'
BODY = "import subprocess\ndef work(message):\n    %s\n"
WORKER = "import boto3\nfrom body import work\nsqs = boto3.client('sqs')\nwhile True:\n    for m in sqs.receive_message(QueueUrl=URL).get('Messages', []):\n        %s\n"
DELETE = "sqs.delete_message(QueueUrl=URL, ReceiptHandle=m['ReceiptHandle'])"
RUNS = "subprocess.run(['cut', message['Body']], timeout=900)"


def told(folder: Path, worker: str, body: str, infra: str = QUEUE) -> list[tuple[str, str]]:
    found = look(folder, {"main.tf": infra, "worker.py": worker, "body.py": BODY % body})
    return [(str(each.where), each.fact.strength) for each in found if isinstance(each, Evidence) and isinstance(each.fact, LibraryTrap)]


@pytest.mark.parametrize(
    ("worker", "body", "strength"),
    [
        (WORKER % f"work(m); {DELETE}", RUNS, "if-many"),
        (WORKER % f"work(m); {DELETE}", "import time; time.sleep(75)", "if-many"),
        (WORKER % f"work(m); {DELETE}", "requests.post(MODEL, json=message, timeout=600)", "if-many"),
        ("from concurrent.futures import ThreadPoolExecutor\n" + WORKER % f"work(m); {DELETE}", RUNS, "strong"),
    ],
    ids=["a program", "a pause", "a request that may take ten minutes", "several at once"],
)
def test_work_that_outlasts_the_hiding_is_told_of_where_the_queue_is_made(tmp_path: Path, worker: str, body: str, strength: str) -> None:
    assert told(tmp_path, worker, body) == [("main.tf:2", strength)]


@pytest.mark.parametrize(
    ("worker", "body", "infra"),
    [
        (WORKER % f"work(m); {DELETE}", RUNS, OTHER),
        (WORKER % f"work(m); {DELETE}", RUNS, QUEUE + OTHER),
        (WORKER % f"work(m); {DELETE}", RUNS, ""),
        (WORKER % f"{DELETE}; work(m)", RUNS, QUEUE),
        (WORKER % f"work(m); {DELETE}", RUNS.replace("900", "90"), QUEUE),
        (WORKER % f"work(m); {DELETE}", "requests.post(MODEL, json=message, timeout=120)", QUEUE),
        (WORKER % f"work(m); {DELETE}", "sqs.change_message_visibility(VisibilityTimeout=900); " + RUNS, QUEUE),
        (WORKER % f"work(m); {DELETE}", RUNS + "; db.execute('insert into done (id) values (%s) on conflict do nothing', message)", QUEUE),
        ((WORKER % f"work(m); {DELETE}").replace("    for m", "    time.sleep(90)\n    for m"), "print(message)", QUEUE),
        ((WORKER % f"work(m); {DELETE}").replace("QueueUrl=URL).", "QueueUrl=URL, VisibilityTimeout=1200)."), RUNS, QUEUE),
    ],
    ids=["hidden for long", "one of two queues", "a queue that is not made here", "deleted first", "hardly longer", "a request's usual limit", "made longer", "done again without harm", "a pause between rounds", "as the call says"],
)
def test_what_is_hidden_for_long_enough_or_may_be_done_twice_is_left_alone(tmp_path: Path, worker: str, body: str, infra: str) -> None:
    assert not told(tmp_path, worker, body, infra)


ROWS = "for row in db.execute('select * from members where scheme = %(id)s').fetchall(): requests.post(MAIL, json=row)"
POD = "kind: Deployment\nmetadata: {name: mails}\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: %d\n"


@pytest.mark.parametrize(("body", "period", "places"), [(ROWS, 300, ["main.tf:2"]), (ROWS, 60, []), (ROWS.replace("where", "limit 5 where"), 300, []), ("requests.post(MAIL, json=message)", 300, [])])
def test_work_without_a_limit_is_told_of_where_it_asks_for_each_row_and_the_unit_is_given_long_to_end_it(tmp_path: Path, body: str, period: int, places: list[str]) -> None:
    files = {"main.tf": QUEUE, "worker.py": WORKER % f"work(m); {DELETE}", "body.py": BODY.replace("subprocess", "requests") % body, "k8s/mails.yaml": POD % period}
    assert [str(each.where) for each in look(tmp_path, files) if isinstance(each, Evidence)] == places
